"""`dateline backfill`: a closed range of past days, resumable; says what is complete.

Days as people write them on the command line; refuses what is none, before anything is asked.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.options import ask_for_contact, until_stopped
from flows.cli.run_report import print_report
from flows.core import RunReport, RunState
from flows.core.errors import DatelineError, NothingReached
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_json, print_line, print_table
from flows.core.text.cleaning import how_many
from flows.core.times import utc_now
from flows.pipeline.backfill.outcome import COLUMNS, estimated, rows, verdict
from flows.pipeline.backfill.selection import asked_for, names_of_providers
from flows.pipeline.backfill.work import Backfill, planned, run_backfill
from flows.store import open_published
from flows.store.backfills import Cell, CellState


class Day(click.ParamType[date]):
    """A day of the calendar, as 2024-02-29."""

    name = "YYYY-MM-DD"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day that `value` names."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is no day of the calendar; write one as 2024-02-29", param, ctx)


def check_order(since: date | None, until: date | None) -> None:
    """Raise `click.BadParameter` for days that end before they begin."""
    if since is not None and until is not None and until < since:
        raise click.BadParameter(f"{until} lies before --since {since}", param_hint="--until")


@click.command()
@config_option
@json_option
@click.option("--since", type=Day(), required=True, help="The first day, UTC.")
@click.option("--until", type=Day(), required=True, help="The last day, UTC, included.")
@click.option(
    "--via",
    multiple=True,
    help=f"Where to look, in this order; may be repeated: {names_of_providers()}. "
    "Left out, the sources themselves are asked (own).",
)
@click.option("--source", "source_ids", multiple=True, help="Only this source; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Show the plan and what it costs; write nothing.")
def backfill(
    config_dir: Path,
    as_json: bool,
    since: date,
    until: date,
    via: tuple[str, ...],
    source_ids: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Collect a closed range of past days.

    Interrupted and started again it goes on; finished and started again it does nothing. Exit
    status 1 when days are left that the same command may still complete.
    """
    settings = load_settings(config_dir)
    today = utc_now().date()
    asked = asked_for(settings, since, until, via, source_ids, today=today)
    if dry_run:
        _dry_run(settings, asked, as_json=as_json)
        return
    ask_for_contact(settings)
    report, cells = until_stopped(run_backfill(settings, asked, clock=utc_now))
    if as_json:
        print_json(asdict(report) | {"cells": [asdict(cell) for cell in cells]})
    else:
        _print(cells, report)
    _finish(report, cells)


def _dry_run(settings: Settings, asked: Backfill, *, as_json: bool) -> None:
    """The plan as the published file knows it: a dry run takes no turn and makes no store."""
    with ExitStack() as stack:
        is_there = settings.store.path.exists()
        con = stack.enter_context(open_published(settings.store.path)) if is_there else None
        cells, estimates = planned(con, asked, utc_now().date(), settings.fetch.pace_seconds)
    if as_json:
        plan = [asdict(cell) for cell in cells]
        print_json({"plan": plan, "estimates": [asdict(one) for one in estimates]})
        return
    print_table(COLUMNS, rows(cells))
    print_line()
    for line in (*verdict(cells), *(estimated(one) for one in estimates)):
        print_line(line)
    print_line("The pages found have to be fetched on top; how many there are, only listing tells.")


def _print(cells: Sequence[Cell], report: RunReport) -> None:
    print_table(COLUMNS, rows(cells))
    print_line()
    for line in verdict(cells):
        print_line(line)
    if not report.sources:
        print_line("Nothing was left to do; no request was made.")
        return
    print_line()
    print_report(report, as_json=False)


def _finish(report: RunReport, cells: Sequence[Cell]) -> None:
    if report.state is RunState.FAILED and report.sources:
        raise NothingReached(
            "No day could be read; the reasons stand above. The plan is kept: the same command "
            "goes on with it."
        )
    failed = sum(cell.state is CellState.FAILED for cell in cells)
    if failed:
        raise DatelineError(
            f"{how_many(failed, 'day of sources', 'days of sources')} failed, for the reasons "
            "above; the same command tries again, and nothing else."
        )
