"""`dateline backfill`: a closed range of past days, resumable; says what is complete."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from flows.backfilling.asking import PROVIDERS, asked_for
from flows.backfilling.plan import stretches
from flows.backfilling.working import Backfill, planned, run_backfill
from flows.cli import config_option, json_option
from flows.clock import utc_now
from flows.commands.stopping import until_stopped
from flows.reporting import print_report
from flows.settings import Settings, load_settings
from flows.store import Store
from flows.store.backfills import Cell, CellState
from flows.terminal import print_json, print_line, print_table

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@config_option
@json_option
@click.option("--since", type=_DAY, required=True, help="The first day, UTC.")
@click.option("--until", type=_DAY, required=True, help="The last day, UTC, included.")
@click.option("--via", multiple=True, help=f"Providers in order: {', '.join(PROVIDERS)}.")
@click.option("--source", "source_ids", multiple=True, help="Only this source; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Show the plan and what it costs; fetch nothing.")
def backfill(
    config_dir: Path,
    as_json: bool,
    since: datetime,
    until: datetime,
    via: tuple[str, ...],
    source_ids: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Collect a closed range of past days.

    Interrupted and started again it goes on; finished and started again it does nothing.
    """
    settings = load_settings(config_dir)
    asked = asked_for(settings, since.date(), until.date(), via, source_ids)
    if dry_run:
        _dry_run(settings, asked, as_json=as_json)
        return
    report, cells = until_stopped(run_backfill(settings, asked, clock=utc_now))
    if as_json:
        print_json(asdict(report) | {"cells": [asdict(cell) for cell in cells]})
        return
    _print_cells(cells)
    print_report(report, as_json=False)


def _dry_run(settings: Settings, asked: Backfill, *, as_json: bool) -> None:
    store = Store(settings.store.path, settings.state_dir, utc_now)
    store.prepare()
    with store.turn() as connection:
        cells, ahead = planned(connection, asked, settings.fetch.pace_seconds)
    if as_json:
        print_json(asdict(ahead) | {"plan": [asdict(cell) for cell in cells]})
        return
    _print_cells(cells)
    for provider, count in ahead.cells:
        print_line(f"{provider}: {count} cells open")
    print_line(
        f"About {ahead.requests} requests to list them, {ahead.seconds / 60:.0f} minutes at the "
        "pace configured; fetching what is found comes on top."
    )


def _print_cells(cells: Sequence[Cell]) -> None:
    """One row for each stretch of days of a source that stand alike."""
    alike: dict[tuple[str, str, CellState, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        alike[cell.source_id, cell.provider, cell.state, cell.reason or ""].append(cell)
    rows = []
    for (source_id, provider, state, reason), group in alike.items():
        for window in stretches(cell.day for cell in group):
            inside = [cell for cell in group if window.since <= cell.day <= window.until]
            found = sum(cell.found or 0 for cell in inside)
            rows.append(
                (source_id, provider, window.since, window.until, state.value, found, reason)
            )
    print_table(("source", "via", "since", "until", "state", "#found", "reason"), sorted(rows))
