"""The visible byline: elements marked as such, and lines after the headline that begin with "By".

Asked only where mark-up names no person. Decides what looks like a byline; refuses to know names.
"""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from flows.core.text.written_dates import written_dates
from flows.extraction.witnesses.claims import Claims, Credit, Kind
from flows.extraction.witnesses.lines import (
    elements_after_headline,
    line_of,
    lines_after_headline,
    outside,
    with_attribute,
)

# words in class and rel that mark a byline; whole words, so that "authority" is none
_MARK = re.compile(r"(?:^|[^a-z])(?:by-?line\w*|authors?(?:-?names?)?|written-?by|redakt\w*|reporters?|autor\w{0,3}|journalists?|auteur|writer|editor|edit)(?:[^a-z]|$)")  # fmt: skip  # noqa: E501
_NOT_MARK = re.compile(
    r"comment|relat|recommend|bio|avatar|imag|photo|pict|social|follow|teaser|(?<!v)card|list"
)
_LABELLED = re.compile(
    r"^\W{0,2}(?:(?:(?:written|posted|authored|reported|articles?|story|words|analysis|opinion"
    r"|contributed|submitted)\s)?by|authors?|von|par|por|di|door|av|af|od|przez|автор|автори|текст|text|texte?|yazan|(?:责任?)?编辑|责编|作者|"
    r"記者|记者|文)\b\s*+(?:[:：]\s*+)?\S",
    re.I,
)
_LABEL_ALONE = re.compile(r"^\W{0,2}(?:(?:(?:written|reported|posted|authored|article|story|words) )?by|authors?|writer|von|par|por|di|da|door|av|af|przez|автор|yazan|作者|文)\s?[:：]?$", re.I)  # fmt: skip  # noqa: E501
_LINKING = re.compile(r"^(?:[,;&/|·]|(?:and|und|et|y|e|en|og|och|i|и|та|ve)(?:\s|$))", re.I)
_OPEN = re.compile(r"(?:[,;&/|·]|\s(?:and|und|et|y|e|en|og|och|i|и|та|ve))$", re.I)
# pages about people ("/people/", "/profile/") are also what an article is about
_PROFILE = re.compile(
    r"/(?:authors?|autore?n?|autori|auteurs?|editors?|staff|contributors?|"
    r"journalists?|journalistes?|reporters?|correspondents?|columnists?|by|redaktion|redaktor|"
    r"redacteur|yazar(?:lar)?|penulis|writers?)/[^/]+",
    re.I,
)
# Who looked at a text is not who wrote it
_OF_OTHERS = re.compile(
    r"^\W{0,2}(?:(?:medically |fact )?"
    r"(?:reviewed|checked|edited|produced|photographed|illustrated)\s(?:by|on)\b"
    r"|fact.?check)",
    re.I,
)
_WRITTEN = re.compile(
    r"^\W{0,2}(?:written|posted|authored|escrito|écrit|rédigé|scritto|geschrieben|verfasst)\s(?:by|por|par|da|von)\b",
    re.I,
)
_PARTED = re.compile(r"\s[|·•–—-]\s|\s?[|•]\s?")
_DATED_LINES = 12
_MAX_CHARS = 160
_WITH_REL, _WITH_CLASS = (
    with_attribute("rel", within="//body"),
    with_attribute("class", within="//body"),
)


def bylines(tree: HtmlElement) -> Claims:
    """What stands in bylines, the likeliest first, each as one credit.

    What is said to be written by somebody is a person's name, be it one word.
    """
    found = [line for line in dict.fromkeys(_bylines(tree)) if not _OF_OTHERS.match(line)]
    return Claims(
        origin="byline",
        credits=tuple(
            Credit(name=text, kind=Kind.PERSON if _WRITTEN.match(text) else Kind.UNKNOWN)
            for text in found[:10]
        ),
    )


def _bylines(tree: HtmlElement) -> Iterator[str]:
    yield from _marked(_WITH_REL(tree), "rel", re.compile(r"\bauthor\b"))
    lines = list(lines_after_headline(tree))
    yield from (line for line in _joined(lines) if _LABELLED.match(line))
    yield from _profiles(tree)
    yield from _dated(lines[:_DATED_LINES])
    yield from _marked(_WITH_CLASS(tree), "class", _MARK)


def _dated(lines: Iterable[str]) -> Iterator[str]:
    """The name at the head of a line that ends in a date ("Jane Doe | Writer | 24 May 2023")."""
    for line in lines:
        parts = [part.strip() for part in _PARTED.split(line)]
        if len(parts) > 1 and next(written_dates(parts[-1], month_first=None), None) is not None:
            name = parts[0]
            if 2 <= len(name.split()) <= 4 and name.replace(" ", "").replace(".", "").isalpha():
                yield name


def _profiles(tree: HtmlElement) -> Iterator[str]:
    """Links to pages about authors soon after the headline: the first, with those beside it."""
    names: list[str] = []
    block = None
    for element in elements_after_headline(tree):
        if element.tag != "a" or not _PROFILE.search(element.get("href") or ""):
            continue
        if names and element.getparent() is not block:
            break
        if text := line_of(element):
            block = element.getparent()
            names.append(text)
    if names:
        yield ", ".join(names)


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """`lines`, with a label alone on its line ("By:") before the names that follow it."""
    begun = ""
    for line in lines:
        if begun and (_LABEL_ALONE.match(begun) or _OPEN.search(begun) or _LINKING.match(line)):
            begun = f"{begun} {line}"
            continue
        if begun:
            yield begun
        begun = line if _LABEL_ALONE.match(line) else ""
        if not begun:
            yield line
    if begun:
        yield begun


def _marked(
    elements: Iterable[HtmlElement], attribute: str, mark: re.Pattern[str]
) -> Iterator[str]:
    for element in elements:
        value = (element.get(attribute) or "").lower().replace("_", "-")
        if mark.search(value) and not _NOT_MARK.search(value) and not outside(element):
            text = line_of(element)
            if text and len(text) <= _MAX_CHARS:
                yield text
