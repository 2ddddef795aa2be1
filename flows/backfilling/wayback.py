"""The Wayback Machine: what it captured of an outlet, and old captures of its feed.

Decides what is asked of the index, which captured URLs may be articles of the days asked, and that
their pages are the captures', byte for byte. It sees what somebody archived, so a day done is what
it has, not all there was. Asked at most twenty times a minute, whatever is fetched.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from flows.backfilling.outlets import Outlets, has_no_host
from flows.backfilling.pages import candidates_for
from flows.backfilling.plan import Window, by_month
from flows.backfilling.providing import Asked, Cost, Job, Part, Web, reasons
from flows.backfilling.url_days import may_belong, url_day
from flows.discovery import (
    WAYBACK,
    Answer,
    Capture,
    Unreadable,
    candidates_of,
    capture_address,
    capture_of,
    cdx_query,
    in_thread,
    parse_cdx,
)
from flows.fetching.answers import check_page
from flows.fetching.failure import NotFetched
from flows.records import Candidate, Page, Reason, Skipped, Source
from flows.urls import fetch_url, host_of, url_key

# 60 s / 20 requests. The limit fell from 60 to 24 a minute by 2026 (edgi "wayback" 0.5.1).
_PACE_SECONDS = 3.0
# What a day published late is captured within; later first captures are of the archive's own crawls
_LATER = timedelta(days=2)
_MOST_BYTES = 10_000_000  # 5,000 lines of the index are about 1 MB
_MOST_LISTS = 200  # a million captures of one outlet in a month
_A_PART = 50  # candidates worked on before the next are: three minutes at the pace
_FEED_EVERY = "timestamp:10"  # one capture an hour: feeds hold hours of items
# An article's last step has a number, or words joined: `/world/` and `/about-us` have neither
_ARTICLE_STEP = re.compile(r"\d{4}|[^-_]+[-_][^-_]+[-_][^-_]+")


class Wayback:
    """`base` and `pace_seconds` are others in tests."""

    name = "wayback"
    sees_all = False

    def __init__(self, *, base: str = WAYBACK, pace_seconds: float = _PACE_SECONDS) -> None:
        self._base = base
        self._pace_seconds = pace_seconds

    def refuses(self, source: Source, day: date, today: date) -> str | None:  # noqa: ARG002
        """Sources without a host of their own."""
        return has_no_host(source)

    def cost(self, asked: Sequence[Asked]) -> Cost:
        """The index a month, and for feeds a capture an hour at most."""
        requests = sum(
            len(by_month(one.days)) * (len(one.hosts) + 1)
            + (24 * len(one.days) if one.source.kind == "feed" else 0)
            for one in asked
        )
        return Cost(requests=requests, to_one_host=requests, least_pace_seconds=self._pace_seconds)

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """One job for a source and month."""
        return [
            Job(
                name=f"wayback {one.source.source_id} {window.since:%Y-%m}",
                asked=(replace(one, days=window.days),),
            )
            for one in asked
            for window in by_month(one.days)
        ]

    async def work(self, job: Job, web: Web, now: datetime) -> AsyncGenerator[Part, None]:
        """List everything first, then hand it over in parts; the days end with the last."""
        web.slow_down(host_of(self._base + "/"), self._pace_seconds)
        for one in job.asked:
            found = _Found(one=one, now=now)
            problem = await self._feed(found, web) or await self._hosts(found, web)
            candidates = tuple(found.candidates.values())
            for start in range(0, len(candidates), _A_PART):
                yield self._part(candidates[start : start + _A_PART], found, web)
            if problem is None:
                yield Part(done=frozenset(one.places))
            else:
                yield Part(failed=reasons(one.places, problem))

    def _part(self, candidates: tuple[Candidate, ...], found: "_Found", web: Web) -> Part:
        async def bring(candidate: Candidate) -> Page | Skipped | None:
            return await self._page(candidate, found.captured[candidate.url_key], web)

        return Part(candidates=candidates, bring=bring, days=found.days)

    async def _page(self, candidate: Candidate, at: datetime, web: Web) -> Page | Skipped | None:
        """The capture nearest to `at`; None when there is none, so that the URL itself is asked."""
        address = capture_address(candidate.url, at, base=self._base)
        page = await web.get(address, kind="feed")
        if isinstance(page, Skipped):
            return None if page.reason is Reason.HTTP_404 else page
        capture = capture_of(page.url)
        url = fetch_url(capture.url) if capture is not None else None
        if capture is None or url is None:
            detail = f"led to {page.url}, which is no capture"
            return NotFetched(Reason.PROTOCOL_ERROR, detail, http_status=200).skipped(page.url)
        try:
            check_page(page.headers, page.body)
        except NotFetched as failure:
            return failure.skipped(page.url)
        # Archived and read as the page it was then: relative dates count from the capture
        return replace(page, requested_url=page.url, url=url, fetched_at=capture.captured_at)

    async def _hosts(self, found: "_Found", web: Web) -> str | None:
        """Enter every URL captured of the outlet that may be an article of the days."""
        outlets = Outlets([found.one])
        for host in found.one.hosts:
            captures = await self._captures(host, found.window, web, whole_host=True)
            if isinstance(captures, str):
                return captures
            for capture in captures:
                found.enter_capture(capture, outlets)
        return None

    async def _feed(self, found: "_Found", web: Web) -> str | None:
        """Enter what old captures of the source's feed list."""
        source = found.one.source
        if source.kind != "feed":
            return None
        captures = await self._captures(source.url, found.window, web, collapse=_FEED_EVERY)
        if isinstance(captures, str):
            return captures
        for capture in captures:
            address = capture_address(capture.url, capture.captured_at, base=self._base)
            page = await web.get(address, kind="feed")
            if isinstance(page, Skipped):
                if page.reason in (Reason.HTTP_404, Reason.DECODE_ERROR):
                    continue  # the index names captures that were withdrawn or are damaged
                return f"a capture of its feed: {page.reason}, {page.detail}"
            listing = await in_thread(replace(Answer.of(page, source), url=source.url))
            if not isinstance(listing, Unreadable):
                listed = candidates_of(listing, source, now=found.now).candidates
                found.enter_listed(listed, capture.captured_at)
        return None

    async def _captures(
        self,
        url: str,
        window: Window,
        web: Web,
        *,
        whole_host: bool = False,
        collapse: str = "urlkey",
    ) -> list[Capture] | str:
        """All the index has of `url`, list after list, until it names no further one."""
        captures: list[Capture] = []
        key: str | None = None
        for _ in range(_MOST_LISTS):
            query = cdx_query(
                url, window.begins_at, window.ends_at + _LATER,
                whole_host=whole_host, collapse=collapse, resume_key=key, base=self._base,
            )  # fmt: skip
            page = await web.get(query, kind="feed", max_bytes=_MOST_BYTES)
            if isinstance(page, Skipped):
                return f"the index: {page.reason}, {page.detail}"
            listed = await asyncio.to_thread(parse_cdx, page.body)
            if isinstance(listed, Unreadable):
                return listed.problem
            captures += listed.captures
            if listed.resume_key is None:
                return captures
            if listed.resume_key == key:
                return "the index does not go on after its own key"
            key = listed.resume_key
        return f"the index has more than {len(captures):,} captures: ask for fewer days"


