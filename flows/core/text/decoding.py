"""Bytes → text: the one decoder of pages, feeds, sitemaps, lists and robots.txt.

Decides which character encoding a body is in, in the order browsers and experience give: a
byte-order mark; UTF-8 wherever it is that, or nearly so; what the header or the document declares,
read as the WHATWG encoding standard reads its name, with U+FFFD for what is broken; a guess. One
odd byte must cost one character, and never the text. Refuses to know what the text says.

Source: encoding.spec.whatwg.org (names and what they mean), 4.2; XML 1.0, appendix F.
"""

import codecs
import re
from collections.abc import Callable, Iterable

# What the standard reads a name as where Python's codec of that name reads less, or other
_READ_AS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030",
    "hz": "hz", "shift_jis": "cp932", "shift_jis_2004": "cp932", "shift_jisx0213": "cp932",
    "euc_jp": "euc_jis_2004", "euc_jisx0213": "euc_jis_2004", "euc_kr": "cp949", "johab": "cp949",
    "big5": "big5hkscs", "cp950": "big5hkscs", "iso2022_jp": "iso2022_jp_2004",
    # a document that declares these in ASCII is in none of them
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-32": "utf-8",
}  # fmt: skip
# Names of the web that Python does not know
_NAMES = {
    "x-gbk": "gbk", "gb_2312-80": "gbk", "x-sjis": "shift_jis", "sjis": "shift_jis",
    "windows-31j": "shift_jis", "x-euc-jp": "euc_jp", "windows-949": "euc_kr",
    "ks_c_5601-1987": "euc_kr", "ksc5601": "euc_kr", "x-x-big5": "big5", "cn-big5": "big5",
    "win-1251": "cp1251", "x-cp1251": "cp1251", "x-cp1250": "cp1250", "x-cp1252": "cp1252",
    "windows-874": "cp874", "dos-874": "cp874", "x-mac-cyrillic": "mac_cyrillic",
    "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8", "unicode": "utf-8",
    "iso-8859-8-i": "iso8859-8", "x-user-defined": "cp1252", "koi": "koi8-r", "koi8": "koi8-r",
    "koi8-ru": "koi8-u", "logical": "iso8859-8", "visual": "iso8859-8",
}  # fmt: skip
# The codecs of text: Python's others (hex, idna, unicode_escape, utf-7 …) are no encodings of pages
_TEXT = re.compile(
    r"utf-8|cp(?:437|85\d|86[0-6]|874|9\d\d|125[0-8])|iso8859-\d+|koi8-[rtu]|mac[-_]\w+|kz1048|"
    r"gb18030|hz|big5hkscs|euc_jis_2004|iso2022_\w+|ptcp154"
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Without a mark: which of the first bytes are zero where markup or JSON begins (XML 1.0, F.1;
# RFC 4627, 3)
_WIDE: dict[tuple[bool, ...], str] = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?\s*+([a-z0-9_:.-]{2,40})"""
    rb"""|<\?xml[^>]{0,200}?encoding\s*+=\s*+["']\s*+([a-z0-9_:.-]{2,40})""",
    re.IGNORECASE,
)
_LOOKED_AT = 4096  # a declaration stands in the first 1,024 bytes (WHATWG); many a page is late
_XML_DECLARATION = re.compile(r"<\?xml\s[^>]{0,300}?\?>", re.IGNORECASE)
# UTF-8 that was cut or mixed has next to no broken bytes beside its characters; text of 14 legacy
# encodings has 1.2 to 2 broken ones for each that is a character by chance (500 real texts in 20
# languages, at 60, 400 and 5,000 letters).
_CHARACTERS_A_BREAK = 4


def decode(
    body: bytes, charset: str | None = None, guess: Callable[[bytes], Iterable[str]] = lambda _: ()
) -> str:
    """The text of `body`; `charset` is the header's word, `guess` names encodings, likeliest first.

    Never raises. What is declared goes before a guess also where a byte of it is broken.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if (wide := _WIDE.get(tuple(byte == 0 for byte in body[:4]))) is not None:
        return body.decode(wide, "replace")
    declared = _declared(body, charset)
    if b"\x1b" not in body or not any(name.startswith("iso2022") for name in declared):
        text = _as_utf8(body)
        if text is not None:
            return text
    for name in (*declared, *filter(None, map(encoding_named, guess(body)))):
        text = _mostly(body, name)
        if text is not None:
            return text
    return body.decode(next(iter(declared), "utf-8"), "replace")


def utf8(body: bytes, charset: str | None = None) -> bytes:
    """`body` as UTF-8, without a byte-order mark, white space before it or an XML declaration:
    what a parser that decodes for itself cannot read in another way."""
    body = body.lstrip(b" \t\r\n") if body[:1].isspace() else body
    text = decode(body, charset).lstrip("\ufeff \t\r\n")
    if text.startswith("<?xml"):
        text = _XML_DECLARATION.sub("", text, count=1).lstrip()
    return text.encode("utf-8", "replace")


def encoding_named(label: str) -> str | None:
    """The codec a label names, as the WHATWG standard reads it; None for what names no text."""
    label = label.strip().strip("\"'").lower()
    try:
        name = codecs.lookup(_NAMES.get(label, label)).name
    except (LookupError, ValueError):
        return None
    name = _READ_AS.get(name, name)
    return name if _TEXT.fullmatch(name) else None


def _declared(body: bytes, charset: str | None) -> dict[str, None]:
    """What the header and the document call the encoding, in order, each once."""
    found = _DECLARED.findall(body[:_LOOKED_AT])
    labels = [charset or "", *((meta or xml).decode("ascii") for meta, xml in found)]
    return dict.fromkeys(filter(None, map(encoding_named, labels)))


def _as_utf8(body: bytes) -> str | None:
    """UTF-8 if it is, or nearly is: one broken byte must not turn a text into mojibake."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - _ascii_count(text) - broken
    return text if foreign >= _CHARACTERS_A_BREAK * broken else None


def _ascii_count(text: str) -> int:
    return len(text.encode("ascii", "ignore"))


def _mostly(body: bytes, name: str) -> str | None:
    """The text by one encoding; None where so much of it is broken that it is another."""
    try:
        return body.decode(name)
    except (UnicodeDecodeError, ValueError):
        text = body.decode(name, "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - _ascii_count(text) - broken
    return text if foreign >= _CHARACTERS_A_BREAK * broken else None
