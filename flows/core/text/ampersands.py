"""Ampersands written into XML as into HTML: `?id=5&lang=en` stays what it says, `&eacute;` is é.

Feeds and sitemaps forget to escape the `&` of their links, and use HTML's entities, which XML does
not know. A parser then takes `&lang` and `&copy` for entities and makes 〈 and © of them, or drops
what it does not know. Decides what each `&` was meant for; refuses to know where it stands.
"""

import re
from collections.abc import Iterator
from html.entities import html5

# All but what XML itself knows. A reference ends with a semicolon (XML 1.0, 4.1); the longest name
# of HTML's has 31 letters.
_ODD = re.compile(
    rb"&(?!(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)"
    rb"(?:([A-Za-z][A-Za-z0-9]{0,31});)?"
)
_CDATA, _CDATA_END = b"<![CDATA[", b"]]>"
# Each escape is four bytes more; a document with as many is no listing
_MOST_AMPERSANDS = 1_000_000


def escaped(body: bytes) -> bytes:
    """`body` with references that XML knows only. Linear; CDATA is left alone.

    Untouched: encodings in which the byte of `&` may be half of another character, and the names
    in a document that declares entities of its own.
    """
    if body[:4].count(0) or b"\x1b" in body or not 0 < body.count(b"&") <= _MOST_AMPERSANDS:
        return body
    mended = _bare if b"<!ENTITY" in body else _known
    return b"".join(
        piece if is_cdata else _ODD.sub(mended, piece) for piece, is_cdata in _pieces(body)
    )


def _pieces(body: bytes) -> Iterator[tuple[bytes, bool]]:
    """The document in pieces, with whether each is CDATA; one never closed is all that follows."""
    position = 0
    while (start := body.find(_CDATA, position)) >= 0:
        yield body[position:start], False
        end = body.find(_CDATA_END, start)
        position = end if end >= 0 else len(body)
        yield body[start:position], True
    yield body[position:], False


def _bare(found: re.Match[bytes]) -> bytes:
    return b"&amp;" if found[1] is None else found[0]


def _known(found: re.Match[bytes]) -> bytes:
    name = found[1]
    if name is not None and (characters := html5.get(f"{name.decode('ascii')};")) is not None:
        return "".join(f"&#{ord(one)};" for one in characters).encode("ascii")
    return b"&amp;" + found[0][1:]
