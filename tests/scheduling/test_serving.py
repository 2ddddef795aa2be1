"""`dateline serve` with its real server, runner and runs: what arrives, what is dropped, what a
crash leaves, in the order an operator would meet it."""

import os
import signal
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.operations.alerts.facts import read_facts
from flows.store import open_published
from tests.scheduling.conftest import Served
from tests.scheduling.place import until

# one server, one runner and their runs, one after the other: minutes on a machine with other work
pytestmark = pytest.mark.timeout(600)

MONITOR = "monitor/monitor-served"
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


def started(served: Served, *, stalling: bool) -> str:
    """A new monitor run; when `stalling`, one that is at work and will not end by itself.

    Waits for the one at work, which would have it dropped: the first pass starts by itself.
    """
    api = served.serve.api
    until(lambda: api.runs(MONITOR, *ENDED) and not api.runs(MONITOR, "PENDING", "RUNNING"))
    served.news.stalls = stalling
    run_id = api.start(MONITOR)
    if stalling:
        api.comes_to(run_id, "RUNNING", "COMPLETED", "CANCELLED")
        until(lambda: tasks(served, run_id))
    return run_id


def tasks(served: Served, run_id: str) -> list[dict[str, Any]]:
    """The task runs of a run."""
    asked = {"flow_runs": {"id": {"any_": [run_id]}}}
    return served.serve.api.ask("POST", "/task_runs/filter", asked) or []


def test_the_first_pass_starts_at_once_and_stores_what_it_finds(served: Served) -> None:
    api = served.serve.api
    (run,) = until(lambda: api.runs(MONITOR, "COMPLETED", "FAILED", "CRASHED"))

    assert run["state"]["type"] == "COMPLETED", run["state"]["message"]
    assert run["state"]["message"].startswith("1 source, 2 candidates: 2 stored")
    with duckdb.connect(str(served.store), read_only=True) as con:
        assert con.execute("select count(*) from articles where origin = 'monitor'").fetchall() == [
            (2,)
        ]


def test_what_was_found_is_news_for_the_digest_and_the_seeds_are_not(served: Served) -> None:
    with open_published(served.store) as con:
        facts = read_facts(con, datetime(2020, 1, 1, tzinfo=UTC))

    assert {story.outlets for story in facts.new_stories} == {("The Daily",)}
    assert {story.title[:-1] for story in facts.new_stories} == {"Talks on the plan, part "}
    assert not facts.failed_runs


def test_sources_and_hosts_are_tasks_with_their_names(served: Served) -> None:
    (run, *_) = served.serve.api.runs(MONITOR, "COMPLETED")
    names = until(
        lambda: (
            found if len(found := sorted(t["name"] for t in tasks(served, run["id"]))) > 1 else []
        )
    )

    assert names == ["daily", "daily.test"]


def test_the_report_is_a_table_artifact_of_the_run(served: Served) -> None:
    (run, *_) = served.serve.api.runs(MONITOR, "COMPLETED")
    (artifact,) = served.serve.api.ask(
        "POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    )

    assert (artifact["type"], artifact["key"]) == ("table", "monitor-report")
    assert '"stored", "count": 2' in artifact["data"]


def test_scheduled_runs_wait_at_whole_intervals(served: Served) -> None:
    scheduled = until(lambda: served.serve.api.runs(MONITOR, "SCHEDULED"))

    assert {run["expected_start_time"][10:19] for run in scheduled} == {"T00:00:00"}


def test_an_overlapping_run_is_dropped_and_not_queued(served: Served) -> None:
    api = served.serve.api
    at_work = started(served, stalling=True)

    late = api.start(MONITOR)

    assert api.comes_to(late, "CANCELLED", "RUNNING", "COMPLETED") == "CANCELLED"
    assert api.state(at_work) == "RUNNING"


def test_a_killed_run_is_crashed_and_leaves_its_slot(served: Served) -> None:
    api = served.serve.api
    (at_work,) = api.runs(MONITOR, "RUNNING")

    os.kill(served.serve.child("prefect.engine"), signal.SIGKILL)

    assert api.comes_to(at_work["id"], "CRASHED", "COMPLETED") == "CRASHED"
    until(lambda: api.slots(MONITOR) == 0)


def test_the_run_after_a_killed_one_completes_and_the_store_balances(served: Served) -> None:
    run_id = started(served, stalling=False)

    assert served.serve.api.comes_to(run_id, "COMPLETED", "FAILED", "CRASHED") == "COMPLETED"
    with duckdb.connect(str(served.store), read_only=True) as con:
        runs = con.execute(
            "select state, candidates - stored - revised - known - skipped - left_open "
            "from runs where kind = 'monitor' order by started_at"
        ).fetchall()
    assert [state for state, _ in runs] == ["completed", "lost", "completed"]
    assert {unbalanced for _, unbalanced in runs} <= {0, None}


def test_a_killed_runner_comes_back_and_ends_the_run_it_lost(served: Served) -> None:
    api = served.serve.api
    lost = started(served, stalling=True)
    runner = served.serve.child("flows.operations.serve.runner")

    os.kill(runner, signal.SIGKILL)

    assert api.comes_to(lost, "CRASHED") == "CRASHED"
    until(lambda: served.serve.said.count("runner: ready") == 2)
    assert "ended 1 lost" in served.serve.said.rpartition("runner: ready")[2]
    assert served.serve.child("flows.operations.serve.runner") != runner


def test_the_automation_for_lost_runs_stands_once_however_often_it_was_installed(
    served: Served,
) -> None:
    found = served.serve.api.ask("POST", "/automations/filter", {})

    assert [(one["name"], one["enabled"]) for one in found] == [("dateline: end lost runs", True)]


def test_a_stop_ends_every_process_and_cancels_the_run_at_work(served: Served) -> None:
    at_work = next(iter(served.serve.api.runs(MONITOR, "RUNNING")), None)
    run_id = at_work["id"] if at_work else started(served, stalling=True)
    below = served.serve.children()

    assert served.serve.stop() == 0
    assert not [pid for pid in below if Path(f"/proc/{pid}").exists()]
    assert not (served.prefect_home / "access.env").exists()
    with sqlite3.connect(f"file:{served.prefect_home / 'prefect.db'}?mode=ro", uri=True) as con:
        ended = con.execute("select state_type from flow_run where id = ?", [run_id]).fetchall()
        taken = con.execute("select sum(active_slots) from concurrency_limit_v2").fetchall()
    con.close()
    assert (ended, taken) == ([("CANCELLED",)], [(0,)])


def test_nothing_left_this_machine(served: Served) -> None:
    addresses = served.folder / "addresses"

    assert (addresses.read_text() if addresses.exists() else "") == ""
