"""What is counted of a store when a run has ended, and what `/metrics` makes of it."""

import http.client
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from flows.core.errors import DatelineError
from flows.core.settings import HealthSettings, Settings
from flows.operations.figures import count_figures, keep_figures, read_figures
from flows.operations.health import Disk, Vitals
from flows.operations.last_runs import LastRun, note_ended
from flows.operations.metrics import exposition
from flows.operations.serve.health_port import answering
from tests.operations.alerts.test_notify import settings_in
from tests.scheduling.place import free_port
from tests.store.questions import filled_store

DASHBOARD = Path(__file__).parents[2] / "docs" / "dashboard.json"
NOW = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_in(tmp_path, [])
    made.store.path.parent.mkdir()
    filled_store(tmp_path).rename(made.store.path)
    made.state_dir.mkdir(exist_ok=True)
    port = free_port()
    return made.model_copy(update={"health": HealthSettings(port=port)})


def test_the_figures_are_those_of_the_published_views(settings: Settings) -> None:
    settings.archive.path.mkdir()
    (settings.archive.path / "a.warc.gz").write_bytes(b"1234567")

    figures = count_figures(settings, NOW)

    assert (figures.articles, figures.archive_bytes) == (10, 7)
    assert figures.store_bytes == settings.store.path.stat().st_size
    assert sum(figures.sources.values()) == 6
    assert set(figures.runs) == {"monitor"}
    assert figures.endings["skipped"] == 9


def test_what_was_kept_is_read_as_it_was_counted(settings: Settings) -> None:
    keep_figures(settings, NOW)

    assert read_figures(settings.state_dir) == count_figures(settings, NOW)


def test_where_nobody_may_ask_nothing_is_counted(settings: Settings) -> None:
    keep_figures(settings.model_copy(update={"health": HealthSettings()}), NOW)

    assert read_figures(settings.state_dir) is None


def test_a_store_that_cannot_be_read_is_a_warning(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.store.path.unlink()

    keep_figures(settings, NOW)

    assert "were not counted" in caplog.text


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_every_metric(settings: Settings) -> None:
    vitals = Vitals(
        every=timedelta(minutes=15), anchor=datetime(2020, 1, 1, tzinfo=UTC),
        runs={"monitor": LastRun(kind="monitor", ended_at=NOW - timedelta(minutes=3))},
        disks=(Disk(path=Path("/srv/data"), free=30, total=100),), restarts={"server": 2},
    )  # fmt: skip

    found = samples(exposition(vitals, count_figures(settings, NOW), NOW).decode())

    assert found["dateline_healthy",] == 1
    assert found["dateline_last_pass_age_seconds",] == 180
    assert found["dateline_next_pass_due_seconds",] == 600
    assert found["dateline_disk_free_bytes", "/srv/data"] == 30
    assert found["dateline_restarts_last_hour", "server"] == 2
    assert found["dateline_articles",] == 10
    assert found["dateline_runs_total", "monitor", "completed"] > 0


def test_the_shipped_dashboard_asks_for_metrics_that_are_there(settings: Settings) -> None:
    vitals = Vitals(
        every=timedelta(minutes=15), anchor=datetime(2020, 1, 1, tzinfo=UTC),
        runs={"monitor": LastRun(kind="monitor", ended_at=NOW)},
    )  # fmt: skip
    told = exposition(vitals, count_figures(settings, NOW), NOW).decode()
    there = {line.split()[2] for line in told.splitlines() if line.startswith("# TYPE ")}

    asked = set(re.findall(r"dateline_\w+", DASHBOARD.read_text(encoding="utf-8")))

    assert asked
    assert asked <= there


def test_without_figures_the_schedule_is_told_all_the_same() -> None:
    vitals = Vitals(every=timedelta(minutes=15), anchor=datetime(2020, 1, 1, tzinfo=UTC))

    found = samples(exposition(vitals, None, NOW).decode())

    assert found == {("dateline_healthy",): 0}


@pytest.fixture
def asked(settings: Settings) -> Iterator[http.client.HTTPConnection]:
    """A connection to the port of health; the last pass ended three minutes ago."""
    note_ended(settings.state_dir, "monitor", "completed", "", NOW - timedelta(minutes=3))
    with answering(lambda: settings, lambda: NOW) as port:
        assert port is not None
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        yield connection
        connection.close()


def test_the_port_answers_health_with_a_status_and_metrics_with_text(
    asked: http.client.HTTPConnection, settings: Settings
) -> None:
    def answer(path: str) -> tuple[int, bytes]:
        asked.request("GET", path)
        response = asked.getresponse()
        return response.status, response.read()

    status, body = answer("/health")
    assert (status, json.loads(body)["healthy"]) == (200, True)
    status, body = answer("/metrics")
    assert (status, samples(body.decode())["dateline_healthy",]) == (200, 1)
    assert answer("/other")[0] == 404
    note_ended(settings.state_dir, "monitor", "completed", "", NOW - timedelta(hours=3))
    status, body = answer("/health")
    assert (status, json.loads(body)["troubles"][0]["key"]) == (503, "health:overdue")


@pytest.mark.usefixtures("asked")
def test_a_port_that_is_taken_is_refused_by_name(settings: Settings) -> None:
    with (
        pytest.raises(DatelineError, match=r"\[health\] port: 127.0.0.1"),
        answering(lambda: settings, lambda: NOW),
    ):
        pass


def test_without_a_port_nobody_is_answered(tmp_path: Path) -> None:
    with answering(lambda: settings_in(tmp_path, []), lambda: NOW) as port:
        assert port is None
