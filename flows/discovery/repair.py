"""Closing a gap: ask again the ways of a source that reach further back than its feed.

Decides which ways a source has, in which order they are tried and when a gap counts as closed:
only when what was read provably reaches over the whole window. Refuses to store anything.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flows.core import Candidate, ClaimedTime, Gap, Page, Precision, Skipped, Source
from flows.core.text.cleaning import how_many
from flows.core.urls import fetch_url, host_of
from flows.discovery.candidates import candidates_of
from flows.discovery.children import files_below, missing_in
from flows.discovery.formats.gdelt import bulk_files, is_translated
from flows.discovery.formats.sitemaps import begins_before
from flows.discovery.formats.wordpress import POSTS_PER_PAGE, posts_between
from flows.discovery.kinds import Answer
from flows.discovery.listing import Entry, Listing
from flows.discovery.network import MAX_BULK_BYTES, Reading, Web, in_thread, most_bytes
from flows.discovery.ways_back import Archive, archive_of, reaches_back_to

# Requests one repair may cost each way: 20 pages of a feed or of 100 posts are a week of a busy
# site, 50 files a year of a sitemap by week.
MAX_PAGES = 20
MAX_FILES = 50
MAX_CANDIDATES = 20_000

# A day claimed without its time may lie in the window although its midnight does not.
_DAY = timedelta(days=1)


class Way(StrEnum):
    """How older items of a source can be listed."""

    POSTS_BY_DATE = "posts_by_date"  # WordPress answers for any range
    SITEMAP = "sitemap"
    ARCHIVE = "archive"  # pages named in the source's `repairs`
    PAGED_FEED = "paged_feed"  # RFC 5005 links, or WordPress' `paged`
    BULK_FILES = "bulk_files"  # GDELT's quarters


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What one repair found. `closed`: the ways read reach over the whole window. `exhausted`: all
    ways were read to their ends, and none reaches that far: asking again will not help."""

    gap: Gap
    candidates: tuple[Candidate, ...]
    closed: bool
    exhausted: bool = False
    ways: tuple[Way, ...] = ()
    detail: str = ""


def ways_of(source: Source) -> tuple[Way, ...]:
    """The ways a source's configuration offers, the surest first."""
    own = {
        "wordpress": (Way.POSTS_BY_DATE,),
        "sitemap": (Way.SITEMAP,),
        "gdelt": (Way.BULK_FILES,),
    }.get(source.kind, ())
    named = (Way.ARCHIVE,) if source.repairs else ()
    paged = (Way.PAGED_FEED,) if source.kind == "feed" else ()
    return (*own, *named, *paged)


async def repair(
    source: Source,
    web: Web,
    gap: Gap,
    *,
    now: datetime,
    hosts: frozenset[str] = frozenset(),
    reading: Reading = in_thread,
) -> Repair:
    """Ask every way of `source` until one reaches over the window of `gap`.

    Candidates are those claimed inside the window, and undated ones; the store knows which it has.
    """
    asker = _Asker(source, web, gap, now, hosts, reading)
    listings: list[Listing] = []
    details: list[str] = []
    tried: list[Way] = []
    closed, exhausted = False, True
    for way in ways_of(source):
        tried.append(way)
        reached = await asker.ask(way)
        listings.extend(reached.listings)
        details.append(f"{way}: {reached.detail}")
        exhausted = exhausted and reached.exhausted
        if reached.whole:
            closed = True
            break
    found = await asyncio.to_thread(_inside, listings, source, gap, now)
    return Repair(
        gap=gap,
        candidates=found,
        closed=closed,
        exhausted=exhausted and not closed,
        ways=tuple(tried),
        detail="; ".join(details) or "this source has no way back: name sitemaps in its `repairs`",
    )


@dataclass(frozen=True, slots=True)
class _Reached:
    listings: list[Listing]
    whole: bool
    detail: str
    exhausted: bool = False


