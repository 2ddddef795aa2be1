from dataclasses import asdict

from flows.core import Reason, RunReport, RunState, Scheduled
from flows.store import Store
from flows.store.candidates import record_endings, sight
from flows.store.runs import begin_run, end_run, lost_runs
from tests.store.samples import NOON, candidate, ended, later


def test_a_run_is_running_until_its_account_is_given(store: Store) -> None:
    with store.turn() as con:
        begin_run(con, "run-1", "monitor", NOON, 7, "here")
        assert con.execute("select run_id, kind, state from runs").fetchall() == [
            ("run-1", "monitor", "running")
        ]


def test_a_run_is_found_by_its_name_in_prefect_and_one_started_directly_has_none(
    store: Store,
) -> None:
    wanted = Scheduled(scheduler_run_id="01a2-b3", name="monitor 2026-03-02 12:00")
    with store.turn() as con:
        begin_run(con, "run-1", "monitor", NOON, 7, "here", wanted)
        begin_run(con, "run-2", "monitor", NOON, 7, "here")
        assert con.execute(
            "select run_id, prefect_run_id, prefect_run_name from runs order by run_id"
        ).fetchall() == [
            ("run-1", "01a2-b3", "monitor 2026-03-02 12:00"),
            ("run-2", None, None),
        ]


def test_the_account_of_a_run_is_kept_whole(store: Store) -> None:
    report = RunReport(
        run_id="run-1", kind="monitor", state=RunState.COMPLETED, started_at=NOON,
        finished_at=later(minutes=3), sources=5, sources_failed=1, candidates=10, stored=3,
        revised=1, known=4, skipped=2, skips=(("off_topic", 2),),
        failures=(("daily", "no answer"),),
    )  # fmt: skip
    with store.turn() as con:
        begin_run(con, "run-1", "monitor", NOON, 7, "here")
        end_run(con, report)
        (row,) = con.execute(
            "select state, sources, sources_failed, candidates, stored, revised, known, skipped, "
            "left_open, skips, failures from runs"
        ).fetchall()
    assert row == (
        "completed", 5, 1, 10, 3, 1, 4, 2, 0, [{"reason": "off_topic", "count": 2}],
        [{"source_id": "daily", "error": "no answer"}],
    )  # fmt: skip
    assert asdict(report)["candidates"] == 10


def test_a_run_that_is_not_alive_is_lost_wherever_it_began_and_its_endings_are_its_account(
    store: Store,
) -> None:
    with store.turn() as con:
        begin_run(con, "run-1", "monitor", NOON, 1, "container-1")
        begin_run(con, "run-2", "monitor", NOON, 1, "container-2")
        sight(con, "run-1", [candidate("a"), candidate("b")])
        record_endings(con, "run-1", [ended("a", Reason.OFF_TOPIC)], later(minutes=1))
    with store.turn() as con:
        lost = lost_runs(con, later(hours=1), lambda run_id: run_id == "run-2")
        rows = con.execute(
            "select run_id, state, candidates, skipped, left_open from runs order by 1"
        ).fetchall()
    assert lost == ("run-1",)
    assert rows == [
        ("run-1", "lost", 2, 1, 1),
        ("run-2", "running", None, None, None),
    ]
