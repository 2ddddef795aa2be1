"""Bytes → one tree. The only parse of a page; every witness and the extractor share it.

Decides the limits of what is parsed; refuses to know what a page means.
"""

import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from flows.core.text.cleaning import bare

# Real pages: 99th percentile 5,500 tags, most 8,100 (438 pages of 2019-2026). trafilatura is
# quadratic: 10,000 paragraphs take 0.4 s, 30,000 take 4 s, 100,000 over a minute.
MAX_TAGS = 50_000
MAX_BYTES = 5_000_000

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# libxml2 stops at a doctype that closes itself (lxml bug 1955915)
_SELF_CLOSED = re.compile(r"^\s*<!\s?doctype[^>]*/\s*>", re.I)

_PARSER = HTMLParser(
    collect_ids=False,
    default_doctype=False,  # type: ignore[call-arg]  # missing in the stubs
    encoding="utf-8",
    remove_comments=True,
    remove_pis=True,
)


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
    """Take scripts, styles and drawings out of `tree`, once the witnesses have read them.

    Extractors copy the tree several times, and half of many pages is script.
    """
    etree.strip_elements(tree, "script", "style", "svg", with_tail=False)


def link_texts(tree: HtmlElement) -> frozenset[str]:
    """The texts of links that leave the page, as `bare` writes them."""
    links = (link for link in tree.iter("a") if not link.get("href", "#").startswith("#"))
    return frozenset(bare(" ".join(link.itertext())) for link in links)
