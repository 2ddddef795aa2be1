"""The lines a reader sees around the headline, where bylines and date lines stand."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from flows.core.text.markup import with_xpath

UNSEEN = frozenset({"script", "style", "noscript", "template", "svg"})
OUTSIDE = UNSEEN | {"nav", "footer", "aside", "figcaption"}
MAX_LINE_CHARS = 160
_MAX_ELEMENTS = 60
_LEAST_DESCRIPTION = 60  # shorter is a slogan (unmeasured)
_LEAST_STANDFIRST = 120  # between the sub-headlines and the ledes of the gold
_NO_LETTER = re.compile(r"[\W_]+")
MAX_ELEMENTS = 100  # elements after the headline that may link to its authors (unmeasured)
MAX_LINES = 40  # text chunks after the headline that may hold its date line (unmeasured)


def with_attribute(name: str, *, within: str = "") -> Callable[[HtmlElement], list[HtmlElement]]:
    """A search for elements that carry an attribute, in document order.

    Compiled: on pages of real size twenty times as fast as ElementPath (`.//*[@name]`), which
    asks each element in Python.
    """
    return with_xpath(f"{within}//*[@{name}]" if within else f"descendant-or-self::*[@{name}]")


def lines_after_headline(tree: HtmlElement) -> Iterator[str]:
    """The short lines after the headline, in document order, at most 40."""
    heading = _headline(tree)
    if heading is not None:
        yield from islice(_lines(heading), MAX_LINES)


def elements_after_headline(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The first 100 elements after the headline, in document order."""
    heading = _headline(tree)
    if heading is not None:
        yield from islice(_following(heading), MAX_ELEMENTS)


def standfirst(tree: HtmlElement, descriptions: Sequence[str], read: Sequence[str]) -> str | None:
    """The visible paragraph after the headline that a description repeats and `read` lacks.

    Publishers describe an article by its standfirst; extractors take it for furniture when it
    stands in a box of its own. Shorter than a paragraph it is a second headline and stays out.
    """
    keys = {_key(text): len(text) for text in descriptions if len(text) >= _LEAST_DESCRIPTION}
    if not keys or any(key in _key(text, len(text)) for text in read[:8] for key in keys):
        return None
    heading, longest = _headline(tree), 2 * max(keys.values()) + 40
    if heading is None:
        return None
    for element in islice(_following(heading), _MAX_ELEMENTS):
        if element.tag in OUTSIDE or outside(element):
            continue
        text = _line_up_to(element, longest)
        if _LEAST_STANDFIRST <= len(text) <= 2 * keys.get(_key(text), 0) + 40:
            return text
    return None


def _key(text: str, most: int = 50) -> str:
    return _NO_LETTER.sub("", text)[:most].casefold()


def _line_up_to(element: HtmlElement, most: int) -> str:
    """`line_of`, or nothing if it is longer: many containers hold the whole text."""
    parts, size = [], 0
    for part in _shown(element):
        parts.append(part)
        size += len(part.strip())
        if size > most:
            return ""
    return " ".join(" ".join(parts).split())


def line_of(element: HtmlElement) -> str:
    """What `element` shows, on one line: without styles and scripts some set into headings."""
    return " ".join(" ".join(_shown(element)).split())


def outside(element: HtmlElement) -> bool:
    """Whether `element` lies in navigation, footer or aside."""
    return next(element.iterancestors(*OUTSIDE), None) is not None


def _shown(element: HtmlElement) -> Iterator[str]:
    if element.text and element.tag not in UNSEEN:
        yield element.text
    for child in element:
        if child.tag not in UNSEEN:
            yield from _shown(child)
        if child.tail:
            yield child.tail


def _lines(heading: HtmlElement) -> Iterator[str]:
    for element in _following(heading):
        if element.tag in OUTSIDE or outside(element):
            continue
        for text in (element.text, element.tail):
            if text and text.strip():
                yield " ".join(text[: 2 * MAX_LINE_CHARS].split())[:MAX_LINE_CHARS]


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    """Elements after `element` in document order, lazily: XPath would list the whole page."""
    for ancestor in (element, *element.iterancestors()):
        for sibling in ancestor.itersiblings():
            yield from sibling.iter(etree.Element)


def _headline(tree: HtmlElement) -> HtmlElement | None:
    """The first heading that the window title repeats, else the first `h1`."""
    title = " ".join((tree.findtext(".//title") or "").split())
    first = None
    for heading in tree.iter("h1", "h2", "h3"):
        text = line_of(heading)
        if len(text) > 10 and text in title:
            return heading
        if first is None and heading.tag == "h1" and not outside(heading):
            first = heading
    return first
