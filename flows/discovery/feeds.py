"""RSS 0.9x, 1.0, 2.0 and Atom 0.3, 1.0: bytes → listing, by feedparser.

Decides which fields of an item are its link, identity, title, summary and date texts, and how
much of a huge feed is read; refuses to believe feedparser's own reading of dates (wrong without a
sign on `2023/02/24`, `CST`, `MSK`), its link resolution and its sanitiser.
"""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import feedparser

from flows.cleaning import MAX_SUMMARY_CHARS
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable
from flows.discovery.trimming import trimmed

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
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)
_PERIOD_MINUTES = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200}


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Listing | Unreadable:
    """Read one feed. `url` is where the bytes came from; `content_type` the header, verbatim.

    Costs about 0.3 ms an entry; bodies with more than `MAX_ENTRIES` entries are cut before
    parsing. Entries of a malformed feed are kept.
    """
    body, beyond = trimmed(body)
    # without content-location: a base would be joined to GUIDs, which are not ours to change
    headers = {"content-type": content_type} if content_type else {}
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
    entries = tuple(_entry(item) for item in parsed.entries)
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


def _form(version: str) -> str:
    if version.startswith("atom"):
        return "atom"
    return "rss" if version else ""


def _base(parsed: Any, url: str) -> str:
    """feedparser's base is the root's `xml:base`, resolved against where the bytes came from."""
    base = parsed.get("href") or url
    return base if isinstance(base, str) else url


def _entry(item: Any) -> Entry:
    link = _text(item, "link") or _first_link(item)
    guid = _text(item, "id")
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
    ttl = _text(about, "ttl")
    if ttl and ttl.isascii() and ttl.isdigit() and 0 < len(ttl) < 7:
        return int(ttl) or None
    period = _PERIOD_MINUTES.get((_text(about, "sy_updateperiod") or "").lower())
    if period is None:
        return None
    frequency = _text(about, "sy_updatefrequency") or "1"
    times = int(frequency) if frequency.isascii() and frequency.isdigit() else 1
    return max(1, period // min(max(times, 1), 1440))


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
