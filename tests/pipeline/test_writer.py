"""Jobs of a run share transactions, and each caller hears what became of its own."""

import asyncio
import errno
import logging
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from flows.core.errors import StoreFull, StoreRefused
from flows.pipeline.writer import Clerk
from flows.store import Connection, Store
from tests.store.samples import NOON, later


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON)
    made.prepare()
    return made


def _warning(con: Connection) -> int:
    con.execute("insert into kept.warnings (kind, detail, warned_at) values ('k', 'd', now())")
    row = con.execute("select count(*) from kept.warnings").fetchone()
    assert row is not None
    return int(row[0])


def test_every_job_is_committed_once_and_answered(store: Store) -> None:
    async def work() -> list[int]:
        async with Clerk(store) as clerk:
            return list(await asyncio.gather(*(clerk.do(_warning) for _ in range(20))))

    assert sorted(asyncio.run(work())) == list(range(1, 21))


def test_a_failing_job_undoes_its_transaction_and_its_caller_hears_why(store: Store) -> None:
    def broken(con: Connection) -> None:
        _warning(con)
        raise ValueError("no")

    async def work() -> int:
        async with Clerk(store) as clerk:
            with pytest.raises(ValueError, match="no"):
                await clerk.do(broken)
            return await clerk.do(_warning)

    assert asyncio.run(work()) == 1


async def _at_once(clerk: Clerk, *works: Callable[[Connection], int]) -> list[object]:
    """What comes of works that share a turn: answers or errors."""
    return list(await asyncio.gather(*map(clerk.do, works), return_exceptions=True))


def test_a_job_that_fails_for_its_values_fails_no_other_of_its_turn(store: Store) -> None:
    def refused(con: Connection) -> int:
        con.execute("insert into kept.warnings (kind) values ('no instant')")
        return 0

    async def work() -> list[object]:
        async with Clerk(store) as clerk:
            return await _at_once(clerk, _warning, refused, _warning)

    first, failed, last = asyncio.run(work())
    assert (first, type(failed), last) == (1, StoreRefused, 2)


def test_a_full_disk_fails_all_of_a_turn_once(store: Store) -> None:
    begun: list[int] = []

    def broken(_: Connection) -> int:
        begun.append(1)
        raise OSError(errno.ENOSPC, "no room")

    async def work() -> list[object]:
        async with Clerk(store) as clerk:
            return await _at_once(clerk, _warning, broken, _warning)

    assert [type(one) for one in asyncio.run(work())] == [StoreFull] * 3
    assert begun == [1]


def test_leaving_publishes_what_was_committed(store: Store, tmp_path: Path) -> None:
    async def work() -> None:
        async with Clerk(store) as clerk:
            await clerk.do(_warning)

    asyncio.run(work())
    assert (tmp_path / "dateline.duckdb").exists()


def test_a_publishing_that_fails_midway_stops_no_later_job(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    minutes = count(step=10)
    store = Store(tmp_path / "d.duckdb", tmp_path / ".d", lambda: later(minutes=next(minutes)))
    store.prepare()
    in_the_way = tmp_path / ".d.duckdb.new"

    async def work() -> int:
        async with Clerk(store) as clerk:
            in_the_way.mkdir()
            await clerk.do(_warning)
            noticed = await clerk.do(_warning)
            in_the_way.rmdir()
            return noticed

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(asyncio.wait_for(work(), 30)) == 2
    assert "not published now" in caplog.text


def test_what_a_turn_has_begun_is_entered_though_its_caller_was_cancelled(store: Store) -> None:
    begun, go_on = threading.Event(), threading.Event()
    entered: list[int] = []

    def slow(con: Connection) -> int:
        begun.set()
        go_on.wait(30)
        return _warning(con)

    async def work() -> None:
        async with Clerk(store) as clerk:
            asking = asyncio.create_task(clerk.do(slow, entered.append))
            await asyncio.to_thread(begun.wait, 30)
            asking.cancel()
            await asyncio.wait([asking])
            go_on.set()

    asyncio.run(work())
    assert entered == [1]


def test_a_job_taken_back_before_its_turn_never_happens(store: Store) -> None:
    async def work() -> int:
        async with Clerk(store) as clerk:
            asking = asyncio.create_task(clerk.do(_warning))
            await asyncio.sleep(0)
            asking.cancel()
            await asyncio.wait([asking])
            return await clerk.do(_warning)

    assert asyncio.run(work()) == 1


def test_after_leaving_a_job_is_refused_rather_than_waited_for(store: Store) -> None:
    async def work() -> None:
        clerk = Clerk(store)
        async with clerk:
            await clerk.do(_warning)
        await clerk.do(_warning)

    with pytest.raises(RuntimeError, match="the run's writer has left"):
        asyncio.run(asyncio.wait_for(work(), 30))
