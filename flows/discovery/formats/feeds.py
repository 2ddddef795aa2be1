"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0: bytes → listing, by feedparser.

Decides which fields of an item are its link, identity, title, summary and date texts, and how
much of a huge feed is read; refuses to believe feedparser's own reading of dates (wrong without a
sign on `2023/02/24`, `CST`, `MSK`), its link resolution and its sanitiser.

How much of a huge or hostile feed is parsed: bytes → bytes whose parsing takes seconds at most.

Decides by counting markup, before any parser sees it: feedparser costs 15–25 µs a tag (both of its
parsers, on malformed input) and much more on tags with thousands of attributes. Refuses to know
what the markup says.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import feedparser

from flows.core.text.ampersands import escaped
from flows.core.text.cleaning import MAX_SUMMARY_CHARS
from flows.core.text.counts import claimed_count
from flows.core.text.decoding import utf8
from flows.discovery.formats.item_links import OwnLink, own_links
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable

# 2,000 entries of 30 elements, opened and closed; 120,000 tags cost 3 s at worst.
_MAX_TAGS = 120_000
# `&` starts an entity in the loose parser: 0.7 µs each.
_MAX_ENTITIES = 1_000_000
# The longest start tag in 586 feed fixtures has 721 bytes.
_LONG_TAG = re.compile(rb"<[^<>!?][^<>]{20000}")
_ITEM_END = re.compile(rb"</(?:[\w.-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_ITEM_START = re.compile(rb"<(?:[\w.-]+:)?(?:item|entry)[\s>]", re.IGNORECASE)
# feedparser walks all namespaces ever declared at each end tag: 200,000 of them take minutes.
_MAX_NAMESPACES = 100
_NAMESPACE = re.compile(rb"xmlns(?::[\w.-]{1,50})?\s*=\s*[\"'][^\"'<>]{0,300}")


def trimmed(body: bytes) -> tuple[bytes, int]:
    """`body` with its first and last entries only, and how many entries lay between.

    Feeds list the newest first, a few the oldest first: half of the cap from either end holds the
    newest of both. Markup beyond the limits is cut off; the parser keeps what stands before.
    """
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
        for begins, ends in _cdata(body):
            outside += body.count(b"<", end, begins)
            if outside > _MAX_TAGS:
                break
            end = ends
        if outside > _MAX_TAGS or outside + body.count(b"<", end) > _MAX_TAGS:
            body = body[: _position(body, b"<", _MAX_TAGS)]
    if body.count(b"&") > _MAX_ENTITIES:
        body = body[: _position(body, b"&", _MAX_ENTITIES)]
    return body


def _cdata(body: bytes) -> Iterator[tuple[int, int]]:
    """Where each CDATA section begins and ends, one that is never closed left out; by hand, as a
    pattern would look for the end of each of many that are not."""
    begins = body.find(b"<![CDATA[")
    while begins >= 0 and (closes := body.find(b"]]>", begins)) >= 0:
        yield begins, closes + 3
        begins = body.find(b"<![CDATA[", closes + 3)


def _position(body: bytes, mark: bytes, times: int) -> int:
    """Where `mark` stands for the `times`-th time."""
    position = -1
    for _ in range(times):
        position = body.find(mark, position + 1)
    return position


# What feedparser raises on bytes no feed ever had: its loose parser walks markup by assertions,
# declared encodings may be unknown to Python, nesting may outgrow the stack.
_PARSER_FAULTS = (
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)

_ROOT = re.compile(rb"<(?:rss|(?:[\w.-]+:)?feed|(?:[\w.-]+:)?RDF)[\s>]", re.IGNORECASE)
_CHARSET = re.compile(r"""charset\s*+=\s*+["']?([\w.:-]{2,40})""", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200}


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Listing | Unreadable:
    """Read one feed. `url` is where the bytes came from; `content_type` the header, verbatim.

    Costs about 0.3 ms an entry; bodies with more than `MAX_ENTRIES` entries are cut before
    parsing. Entries of a malformed feed are kept.
    """
    body, beyond = trimmed(utf8(body, _charset(content_type)))
    body = escaped(body)
    # without content-location: a base would be joined to GUIDs, which are not ours to change
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            BytesIO(body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _PARSER_FAULTS as error:
        return Unreadable(problem=f"the feed parser gave up: {type(error).__name__}: {error}")
    form = _form(parsed.get("version") or "")
    entries = tuple(
        _entry(item, own)
        for item, own in zip(parsed.entries, _own_links(body, parsed, url), strict=True)
    )
    if not entries and not form and not _ROOT.search(body[:4_000]):
        return Unreadable(problem="neither RSS nor Atom")
    about = parsed.feed
    return Listing(
        form=form or "rss",
        base=_base(parsed, url),
        entries=entries[:MAX_ENTRIES],
        beyond=beyond + max(0, len(entries) - MAX_ENTRIES),
        advertised_minutes=_advertised_minutes(about),
        older=_older(about),
        generator=_text(about, "generator"),
        flaw=_flaw(parsed),
    )


def _charset(content_type: str | None) -> str | None:
    """What the header calls the encoding."""
    found = _CHARSET.search(content_type or "")
    return found[1] if found else None


def _form(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    return "rss" if version else ""


def _base(parsed: Any, url: str) -> str:
    """feedparser's base is the root's `xml:base`, resolved against where the bytes came from."""
    base = parsed.get("href") or url
    return base if isinstance(base, str) else url


def _own_links(body: bytes, parsed: Any, url: str) -> Sequence[OwnLink | None]:
    """What the mark-up says of each entry's link; nothing where it has other items than feedparser
    found, as in documents broken in their middle."""
    found = own_links(body, url=url)
    count = len(parsed.entries)
    return found if len(found) == count else [None] * count


def _entry(item: Any, own: OwnLink | None) -> Entry:
    guid = _text(item, "id")
    link = own.link if own is not None else None
    if link is None and not (own is not None and own.is_known):
        link = _text(item, "link") or _first_link(item)
        if link == guid and link is not None and not _ABSOLUTE.match(link):
            link = None  # feedparser offers any GUID as link; `abc123` is no address
    summary = _text(item, "summary")
    return Entry(
        link=link,
        title=_text(item, "title"),
        summary=summary[:MAX_SUMMARY_CHARS] if summary else None,
        published=_text(item, "published") or _text(item, "created"),
        updated=_text(item, "updated"),
        guid=guid,
    )


def _first_link(item: Any) -> str | None:
    """The `href` of an item without `alternate` link; enclosures are media, not articles."""
    links = dict.get(item, "links") or ()
    for link in links:
        if isinstance(link, Mapping) and link.get("rel") in (None, "alternate", "related", "via"):
            href = link.get("href")
            if isinstance(href, str) and href:
                return href
    return None


def _text(item: Any, name: str) -> str | None:
    # dict.get: FeedParserDict.get answers `updated` with `published` when the former is missing
    value = dict.get(item, name)
    return value.strip() or None if isinstance(value, str) else None


def _advertised_minutes(about: Any) -> int | None:
    """`ttl` (RSS 2.0, minutes) or `sy:updatePeriod` over `sy:updateFrequency` (RSS 1.0 module)."""
    ttl = claimed_count(_text(about, "ttl"))
    if ttl is not None and ttl < 1_000_000:
        return ttl or None
    period = _PERIOD_MINUTES.get((_text(about, "sy_updateperiod") or "").lower())
    if period is None:
        return None
    times = claimed_count(_text(about, "sy_updatefrequency"))
    return max(1, period // min(max(times or 1, 1), 1440))


def _older(about: Any) -> str | None:
    """RFC 5005: `prev-archive` of an archived feed, else `next` of a paged one."""
    links = dict.get(about, "links") or ()
    for rel in ("prev-archive", "next"):
        for link in links:
            if isinstance(link, Mapping) and link.get("rel") == rel:
                href = link.get("href")
                if isinstance(href, str) and href:
                    return href
    return None


def _flaw(parsed: Any) -> str | None:
    if not parsed.get("bozo"):
        return None
    return f"malformed: {parsed.get('bozo_exception') or 'no reason given'}"[:300]
