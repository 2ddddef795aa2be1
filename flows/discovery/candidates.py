"""Entries → candidates: links resolved, dates read, strings cleaned, useless entries counted.

Decides which entries of a listing are candidates and why the others are not; refuses to know where
the listing came from. An entry is dropped only for its link: without one, or with one that must
not be requested (`javascript:`, `file:`, credentials), there is nothing to fetch.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from flows.core import Candidate, ClaimedTime, Reason, Skipped, Source, Stage, UnreadTime
from flows.core.boundary import attempted
from flows.core.carriers import link_target
from flows.core.text.cleaning import MAX_SUMMARY_CHARS, clean_line, clean_text
from flows.core.text.dates import read_time
from flows.core.urls import fetch_url, url_key
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing

NO_LINK = "no_link"
# The same URL twice in one listing: the first, newest, entry stands. Two URLs of one key are two
# candidates: only the store can say whether one of them settles the other.
DUPLICATE = "duplicate"
BEYOND_LIMIT = "beyond_limit"

_MAX_GUID_CHARS = 500
_BLOCK = re.compile(r"</?(?:p|br|div|li|ul|ol|tr|td|h[1-6])\b[^<>]{0,1000}>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,1000}>|<!--[^<>]{0,1000}-->")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The candidates of a listing, newest first, and what was no candidate, by reason."""

    candidates: tuple[Candidate, ...]
    problems: tuple[tuple[str, int], ...]
    items: int


def candidates_of(
    listing: Listing, source: Source, *, now: datetime, max_candidates: int = MAX_ENTRIES
) -> Found:
    """What `listing` offers of `source`; over `max_candidates` the newest stand.

    Entries are ordered by their claimed times; undated ones keep the source's order, after the
    entry they followed.
    """
    problems: Counter[str] = Counter()
    base = fetch_url(listing.base) or fetch_url(source.url) or source.url
    by_url: dict[str, Candidate] = {}
    for entry in listing.entries:
        made = partial(_candidate, entry, base, source, now)
        candidate = attempted(made, f"{source.source_id}: {entry.link}", Stage.DISCOVER)
        if isinstance(candidate, str):
            problems[candidate] += 1
        elif isinstance(candidate, Skipped):
            problems[candidate.reason] += 1
        elif candidate.url in by_url:
            problems[DUPLICATE] += 1
        else:
            by_url[candidate.url] = candidate
    ordered = newest_first(by_url.values())
    problems[BEYOND_LIMIT] += listing.beyond + max(0, len(ordered) - max_candidates)
    return Found(
        candidates=tuple(ordered[:max_candidates]),
        problems=tuple(sorted((+problems).items())),
        items=len(listing.entries) + listing.beyond,
    )


def newest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """By claimed time, newest first; an undated candidate stands with the one before it."""
    ordered: list[tuple[datetime, Candidate]] = []
    last: datetime | None = None
    for candidate in candidates:
        last = claimed_instant(candidate) or last
        ordered.append((last or _EPOCH, candidate))
    if last is None:
        return [candidate for _, candidate in ordered]
    ordered.sort(key=lambda pair: pair[0], reverse=True)
    return [candidate for _, candidate in ordered]


def claimed_instant(candidate: Candidate) -> datetime | None:
    """When the source says it was published (or, failing that, changed), if that could be read."""
    claim = candidate.claimed_at
    return claim.at if isinstance(claim, ClaimedTime) else None


def _candidate(entry: Entry, base: str, source: Source, now: datetime) -> Candidate | str:
    if not entry.link:
        return NO_LINK
    # WHATWG takes line breaks out of URLs; feeds wrap long links and write entities twice
    raw = re.sub(r"[\r\n\t]", "", entry.link).replace("&amp;", "&")
    url = link_target(raw, base)
    if url is None:
        return Reason.REFUSED_URL
    return Candidate(
        url=url,
        url_key=url_key(url),
        source_id=source.source_id,
        seen_at=now,
        claimed_title=_line(entry.title),
        claimed_summary=_summary(entry.summary),
        claimed_at=claim_of(entry, source, now),
        guid=clean_line(entry.guid, _MAX_GUID_CHARS) or None if entry.guid else None,
    )


def claim_of(entry: Entry, source: Source, now: datetime) -> ClaimedTime | UnreadTime | None:
    """The publication date if one is given; a date of change is marked as what it is."""
    first: UnreadTime | None = None
    for raw, origin in ((entry.published, entry.claim), (entry.updated, f"{entry.claim}_updated")):
        if raw is None:
            continue
        claim = read_time(
            raw,
            origin=origin,
            now=now,
            timezone=source.timezone,
            language=source.language,
            country=source.country,
        )
        if isinstance(claim, ClaimedTime):
            return claim
        first = first or claim
    return first


def _line(text: str | None) -> str | None:
    if text is None:
        return None
    return clean_line(plain_words(text)) or None


def _summary(text: str | None) -> str | None:
    if text is None:
        return None
    return clean_text(" ".join(plain_words(text).split()), MAX_SUMMARY_CHARS) or None


def plain_words(markup: str) -> str:
    """Tags out, then entities in: what a reader of the feed sees. Linear in its input."""
    if "<" in markup:
        markup = _TAG.sub("", _BLOCK.sub(" ", markup))
    return html.unescape(markup)
