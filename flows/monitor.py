"""The flow `monitor`: one pass over the sources that are due."""

from prefect import flow

from flows.core import RunReport
from flows.core.times import utc_now
from flows.operations.serve.configured import settings_of_run
from flows.operations.serve.flow_run import account_for, run_name, tell_of_crash
from flows.tasks import PREFECT


@flow(name="monitor", flow_run_name=run_name, persist_result=False, on_crashed=[tell_of_crash])
async def monitor(
    config: str = "config", sources: list[str] | None = None, all_sources: bool = False
) -> RunReport:
    """Look at the sources that are due and store what is new.

    Args:
        config: The folder that holds dateline.toml, topic.toml and sources.toml; absolute where
            the deployment brings its code. Left at `config`, DATELINE_CONFIG counts, if set.
        sources: Only these sources, by their ids, due or not.
        all_sources: Every source, due or not.
    """
    from flows.pipeline.stages import (
        run_monitor,  # not in the runner, which only registers this flow
    )

    settings = await settings_of_run(config)
    work = run_monitor(
        settings,
        clock=utc_now,
        source_ids=tuple(sources or ()),
        all_sources=all_sources,
        steps=PREFECT,
    )
    return await account_for("monitor", work, settings, utc_now)
