"""Cookies of one host for one run: enough for a site that sets one and redirects to itself.

Decides what is kept and sent back; nothing is shared between hosts and nothing is stored. The
standard jar keeps whatever a server sends; this one is bounded.
"""

_MOST_COOKIES = 50  # what RFC 6265, 6.1 asks a client to keep per domain
_LONGEST_COOKIE = 4096  # bytes of name and value, same place


class Cookies:
    """The cookies one host has set."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, bool]] = {}

    def take(self, set_cookie: list[str], *, secure: bool) -> None:
        """Keep what the answer's Set-Cookie headers say; an expired one is dropped."""
        for header in set_cookie:
            pair, *attributes = header.split(";")
            name, equals, value = (part.strip() for part in pair.partition("="))
            if not equals or not name or not _fits(pair):
                continue
            marks = {mark.strip().lower() for mark in attributes}
            if "max-age=0" in marks or any(mark.startswith("max-age=-") for mark in marks):
                self._values.pop(name, None)
            elif secure or "secure" not in marks:
                self._values[name] = (value, "secure" in marks)
        while len(self._values) > _MOST_COOKIES:
            del self._values[next(iter(self._values))]

    def header(self, *, secure: bool) -> str | None:
        """The Cookie header to send, None when there is nothing to say."""
        pairs = [f"{name}={value}" for name, (value, only) in self._values.items()
                 if secure or not only]  # fmt: skip
        return "; ".join(pairs) or None


def _fits(pair: str) -> bool:
    return len(pair) <= _LONGEST_COOKIE and pair.isascii() and pair.isprintable()
