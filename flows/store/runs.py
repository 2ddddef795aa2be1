"""Runs: that they began, how they ended, and which vanished.

Decides when a run counts as lost; refuses to know what runs do.
"""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from flows.core import RunReport, RunState, Scheduled
from flows.store.connections import Connection
from flows.store.rows import append_rows, instant_or_none


def begin_run(
    con: Connection,
    run_id: str,
    kind: str,
    now: datetime,
    pid: int,
    machine: str,
    scheduled: Scheduled | None = None,
) -> None:
    """Record that a run began, in which process of which machine, and who it is in Prefect."""
    began = {"run_id": run_id, "kind": kind, "started_at": now, "pid": pid, "machine": machine}
    named = scheduled and {
        "prefect_run_id": scheduled.scheduler_run_id,
        "prefect_run_name": scheduled.name,
    }
    append_rows(con, "kept.runs", [began | (named or {})])


def last_started(con: Connection, kind: str, but: str) -> datetime | None:
    """When the newest run of `kind` began, `but` apart; None if there was none."""
    row = con.execute(
        "select max(started_at) from kept.runs where kind = ? and run_id <> ?", [kind, but]
    ).fetchone()
    return instant_or_none(row[0]) if row else None


def earliest_open(con: Connection, but: str) -> datetime | None:
    """When the earliest run that has not ended began, `but` apart; None if there is none."""
    row = con.execute(
        "select min(started_at) from kept.runs "
        "where run_id <> ? and run_id not in (select run_id from kept.run_endings)",
        [but],
    ).fetchone()
    return instant_or_none(row[0]) if row else None


def end_run(con: Connection, report: RunReport) -> None:
    """Record a run's account."""
    account = asdict(report)
    account["state"] = report.state.value
    account["skips"] = [{"reason": reason, "count": count} for reason, count in report.skips]
    account["failures"] = [
        {"source_id": source_id, "error": error} for source_id, error in report.failures
    ]
    for name in ("kind", "started_at"):
        del account[name]
    append_rows(con, "kept.run_endings", [account])


def lost_runs(con: Connection, now: datetime, alive: Callable[[str], bool]) -> tuple[str, ...]:
    """Mark as LOST the open runs that are not `alive`; returns their ids.

    Where and as which process a run began says nothing of that: a container that is made anew has
    another name, and its first process always the same number.
    """
    lost = tuple(run_id for (run_id,) in con.execute(_RUNNING).fetchall() if not alive(str(run_id)))
    for run_id in lost:
        con.execute(_LOSE, {"run": run_id, "now": now, "state": RunState.LOST.value})
    return lost


_RUNNING = """
select run_id
from kept.runs
where run_id not in (select run_id from kept.run_endings)
order by started_at
"""

# The account of a run that could not give it: what its endings say.
_LOSE = """
insert into kept.run_endings (run_id, finished_at, state, sources, sources_failed, candidates,
                              stored, revised, known, skipped, left_open, skips, failures)
with ended as (
    select count(*) filter (ending = 'stored') as stored,
           count(*) filter (ending = 'revised') as revised,
           count(*) filter (ending = 'known') as known,
           count(*) filter (ending = 'skipped') as skipped, count(*) as ended
    from kept.endings where run_id = $run and ending <> 'withdrawn'
), taken as (
    select count(*) as taken from kept.claims where run_id = $run
), looked as (
    select count(distinct source_id) as sources,
           count(distinct source_id) filter (status in ('failed', 'gone')) as failed
    from kept.source_checks where run_id = $run
)
select $run, $now, $state, sources, failed, greatest(taken, ended), stored, revised, known,
       skipped, greatest(taken, ended) - ended, [], []
from ended, taken, looked
"""
