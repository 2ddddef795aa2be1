"""The one place of discovery that meets lxml: bytes → elements, within bounds.

Decides how much of a broken, huge or hostile document is read; refuses to know what is looked for.
No DTD is loaded, no entity of a document's own is expanded, nothing is fetched (XXE, billion
laughs); libxml2's own limits on depth and size stay on.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import TypeAlias

from lxml import etree, html

from flows.core.deflate import InflateError, Inflater
from flows.core.text.ampersands import escaped
from flows.core.text.decoding import utf8
from flows.core.urls import fetch_url

Element: TypeAlias = etree._Element

# Sitemaps have limits of their own (sitemaps.org): 50 MB and 50,000 URLs in a file, either counted
# after decompression. 50,000 URLs with their pictures have some 15 MB.
MAX_SITEMAP_BYTES = 52_428_800

_PIECE = 8 * 1024  # what a corrupt place costs
# Elements between two records; a `<url>` with the 1,000 pictures that are allowed has some 6,000.
# What is no record is freed with the next one, so that this bounds the memory of a bomb.
_MOST_BETWEEN = 20_000


def inflated(body: bytes, max_bytes: int = MAX_SITEMAP_BYTES) -> bytes:
    """`body`, gunzipped when it is gzip, cut at `max_bytes`; a torn stream gives what came."""
    return unpacked(body, max_bytes)[0]


def unpacked(body: bytes, max_bytes: int = MAX_SITEMAP_BYTES) -> tuple[bytes, str | None]:
    """`body`, gunzipped when it is gzip, and what is not in it, in words; None: nothing.

    All members of the file are read; what follows the last is padding.
    """
    if not body.startswith(b"\x1f\x8b"):
        return body, None
    inflater, kept = Inflater.gzip(), bytearray()
    try:
        for start in range(0, len(body), _PIECE):
            piece = body[start : start + _PIECE]
            while piece:
                if inflater.eof:
                    if not piece.startswith(b"\x1f"):
                        return bytes(kept), None
                    inflater = Inflater.gzip()
                for part in inflater.feed(piece, _PIECE):
                    kept += part
                    if len(kept) > max_bytes:
                        said = f"it is larger than {max_bytes:,} bytes; the rest was not read"
                        return bytes(kept[:max_bytes]), said
                piece = inflater.rest if inflater.eof else b""
    except InflateError:
        return bytes(kept), "its gzip is corrupt; what follows was not read"
    return bytes(kept), None if inflater.eof else "its gzip ends before its end"


def xml_records(body: bytes, *names: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(name, texts by name) of each element called one of `names`, namespaces ignored.

    `texts` holds the first text of each name below the element, its own children before deeper
    ones. Elements are freed as they are read. Reading stops without an error where the document
    cannot be repaired, or where nothing but other elements comes.
    """
    events = etree.iterparse(
        BytesIO(escaped(utf8(body))),
        events=("end",),
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )
    between = 0
    try:
        for _, element in events:
            between += 1
            name = _local(element)
            if name in names:
                yield name, _texts(element)
                _free(element)
                between = 0
            elif between > _MOST_BETWEEN:
                return
    except etree.XMLSyntaxError:
        return


def xml_attributes(body: bytes, name: str) -> Iterator[dict[str, str]]:
    """The attributes of each element called `name`, names in lower case, outermost first."""
    root, _ = xml_tree(body)
    if root is None:
        return
    for element in root.iter(etree.Element):
        if _local(element) == name:
            yield {str(key).lower(): _attribute(element, key) for key in element.attrib}


def xml_tree(body: bytes, charset: str | None = None) -> tuple[Element | None, bool]:
    """The document, None when nothing in it is markup, and whether it was well-formed.

    `charset` is the header's claim.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(escaped(utf8(body, charset)), parser)
    except etree.XMLSyntaxError:
        return None, False
    return root, len(parser.error_log) == 0


def local_name(element: Element) -> str:
    """The name in lower case, without namespace and without a prefix nobody declared."""
    return _local(element).lower()


def namespace(element: Element) -> str:
    """The namespace of a name, or the prefix nobody declared."""
    tag = str(element.tag)
    return tag[1:].rpartition("}")[0] if tag.startswith("{") else tag.rpartition(":")[0]


def _local(element: etree._Element) -> str:
    """The name without namespace and without a prefix nobody declared."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2] if isinstance(tag, str) else ""


def _texts(element: etree._Element) -> dict[str, str]:
    """The texts of a record's own children before those of what they hold; a picture's title and a
    film's date are not the record's."""
    own = namespace(element)
    ours = [child for child in element if _is_of(child, own)]
    within = [
        one
        for child in ours
        for one in child.iterdescendants()
        if namespace(one) in (own, "", namespace(child))
    ]
    texts: dict[str, str] = {}
    for child in (*ours, *within):
        texts.setdefault(_local(child), _text(child))
    return {name: text for name, text in texts.items() if name and text}


def _is_of(child: etree._Element, own: str) -> bool:
    """Whether an element speaks of its record: in the record's vocabulary, or in that of news, by
    whatever address or prefix."""
    said = namespace(child)
    return said in (own, "") or "news" in said.lower() or _local(child).lower() == "news"


def _text(element: etree._Element) -> str:
    try:
        return (element.text or "").strip()
    except UnicodeDecodeError:  # `&#55296;`: recovering, libxml2 keeps half a character
        return ""


def _attribute(element: etree._Element, name: str | bytes) -> str:
    try:
        return str(element.get(str(name)) or "")
    except UnicodeDecodeError:  # as in `_text`
        return ""


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def html_tree(body: bytes, charset: str | None = None) -> Element | None:
    """The document, or None when nothing in it is markup. `charset` is the header's claim."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        tree = html.document_fromstring(utf8(body, charset), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    assert isinstance(tree, Element)
    return tree


def document_base(tree: Element, url: str) -> str:
    """What relative links of a page resolve against: its first `<base href>`, or where it came
    from."""
    said = next((str(base.get("href")) for base in tree.iter("base") if base.get("href")), "")
    return fetch_url(said, url) or url


def chosen(tree: Element, selector: str) -> list[Element]:
    """The elements a CSS selector chooses, in document order.

    Raises ValueError when the selector is none.
    """
    try:
        return [found for found in tree.cssselect(selector) if isinstance(found, Element)]
    except (SyntaxError, etree.XPathError) as error:
        raise ValueError(f"no CSS selector: {selector!r} ({error})") from error


def words_of(element: Element) -> str:
    """The text of an element and all below it, runs of white space as one space."""
    return " ".join("".join(str(part) for part in element.itertext()).split())
