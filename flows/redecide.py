"""The flow `redecide`: judge what is archived again with today's topic rules."""

from prefect import flow

from flows.core import RunReport
from flows.core.times import utc_now
from flows.operations.serve.configured import settings_of_run
from flows.operations.serve.flow_run import account_for, run_name, tell_of_crash


@flow(name="redecide", flow_run_name=run_name, persist_result=False, on_crashed=[tell_of_crash])
async def redecide(config: str = "config", dry_run: bool = False) -> RunReport:
    """Judge what is archived again with today's topic rules, without a request.

    Args:
        config: The folder that holds dateline.toml, topic.toml and sources.toml; absolute where
            the deployment brings its code. Left at `config`, DATELINE_CONFIG counts, if set.
        dry_run: Only say what would change.
    """
    from flows.pipeline.redecide import (
        run_redecide,  # not in the runner, which only registers this flow
    )

    settings = await settings_of_run(config)
    return await account_for(
        "redecide", run_redecide(settings, clock=utc_now, dry_run=dry_run), settings, utc_now
    )
