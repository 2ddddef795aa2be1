"""Common Crawl's news crawl: its monthly lists of WARC files: bytes → files with their times.

Decides which months have to be listed for a range of days and which files hold them; refuses to
fetch and to read WARC. A file is named for the second in which the crawler began it, so a day's
pages lie in the files begun on it and in the last one begun before.

Common Crawl's news crawl: whole WARC files of the days asked, read as they come.

Decides which files a day needs, in which pieces they are fetched, and when a day is read: every
file that can hold it was read to its end, and the lists name a file begun after it. A day has some
20 files of 1 GB; of them only the pages of the sources' hosts are decoded, and never more than a
bounded number is held.
"""

import asyncio
import re
import zlib
from collections.abc import AsyncGenerator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from flows.archive.records import Record
from flows.archive.stream import RecordStream
from flows.archive.unread import Fields, Unread
from flows.core import Page, Reason, Skipped, Source
from flows.core.backfills import Window, by_month, stretches
from flows.core.errors import ArchiveError
from flows.core.text.cleaning import how_many
from flows.core.text.counts import claimed_count
from flows.discovery import Reading, in_thread
from flows.discovery.listing import Unreadable
from flows.discovery.providers.losses import Losses
from flows.discovery.providers.provider import (
    Asked,
    Cost,
    Job,
    Outlets,
    Part,
    Place,
    Web,
    has_no_host,
    places_on,
    reasons,
    within,
)
from flows.discovery.providers.warc_pages import pages_in, part_of, wanted

CC_NEWS = "https://data.commoncrawl.org/"
# The crawl began in August 2016 (commoncrawl.org, "News Dataset Available")
FIRST_MONTH = date(2016, 8, 1)

_FILE = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc\.gz$")
_MOST_LIST_BYTES = 5_000_000  # a month has some 600 files, 50 KB of names


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcFile:
    """One file of the crawl and when it was begun."""

    path: str
    begun_at: datetime


def month_list(month: date, *, base: str = CC_NEWS) -> str:
    """The address of the list of a month's files."""
    return f"{base}crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz"


