"""The text of an article as paragraphs: whose reading of the body is believed.

trafilatura reads the shared tree. JSON-LD's `articleBody` rescues only where trafilatura found
next to nothing or a third (combining them otherwise loses: 438 pages). Where both fail,
resiliparse.
"""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from flows.core.text.cleaning import MAX_TEXT_CHARS, clean_line, clean_text
from flows.extraction.containers import long_paragraphs, whole_of, without_following
from flows.extraction.extractors import LEAST_DENSE_CHARS, main_content, plain_text

LEAST_CHARS = 250
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4}")
_TAG = re.compile(r"<(?:br|/p|/div|/li|/h\d)\b[^>]{0,200}>|</?[a-zA-Z][^<>]{0,500}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Paragraphs in order, each on one line, and the extractor that read them.

    Of the paragraphs, `headings` head a part of the text and `points` are items of lists.
    """

    paragraphs: tuple[str, ...]
    extractor: str
    headings: frozenset[str] = frozenset()
    points: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)


def body_of(tree: HtmlElement, source: str, claimed: Sequence[str]) -> Body:
    """The body of the page `source` parsed as `tree`; `claimed` are JSON-LD article bodies."""
    dense = _is_dense(tree)
    read = _read(tree, thorough=False, dense=dense)
    if _prose(read, dense=dense) < (LEAST_DENSE_CHARS if dense else LEAST_CHARS):
        read = _read(tree, thorough=True, dense=dense)
    read = _placed(tree, read)
    declared = max((declared_body(body) for body in claimed), key=_length, default=_EMPTY)
    if _length(declared) >= LEAST_CHARS and (
        _length(read) < LEAST_CHARS or _length(declared) > 3 * _length(read)
    ):
        return declared
    return read if read.paragraphs else plain_body(source)


def _read(tree: HtmlElement, *, thorough: bool, dense: bool) -> Body:
    content = main_content(tree, thorough=thorough, dense=dense)
    if content is None:
        return _EMPTY
    headings, points = (
        frozenset(clean_line(line) for element in content.iter(tag) for line in _lines(element))
        for tag in ("head", "item")
    )
    body = _body(_paragraphs(content), "trafilatura")
    return replace(body, headings=headings, points=points)


def _placed(tree: HtmlElement, read: Body) -> Body:
    """`read` with what containers of the same kind hold, without the next article's text."""
    found = long_paragraphs(tree)
    whole = whole_of(found, read.paragraphs)
    if whole is not None:
        read = replace(read, paragraphs=_body(iter(whole), read.extractor).paragraphs)
    return replace(read, paragraphs=without_following(found, read.paragraphs))


def plain_body(source: str) -> Body:
    """What a plain, fast extractor makes of `source`; for pages past the limits."""
    return _body(iter(plain_text(source).split("\n")), "resiliparse")


def declared_body(text: str) -> Body:
    """JSON-LD's `articleBody` as paragraphs: it may hold escaped mark-up."""
    text = html.unescape(text)
    return _body(iter(_TAG.sub("\n", text).split("\n")), "json_ld")


def _body(lines: Iterator[str], extractor: str) -> Body:
    paragraphs, room = [], MAX_TEXT_CHARS
    for line in lines:
        paragraph = clean_line(line, max(room, 1))
        if paragraph and room > 0:
            paragraphs.append(paragraph)
            room -= len(paragraph) + 2
    return Body(paragraphs=tuple(paragraphs), extractor=extractor)


_EMPTY = Body(paragraphs=(), extractor="none")


def _length(body: Body) -> int:
    return sum(map(len, body.paragraphs))


def _is_dense(tree: HtmlElement) -> bool:
    """Whether the page's title is in Han, kana or Hangul."""
    return _DENSE.search(tree.findtext(".//title") or "") is not None


def _prose(body: Body, *, dense: bool) -> int:
    """Characters in paragraphs long enough to be sentences: menus have many lines, none long."""
    least = 30 if dense else 80
    return sum(len(paragraph) for paragraph in body.paragraphs if len(paragraph) >= least)


def _paragraphs(content: HtmlElement) -> Iterator[str]:
    for block in content:
        yield from _lines(block)


def _lines(block: HtmlElement) -> Iterator[str]:
    if block.tag in {"list", "quote", "table", "row"} and len(block):
        if block.text and block.text.strip():
            yield block.text
        for child in block:
            yield from _lines(child)
            if child.tail and child.tail.strip():
                yield child.tail
    else:
        yield from clean_text("".join(_flowing(block))).split("\n")


def _flowing(element: HtmlElement) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if child.tag == "lb":
            yield "\n"
        else:
            yield from _flowing(child)
        if child.tail:
            yield child.tail
