"""The body as trafilatura and rules about containers read it, on the shared tree.

Decides what of trafilatura's reading is a paragraph, what it lost of containers cut in
several; refuses to decide whether this reading is believed (`body`).
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from flows.core.text.cleaning import clean_text
from flows.extraction.containers import long_paragraphs, whole_of
from flows.extraction.extractors import main_content, plain_text
from flows.extraction.paragraphs import EMPTY, Body, body_from

LEAST_CHARS = 250
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{4}")


def ruled_body(tree: HtmlElement) -> Body:
    """trafilatura's reading of `tree`, whole.

    The thorough one: of pages that need a second reader its fast mode loses the text of one in
    ten (it takes a first container for all, or falls back to the menu), which cost .019 of WCXB's
    word F1 while all pages were read so.
    """
    read = _read(tree, dense=_is_dense(tree))
    whole = whole_of(long_paragraphs(tree), read.paragraphs)
    return replace(read, paragraphs=body_from(whole, read.extractor).paragraphs) if whole else read


def plain_body(source: str) -> Body:
    """What a plain, fast extractor makes of `source`; for pages past the limits."""
    return body_from(plain_text(source).split("\n"), "resiliparse")


def _read(tree: HtmlElement, *, dense: bool) -> Body:
    content = main_content(tree, dense=dense)
    if content is None:
        return EMPTY
    headings, points = (
        [line for element in content.iter(tag) for line in _lines(element)]
        for tag in ("head", "item")
    )
    return body_from(_paragraphs(content), "trafilatura", headings, points)


def _is_dense(tree: HtmlElement) -> bool:
    """Whether the page's title is in Han, kana or Hangul."""
    return _DENSE.search(tree.findtext(".//title") or "") is not None


def _paragraphs(content: HtmlElement) -> Iterator[str]:
    if content.text and content.text.strip():
        yield content.text
    for block in content:
        yield from _lines(block)
        if block.tail and block.tail.strip():
            yield block.tail


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
