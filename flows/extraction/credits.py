"""Agencies credited in the words of a page: at the head or the end of a text, or in its copyright.

Decides which words credit an agency and which lines are nothing but such a credit; refuses to know
where a text was filed (`dateline`) or who is named in its byline (`authors`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from flows.core.text.agencies import agency_named
from flows.extraction.witnesses.lines import OUTSIDE, outside

_TAIL = 4  # paragraphs in which a text may end with its credit
_MOST_CHARS = 240  # of a line that is nothing but a credit
_MOST_COPYRIGHTS = 20
_RIGHTS = re.compile(r"(?:©|\(c\)|copyright|copr\.)", re.I)
_OWNER = re.compile(
    r"(?:©|\(c\)|copyright|copr\.|\s|by|the year|\d{4}|[-–,])*(?P<owner>[^\W\d].{1,60}?)"
    r"(?=[.,;|(©]|\s[-–—]\s|\sall rights|\s\d{4}|$)",
    re.I,
)
_CLOSING = re.compile(r"[(\[（]([^()\[\]（）]{2,40})[)\]）]\s*\.?$")
_SOURCE = re.compile(
    r"^\W*(?:sources?|quellen?|fuentes?|fonte|bron|kilde|källa|źródło|zdroj|источник|джерело|kaynak|来源|來源|출처"
    r"|(?:with|additional) (?:\w+ ){0,2}(?:inputs?|material|reporting|contributions?) (?:from|by)"
    r"|(?:mit|avec|con|com) (?:material|informations?|informaci[oó]n|informações) (?:von|de|da)"
    r"|reporting by)\s*[:：]?\s*(?P<names>.{2,60}?)\.?$",
    re.I,
)
_APART = re.compile(r"(?:(?<!\s)\s++)?(?:[/,&;+]|\b(?:and|und|et|y|e|i|и|та)\b)\s*+")
_ABOUT_RIGHTS = etree.XPath(
    ".//text()[contains(., '©') or contains(., 'opyright') or contains(., 'OPYRIGHT')]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credited:
    """The agencies credited, each once; the paragraphs that say something else."""

    agencies: tuple[str, ...]
    paragraphs: tuple[str, ...]


def credited(paragraphs: Sequence[str], rights: Iterable[str] = ()) -> Credited:
    """The agencies that `paragraphs` and the lines about `rights` credit."""
    found: list[str] = []
    kept: list[str] = []
    for position, paragraph in enumerate(paragraphs):
        named = tuple(_of_line(paragraph))
        last = len(paragraphs) - position <= _TAIL
        if named and (last or position == 0):
            found += named
            continue
        kept.append(paragraph)
        if last and (closing := _CLOSING.search(paragraph)) is not None:
            found += _all_agencies(closing[1])
    for line in rights:
        found += _owner(line)
    return Credited(
        agencies=tuple(dict.fromkeys(found)), paragraphs=tuple(kept) or tuple(paragraphs)
    )


def lines_about_rights(tree: HtmlElement) -> Iterator[str]:
    """The copyright lines of `tree` that are not the site's own, in its footer."""
    texts = _ABOUT_RIGHTS(tree)
    for text in (texts if isinstance(texts, list) else [])[:_MOST_COPYRIGHTS]:
        if not isinstance(text, etree._ElementUnicodeResult):
            continue
        parent = text.getparent()
        if parent is not None and parent.tag not in OUTSIDE and not outside(parent):
            yield " ".join(text.split())


def _of_line(line: str) -> Iterator[str]:
    """The agencies of a line that is nothing but a credit."""
    if len(line) > _MOST_CHARS:
        return
    yield from _all_agencies(line.strip(" .()[]（）*–—-"))
    if _RIGHTS.match(line.lstrip(" *")):
        yield from _owner(line)
    if (source := _SOURCE.match(line)) is not None:
        yield from _all_agencies(source["names"])


def _owner(line: str) -> tuple[str, ...]:
    """The agency that holds the rights by a copyright line."""
    start = _RIGHTS.search(line)
    owner = _OWNER.match(line, start.start()) if start is not None else None
    return _all_agencies(owner["owner"]) if owner is not None else ()


def _all_agencies(text: str) -> tuple[str, ...]:
    """The agencies that `text` lists, if it lists nothing else."""
    if len(text) > 60 or (len(text) < 3 and text.islower()):
        return ()
    named = [agency_named(part) for part in _APART.split(text) if part]
    return tuple(name for name in named if name is not None) if all(named) else ()
