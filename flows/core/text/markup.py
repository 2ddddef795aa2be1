"""Bytes → one tree. The only parse of a page; every witness and the extractor share it.

Decides the limits of what is parsed; refuses to know what a page means.
"""

import re
from collections.abc import Callable

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from flows.core.text.cleaning import bare


def with_xpath(path: str) -> Callable[[HtmlElement], list[HtmlElement]]:
    """A search for the elements that `path` finds, in document order."""
    found = etree.XPath(path)

    def search(tree: HtmlElement) -> list[HtmlElement]:
        elements = found(tree)
        return elements if isinstance(elements, list) else []

    return search


# Real pages: 99th percentile 5,500 tags, most 8,100 (438 pages of 2019-2026). trafilatura is
# quadratic: 10,000 paragraphs take 0.4 s, 30,000 take 4 s, 100,000 over a minute.
MAX_TAGS = 50_000
MAX_BYTES = 5_000_000

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# libxml2 stops at a doctype that closes itself (lxml bug 1955915)
_SELF_CLOSED = re.compile(r"^\s*<!\s?doctype[^>]*/\s*>", re.I)

# Hidden elements that hold more of a page's text than this are shown by a script
_HIDDEN_SHARE = 0.3
_HIDDEN_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
_FOR_THE_EAR = re.compile(
    r"(?:^|[\s_-])(?:sr|screen-?reader)-?(?:only|text)(?:\s|$)|visually-?hidden|(?:^|\s)(?:a11y|accessib\w*)-?hidden",
    re.I,
)
_MAYBE_HIDDEN = with_xpath(
    "//body//*[@hidden or contains(@style, 'none') or contains(@style, 'hidden')"
    " or contains(@class, 'idden') or contains(@class, 'sr-') or contains(@class, 'reader')]"
)

_PARSER = HTMLParser(
    collect_ids=False,
    default_doctype=False,  # type: ignore[call-arg]  # missing in the stubs
    encoding="utf-8",
    remove_comments=True,
    remove_pis=True,
)
# One class for every element: lxml.html's own lookup asks Python at each step, a tenth of a page's
# time, to tell forms and inputs apart
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))


def too_much(body: bytes, text: str) -> bool:
    """Whether a page is past what quadratic extractors may be given."""
    return len(body) > MAX_BYTES or text.count("<") > MAX_TAGS


def parsed(text: str) -> HtmlElement | None:
    """The tree of `text`, or None where no element is found."""
    text = _SELF_CLOSED.sub("", _INVALID.sub("", text), count=1)
    try:
        return document_fromstring(text.encode("utf-8"), parser=_PARSER)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def strip_unseen(tree: HtmlElement) -> None:
    """Take scripts, styles, drawings and what is hidden out of `tree`, once the witnesses have
    read them.

    Extractors copy the tree several times, and half of many pages is script.
    """
    etree.strip_elements(tree, "script", "style", "svg", with_tail=False)
    hidden = [element for element in _MAYBE_HIDDEN(tree) if _is_hidden(element)]
    if not hidden:
        return
    room = _HIDDEN_SHARE * _length(tree)
    for element in hidden:
        room -= _length(element)
        if room < 0:
            return
        element.tag = "template"
    etree.strip_elements(tree, "template", with_tail=False)


def _is_hidden(element: HtmlElement) -> bool:
    """Whether no reader sees an element: by attribute, by style, or as meant for the ear alone."""
    if element.tag in {"html", "body"}:
        return False
    if (element.get("hidden") or "hidden").lower() != "until-found" and "hidden" in element.attrib:
        return True
    return (
        _HIDDEN_STYLE.search(element.get("style") or "") is not None
        or _FOR_THE_EAR.search(element.get("class") or "") is not None
    )


def _length(element: HtmlElement) -> int:
    return sum(map(len, element.itertext()))


def link_texts(tree: HtmlElement) -> frozenset[str]:
    """The texts of links that leave the page, as `bare` writes them."""
    links = (link for link in tree.iter("a") if not link.get("href", "#").startswith("#"))
    return frozenset(bare(" ".join(link.itertext())) for link in links)
