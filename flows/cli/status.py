"""`dateline status`: whether the schedule is alive, how the sources stand, what was missed, how the
last runs went."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from flows.cli.main import config_option, json_option
from flows.cli.published import published_answers
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line, print_table
from flows.core.times import utc_now
from flows.operations.health import OVERDUE, Vitals, next_due, standing, wrong
from flows.operations.last_runs import LastRun
from flows.operations.vitals import vitals_from_outside

_TOTALS = """
select count(*) as articles, count(distinct story_id) as stories,
       count(*) filter (borderline) as borderline, count(*) filter (copy_of is not null) as copies,
       max(first_seen_at) as newest_seen_at
from articles
"""
# A source needs attention when its last look was not answered as its rhythm lets expect
_SOURCES = """
with last as (
    select source_id, arg_max(status, started_at) as status, arg_max(error, started_at) as error,
           arg_max(suggestion, started_at) as suggestion
    from source_checks
    group by source_id
)
select s.source_id, s.outlet, coalesce(l.status, 'never') as status, s.last_success_at,
       s.next_due_at, s.failures, s.newest_item_at, coalesce(l.suggestion, l.error) as note
from sources s
left join last l using (source_id)
where s.enabled
order by l.status in ('ok', 'unchanged'), s.failures desc, s.source_id
"""
_COVERAGE = """
select day, count(*) filter (state = 'covered') as covered,
       count(*) filter (state = 'partial') as partial,
       count(*) filter (state = 'missed') as missed,
       count(*) filter (state = 'repaired') as repaired,
       sum(looks) as looks, sum(items) as items, sum(stored) as stored, sum(skipped) as skipped
from coverage
group by day
order by day desc
limit 7
"""
_GAPS = "select source_id, since, until, cause, remedy from gaps order by until desc"
_RUNS = """
select run_id, kind, started_at, state, sources, sources_failed, candidates, stored, revised, known,
       skipped, left_open,
       coalesce(list_sum([s.count for s in skips if s.reason = 'program_fault']), 0)
       + len([f for f in coalesce(failures, []) if starts_with(f.error, 'program_fault')])
       as program_faults
from runs
order by started_at desc
limit 5
"""
# What the program failed at in the last week of runs, and how often; of other units than
# candidates the runs have the count, and the sources the note
_FAULTS = """
select detail as fault, count(*) as times, max(seen_at) as last_at,
       arg_max(url, seen_at) as last_unit
from skips
where reason = 'program_fault'
    and seen_at >= (select coalesce(max(started_at), now()) - interval 7 days from runs)
group by fault
order by times desc, fault
limit 20
"""
_PASSES = """
select max(finished_at) as ended_at
from runs
where kind = 'monitor' and state in ('completed', 'failed')
"""
_HEALTHY = ("ok", "unchanged")
_MOST_GAPS = 10


@click.command()
@config_option
@json_option
@click.option("--all", "every", is_flag=True, help="Every source and gap, not only what is wrong.")
def status(config_dir: Path, as_json: bool, every: bool) -> None:
    """When the last pass ended and the next is due; sources, coverage, open gaps and last runs.

    From the published file; no server needed.
    """
    settings = load_settings(config_dir)
    asked = (_TOTALS, _SOURCES, _COVERAGE, _GAPS, _RUNS, _PASSES, _FAULTS)
    questions = [(query, ()) for query in asked]
    totals, sources, coverage, gaps, runs, passes, faults = published_answers(settings, *questions)
    now = utc_now()
    vitals = _with_store(vitals_from_outside(settings), passes[0])
    troubles = wrong(vitals, now)
    if as_json:
        schedule = {
            "last_pass_ended_at": vitals.runs["monitor"].ended_at,
            "next_pass_due_at": next_due(vitals),
            "troubles": [asdict(trouble) for trouble in troubles],
        }
        parts = {"sources": sources, "coverage": coverage, "gaps": gaps, "runs": runs}
        print_json(schedule | totals[0] | parts | {"program_faults": faults})
        return
    print_line(standing(vitals, now))
    for trouble in troubles:
        if trouble.key != OVERDUE:  # the line above says since when
            print_line(f"{trouble.severity}: {trouble.text}")
    _print_totals(settings.store.path, totals[0])
    _print_sources(sources, every=every)
    if coverage:
        _print_rows("Coverage, the last days (number of sources in each state)", coverage)
    if gaps:
        shown = gaps if every else gaps[:_MOST_GAPS]
        _print_rows(f"Open gaps: {len(gaps)}", shown)
    if faults:
        _print_rows("Faults of this program, the last 7 days (the log has each traceback)", faults)
    _print_rows("Last runs", [_short_run(row) for row in runs])


def _with_store(vitals: Vitals, stored: dict[str, Any]) -> Vitals:
    """What the store says of the last pass, where nothing newer was noted beside it."""
    noted = vitals.runs.get("monitor", LastRun(kind="monitor"))
    ends = [at for at in (noted.ended_at, stored["ended_at"]) if at]
    last = replace(noted, ended_at=max(ends, default=None))
    return replace(vitals, runs={**vitals.runs, "monitor": last})


def _short_run(row: dict[str, object]) -> dict[str, object]:
    """A run without its identifier, the heads as short as they can be understood."""
    short = {"sources_failed": "failed", "left_open": "open", "program_faults": "faults"}
    return {short.get(name, name): value for name, value in row.items() if name != "run_id"}


def _print_totals(path: Path, totals: dict[str, object]) -> None:
    print_line(
        f"{path}: {totals['articles']} articles in {totals['stories']} stories "
        f"({totals['copies']} copies, {totals['borderline']} borderline)"
    )


def _print_sources(sources: list[dict[str, object]], *, every: bool) -> None:
    healthy = [row for row in sources if row["status"] in _HEALTHY]
    never = [row for row in sources if row["status"] == "never"]
    print_line(
        f"{len(sources)} sources: {len(healthy)} answer, {len(never)} not looked at yet, "
        f"{len(sources) - len(healthy) - len(never)} need attention"
    )
    shown = sources if every else [
        row for row in sources
        if row["note"] is not None or row["status"] not in (*_HEALTHY, "never")
    ]  # fmt: skip
    if shown:
        columns = ("source_id", "status", "last_success_at", "next_due_at", "note")
        _print_rows("Sources", [{name: row[name] for name in columns} for row in shown])


def _print_rows(title: str, rows: list[dict[str, object]]) -> None:
    print_line()
    if not rows:
        print_line(f"{title}: none")
        return
    numbers = {name for name, value in rows[0].items() if isinstance(value, int | float)}
    columns = [f"#{name}" if name in numbers else name for name in rows[0]]
    print_table(columns, [list(row.values()) for row in rows], title=title)