class _Asker:
    """One repair's network side: each way gives listings and whether they span the window."""

    def __init__(
        self,
        source: Source,
        web: Web,
        gap: Gap,
        now: datetime,
        hosts: frozenset[str],
        reading: Reading,
    ) -> None:
        self._source = source
        self._web = web
        self._gap = gap
        self._now = now
        self._hosts = hosts
        self._reading = reading

    async def ask(self, way: Way) -> _Reached:
        match way:
            case Way.POSTS_BY_DATE:
                return await self._posts()
            case Way.SITEMAP:
                return await self._listed(self._source.url, Archive(urls=(self._source.url,)))
            case Way.ARCHIVE:
                return await self._archives()
            case Way.PAGED_FEED:
                return await self._paged()
            case Way.BULK_FILES:
                return await self._bulk()

    async def _read(self, url: str, *kinds: str) -> Listing | str:
        """What `url` lists, read as the first of `kinds` that it can be."""
        max_bytes = MAX_BULK_BYTES if "gdelt" in kinds else most_bytes(kinds[0])
        page = await self._web.get(url, kind="feed", max_bytes=max_bytes)
        if isinstance(page, Skipped):
            return page.detail or str(page.reason)
        return await self._understood(page, *kinds)

    async def _understood(self, page: Page, *kinds: str) -> Listing | str:
        problem = ""
        for kind in kinds:
            answer = replace(Answer.of(page, self._source, self._hosts), kind=kind)
            listing = await self._reading(answer)
            if isinstance(listing, Listing):
                return listing
            problem = problem or listing.problem
        return problem

    async def _posts(self) -> _Reached:
        listings: list[Listing] = []
        for page in range(1, MAX_PAGES + 1):
            url = posts_between(self._source.url, self._gap.since, self._gap.until, page=page)
            answer = await self._web.get(url, kind="feed", max_bytes=most_bytes("wordpress"))
            if isinstance(answer, Skipped):
                # WordPress answers 400 past the last page, when that was full
                past_the_end = bool(listings) and answer.http_status == 400
                return _Reached(listings, past_the_end, answer.detail or str(answer.reason))
            listing = await self._understood(answer, "wordpress")
            if isinstance(listing, str):
                return _Reached(listings, False, listing)
            listings.append(listing)
            if len(listing.entries) < POSTS_PER_PAGE:
                return _Reached(listings, True, f"{how_many(page, 'page')}, all there is")
        return _Reached(listings, False, f"more than {MAX_PAGES} pages")

    async def _archives(self) -> _Reached:
        """Each of the source's `repairs`, until one reaches over the window."""
        listings: list[Listing] = []
        details: list[str] = []
        exhausted = True
        for address in self._source.repairs:
            archive = archive_of(address, self._gap.since, self._gap.until, self._source.timezone)
            reached = [await self._listed(url, archive) for url in archive.urls]
            listings.extend(listing for one in reached for listing in one.listings)
            details.extend(one.detail for one in reached)
            if archive.left:
                details.append(f"{archive.left} more files by date left")
            elif all(one.whole for one in reached):
                return _Reached(listings, True, "; ".join(details[-3:]))
            exhausted = exhausted and all(one.whole or one.exhausted for one in reached)
        return _Reached(listings, False, "; ".join(details[-3:]), exhausted)

    async def _listed(self, url: str, archive: Archive) -> _Reached:
        """One sitemap, feed or page of links, with all below it that can hold the window."""
        listing = await self._read(url, "sitemap", "list")
        if isinstance(listing, str):
            return _Reached([], False, f"{url}: {listing}")
        if listing.form == "links":
            ours = [entry for entry in listing.entries if _same_host(entry, listing.base)]
            listing = replace(listing, entries=tuple(ours))
            return _Reached([listing], archive.by_day, f"{url}: {len(ours)} links")
        files = await files_below(
            listing,
            self._source,
            self._web,
            since=self._gap.since - _DAY,
            until=self._gap.until,
            now=self._now,
            reading=self._reading,
            max_files=MAX_FILES,
        )
        reaches = begins_before(listing.children, self._gap.since, now=self._now)
        first, listing = listing, replace(listing, entries=files.entries)
        reaches = reaches or archive.by_date or self._spans(listing)
        missing = missing_in(first)
        whole = not (files.failures or files.left or files.short or missing) and reaches
        problem = "; ".join(
            (*files.failures[:3], *files.short[:3], *([missing] if missing else []))
        )
        problem = problem or (f"{files.left} files left" if files.left else "")
        count = how_many(len(files.read) + 1, "file")
        detail = f"{url}: {count}, {problem or 'none reaches that far back'}"
        return _Reached([listing], whole, detail, exhausted=not problem)

    def _spans(self, listing: Listing) -> bool:
        return reaches_back_to(listing, self._gap.since, self._source, now=self._now)

    async def _paged(self) -> _Reached:
        listings: list[Listing] = []
        async for listing in self._pages():
            if isinstance(listing, str):
                return _Reached(listings, False, listing)
            listings.append(listing)
            if self._spans(listing):
                return _Reached(listings, True, f"{how_many(len(listings), 'page')} back to it")
        if len(listings) >= MAX_PAGES:
            return _Reached(listings, False, f"more than {MAX_PAGES} pages")
        detail = f"{how_many(len(listings), 'page')}, and no older one"
        return _Reached(listings, False, detail, exhausted=True)

    async def _pages(self) -> AsyncIterator[Listing | str]:
        url: str | None = self._source.url
        asked: set[str] = set()
        while url is not None and url not in asked and len(asked) < MAX_PAGES:
            asked.add(url)
            listing = await self._read(url, "feed")
            yield listing
            if isinstance(listing, str) or not listing.entries:
                return
            url = _older_page(listing, self._source.url, len(asked) + 1)

    async def _bulk(self) -> _Reached:
        listings: list[Listing] = []
        translated = is_translated(self._source.url)
        urls = list(bulk_files(self._gap.since, self._gap.until, translated=translated))
        urls = urls[: MAX_FILES * 2]
        failures: list[str] = []
        for url in urls:
            listing = await self._read(url, "gdelt")
            if isinstance(listing, str):
                failures.append(f"{url}: {listing}")
            else:
                listings.append(listing)
        detail = "; ".join(failures[:3]) or f"{how_many(len(urls), 'file')}"
        return _Reached(listings, not failures and len(urls) < MAX_FILES * 2, detail)


