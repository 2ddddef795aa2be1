"""The text of an article as paragraphs: whose reading of the body is believed.

trafilatura reads the shared tree. JSON-LD's `articleBody` rescues only where trafilatura found
next to nothing or a third (combining them otherwise loses: 438 pages). Where both fail,
resiliparse.

The outside extractors, called in one place and in one way.

trafilatura reads bodies from the shared tree: never with `deduplicate` (it keeps state and empties
the fourth identical page), never its fetching, never its metadata (a quarter of its time).
resiliparse reads plainly what the limits refuse. htmldate guesses a day where no witness names one.
"""

import copy
import html
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from htmldate import find_date
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor
from trafilatura.utils import detect_encoding

from flows.core.text.cleaning import MAX_TEXT_CHARS, clean_line, clean_text
from flows.extraction.containers import long_paragraphs, whole_of, without_following

for _name in ("trafilatura", "htmldate", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # a page's faults are told by our skips

LEAST_DENSE_CHARS = 100
_FAST, _THOROUGH = (
    Extractor(output_format="python", comments=False, with_metadata=False, dedup=False, fast=fast)
    for fast in (True, False)
)


def main_content(tree: HtmlElement, *, thorough: bool, dense: bool) -> HtmlElement | None:
    """trafilatura's reading of `tree`: a `body` of p, head, list, quote, table; None if nothing.

    `thorough` compares with two more extractors, at half as much time again; without it the gold
    reads better (they bring furniture) except on the few pages that then have next to no text.
    `dense` scripts (Han, kana, Hangul) say in 100 characters what others say in 250, the length
    below which trafilatura takes its reading for a failure and falls back to a coarse one.
    """
    options = copy.copy(_THOROUGH if thorough else _FAST)
    if dense:
        options.min_extracted_size = LEAST_DENSE_CHARS
    document = bare_extraction(tree, options=options)
    return document.body if isinstance(document, Document) else None


def plain_text(html: str) -> str:
    """resiliparse's main content of `html` as plain text, one block a line."""
    return str(extract_plain_text(html, main_content=True, comments=False, alt_texts=False))


def guessed_day(tree: HtmlElement, url: str | None, *, latest: datetime) -> str | None:
    """htmldate's guess at the day of publication (`YYYY-MM-DD`), not after `latest`.

    Wrong on 3 % of pages and all of our wrong days once came from it: a last resort.
    """
    try:
        day = find_date(tree, original_date=True, url=url, max_date=latest)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return None if day is None or day.endswith("-01-01") else day  # that is how it writes a year


def guessed_charsets(body: bytes) -> list[str]:
    """Names of encodings `body` may be in, most likely first."""
    return list(detect_encoding(body))


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
