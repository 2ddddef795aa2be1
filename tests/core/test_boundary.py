"""What nobody foresaw ends one unit, and never the run."""

import asyncio
import errno
import gzip
import logging
import socket
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest

from flows.core import (
    Article,
    Candidate,
    Origin,
    Page,
    Reason,
    RunReport,
    RunState,
    Skipped,
    Source,
    Stage,
    Validators,
)
from flows.core.backfills import Window
from flows.core.boundary import by_halves, guarded, in_words, is_broken_machinery, telling_once
from flows.core.errors import StoreFull, StoreRefused, WriterLeft
from flows.core.settings import Settings
from flows.core.times import Clock
from flows.discovery import Answer, Listing, Unreadable, in_thread
from flows.discovery.providers.provider import Asked, Cost, Job, Part
from flows.extraction import Hints
from flows.extraction.pool import Readers
from flows.fetch.client import Web
from flows.pipeline.backfill.work import Backfill, backfilled
from flows.pipeline.recheck import rechecked
from flows.pipeline.redecide import redecided
from flows.pipeline.run import Run, open_run
from flows.pipeline.stages import monitored
from flows.store import open_published
from flows.store.check import check_store
from flows.store.coverage import RecordedGap, record_gaps
from tests.opened import settings_in
from tests.store.samples import NOON, article

T = TypeVar("T")
OUTLETS = ("evening", "morning", "noon")
SOURCES = "".join(
    f'[[source]]\nid = "{name}"\noutlet = "{name.title()}"\nkind = "feed"\n'
    f'url = "http://{name}.test/feed"\n'
    for name in OUTLETS
)
STORY = (
    "The captains of {0} voted to end their strike on Friday, nine days after it had begun, and "
    "the ferry of {0} will leave on time again from Monday, said the company of {0} in a note."
)
BAD = "http://noon.test/1"
ALL = frozenset(f"http://{name}.test/{n}" for name in OUTLETS for n in (1, 2))
MARKS = {ord(mark): None for mark in "/:."}


def _feed(host: str) -> bytes:
    items = "".join(
        f"<item><title>Ferry {host} {n}</title><link>http://{host}/{n}</link></item>"
        for n in (1, 2)
    )
    return f'<rss version="2.0"><channel><title>x</title>{items}</channel></rss>'.encode()


class FakeWeb(Web):
    """Feeds and pages without a network; `at` what is asked of it, it raises `error`."""

    def __init__(self, at: str = "", error: Exception | None = None) -> None:
        self._at = at
        self._error = error

    async def get(
        self,
        url: str,
        *,
        kind: Literal["page", "feed"] = "page",
        validators: Validators | None = None,  # noqa: ARG002
        max_bytes: int | None = None,  # noqa: ARG002
        span: tuple[int, int] | None = None,  # noqa: ARG002
    ) -> Page | Skipped:
        if url == self._at and self._error is not None:
            raise self._error
        body = _feed(url.split("/")[2]) if kind == "feed" else b"<html></html>"
        return Page(
            requested_url=url, url=url, status=200, fetched_at=NOON, headers=(), body=body,
            media_type="text/html", archive_ref=None,
        )  # fmt: skip


Reading = Callable[[Page], Article]


def _sound(page: Page) -> Article:
    name = page.url.removeprefix("http://").translate(MARKS)
    return article(STORY.format(name), url=page.url, title=f"Ferry of {name}")


class FakeReaders(Readers):
    """Reads every page as a sound article, and the one at `at` as `bad` has it."""

    def __init__(self, at: str = "", bad: Reading = _sound) -> None:
        self._at = at
        self._bad = bad

    async def read(self, page: Page, hints: Hints) -> Article | Skipped:  # noqa: ARG002
        return (self._bad if page.url == self._at else _sound)(page)


def _raises(_: Page) -> Article:
    raise KeyError("never seen before")


def _odd(**values: Any) -> Reading:
    """A reading of which some values are none that any reader should give."""
    return lambda page: replace(_sound(page), **values)


