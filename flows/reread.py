"""The flow `reread`: read archived pages again with today's reader, without a request."""

from prefect import flow

from flows.core import RunReport
from flows.core.times import utc_now
from flows.operations.serve.configured import settings_of_run
from flows.operations.serve.flow_run import account_for, run_name, tell_of_crash


@flow(name="reread", flow_run_name=run_name, persist_result=False, on_crashed=[tell_of_crash])
async def reread(config: str = "config", where: str | None = None) -> RunReport:
    """Read archived pages again with today's reader, without a request.

    Args:
        config: The folder that holds dateline.toml, topic.toml and sources.toml; absolute where
            the deployment brings its code. Left at `config`, DATELINE_CONFIG counts, if set.
        where: Only these pages; what it may say is in `dateline reread --help`.
    """
    from flows.pipeline.reread import (
        run_reread,  # not in the runner, which only registers this flow
    )

    settings = await settings_of_run(config)
    return await account_for(
        "reread", run_reread(settings, clock=utc_now, where=where), settings, utc_now
    )