@dataclass(slots=True, kw_only=True)
class _Found:
    """Candidates by url_key, when each was captured, and the day it counts for."""

    one: Asked
    now: datetime
    candidates: dict[str, Candidate] = field(default_factory=dict)
    captured: dict[str, datetime] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)

    @property
    def window(self) -> Window:
        """From the first to the last day asked."""
        return Window(since=min(self.one.days), until=max(self.one.days))

    def enter_listed(self, listed: Sequence[Candidate], captured_at: datetime) -> None:
        """What a captured feed listed: with its title and date, as a feed of today."""
        for candidate in listed:
            if may_belong(candidate.url, self.one.days):
                self.candidates.setdefault(candidate.url_key, candidate)
                self.captured.setdefault(candidate.url_key, captured_at)
                self.days.setdefault(candidate.url_key, captured_at.date())

    def enter_capture(self, capture: Capture, outlets: Outlets) -> None:
        """A captured URL, unless it is no article's by its form, or of another day."""
        url = fetch_url(capture.url)
        if url is None or not outlets.sources_of(url) or not _may_be_article(url):
            return
        day = url_day(url)
        first_seen_late = capture.captured_at.astimezone(UTC) >= self.window.ends_at
        if not may_belong(url, self.one.days) or (day is None and first_seen_late):
            return
        key = url_key(url)
        if key not in self.candidates:
            self.candidates[key] = candidates_for(url, [self.one.source], self.now)[0]
        if key not in self.captured:
            self.captured[key] = capture.captured_at
            self.days[key] = day or capture.captured_at.date()


def _may_be_article(url: str) -> bool:
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(_ARTICLE_STEP.search(last) or re.search(r"\d{4}", parts.query))
