"""The flow `backfill`: a closed range of past days, resumable."""

import logging
from datetime import date
from typing import Literal

from prefect import flow

from flows.core import RunReport
from flows.core.times import utc_now
from flows.operations.serve.configured import settings_of_run
from flows.operations.serve.flow_run import account_for, tell_of_crash
from flows.tasks import PREFECT

# The providers by name, written out so that Prefect's form offers them; a test compares
Via = Literal["own", "gdelt", "gdelt-doc", "cc-news", "wayback"]

logger = logging.getLogger(__name__)


@flow(
    name="backfill",
    flow_run_name="backfill {since} to {until}",
    persist_result=False,
    on_crashed=[tell_of_crash],
)
async def backfill(
    since: date,
    until: date,
    via: list[Via] | None = None,
    folder: str | None = None,
    sources: list[str] | None = None,
    config: str = "config",
) -> RunReport:
    """Collect a closed range of past days; started again it goes on where it stopped.

    Args:
        since: The first day, UTC.
        until: The last day, UTC, included.
        via: Providers in the order to be tried. If left out, the sources themselves (own).
        folder: After them, or alone, the WARC files in this folder of the machine that runs.
        sources: Only these sources, by their ids; every enabled one if left out.
        config: The folder that holds dateline.toml, topic.toml and sources.toml; absolute where
            the deployment brings its code. Left at `config`, DATELINE_CONFIG counts, if set.
    """
    from flows.pipeline.backfill.outcome import refuse_nothing, verdict
    from flows.pipeline.backfill.selection import (
        asked_for,  # not in the runner, which only registers this
    )
    from flows.pipeline.backfill.work import run_backfill
    from flows.store.backfills import Cell, CellState

    settings = await settings_of_run(config)
    names = (*(via or ()), *((f"folder:{folder}",) if folder else ()))
    asked = asked_for(settings, since, until, names, tuple(sources or ()), today=utc_now().date())
    cells: list[Cell] = []

    async def work() -> RunReport:
        report, found = await run_backfill(settings, asked, clock=utc_now, steps=PREFECT)
        cells.extend(found)
        if any(cell.state is not CellState.DONE for cell in cells):
            for line in verdict(cells):
                logger.warning(line)  # the level an operator sees in the run's log
        return report

    return await account_for(
        "backfill", work(), settings, utc_now, refuse=lambda: refuse_nothing(cells)
    )
