"""Jobs of a run share transactions, and each caller hears what became of its own."""

import asyncio
from pathlib import Path

import pytest

from flows.clerk import Clerk
from flows.store import Connection, Store
from tests.store.samples import NOON


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON)
    made.prepare()
    return made


def _notice(con: Connection) -> int:
    con.execute("insert into kept.notices (subject, kind, told_at) values ('s', 'k', now())")
    row = con.execute("select count(*) from kept.notices").fetchone()
    assert row is not None
    return int(row[0])


def test_every_job_is_committed_once_and_answered(store: Store) -> None:
    async def work() -> list[int]:
        async with Clerk(store) as clerk:
            return list(await asyncio.gather(*(clerk.do(_notice) for _ in range(20))))

    assert sorted(asyncio.run(work())) == list(range(1, 21))


def test_a_failing_job_undoes_its_transaction_and_its_caller_hears_why(store: Store) -> None:
    def broken(con: Connection) -> None:
        _notice(con)
        raise ValueError("no")

    async def work() -> int:
        async with Clerk(store) as clerk:
            with pytest.raises(ValueError, match="no"):
                await clerk.do(broken)
            return await clerk.do(_notice)

    assert asyncio.run(work()) == 1


def test_leaving_publishes_what_was_committed(store: Store, tmp_path: Path) -> None:
    async def work() -> None:
        async with Clerk(store) as clerk:
            await clerk.do(_notice)

    asyncio.run(work())
    assert (tmp_path / "dateline.duckdb").exists()