class OddMatcher:
    """A topic's matcher that fails at what is called `at`."""

    def __init__(self, inner: Any, at: str) -> None:
        self._inner = inner
        self._at = at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def find(self, passages: Any) -> Any:
        if any(self._at in sentence for sentence in passages.sentences):
            raise ZeroDivisionError("no share of nothing")
        return self._inner.find(passages)


def _cannot_judge(at: str, version: str | None = None) -> Callable[[Run], Run]:
    def remade(run: Run) -> Run:
        matcher: Any = OddMatcher(run.topic.matcher, at)
        topic = replace(run.topic, matcher=matcher, version=version or run.topic.version)
        return replace(_with()(run), topic=topic)

    return remade


def passed(
    settings: Settings, remade: Callable[[Run], Run], *, at: datetime = NOON, kind: str = "monitor"
) -> RunReport:
    """The account of one pass with collaborators replaced."""
    return _run(settings, remade, monitored, clock=lambda: at, kind=kind)


def _run(
    settings: Settings,
    remade: Callable[[Run], Run],
    work: Callable[[Run], Awaitable[object]],
    *,
    clock: Clock,
    kind: str,
) -> RunReport:
    async def opened() -> RunReport:
        async with open_run(settings, kind=kind, origin=Origin.MONITOR, clock=clock) as run:
            await work(remade(run))
        return run.report

    return asyncio.run(asyncio.wait_for(opened(), 60))


def _with(web: FakeWeb | None = None, readers: FakeReaders | None = None) -> Callable[[Run], Run]:
    return lambda run: replace(
        run, web=web or FakeWeb(), readers=readers or FakeReaders(), reading=in_thread
    )


def asked(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with open_published(settings.store.path) as con:
        return con.execute(query).fetchall()


def stored(settings: Settings) -> set[str]:
    return {url for (url,) in asked(settings, "select url from articles where origin <> 'seed'")}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, sources=SOURCES)


STAGES = {
    "fetch": (_with(FakeWeb(BAD, KeyError("never seen before"))), Stage.FETCH, "KeyError"),
    "fetch, an error of its line": (
        _with(FakeWeb(BAD, ConnectionResetError(errno.ECONNRESET, "reset"))),
        Stage.FETCH,
        "ConnectionResetError",
    ),
    "read": (_with(readers=FakeReaders(BAD, _raises)), Stage.READ, "KeyError"),
    "judge": (
        _cannot_judge("Ferry of noontest1"),
        Stage.JUDGE,
        "ZeroDivisionError",
    ),
    "compare": (_with(readers=FakeReaders(BAD, _odd(authors=7))), Stage.COMPARE, "TypeError"),
}


