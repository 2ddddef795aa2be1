"""However often a backfill is broken off, it ends complete and as if nothing had happened."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from flows.core.settings import Settings
from flows.pipeline.backfill.work import run_backfill
from flows.rehearsal.loopback import Loopback
from flows.store.backfills import CellState
from tests.pipeline.backfill.past import DAILY, GDELT, Past, pieces
from tests.pipeline.backfill.place import (
    NOW,
    asked_rows,
    backfill_of,
    cells,
    clock,
    configured,
    stored,
)

PROJECT = Path(__file__).parents[3]
MONTH = (date(2024, 1, 31), date(2024, 3, 1))  # both ends of a February with a 29th
LEAP_DAY = (date(2024, 2, 29), date(2024, 2, 29))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days through which providers, how often broken off, after how many requests at most."""

    since: date
    until: date
    via: tuple[str, ...]
    most_requests: int
    breaks: int


SERVICES = Asked(
    since=MONTH[0],
    until=MONTH[1],
    via=("own", "gdelt-doc", "cc-news", "wayback"),
    most_requests=24,
    breaks=10,
)
BULK = Asked(since=LEAP_DAY[0], until=LEAP_DAY[1], via=("gdelt",), most_requests=45, breaks=4)


def run(settings: Settings, asked: Asked, past: Past, *, breaks_after: int | None = None) -> bool:
    """One start of the command; whether it came to its end."""

    async def started() -> bool:
        plan = backfill_of(settings, asked.since, asked.until, asked.via)
        task = asyncio.create_task(run_backfill(settings, plan, clock=clock))
        loop, begun = asyncio.get_running_loop(), len(past.asked)

        def heard(count: int) -> None:
            if breaks_after is not None and count - begun == breaks_after:
                loop.call_soon_threadsafe(task.cancel)

        past.on_request = heard
        try:
            await task
        except asyncio.CancelledError:
            return False
        return True

    return asyncio.run(started())


@dataclass(frozen=True, slots=True)
class Two:
    """The same backfill done at one go, and broken off again and again."""

    asked: Asked
    past: Past
    whole: Settings
    broken: Settings


@pytest.fixture(scope="module", params=[SERVICES, BULK], ids=["month-of-services", "gdelt-files"])
def two(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    asked: Asked = request.param
    past = Past(pieces(*MONTH), throttles=7)
    folder = tmp_path_factory.mktemp("backfills")
    chance = random.Random(20240229)
    with Loopback(past) as web:
        whole = configured(folder / "whole", web.address)
        assert run(whole, asked, past)
        broken = configured(folder / "broken", web.address)
        for _ in range(asked.breaks):
            after = chance.randint(1, asked.most_requests)
            assert not run(broken, asked, past, breaks_after=after), "it ended before its breaks"
        assert run(broken, asked, past)
        yield Two(asked, past, whole, broken)


def test_interruptions_change_no_article_and_no_cell(two: Two) -> None:
    assert stored(two.broken) == stored(two.whole)
    assert cells(two.broken) == cells(two.whole)


def test_everything_a_provider_knows_of_the_days_is_found(two: Two) -> None:
    hosts = {"own": DAILY, "gdelt": GDELT, "gdelt-doc": "api.gdeltproject.org",
             "cc-news": "data.commoncrawl.org", "wayback": "web.archive.org"}  # fmt: skip
    known = {hosts[name] for name in two.asked.via}
    expected = {
        piece.url
        for piece in two.past.pieces
        if known & piece.known_to
        and two.asked.since <= piece.published_at.date() <= two.asked.until
    }

    assert {row[0] for row in stored(two.broken)} == expected


def test_every_cell_is_done(two: Two) -> None:
    days = (two.asked.until - two.asked.since).days + 1

    states = [row[3] for row in cells(two.broken)]

    assert states == [CellState.DONE.value] * (days * 2 * len(two.asked.via))


def test_articles_keep_when_they_were_published_and_say_when_they_were_found(two: Two) -> None:
    true = {piece.url: piece.published_at for piece in two.past.pieces}

    rows = asked_rows(
        two.broken, "select url, published_at, first_seen_at from articles where origin='backfill'"
    )

    assert all(row[1] == true[str(row[0])] and row[2] == NOW for row in rows)


def test_the_days_are_covered_by_what_was_found_on_them(two: Two) -> None:
    by_day = asked_rows(
        two.broken,
        "select day, sum(stored) from coverage where stored > 0 group by day order by day",
    )

    published = asked_rows(
        two.broken,
        "select (published_at at time zone 'UTC')::date, count(*) from articles "
        "where origin = 'backfill' group by all order by 1",
    )
    assert by_day == published


def test_the_totals_of_every_run_balance(two: Two) -> None:
    unbalanced = asked_rows(
        two.broken,
        "select run_id from runs "
        "where candidates <> stored + revised + known + skipped + left_open or state = 'running'",
    )

    assert unbalanced == []


def test_finished_and_started_again_it_asks_for_nothing(two: Two) -> None:
    before = len(two.past.asked)

    assert run(two.broken, two.asked, two.past)

    assert two.past.asked[before:] == []


def test_killed_in_the_middle_it_goes_on(tmp_path: Path) -> None:
    since, until = date(2024, 2, 27), date(2024, 3, 1)
    past = Past(pieces(since, until))
    via = ("own", "wayback")
    victim: list[int] = []
    with Loopback(past) as web:
        # a killed run's turn at a host is taken until its request would have timed out
        settings = configured(tmp_path, web.address, per_host=3)
        command = [sys.executable, "-m", "tests.pipeline.backfill.started", str(tmp_path),
                   str(since), str(until), *via]  # fmt: skip
        for kill_at in (6, 9):
            begun = len(past.asked)

            def heard(count: int, begun: int = begun, kill_at: int = kill_at) -> None:
                if count - begun == kill_at:
                    os.kill(victim[0], signal.SIGKILL)

            past.on_request = heard
            process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.DEVNULL)
            victim[:] = [process.pid]
            assert process.wait() == -signal.SIGKILL
        past.on_request = lambda _count: None

        done = subprocess.run(command, cwd=PROJECT, check=False, capture_output=True)

        assert done.returncode == 0, done.stderr.decode()
        found = {row[0] for row in stored(settings)}
        hosts = {DAILY, "web.archive.org"}
        assert found == {piece.url for piece in past.pieces if hosts & piece.known_to}
        assert {row[3] for row in cells(settings)} == {"done"}
        states = asked_rows(settings, "select state, count(*) from runs group by all order by all")
        assert states == [("completed", 1), ("lost", 2)]