def _older_page(listing: Listing, url: str, page: int) -> str | None:
    """RFC 5005's link; else `?paged=N`, by which every WordPress feed goes back."""
    if listing.older:
        return fetch_url(listing.older, listing.base)
    if "wordpress" not in (listing.generator or "").lower():
        return None
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("paged", str(page))])))


def _same_host(entry: Entry, base: str) -> bool:
    url = fetch_url(entry.link or "", base)
    return url is not None and host_of(url) == host_of(base)


def _inside(
    listings: Sequence[Listing], source: Source, gap: Gap, now: datetime
) -> tuple[Candidate, ...]:
    """The candidates of the window, each URL once, newest first."""
    inside: dict[str, Candidate] = {}
    for listing in listings:
        found = candidates_of(listing, source, now=now, max_candidates=MAX_CANDIDATES)
        for candidate in found.candidates:
            if _may_lie_in(candidate, gap):
                inside.setdefault(candidate.url, candidate)
    return tuple(inside.values())


def _may_lie_in(candidate: Candidate, gap: Gap) -> bool:
    claim = candidate.claimed_at
    if not isinstance(claim, ClaimedTime):
        return True
    if claim.origin.endswith("_updated"):  # changed then, published any time before
        return claim.at >= gap.since
    slack = _DAY if claim.precision is Precision.DAY else timedelta()
    return gap.since - slack <= claim.at <= gap.until + slack
