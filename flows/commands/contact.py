"""Whoever fetches can be reached: asked for by every command that does, as long as it is not so."""

from flows.settings import Settings
from flows.terminal import print_line


def ask_for_contact(settings: Settings) -> None:
    """One sentence on stderr when the User-Agent names nobody."""
    if not settings.fetch.contact.strip():
        print_line(
            f"Please fill in `contact` under [fetch] in {settings.config_dir / 'dateline.toml'}: "
            "a URL or an e-mail address where the owners of the sites can reach you.",
            error=True,
        )
