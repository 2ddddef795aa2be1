"""The flow `backfill`: a closed range of past days, resumable."""

import logging
from datetime import date

from prefect import flow

from flows.core import RunReport
from flows.core.times import utc_now
from flows.operations.serve.configured import settings_of_run
from flows.operations.serve.flow_run import account_for, tell_of_crash
from flows.tasks import PREFECT

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
    via: list[str] | None = None,
    sources: list[str] | None = None,
    config: str = "config",
) -> RunReport:
    """Collect a closed range of past days; started again it goes on where it stopped.

    Args:
        since: The first day, UTC.
        until: The last day, UTC, included.
        via: Providers in the order to be tried: own, gdelt, gdelt-doc, cc-news, wayback,
            folder:DIR. If left out, the sources themselves (own).
        sources: Only these sources, by their ids; every enabled one if left out.
        config: The folder that holds dateline.toml, topic.toml and sources.toml; absolute where
            the deployment brings its code. Left at `config`, DATELINE_CONFIG counts, if set.
    """
    from flows.pipeline.backfill.outcome import verdict
    from flows.pipeline.backfill.selection import (
        asked_for,  # not in the runner, which only registers this
    )
    from flows.pipeline.backfill.work import run_backfill
    from flows.store.backfills import CellState

    settings = await settings_of_run(config)
    asked = asked_for(
        settings, since, until, tuple(via or ()), tuple(sources or ()), today=utc_now().date()
    )

    async def work() -> RunReport:
        report, cells = await run_backfill(settings, asked, clock=utc_now, steps=PREFECT)
        if any(cell.state is not CellState.DONE for cell in cells):
            for line in verdict(cells):
                logger.warning(line)  # the level an operator sees in the run's log
        return report

    return await account_for("backfill", work(), settings, utc_now)
