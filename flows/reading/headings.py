"""The visible witness: headings, the window title, time elements, bylines as readers see them.

Decides which elements look like a headline, a date or a byline; refuses to know whom to believe.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from flows.reading.claims import Claims, Credit

# class, id, rel and data-* words that mark a byline; whole words, so that "authority" is none
_BYLINE = re.compile(r"(?:^|[^a-z])(?:by-?line|author|authors|written-?by|redakt\w*|reporter|autor\w{0,2}|journalist\w{0,2}|auteur)(?:[^a-z]|$)")  # fmt: skip  # noqa: E501
_NOT_BYLINE = re.compile(
    r"comment|related|recommend|bio|avatar|image|photo|social|follow|teaser|card"
)
_OUTSIDE = frozenset({"nav", "footer", "aside"})
_TRAIL = re.compile(r"bread-?crumb|sticky|visually-?hidden|sr-only", re.I)
_UNSEEN = frozenset({"style", "script", "noscript", "svg", "template"})
_MAX_BYLINE_CHARS = 160


def headings(tree: HtmlElement) -> Claims:
    """The texts of the `h1` a reader sees as headline, in document order.

    An `h1` at the end of a breadcrumb trail repeats what is written for search engines.
    """
    found = (
        _text(element)
        for element in tree.iterfind(".//h1")
        if not _outside(element) and not _in_trail(element)
    )
    return Claims(origin="h1", titles=tuple(text for text in found if text)[:5])


def window_title(tree: HtmlElement) -> Claims:
    """The `title` element."""
    element = tree.find(".//head/title")
    if element is None:
        element = tree.find(".//title")
    text = _text(element) if element is not None else ""
    return Claims(origin="title_tag", titles=(text,) if text else ())


def time_elements(tree: HtmlElement) -> Claims:
    """`time` elements before the end of the article, in document order."""
    values = []
    for element in tree.iterfind(".//time"):
        if len(values) < 20 and not _outside(element):
            value = element.get("datetime") or _text(element)
            if value:
                values.append(value)
    return Claims(origin="time_tag", published=tuple(values))


def bylines(tree: HtmlElement) -> Claims:
    """Names in elements marked as byline, nearest to the first heading first."""
    return Claims(origin="byline", credits=tuple(Credit(name=name) for name in _bylines(tree))[:10])


def _bylines(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iterfind(".//*[@rel]"):
        if "author" in (element.get("rel") or "").lower().split() and element.tag != "link":
            text = _text(element)
            if text and len(text) <= _MAX_BYLINE_CHARS and not _outside(element):
                yield text
    for element in tree.iterfind(".//body//*[@class]"):
        mark = (element.get("class") or "").lower().replace("_", "-")
        if _BYLINE.search(mark) and not _NOT_BYLINE.search(mark) and not _outside(element):
            text = _text(element)
            if text and len(text) <= _MAX_BYLINE_CHARS:
                yield text


def _outside(element: HtmlElement) -> bool:
    return any(ancestor.tag in _OUTSIDE for ancestor in element.iterancestors())


def _in_trail(element: HtmlElement) -> bool:
    chain = (element, *element.iterancestors("ul", "ol", "li"))
    return any(_TRAIL.search(part.get("class") or "") for part in chain)


def _text(element: HtmlElement) -> str:
    """What `element` shows: without the styles and scripts some frameworks set into headings."""
    shown = (
        text
        for part in element.iter()
        for text in (part.text if part.tag not in _UNSEEN else None, part is not element and part.tail)
        if text
    )
    return " ".join(" ".join(shown).split())[:1000]
