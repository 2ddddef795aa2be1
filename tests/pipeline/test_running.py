"""Every run that began is closed, with an account that agrees with the store."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from flows.core import Origin, Reason, Skipped, Stage
from flows.core.errors import StoreTooNew
from flows.core.settings import Settings
from flows.pipeline.append import Appender, Left
from flows.pipeline.run import Run, open_run
from flows.store import Store, open_published
from flows.store.candidates import open_candidates
from flows.store.connections import open_working, turn_in
from flows.store.runs import begin_run
from tests.opened import during, settings_in
from tests.store.samples import NOON, candidate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def _runs(settings: Settings) -> list[tuple[str, int, int]]:
    with open_published(settings.store.path) as published:
        query = "select state, candidates, left_open from runs order by started_at, run_id"
        return published.execute(query).fetchall()


def _left(name: str, detail: str = "") -> Left:
    skipped = Skipped(stage=Stage.FETCH, reason=Reason.HTTP_404, detail=detail)
    return Left(candidate=candidate(name), skipped=skipped)


def test_a_run_whose_work_breaks_has_failed(settings: Settings) -> None:
    async def work(_: Run) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        during(settings, work)
    assert _runs(settings) == [("failed", 0, 0)]


def test_what_a_stopped_run_had_taken_is_the_next_ones(settings: Settings) -> None:
    taken: list[str] = []

    async def stopped(run: Run) -> None:
        await run.sight([candidate("a"), candidate("b")])
        raise asyncio.CancelledError

    async def following(run: Run) -> None:
        found = await run.clerk.do(lambda con: open_candidates(con, run.run_id, NOON))
        taken.extend(one.url_key for one in found)

    with pytest.raises(asyncio.CancelledError):
        during(settings, stopped)
    assert _runs(settings) == [("stopped", 2, 2)]
    during(settings, following)
    assert taken == ["daily.test/a", "daily.test/b"]


class _Held:
    """A clock that, read while the store is made ready, has another wait for the next turn and
    keep it from the run until `let_go`."""

    def __init__(self, queue: Path) -> None:
        self.queue = queue
        self.holds = threading.Event()
        self._go = threading.Event()
        self._holder: threading.Thread | None = None

    def __call__(self) -> datetime:
        if threading.current_thread() is not threading.main_thread() and self._holder is None:
            self._holder = threading.Thread(target=self._hold)
            self._holder.start()
            while self.waiting() < 1:
                self._go.wait(0.01)
        return NOON

    def _hold(self) -> None:
        with turn_in(self.queue):
            self.holds.set()
            self._go.wait(60)

    def let_go(self) -> None:
        self._go.set()
        if self._holder is not None:
            self._holder.join()

    def waiting(self) -> int:
        return sum(1 for _ in self.queue.glob("*.ticket")) - 1


@pytest.fixture
def held(settings: Settings) -> Iterator[_Held]:
    Store(settings.store.path, settings.state_dir, lambda: NOON).prepare()
    clock = _Held(settings.state_dir / "turns")
    yield clock
    clock.let_go()


def test_a_run_stopped_while_it_begins_is_closed_all_the_same(
    settings: Settings, held: _Held
) -> None:
    async def opened() -> None:
        async with open_run(settings, kind="monitor", origin=Origin.MONITOR, clock=held):
            pass

    async def stop_at_the_turn() -> None:
        opening = asyncio.create_task(opened())
        while not (held.holds.is_set() and held.waiting() == 1) and not opening.done():
            await asyncio.sleep(0.01)
        opening.cancel()
        await asyncio.sleep(0)
        held.let_go()
        await asyncio.wait([opening])
        assert opening.cancelled()

    asyncio.run(asyncio.wait_for(stop_at_the_turn(), 60))
    assert _runs(settings) == [("stopped", 0, 0)]


def test_a_store_that_takes_nothing_more_breaks_the_run_and_keeps_nobody_waiting(
    settings: Settings,
) -> None:
    working = settings.state_dir / "work.duckdb"

    async def work(run: Run) -> None:
        with open_working(working) as con:
            con.execute("insert into kept.rules values ('keys', 'url-99', null)")
        async with Appender(run) as appender, asyncio.TaskGroup() as group:
            for number in range(500):
                group.create_task(appender.put(_left(f"page-{number}")))

    with pytest.raises(StoreTooNew):
        during(settings, work)


def test_an_outcome_the_store_refuses_ends_as_a_skip_and_keeps_nobody_waiting(
    settings: Settings,
) -> None:
    async def work(run: Run) -> None:
        async with Appender(run) as appender, asyncio.TaskGroup() as group:
            group.create_task(appender.put(_left("broken", detail="\ud800")))
            for number in range(500):
                group.create_task(appender.put(_left(f"page-{number}")))

    during(settings, work)
    assert [state for state, _, _ in _runs(settings)] == ["completed"]


def test_a_run_that_is_not_stopped_accounts_for_what_it_appended(settings: Settings) -> None:
    async def work(run: Run) -> None:
        sighted = await run.sight([candidate("a"), candidate("b")])
        async with Appender(run) as appender:
            for one in sighted.fresh:
                await appender.put(_left(one.url_key.rsplit("/", 1)[1]))

    during(settings, work)
    assert _runs(settings) == [("completed", 2, 0)]


@pytest.mark.parametrize("machine", [socket.gethostname(), "0123456789ab"])
def test_a_run_that_was_lost_under_our_own_process_id_is_lost_whatever_its_machine_was_called(
    settings: Settings, machine: str
) -> None:
    async def nothing(_: Run) -> None:
        pass

    store = Store(settings.store.path, settings.state_dir, lambda: NOON)
    store.prepare()
    with store.turn() as con:
        begin_run(con, "vanished", "monitor", NOON, os.getpid(), machine)
    during(settings, nothing)
    assert sorted(state for state, _, _ in _runs(settings)) == ["completed", "lost"]


def test_a_run_under_way_in_this_process_is_not_lost(settings: Settings) -> None:
    async def another(_: Run) -> None:
        async with open_run(settings, kind="recheck", origin=Origin.MONITOR, clock=lambda: NOON):
            pass

    during(settings, another)
    assert [state for state, _, _ in _runs(settings)] == ["completed", "completed"]


def test_two_runs_at_once_never_take_the_same_candidate(settings: Settings) -> None:
    async def both(first: Run) -> tuple[int, int, int]:
        wanted = [candidate("a"), candidate("b")]
        async with open_run(
            settings, kind="monitor", origin=Origin.MONITOR, clock=lambda: NOON
        ) as second:
            sights = await asyncio.gather(first.sight(wanted), second.sight(wanted))
            left = await second.clerk.do(lambda con: open_candidates(con, second.run_id, NOON))
            first_took, second_took = (len(sighted.fresh) for sighted in sights)
            return first_took, second_took, len(left)

    assert sorted(during(settings, both)) == [0, 0, 2]
