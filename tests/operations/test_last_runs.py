"""How the last run of each kind is noted, whatever befell it."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.core import RunReport, RunState
from flows.core.errors import StoreFull
from flows.operations.last_runs import LastRun, last_runs_path, noted, read_last_runs
from tests.operations.alerts.test_notify import settings_in

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REPORT = RunReport(
    run_id="r", kind="monitor", state=RunState.COMPLETED, started_at=NOW, finished_at=NOW,
    sources=2, candidates=0,
)  # fmt: skip


def ticking() -> Callable[[], datetime]:
    """A clock that goes on by a minute whenever it is asked."""
    ticks: Iterator[datetime] = (NOW + count * MINUTE for count in range(100))
    return lambda: next(ticks)


def run_noted(folder: Path, ends: RunReport | BaseException) -> LastRun:
    """What is noted of a run that ends so."""
    settings = settings_in(folder, [])

    async def work() -> RunReport:
        if isinstance(ends, BaseException):
            raise ends
        return ends

    try:
        asyncio.run(noted("monitor", work(), settings, ticking()))
    except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001  what `work` raised
        assert error is ends or isinstance(error, asyncio.CancelledError)  # noqa: PT017
    return read_last_runs(settings.state_dir)["monitor"]


def test_a_run_that_completed_is_noted_with_its_sentence(tmp_path: Path) -> None:
    assert run_noted(tmp_path, REPORT) == LastRun(
        kind="monitor", began_at=NOW, ended_at=NOW + MINUTE, completed_at=NOW + MINUTE,
        said="2 sources, 0 candidates: 0 stored, 0 revised, 0 known, 0 skipped",
    )  # fmt: skip


def test_failures_in_a_row_add_up_until_one_completed(tmp_path: Path) -> None:
    run_noted(tmp_path, StoreFull("the disk is full"))
    twice = run_noted(tmp_path, StoreFull("the disk is full"))

    assert (twice.failures, twice.said, twice.completed_at) == (2, "the disk is full", None)
    assert run_noted(tmp_path, REPORT).failures == 0


def test_a_run_that_reached_nobody_failed_although_it_gave_its_account(tmp_path: Path) -> None:
    deaf = RunReport(
        run_id="r", kind="monitor", state=RunState.FAILED, started_at=NOW, finished_at=NOW,
        sources=2, sources_failed=2,
    )  # fmt: skip

    assert run_noted(tmp_path, deaf).failures == 1


def test_a_run_that_was_stopped_neither_failed_nor_completed(tmp_path: Path) -> None:
    run_noted(tmp_path, StoreFull("the disk is full"))

    stopped = run_noted(tmp_path, asyncio.CancelledError())

    assert (stopped.failures, stopped.completed_at) == (1, None)


def test_what_cannot_be_noted_ends_no_run(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    settings = settings_in(tmp_path, [])
    settings.state_dir.parent.mkdir(parents=True)
    settings.state_dir.write_text("a file where a folder should be")

    async def work() -> RunReport:
        return REPORT

    assert asyncio.run(noted("monitor", work(), settings, ticking())) is REPORT
    assert "was not noted" in caplog.text


def test_a_torn_file_is_no_run_at_all(tmp_path: Path) -> None:
    last_runs_path(tmp_path).write_text('{"monitor": ', encoding="utf-8")

    assert read_last_runs(tmp_path) == {}
