"""The Wayback Machine: its CDX index and the addresses of its captures: bytes → captures.

Decides how the index is asked, page by page, and what a line of it says; refuses to fetch. Formats
as the CDX server's README has them (internetarchive/wayback, wayback-cdx-server). A capture's time
is when somebody archived a page, which says only that it was published before.

The Wayback Machine: what it captured of an outlet, and old captures of its feed.

Decides what is asked of the index, which captured URLs may be articles of the days asked, and that
their pages are the captures', byte for byte. It sees what somebody archived, so a day done is what
it has, not all there was. Asked at most twenty times a minute, whatever is fetched.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode, urlsplit

from flows.core import Candidate, Page, Reason, Skipped, Source
from flows.core.backfills import Window, by_month
from flows.core.urls import fetch_url, host_of, url_key
from flows.discovery import Answer, Reading, candidates_of, in_thread
from flows.discovery.listing import Unreadable
from flows.discovery.providers.provider import (
    Asked,
    Cost,
    Job,
    Outlets,
    Part,
    Web,
    has_no_host,
    may_belong,
    reasons,
    url_day,
)
from flows.discovery.providers.warc_pages import candidates_for
from flows.fetch.failure import NotFetched
from flows.fetch.response import check_page

WAYBACK = "https://web.archive.org"
# Lines asked for at once; the rest is asked for with the key the answer ends with.
CDX_LINES = 5_000

_STAMP = "%Y%m%d%H%M%S"
_LINE = re.compile(r"(?P<stamp>\d{14}) (?P<url>\S+)(?: (?P<media_type>\S+))?$")
_CAPTURE = re.compile(r"/web/(?P<stamp>\d{14})(?:id_)?/(?P<url>https?:/.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One capture of a URL."""

    url: str
    captured_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Captures:
    """An answer of the index, in its order. `resume_key`: there is more, after this key."""

    captures: tuple[Capture, ...]
    resume_key: str | None = None


def cdx_query(
    url: str,
    since: datetime,
    until: datetime,
    *,
    whole_host: bool = False,
    collapse: str = "urlkey",
    resume_key: str | None = None,
    base: str = WAYBACK,
) -> str:
    """The index's address for captures of `url` (of all below its host) in [since, until).

    Only answers of status 200. `collapse` drops neighbours that are alike in a field, or in its
    first digits: `urlkey`, `timestamp:10`.
    """
    fields = [
        ("url", url),
        ("from", f"{since.astimezone(UTC):{_STAMP}}"),
        ("to", f"{until.astimezone(UTC):{_STAMP}}"),
        ("fl", "timestamp,original,mimetype"),
        ("filter", "statuscode:200"),
        ("collapse", collapse),
        ("limit", str(CDX_LINES)),
        ("showResumeKey", "true"),
    ]
    if whole_host:
        fields += [("matchType", "domain"), ("filter", "mimetype:text/html")]
    # The key comes encoded for a query, and goes back as it came
    after = f"&resumeKey={resume_key}" if resume_key is not None else ""
    return f"{base}/cdx/search/cdx?{urlencode(fields)}{after}"


def parse_cdx(body: bytes) -> Captures | Unreadable:
    """Read an answer: a capture a line, and after an empty line the key for what follows."""
    text = body.decode("utf-8", errors="replace")
    listed, _, after = text.partition("\n\n") if "\n\n" in text else (text, "", "")
    captures = []
    for line in listed.splitlines():
        read = _LINE.match(line.strip())
        if read is None:
            return Unreadable(problem=f"the index says: {line.strip()[:200]}")
        captured_at = _instant(read["stamp"])
        if captured_at is not None:
            captures.append(Capture(url=read["url"], captured_at=captured_at))
    return Captures(captures=tuple(captures), resume_key=after.strip() or None)


def capture_address(url: str, at: datetime, *, base: str = WAYBACK) -> str:
    """Where the capture nearest to `at` lies, byte for byte as it was archived (`id_`)."""
    return f"{base}/web/{at.astimezone(UTC):{_STAMP}}id_/{url}"


def capture_of(address: str) -> Capture | None:
    """Which capture an address names; None for any other address."""
    read = _CAPTURE.search(address)
    if read is None or (captured_at := _instant(read["stamp"])) is None:
        return None
    return Capture(url=re.sub(r"^(https?):/+", r"\1://", read["url"]), captured_at=captured_at)


def _instant(stamp: str) -> datetime | None:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


# 60 s / 20 requests. The limit fell from 60 to 24 a minute by 2026 (edgi "wayback" 0.5.1).
_PACE_SECONDS = 3.0
# What a day published late is captured within; later first captures are of the archive's own crawls
_LATER = timedelta(days=2)
_MOST_BYTES = 10_000_000  # 5,000 lines of the index are about 1 MB
_MOST_LISTS = 200  # a million captures of one outlet in a month
_A_PART = 50  # candidates worked on before the next are: three minutes at the pace
_FEED_EVERY = "timestamp:10"  # one capture an hour: feeds hold hours of items
_YEAR = re.compile(r"\d{4}")


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

    async def work(
        self, job: Job, web: Web, now: datetime, reading: Reading = in_thread
    ) -> AsyncGenerator[Part, None]:
        """List everything first, then hand it over in parts; the days end with the last."""
        web.slow_down(host_of(self._base + "/"), self._pace_seconds)
        for one in job.asked:
            found = _Found(one=one, now=now)
            problem = await self._feed(found, web, reading) or await self._hosts(found, web)
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

    async def _feed(self, found: "_Found", web: Web, reading: Reading) -> str | None:
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
            listing = await reading(replace(Answer.of(page, source), url=source.url))
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
    """Candidates by URL; by url_key when each was captured, and the day it counts for."""

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
                self.candidates.setdefault(candidate.url, candidate)
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
        if url not in self.candidates:
            self.candidates[url] = candidates_for(url, [self.one.source], self.now)[0]
        if key not in self.captured:
            self.captured[key] = capture.captured_at
            self.days[key] = day or capture.captured_at.date()


def _may_be_article(url: str) -> bool:
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2]
    return bool(_YEAR.search(last) or _YEAR.search(parts.query)) or _joins_words(last)


def _joins_words(step: str) -> bool:
    """Whether a step joins three words: an article's does, `/world/` and `/about-us` do not."""
    words = step.replace("_", "-").split("-")
    return any(all(words[start : start + 3]) for start in range(len(words) - 2))