@pytest.mark.parametrize("name", STAGES)
def test_a_candidate_that_makes_a_stage_raise_ends_alone(
    settings: Settings, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    remade, stage, said = STAGES[name]
    with caplog.at_level(logging.ERROR):
        report = passed(settings, remade)
    assert stored(settings) == ALL - {BAD}
    ((url, where, why, detail),) = asked(settings, "select url, stage, reason, detail from skips")
    assert (url, where, why) == (BAD, stage, "program_fault")
    assert said in detail
    assert (report.state, report.balanced, report.program_faults) == (RunState.COMPLETED, True, 1)
    assert caplog.text.count("Traceback (most recent call last)") == 1
    assert all(finding.holds for finding in check_store(settings.store.path))


def test_a_source_at_which_a_look_raises_fails_alone(settings: Settings) -> None:
    report = passed(settings, _with(FakeWeb("http://noon.test/feed", KeyError("odd"))))
    assert stored(settings) == {url for url in ALL if "noon" not in url}
    assert report.failures == (("noon", "program_fault: KeyError: 'odd'"),)
    assert (report.sources_failed, report.program_faults) == (1, 1)
    looks = asked(settings, "select status, reason from source_checks where source_id = 'noon'")
    assert looks == [("failed", "program_fault")]


def test_one_odd_item_of_a_listing_is_counted_and_the_others_are_candidates(
    settings: Settings,
) -> None:
    async def odd(answer: Answer) -> Listing | Unreadable:
        read = await in_thread(answer)
        if isinstance(read, Unreadable) or "noon" not in answer.url:
            return read
        wrong: Any = 5  # where a parser gives text
        return replace(read, entries=(replace(read.entries[0], title=wrong), *read.entries[1:]))

    report = passed(settings, lambda run: replace(_with()(run), reading=odd))
    assert stored(settings) == ALL - {BAD}
    assert report.failures == (("items of noon", "program_fault: 1 item of its listing"),)
    looks = asked(settings, "select status, problems from source_checks where source_id = 'noon'")
    assert looks == [("undated", [{"reason": "program_fault", "count": 1}])]


class Unwatched:
    """Steps that fail at whatever they are to show of one outlet, as a server that is away."""

    async def look(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        return await self._shown(name, work)

    async def host(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        return await self._shown(name, work)

    async def _shown(self, name: str, work: Callable[[], Awaitable[T]]) -> T:
        if name == "noon.test":
            raise LookupError("no such flow run")
        return await work()


def test_work_goes_on_where_nobody_can_watch_it(settings: Settings) -> None:
    async def work(run: Run) -> None:
        await monitored(run, steps=Unwatched())

    report = _run(settings, _with(), work, clock=lambda: NOON, kind="monitor")
    assert stored(settings) == ALL
    assert (report.state, report.balanced) == (RunState.COMPLETED, True)


def test_a_candidate_of_a_fault_is_tried_again_later_and_not_for_ever(settings: Settings) -> None:
    passed(settings, _with(readers=FakeReaders(BAD, _raises)))
    ((retry_at, attempts),) = asked(settings, "select retry_at, attempts from skips")
    assert (retry_at, attempts) == (NOON + timedelta(hours=6), 1)
    passed(settings, _with(), at=NOON + timedelta(hours=7))
    assert stored(settings) == ALL


def test_the_same_traceback_stands_in_the_log_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    class Every(FakeReaders):
        async def read(self, page: Page, hints: Hints) -> Article | Skipped:  # noqa: ARG002
            return _raises(page)

    with caplog.at_level(logging.ERROR):
        report = passed(settings, _with(readers=Every()))
    assert report.program_faults == len(ALL)
    assert caplog.text.count("Traceback (most recent call last)") == 1


def test_a_full_disk_is_no_units_fault(settings: Settings) -> None:
    full = _with(FakeWeb(BAD, OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(ExceptionGroup) as failed:
        passed(settings, full)
    assert failed.group_contains(OSError, match="No space left")
    assert asked(settings, "select state from runs") == [("failed",)]
    assert asked(settings, "select count(*) from skips") == [(0,)]


def test_a_seed_at_which_judging_raises_stops_no_other(settings: Settings) -> None:
    settings.seeds_dir.mkdir(exist_ok=True)
    for name in ("one", "two", "three"):
        told = f"date 2023-02-24\n\nFerry {name}\n\n{STORY.format(name)}\n"
        (settings.seeds_dir / f"{name}.txt").write_text(told, encoding="utf-8")

    report = passed(settings, _cannot_judge("Ferry two"))
    titles = asked(settings, "select title from articles where origin = 'seed' order by title")
    assert titles == [("Ferry one",), ("Ferry three",)]
    assert [name for name, _ in report.failures] == ["seed:two.txt"]
    assert (report.sources_failed, report.program_faults, report.state) == (
        0, 1, RunState.COMPLETED,
    )  # fmt: skip
    passed(settings, _with(), at=NOON + timedelta(hours=1))
    assert len(asked(settings, "select title from articles where origin = 'seed'")) == 3


def _gap(name: str) -> RecordedGap:
    return RecordedGap(
        source_id=name, since=NOON - timedelta(hours=2), until=NOON, cause="rolled_over",
        found_at=NOON,
    )  # fmt: skip


def test_a_repair_that_raises_leaves_its_gap_open_and_stops_no_other(tmp_path: Path) -> None:
    # WordPress can be asked for any range; the feeds of the others only page back
    posts = SOURCES.replace('kind = "feed"', 'kind = "wordpress"')
    settings = settings_in(tmp_path, sources=posts.replace("/feed", "/wp-json/wp/v2/posts"))

    async def work(run: Run) -> None:
        names = [source.source_id for source in settings.sources]
        await run.clerk.do(lambda con: record_gaps(con, run.run_id, [_gap(name) for name in names]))
        await monitored(run)

    class Posts(FakeWeb):
        async def get(self, url: str, **asked: Any) -> Page | Skipped:
            if "noon" in url and "after=" in url:
                raise KeyError("odd")
            answer = await super().get(url, **asked)
            return replace(answer, body=b"[]") if isinstance(answer, Page) else answer

    report = _run(settings, _with(Posts()), work, clock=lambda: NOON, kind="monitor")
    assert report.program_faults == 1
    assert asked(settings, "select source_id from gaps") == [("noon",)]


def _stored_first(settings: Settings) -> None:
    passed(settings, _with())


def test_a_second_look_that_raises_ends_alone_and_is_tried_again(settings: Settings) -> None:
    _stored_first(settings)
    later = NOON + timedelta(hours=2)
    odd = FakeReaders(BAD, _odd(authors=7, text=STORY.format("nobody at all")))
    for days, readers in enumerate((FakeReaders(BAD, _raises), odd)):
        report = _recheck(settings, later + timedelta(days=2 * days), _with(readers=readers))
        assert dict(report.skips) == {Reason.PROGRAM_FAULT: 1}
        assert report.balanced
    again = _recheck(settings, later + timedelta(days=4), _with())
    assert (again.program_faults, again.balanced) == (0, True)


def _recheck(settings: Settings, at: datetime, remade: Callable[[Run], Run]) -> RunReport:
    return _run(settings, remade, rechecked, clock=lambda: at, kind="recheck")


def test_an_article_that_cannot_be_judged_again_keeps_its_verdict(settings: Settings) -> None:
    _stored_first(settings)

    remade = _cannot_judge("Ferry of noontest1", "another")
    report = _run(settings, remade, redecided, clock=lambda: NOON, kind="redecide")
    assert (report.candidates, report.known, report.program_faults) == (6, 5, 1)
    assert report.balanced
    judged = "select count(*) from judgements where rules_version = 'another'"
    assert asked(settings, judged) == [(5,)]


class BreaksOff:
    """A provider of three jobs, one of which breaks off in the middle."""

    name = "listing"
    sees_all = False

    def refuses(self, source: Source, day: Any, today: Any) -> str | None:  # noqa: ARG002
        return None

    def cost(self, asked: Sequence[Asked]) -> Cost:
        return Cost(requests=len(asked), to_one_host=1)

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        return [Job(name=f"listing {one.source.source_id}", asked=(one,)) for one in asked]

    async def work(self, job: Job, web: Any, now: datetime, reading: Any = None) -> Any:  # noqa: ARG002
        (one,) = job.asked
        name = one.source.source_id
        url = f"http://{name}.test/1"
        found = Candidate(url=url, url_key=url[7:], source_id=name, seen_at=now)
        yield Part(candidates=(found,), days={found.url_key: one.days[0]})
        if name == "noon":
            raise LookupError("no such line")
        yield Part(done=frozenset(one.places))


def test_a_provider_that_raises_fails_its_own_days_and_keeps_what_it_had_listed(
    settings: Settings,
) -> None:
    day = (NOON - timedelta(days=40)).date()
    plan = Backfill(
        window=Window(since=day, until=day), providers=(BreaksOff(),), sources=settings.sources
    )

    async def work(run: Run) -> None:
        await backfilled(run, plan)

    report = _run(settings, _with(), work, clock=lambda: NOON, kind="backfill")
    cells = asked(settings, "select source_id, state, reason from backfills order by source_id")
    assert cells == [
        ("evening", "done", None),
        ("morning", "done", None),
        ("noon", "failed", "program_fault: LookupError: no such line"),
    ]
    assert stored(settings) == {url for url in ALL if url.endswith("1")}
    assert (report.state, report.balanced) == (RunState.COMPLETED, True)


@pytest.mark.parametrize(
    ("error", "broken"),
    [
        (KeyError("a"), False),
        (RecursionError(), False),
        (MemoryError(), False),
        (StoreRefused("too long"), False),
        (gzip.BadGzipFile("not gzipped"), False),
        (socket.gaierror(socket.EAI_NONAME, "unknown"), False),
        (TimeoutError(), False),
        (OSError(errno.ENAMETOOLONG, "name too long"), False),
        (sqlite3.DataError("too big"), False),
        (ExceptionGroup("two", [KeyError("a"), ValueError("b")]), False),
        (StoreFull("full"), True),
        (WriterLeft("left"), True),
        (OSError(errno.EIO, "disk"), True),
        (PermissionError(errno.EACCES, "denied"), True),
        (sqlite3.OperationalError("disk I/O error"), True),
        (asyncio.CancelledError(), True),
        (KeyboardInterrupt(), True),
        (ExceptionGroup("two", [KeyError("a"), StoreFull("full")]), True),
    ],
    ids=repr,
)
def test_what_would_meet_every_unit_alike_is_broken_machinery(
    error: BaseException, *, broken: bool
) -> None:
    assert is_broken_machinery(error) is broken


class Mute(Exception):
    """An exception that cannot say itself."""

    def __str__(self) -> str:
        raise ValueError("no words")


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (Mute(), "Mute"),
        (KeyError("a\x1b[31m\nb"), r"KeyError: 'a\x1b[31m\nb'"),
        (ValueError("half \ud83d"), r"ValueError: half \ud83d"),
        (ExceptionGroup("two", [LookupError("the first"), ValueError()]), "LookupError: the first"),
    ],
    ids=["mute", "escapes", "half a character", "a group"],
)
def test_an_ending_says_what_was_raised_in_words_that_can_be_kept(
    error: Exception, detail: str
) -> None:
    async def raises() -> None:
        raise error

    ended = asyncio.run(guarded(raises(), "a unit", Stage.READ))
    assert ended == Skipped(stage=Stage.READ, reason=Reason.PROGRAM_FAULT, detail=detail)
    assert in_words(ended) == f"program_fault: {detail}"


def test_places_differ_and_each_is_told_with_its_own_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def first() -> None:
        raise KeyError("first")

    async def second() -> None:
        raise KeyError("second")

    async def all_of_them() -> None:
        for _ in range(3):
            await guarded(first(), "a", Stage.READ)
            await guarded(second(), "b", Stage.READ)

    with caplog.at_level(logging.ERROR), telling_once():
        asyncio.run(all_of_them())
    assert caplog.text.count("Traceback (most recent call last)") == 2


def test_a_cancelled_unit_is_cancelled() -> None:
    async def scenario() -> None:
        task = asyncio.create_task(guarded(asyncio.sleep(60), "a unit", Stage.READ))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(scenario())


def test_halving_finds_every_unit_that_raises_and_does_all_others_once() -> None:
    done: list[int] = []
    alone: list[int] = []

    async def work(some: Sequence[int]) -> None:
        if {3, 4, 9} & set(some):
            raise KeyError("odd")
        done.extend(some)

    async def end(unit: int, _: Exception) -> None:
        alone.append(unit)

    asyncio.run(by_halves(range(10), work, end))
    assert (sorted(done), alone) == ([0, 1, 2, 5, 6, 7, 8], [3, 4, 9])
