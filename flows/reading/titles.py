"""Which of a page's headlines is the article's own. A pure decider."""

import html
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.cleaning import clean_line
from flows.reading.claims import Claims

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A headline and the witness it was believed from."""

    text: str
    origin: str


def headline(
    witnesses: Sequence[Claims], claimed: str | None, site_names: Iterable[str]
) -> Title | None:
    """The headline of the article, `witnesses` best first."""
    for claims in witnesses:
        for raw in claims.titles:
            text = plain(raw)
            if text:
                return Title(text=text, origin=claims.origin)
    return Title(text=plain(claimed), origin="feed") if claimed else None


def plain(raw: str) -> str:
    """`raw` without mark-up and entities, on one line."""
    return clean_line(html.unescape(_TAG.sub("", html.unescape(raw))))


def bare(text: str) -> str:
    """`text` as comparisons see it: case, accents of compatibility and punctuation gone."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
