"""The visible byline: elements marked as such, and lines after the headline that begin with "By".

Asked only where mark-up names no person. Decides what looks like a byline; refuses to know names.
"""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

from flows.extraction.witnesses.claims import Claims, Credit
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
    r"^\W{0,2}(?:by|von|par|por|di|door|av|af|od|przez|автор|автори|текст|text|texte?|yazan|(?:责任?)?编辑|责编|作者|"
    r"記者|记者|文)\b\s*+(?:[:：]\s*+)?\S",
    re.I,
)
_LABEL_ALONE = re.compile(r"^\W{0,2}(?:(?:written |reported )?by|von|par|por|di|da|door|av|af|przez|автор|yazan|作者|文)\s?[:：]?$", re.I)  # fmt: skip  # noqa: E501
_LINKING = re.compile(r"^(?:[,;&/|·]|(?:and|und|et|y|e|en|og|och|i|и|та|ve)(?:\s|$))", re.I)
_OPEN = re.compile(r"(?:[,;&/|·]|\s(?:and|und|et|y|e|en|og|och|i|и|та|ve))$", re.I)
# pages about people ("/people/", "/profile/") are also what an article is about
_PROFILE = re.compile(
    r"/(?:authors?|autore?n?|autori|auteurs?|editors?|staff|contributors?|"
    r"journalists?|journalistes?|reporters?|correspondents?|columnists?|by|redaktion|redaktor|"
    r"redacteur|yazar(?:lar)?|penulis|writers?)/[^/]+",
    re.I,
)
_MAX_CHARS = 160
_WITH_REL, _WITH_CLASS = (
    with_attribute("rel", within="//body"),
    with_attribute("class", within="//body"),
)


def bylines(tree: HtmlElement) -> Claims:
    """What stands in bylines, the likeliest first, each as one credit."""
    found = dict.fromkeys(_bylines(tree))
    return Claims(origin="byline", credits=tuple(Credit(name=text) for text in found)[:10])


def _bylines(tree: HtmlElement) -> Iterator[str]:
    yield from _marked(_WITH_REL(tree), "rel", re.compile(r"\bauthor\b"))
    yield from (line for line in _joined(lines_after_headline(tree)) if _LABELLED.match(line))
    yield from _profiles(tree)
    yield from _marked(_WITH_CLASS(tree), "class", _MARK)


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
