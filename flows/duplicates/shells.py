"""Whether a text is a shell: what a site says instead of an article."""


def is_shell(text: str) -> bool:
    """Whether `text` is a cookie, login, paywall, block or error page, or newsletter furniture."""
    raise NotImplementedError
