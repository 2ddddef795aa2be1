"""How much of a huge or hostile feed is parsed: bytes → bytes whose parsing takes seconds at most.

Decides by counting markup, before any parser sees it: feedparser costs 15–25 µs a tag (both of its
parsers, on malformed input) and much more on tags with thousands of attributes. Refuses to know
what the markup says.
"""

import re

from flows.discovery.listing import MAX_ENTRIES

# 2,000 entries of 30 elements, opened and closed; 120,000 tags cost 3 s at worst.
_MAX_TAGS = 120_000
# `&` starts an entity in the loose parser: 0.7 µs each.
_MAX_ENTITIES = 1_000_000
# The longest start tag in 586 feed fixtures has 721 bytes.
_LONG_TAG = re.compile(rb"<[^<>!?][^<>]{20000}")
_CDATA = re.compile(rb"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_ITEM_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_START = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
# feedparser walks all namespaces ever declared at each end tag: 200,000 of them take minutes.
_MAX_NAMESPACES = 100
_NAMESPACE = re.compile(rb"xmlns(?::[\w.-]{1,50})?\s*=\s*[\"'][^\"'<>]{0,300}")
_LARGE_BYTES = 1_000_000


def trimmed(body: bytes) -> tuple[bytes, int]:
    """`body` with its first and last entries only, and how many entries lay between.

    Feeds list the newest first, a few the oldest first: half of the cap from either end holds the
    newest of both. Markup beyond the limits is cut off; the parser keeps what stands before.
    """
    if len(body) > _LARGE_BYTES and body[:4].count(0):
        body = _as_utf8(body)  # UTF-16 or UTF-32: the patterns are ASCII
    body, beyond = _entries_cut(body)
    if long := _LONG_TAG.search(body):
        body = body[: long.start()]
    return _markup_cut(_namespaces_cut(body)), beyond


def _namespaces_cut(body: bytes) -> bytes:
    if body.count(b"xmlns") <= _MAX_NAMESPACES:
        return body
    declared: set[bytes] = set()
    for found in _NAMESPACE.finditer(body):
        declared.add(found[0])
        if len(declared) > _MAX_NAMESPACES:
            return body[: found.start()]
    return body


def _entries_cut(body: bytes) -> tuple[bytes, int]:
    starts = [match.start() for match in _ITEM_START.finditer(body)]
    if len(starts) <= MAX_ENTRIES:
        return body, 0
    half = MAX_ENTRIES // 2
    first, last = body[: starts[half]], body[starts[-half] :]
    if not _ITEM_END.search(first):  # never closed: each would nest in the one before
        return body[: starts[half]], len(starts) - half
    return first + last, len(starts) - MAX_ENTRIES


def _markup_cut(body: bytes) -> bytes:
    if body.count(b"<") > _MAX_TAGS:
        outside = 0
        end = 0
        for cdata in _CDATA.finditer(body):
            outside += body.count(b"<", end, cdata.start())
            if outside > _MAX_TAGS:
                break
            end = cdata.end()
        if outside > _MAX_TAGS or outside + body.count(b"<", end) > _MAX_TAGS:
            body = body[: _position(body, b"<", _MAX_TAGS)]
    if body.count(b"&") > _MAX_ENTITIES:
        body = body[: _position(body, b"&", _MAX_ENTITIES)]
    return body


def _position(body: bytes, mark: bytes, times: int) -> int:
    """Where `mark` stands for the `times`-th time."""
    position = -1
    for _ in range(times):
        position = body.find(mark, position + 1)
    return position


def _as_utf8(body: bytes) -> bytes:
    wide = body[:4].count(0) >= 3 or body[:4] == b"\xff\xfe\0\0"
    encoding = "utf-32" if wide else "utf-16"
    if body[:2] not in (b"\xff\xfe", b"\xfe\xff") and body[:4] != b"\0\0\xfe\xff":
        encoding += "-be" if body[:1] == b"\0" else "-le"
    text = body.decode(encoding, errors="replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text, count=1).encode("utf-8", errors="replace")
