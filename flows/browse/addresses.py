"""Where each page is: under a server that answers, or in a folder that was written.

Decides addresses; refuses to know what the pages show. A page that does not exist has no address:
templates then show words without a link.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from flows.store.browsing.listing import Choice

_PLAIN = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,80}")


class Addresses(Protocol):
    """What templates ask for links."""

    @property
    def live(self) -> bool: ...
    def page(self, name: str, ident: object = None) -> str | None: ...
    def asset(self, name: str) -> str: ...
    def chosen(self, choice: Choice, *, page: int = 1, kind: str = "") -> str | None: ...


class Served:
    """Addresses of the running server, from its root."""

    live = True

    def page(self, name: str, ident: object = None) -> str | None:
        if name == "overview":
            return "/"
        return f"/{name}" if ident is None else f"/{name}/{quote(str(ident), safe='')}"

    def asset(self, name: str) -> str:
        return f"/{name}"

    def chosen(self, choice: Choice, *, page: int = 1, kind: str = "") -> str | None:
        """The search page of a choice; `kind`: atom, json or csv instead of the page."""
        asked = query_of(choice, page)
        return f"/search{'.' + kind if kind else ''}{'?' + asked if asked else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Addresses in a folder, relative to a page `depth` folders down. `pages`: what there is."""

    pages: frozenset[tuple[str, str]]
    depth: int = 0

    @property
    def live(self) -> bool:
        return False

    def page(self, name: str, ident: object = None) -> str | None:
        wanted = (name, "" if ident is None else str(ident))
        return "../" * self.depth + file_of(*wanted) if wanted in self.pages else None

    def asset(self, name: str) -> str:
        return "../" * self.depth + name

    def chosen(self, choice: Choice, *, page: int = 1, kind: str = "") -> str | None:  # noqa: ARG002
        """A folder cannot search."""
        return None


def file_of(name: str, ident: str = "") -> str:
    """The file of a page below the folder of a report."""
    if not ident:
        return "index.html" if name == "overview" else f"{name}.html"
    plain = ident
    if not _PLAIN.fullmatch(ident):
        plain = hashlib.blake2b(ident.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
    return f"{name}/{plain}.html"


def query_of(choice: Choice, page: int = 1) -> str:
    """A choice as the query of an address; the same choice has one address."""
    pairs = [("q", choice.words)] if choice.words else []
    pairs += sorted(choice.picks)
    pairs += [
        (name, day.isoformat())
        for name, day in (("since", choice.since), ("until", choice.until))
        if day is not None
    ]
    usual = "best" if choice.words else "newest"
    pairs += [("order", choice.order)] if choice.order != usual else []
    pairs += [] if choice.folded else [("copies", "all")]
    pairs += [("page", str(page))] if page > 1 else []
    return urlencode(pairs)
