"""GDELT's bulk files: every quarter of an hour, what it saw in English and what it translated.

Decides which files a day needs and when it is read: a file that GDELT never published, published
empty or damaged leaves a hole nobody can fill, one that could not be fetched is asked for again by
the next run. Damaged is what comes twice as the same bytes that are no file.

What GDELT saw, as candidates of the sources asked. Pure.

GDELT tells when it saw an article. That is no publication time: only its day is kept as a claim, so
that no reader takes the minute of a crawl for the minute of publication.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from flows.core import Candidate, ClaimedTime, Precision, Reason, Skipped, Source, Stage
from flows.core.backfills import Window, by_month, stretches
from flows.core.text.cleaning import how_many
from flows.discovery import (
    QUARTER,
    Answer,
    Listing,
    Reading,
    Unreadable,
    bulk_file,
    candidates_of,
    in_thread,
)
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

# A window holds at most 250 rows, a quarter's table some thousands of articles of all the world
_MOST_CANDIDATES = 20_000


def candidates_in(listing: Listing, outlets: Outlets, now: datetime) -> list[Candidate]:
    """The candidates of a listing, for each source whose host an article lies on."""
    return [
        _by_day(candidate)
        for source, entries in outlets.by_source(listing.entries)
        for candidate in candidates_of(
            replace(listing, entries=entries), source, now=now, max_candidates=_MOST_CANDIDATES
        ).candidates
    ]


def _by_day(candidate: Candidate) -> Candidate:
    claim = candidate.claimed_at
    if not isinstance(claim, ClaimedTime):
        return candidate
    day = datetime.combine(claim.at.astimezone(UTC).date(), time(), UTC)
    return replace(candidate, claimed_at=replace(claim, at=day, precision=Precision.DAY))


# GDELT sees an article some time after it appeared; what a day published late is in the first
# files of the next. Unmeasured.
_LATER = timedelta(hours=2)
_FIRST_DAY = date(2015, 2, 19)  # the first whole day of GDELT 2.0
# A zipped GKG table has some 5 to 15 MB; four times that is no longer one.
_MOST_BYTES = 60_000_000
_TYPICAL_BYTES = 8_000_000  # unmeasured
# Files read before their candidates are worked on: two hours' worth of both streams
_QUARTERS_A_PART = 8
_GONE = frozenset({Reason.HTTP_404, Reason.HTTP_GONE})


class GdeltFiles:
    """Reads the GKG tables, which list every article with its title."""

    name = "gdelt"
    sees_all = False

    def refuses(self, source: Source, day: date, today: date) -> str | None:  # noqa: ARG002
        """Sources without a host of their own, and days before GDELT 2.0."""
        if day < _FIRST_DAY:
            return f"GDELT's files begin on {_FIRST_DAY}"
        return has_no_host(source)

    def cost(self, asked: Sequence[Asked]) -> Cost:
        """Both files of each quarter, once for all sources."""
        windows = stretches(day for one in asked for day in one.days)
        files = sum(2 * len(_stamps(window)) for window in windows)
        return Cost(requests=files, to_one_host=files, bytes=files * _TYPICAL_BYTES)

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """One job a month, for all sources: they share the files."""
        return [
            Job(name=f"gdelt {window.since} to {window.until}", asked=within(asked, window))
            for window in by_month(day for one in asked for day in one.days)
        ]

    async def work(
        self, job: Job, web: Web, now: datetime, reading: Reading = in_thread
    ) -> AsyncGenerator[Part, None]:
        """Read the files in their order; a day ends with the last file that can tell of it."""
        outlets = Outlets(job.asked)
        for window in stretches(day for one in job.asked for day in one.days):
            stamps, problems = _stamps(window), _Problems()
            for start in range(0, len(stamps), _QUARTERS_A_PART):
                some = stamps[start : start + _QUARTERS_A_PART]
                found = [
                    candidate
                    for stamp in some
                    for candidate in await _quarter(stamp, outlets, web, now, problems, reading)
                ]
                over = [day for day in window.days if some[0] <= _last(day) <= some[-1]]
                yield _part(job.asked, tuple(found), over, problems)


@dataclass(slots=True)
class _Problems:
    """By their stamps: files that were never published, those that are no files, those with rows
    cut short, and those that could not be read."""

    missing: Counter[datetime] = field(default_factory=Counter)
    damaged: Counter[datetime] = field(default_factory=Counter)
    cut: Counter[datetime] = field(default_factory=Counter)
    unread: dict[datetime, str] = field(default_factory=dict)


async def _quarter(
    stamp: datetime,
    outlets: Outlets,
    web: Web,
    now: datetime,
    problems: _Problems,
    reading: Reading,
) -> list[Candidate]:
    """What both streams of a quarter list of the sources; problems are entered."""
    found: list[Candidate] = []
    if stamp > now:
        problems.unread[stamp] = "not published yet"
        return found
    for translated in (False, True):
        url = bulk_file(stamp, translated=translated)
        read = await _read(url, outlets, web, reading)
        if isinstance(read, Listing):
            found += _candidates(read, outlets, now)
            problems.cut[stamp] += read.flaw is not None
        elif isinstance(read, Unreadable):
            problems.damaged[stamp] += 1
        elif read.reason in _GONE:
            problems.missing[stamp] += 1
        else:
            problems.unread[stamp] = f"{url}: {read.reason}, {read.detail}"
    return found


async def _read(
    url: str, outlets: Outlets, web: Web, reading: Reading
) -> Listing | Unreadable | Skipped:
    """What a file lists. What is no file is asked for once more: a transfer may have been cut."""
    before: bytes | None = None
    while True:
        page = await web.get(url, kind="feed", max_bytes=_MOST_BYTES)
        if isinstance(page, Skipped):
            return page
        # a table whatever its bytes look like: what is no zip is damaged
        answer = Answer(kind="gdelt_table", url=url, body=page.body, hosts=outlets.hosts)
        read = await reading(answer)
        if isinstance(read, Unreadable) and read.reason is not Reason.NOT_A_LISTING:
            return Skipped(stage=Stage.DISCOVER, reason=read.reason, detail=read.problem)
        if isinstance(read, Listing) or page.body == before:
            return read
        if before is not None:
            return Skipped(
                stage=Stage.DISCOVER, reason=Reason.DECODE_ERROR,
                detail=f"came twice, differently: {read.problem}",
            )  # fmt: skip
        before = page.body


def _candidates(listing: Listing, outlets: Outlets, now: datetime) -> list[Candidate]:
    return candidates_in(listing, outlets, now) if listing.entries else []


def _part(
    asked: Sequence[Asked],
    found: tuple[Candidate, ...],
    days: Sequence[date],
    problems: _Problems,
) -> Part:
    done: set[Place] = set()
    failed: dict[Place, str] = {}
    impossible: dict[Place, str] = {}
    for day in days:
        places = places_on(asked, day)
        unread = [why for stamp, why in problems.unread.items() if _tells_of(stamp, day)]
        lacking = _lacking(problems, day)
        if unread:
            failed |= reasons(places, f"{how_many(len(unread), 'quarter')} not read; {unread[0]}")
        elif lacking:
            impossible |= reasons(places, f"{lacking} of this day; all others were read")
        else:
            done |= places
    return Part(candidates=found, done=frozenset(done), failed=failed, impossible=impossible)


def _lacking(problems: _Problems, day: date) -> str:
    """Which files of a day nobody can have, in words; empty when there are none."""
    files = 2 * len(_stamps(Window(since=day, until=day)))
    said = [
        f"GDELT {what} {count} of the {files} files"
        for what, stamps in (
            ("never published", problems.missing),
            ("published damaged", problems.damaged),
            ("published with rows cut short", problems.cut),
        )
        if (count := sum(n for stamp, n in stamps.items() if _tells_of(stamp, day)))
    ]
    return " and ".join(said)


def _stamps(window: Window) -> list[datetime]:
    """The quarters that tell of a window, named for their ends, in order."""
    count = (window.ends_at + _LATER - window.begins_at) // QUARTER
    return [window.begins_at + QUARTER * number for number in range(1, count + 1)]


def _last(day: date) -> datetime:
    return datetime.combine(day, time(), UTC) + timedelta(days=1) + _LATER


def _tells_of(stamp: datetime, day: date) -> bool:
    return datetime.combine(day, time(), UTC) < stamp <= _last(day)
