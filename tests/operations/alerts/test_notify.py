"""That runs tell what a real store says, once, and never fail for it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from flows.core import RunReport, RunState
from flows.core.settings import (
    ArchiveSettings,
    FetchSettings,
    NotifySettings,
    ReadSettings,
    ScheduleSettings,
    Settings,
    StoreSettings,
)
from flows.operations.alerts.tell import _told, tell
from flows.store import Store
from flows.store.runs import begin_run, end_run
from tests.operations.alerts.test_sending import receiver

# Apprise imports what the standard library has given up, for plugins nobody asked for
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def settings_in(folder: Path, urls: Sequence[str]) -> Settings:
    return Settings(
        config_dir=folder / "config",
        base=folder,
        seeds_dir=folder / "seeds",
        store=StoreSettings(path=folder / "data" / "dateline.duckdb"),
        archive=ArchiveSettings(path=folder / "archive"),
        fetch=FetchSettings(),
        read=ReadSettings(),
        schedule=ScheduleSettings(),
        notify=NotifySettings(urls=tuple(map(SecretStr, urls))),
        sources=(),
    )


def store_with_run(settings: Settings, state: RunState, at: datetime) -> None:
    """A published store whose latest monitor run ended so."""
    store = Store(settings.store.path, settings.state_dir, lambda: at)
    store.prepare()
    report = RunReport(
        run_id=f"run-{at:%H%M}", kind="monitor", state=state, started_at=at, finished_at=at,
        sources=2, sources_failed=2 if state is RunState.FAILED else 0,
    )  # fmt: skip
    with store.turn() as con:
        begin_run(con, report.run_id, report.kind, at, 1, "here")
        end_run(con, report)
    store.publish()


def told(settings: Settings, now: datetime, failure: str | None = None) -> None:
    asyncio.run(tell(settings, lambda: now, kind="monitor", failure=failure))


def test_a_failed_run_is_told_once_until_one_completed(tmp_path: Path) -> None:
    with receiver() as (url, heard):
        settings = settings_in(tmp_path, [url])
        for minutes, state in enumerate(
            (RunState.FAILED, RunState.FAILED, RunState.COMPLETED, RunState.FAILED)
        ):
            at = NOW + timedelta(minutes=15 * minutes)
            store_with_run(settings, state, at)
            told(settings, at)

    assert [message["title"] for message in heard] == [
        "Dateline: the monitor run run-1200 failed: none of its 2 sources answered",
        "Dateline: the monitor run run-1245 failed: none of its 2 sources answered",
    ]


def test_a_failure_is_told_even_where_no_store_can_be_read(tmp_path: Path) -> None:
    with receiver() as (url, heard):
        settings = settings_in(tmp_path, [url])
        told(settings, NOW, failure="StoreDamaged: the file is not sound")
        told(settings, NOW + timedelta(minutes=15), failure="StoreDamaged: the file is not sound")

    assert [message["title"] for message in heard] == [
        "Dateline: the monitor run that ended at 2026-03-02 12:00Z failed: "
        "StoreDamaged: the file is not sound"
    ]


def test_what_could_not_be_sent_is_told_by_the_next_run(tmp_path: Path) -> None:
    with receiver(status=500) as (deaf, _):
        store_with_run(settings_in(tmp_path, [deaf]), RunState.FAILED, NOW)
        told(settings_in(tmp_path, [deaf]), NOW)
    with receiver() as (url, heard):
        told(settings_in(tmp_path, [url]), NOW + timedelta(minutes=15))

    assert len(heard) == 1


def test_without_urls_nothing_is_read_or_kept(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, [])
    told(settings, NOW, failure="anything")

    assert not settings.state_dir.exists()


def test_what_was_told_survives_a_torn_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with receiver() as (url, heard):
        settings = settings_in(tmp_path, [url])
        store_with_run(settings, RunState.FAILED, NOW)
        (settings.state_dir / "told.json").write_text('{"keys": ', encoding="utf-8")
        told(settings, NOW)

    assert len(heard) == 1
    assert "may be told again" in caplog.text


def test_a_trouble_of_telling_is_a_warning_and_not_the_runs_own(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_in(tmp_path, ["json://127.0.0.1:9/"])
    settings.state_dir.parent.mkdir(parents=True)
    settings.state_dir.write_text("a file where a folder should be")

    told(settings, NOW, failure="anything")

    assert "nobody could be told" in caplog.text


def test_what_an_earlier_version_told_stays_told(tmp_path: Path) -> None:
    path = tmp_path / "told.json"
    path.write_text('{"keys": ["run:monitor"], "digest_at": null}', encoding="utf-8")
    with _told(path) as (told, _):
        assert told.keys == {"run:monitor"}
