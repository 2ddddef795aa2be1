"""The visible witness: headings, the window title, `time` elements.

Decides which elements look like a headline or a date; refuses to know whom to believe.
"""

import re

from lxml.html import HtmlElement

from flows.reading.claims import Claims
from flows.reading.lines import line_of, outside

_TRAIL = re.compile(r"bread-?crumb|sticky|visually-?hidden|sr-only", re.I)
_MAX_CHARS = 1_000


def headings(tree: HtmlElement) -> Claims:
    """The texts of the `h1` a reader sees as headline, in document order.

    An `h1` at the end of a breadcrumb trail repeats what is written for search engines.
    """
    found = (
        line_of(element)[:_MAX_CHARS]
        for element in tree.iterfind(".//h1")
        if not outside(element) and not _in_trail(element)
    )
    return Claims(origin="h1", titles=tuple(text for text in found if text)[:5])


def window_title(tree: HtmlElement) -> Claims:
    """The `title` element."""
    element = tree.find(".//head/title")
    if element is None:
        element = tree.find(".//title")
    text = line_of(element)[:_MAX_CHARS] if element is not None else ""
    return Claims(origin="title_tag", titles=(text,) if text else ())


def time_elements(tree: HtmlElement) -> Claims:
    """`time` elements outside navigation and asides, in document order."""
    values: list[str] = []
    for element in tree.iterfind(".//time"):
        if len(values) < 20 and not outside(element):
            value = element.get("datetime") or line_of(element)[:100]
            if value:
                values.append(value)
    return Claims(origin="time_tag", published=tuple(values))


def _in_trail(element: HtmlElement) -> bool:
    chain = (element, *element.iterancestors("ul", "ol", "li"))
    return any(_TRAIL.search(part.get("class") or "") for part in chain)