def months_of(since: date, until: date) -> tuple[date, ...]:
    """The first days of every month that a range touches, both ends included.

    >>> [str(month) for month in months_of(date(2023, 12, 31), date(2024, 2, 29))]
    ['2023-12-01', '2024-01-01', '2024-02-01']
    """
    numbers = range(since.year * 12 + since.month - 1, until.year * 12 + until.month)
    return tuple(date(number // 12, number % 12 + 1, 1) for number in numbers)


def parse_paths(body: bytes) -> tuple[WarcFile, ...] | Unreadable:
    """Read a month's list, gzipped or not; the files in the order they were begun."""
    try:
        text = _inflated(body).decode("ascii", errors="replace")
    except (EOFError, zlib.error) as error:
        return Unreadable(problem=f"no whole list of files: {error}")
    files = []
    for line in text.split():
        named = _FILE.search(line)
        if named is None:
            return Unreadable(problem=f"no list of WARC files: {line[:100]}")
        try:
            begun_at = datetime.strptime(named[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return Unreadable(problem=f"a file begun at no time there is: {line[:100]}")
        files.append(WarcFile(path=line, begun_at=begun_at))
    return tuple(sorted(files, key=lambda file: (file.begun_at, file.path)))


def files_holding(files: Iterable[WarcFile], since: date, until: date) -> tuple[WarcFile, ...]:
    """The files that can hold pages crawled on the days from `since` to `until`, both included."""
    begins_at = datetime(since.year, since.month, since.day, tzinfo=UTC)
    last = until + timedelta(days=1)
    ends_at = datetime(last.year, last.month, last.day, tzinfo=UTC)
    ordered: Sequence[WarcFile] = sorted(files, key=lambda file: (file.begun_at, file.path))
    before = [file for file in ordered if file.begun_at < begins_at]
    return (*before[-1:], *(f for f in ordered if begins_at <= f.begun_at < ends_at))


def _inflated(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    whole = stream.decompress(body, _MOST_LIST_BYTES)
    if not stream.eof:
        raise EOFError("it is cut off, or far longer than a month's list")
    return whole


_MB = 1_000_000
# A piece of 32 MB takes the default deadline of 30 s at 1 MB/s; slower lines halve it
_PIECE_BYTES = 32 * _MB
_LEAST_PIECE_BYTES = _MB
# Pages held before they are worked on
_HELD_BYTES = 32 * _MB
# What a day published late is crawled on the next one
_LATER = timedelta(days=1)
_FILES_A_DAY = 20  # 18 a day in June 2021 (news-crawl issue 46), of 1 GB each
_FILE_BYTES = 1_000 * _MB
_GONE = frozenset({Reason.HTTP_403, Reason.HTTP_404, Reason.HTTP_GONE})


class CcNews:
    """Reads the files of the crawl. `base` is another address in tests."""

    name = "cc-news"
    sees_all = False

    def __init__(self, *, base: str = CC_NEWS, piece_bytes: int = _PIECE_BYTES) -> None:
        self._base = base
        self._piece_bytes = piece_bytes

    def refuses(self, source: Source, day: date, today: date) -> str | None:  # noqa: ARG002
        """Sources without a host of their own, and days before the crawl."""
        if day < FIRST_MONTH:
            return f"Common Crawl's news begin on {FIRST_MONTH}"
        return has_no_host(source)

    def cost(self, asked: Sequence[Asked]) -> Cost:
        """Every file of every day, and of the day after each stretch, once for all sources."""
        windows = stretches(day for one in asked for day in one.days)
        files = sum((len(window.days) + 1) * _FILES_A_DAY for window in windows)
        pieces = files * -(-_FILE_BYTES // self._piece_bytes)
        return Cost(requests=pieces, to_one_host=pieces, bytes=files * _FILE_BYTES)

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """One job a month, for all sources: they share the files."""
        return [
            Job(name=f"cc-news {window.since} to {window.until}", asked=within(asked, window))
            for window in by_month(day for one in asked for day in one.days)
        ]

    async def work(
        self,
        job: Job,
        web: Web,
        now: datetime,
        reading: Reading = in_thread,  # noqa: ARG002
    ) -> AsyncGenerator[Part, None]:
        """Read the files in the order they were begun; a day ends with the last that holds it."""
        for window in stretches(day for one in job.asked for day in one.days):
            files = await self._listed(window, web)
            if isinstance(files, str):
                places = [p for one in job.asked for p in one.places if p[1] in window.days]
                yield Part(failed=reasons(places, files))
                continue
            async for part in self._read(job.asked, window, files, web, now):
                yield part

    async def _listed(self, window: Window, web: Web) -> tuple[WarcFile, ...] | str:
        """The files of every month the window touches, the day before and the days after too."""
        files: list[WarcFile] = []
        months = months_of(window.since - _LATER, window.until + 2 * _LATER)
        for month in months:
            url = month_list(month, base=self._base)
            page = await web.get(url, kind="feed")
            if isinstance(page, Skipped):
                # the list of a month to come, or from before the crawl, is not there
                if page.reason in _GONE and month in (months[0], months[-1]):
                    continue
                return f"{url}: {page.reason}, {page.detail}"
            listed = parse_paths(page.body)
            if isinstance(listed, Unreadable):
                return f"{url}: {listed.problem}"
            files += listed
        return tuple(files)

    async def _read(
        self,
        asked: Sequence[Asked],
        window: Window,
        files: tuple[WarcFile, ...],
        web: Web,
        now: datetime,
    ) -> AsyncGenerator[Part, None]:
        left = set(window.days)
        outlets = Outlets(asked)
        places = [place for one in asked for place in one.places if place[1] in window.days]
        state = _State(files, Losses(outlets, places))
        for file in files_holding(files, window.since, window.until + _LATER):
            async for part in self._file(file, outlets, window, web, now, state):
                yield part
            over = {day for day in left if _ends_at(day) <= file.begun_at}
            if over:
                left -= over
                yield _ended(asked, sorted(over), state)
        yield _ended(asked, sorted(left), state)

    async def _file(
        self,
        file: WarcFile,
        outlets: Outlets,
        window: Window,
        web: Web,
        now: datetime,
        state: "_State",
    ) -> AsyncGenerator[Part, None]:
        """The pages of one file, a bounded number at a time; what went wrong is entered."""
        reading = _Reading(file.path, outlets, window, state.losses, now)
        held: list[Page] = []
        start, total, length = 0, 1, self._piece_bytes
        try:
            while start < total:
                page = await web.get(
                    self._base + file.path, kind="feed", max_bytes=self._piece_bytes + _MB,
                    span=(start, start + length - 1),
                )  # fmt: skip
                if isinstance(page, Skipped):
                    if page.reason is Reason.TIMEOUT and length > _LEAST_PIECE_BYTES:
                        length = max(length // 2, _LEAST_PIECE_BYTES)
                        continue
                    state.problems[file.path] = f"{page.reason}, {page.detail}"
                    break
                held += await asyncio.to_thread(reading.fed, page.body)
                start, total = start + len(page.body), _total(page)
                if sum(len(one.body) for one in held) > _HELD_BYTES:
                    yield part_of(held, outlets, now)
                    held = []
            else:
                held += await asyncio.to_thread(reading.ended)
        except ArchiveError as error:
            state.problems[file.path] = str(error)
        yield part_of(held, outlets, now)


@dataclass(frozen=True, slots=True)
class _State:
    """The files of a window, what was not read in them, and why some were not read at all."""

    files: tuple[WarcFile, ...]
    losses: Losses
    problems: dict[str, str] = field(default_factory=dict)


class _Reading:
    """One file, as its bytes come."""

    def __init__(
        self, path: str, outlets: Outlets, window: Window, losses: Losses, now: datetime
    ) -> None:
        self._path = path
        self._losses = losses
        self._now = now
        self._stream = RecordStream(wanted(outlets, window.days, losses, path), self._lost)

    def fed(self, piece: bytes) -> list[Page]:
        """The pages that are whole with `piece`."""
        return self._pages(self._stream.feed(piece))

    def ended(self) -> list[Page]:
        """The last pages, when the file is over."""
        return self._pages(self._stream.end())

    def _pages(self, records: Iterable[Record]) -> list[Page]:
        return list(pages_in(records, self._losses, self._path, self._now))

    def _lost(self, kind: Unread, fields: Fields) -> None:
        self._losses.enter(kind, fields, where=self._path)


def _total(page: Page) -> int:
    """How long the file is: `Content-Range: bytes 0-9/100`, or what came when all came."""
    said = next((value for name, value in page.headers if name == "content-range"), "")
    size = claimed_count(said.rpartition("/")[2]) if page.status == 206 else len(page.body)
    if size is None or not page.body:
        raise ArchiveError(f"a piece of a file without its place in it ({said or 'no range'})")
    return size


def _ended(asked: Sequence[Asked], days: Sequence[date], state: _State) -> Part:
    """How days end: failed while a file of theirs is unread or not published yet."""
    newest = max((file.begun_at for file in state.files), default=datetime.min.replace(tzinfo=UTC))
    done: set[Place] = set()
    failed: dict[Place, str] = {}
    impossible: dict[Place, str] = {}
    for day in days:
        places = places_on(asked, day)
        needed = [file.path for file in files_holding(state.files, day, day + _LATER)]
        unread = [f"{path}: {state.problems[path]}" for path in needed if path in state.problems]
        if newest < _ends_at(day):
            failed |= reasons(places, "Common Crawl has not published all files of this day yet")
            continue
        if unread:
            failed |= reasons(places, f"{how_many(len(unread), 'file')} not read; {unread[0]}")
            continue
        for place in places:
            if (why := state.losses.why_not(place, needed)) is None:
                done.add(place)
            else:
                is_final = state.losses.is_final(place, needed)
                (impossible if is_final else failed)[place] = why
    return Part(done=frozenset(done), failed=failed, impossible=impossible)


def _ends_at(day: date) -> datetime:
    """When the crawl has gone on to files that hold nothing of `day` any more."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1) + _LATER
