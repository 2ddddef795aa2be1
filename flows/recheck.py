"""The flow `recheck`: look again at recent articles for edits."""

from prefect import flow

from flows.core import RunReport
from flows.core.times import utc_now
from flows.operations.serve.configured import settings_of_run
from flows.operations.serve.flow_run import account_for, run_name, tell_of_crash
from flows.tasks import PREFECT


@flow(name="recheck", flow_run_name=run_name, persist_result=False, on_crashed=[tell_of_crash])
async def recheck(config: str = "config") -> RunReport:
    """Look again at recent articles for edits, less and less often as they age.

    Args:
        config: The folder that holds dateline.toml, topic.toml and sources.toml; absolute where
            the deployment brings its code. Left at `config`, DATELINE_CONFIG counts, if set.
    """
    from flows.pipeline.recheck import (
        run_recheck,  # not in the runner, which only registers this flow
    )

    settings = await settings_of_run(config)
    return await account_for(
        "recheck", run_recheck(settings, clock=utc_now, steps=PREFECT), settings, utc_now
    )
