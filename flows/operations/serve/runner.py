"""The runner: registers the deployments, clears what a crash left, runs what is due.

Started by the supervisor as `python -m flows.operations.serve.runner CONFIG_DIR`. Decides the
order; the schedule, the past and the automation are decided in files of their own.
"""

import asyncio
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.flows import Flow
from prefect.runner import Runner
from prefect.schedules import Interval
from prefect.types.entrypoint import EntrypointType

from flows.core.settings import load_settings
from flows.core.terminal import print_line
from flows.core.times import Clock, utc_now
from flows.operations.serve import lost_runs
from flows.operations.serve.deployments import ANCHOR, ONE_AT_A_TIME, SERVED, Planned, planned
from flows.operations.serve.lost_runs import drop_late_runs, end_dead_runs, is_overdue


async def run_schedule(config_dir: Path, clock: Clock) -> None:
    """Serve every deployment until this process is asked to stop (SIGTERM)."""
    plans = planned(load_settings(config_dir).schedule)
    runner = Runner(name="dateline", pause_on_shutdown=False)
    async with get_client() as client:
        await lost_runs.install(client)
        dead = await end_dead_runs(client)
        ids = [await runner.aadd_deployment(deployment(plan, config_dir)) for plan in plans]
        now = clock()
        late = await drop_late_runs(client, now)
        for plan, deployment_id in zip(plans, ids, strict=True):
            if plan.every and await is_overdue(client, deployment_id, plan.every, now):
                await client.create_flow_run_from_deployment(deployment_id)
    print_line(f"runner: ready; ended {dead} lost and dropped {late} late runs")
    await _until_stopped(runner)


async def _until_stopped(runner: Runner) -> None:
    """Run until SIGTERM, then stop the runs under way and wait for their processes.

    Prefect 3.8's own handler exits at once (its `stop` is a coroutine nobody awaits), and its runs
    stay "running" with their slots taken.
    """
    asked = asyncio.Event()
    working = asyncio.create_task(runner.start())
    while not (runner.started or working.done()):
        await asyncio.sleep(0.05)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asked.set)
    asking = asyncio.create_task(asked.wait())
    await asyncio.wait({working, asking}, return_when=asyncio.FIRST_COMPLETED)
    if asked.is_set():
        await runner.astop()
    asking.cancel()
    await working


def deployment(plan: Planned, config_dir: Path) -> RunnerDeployment:
    """A plan as Prefect serves it, for the configuration in `config_dir`."""
    flow: Flow[..., Any] = getattr(import_module(f"flows.{plan.name}"), plan.name)
    return RunnerDeployment.from_flow(
        flow,
        name=f"{plan.name}-{SERVED}",
        description=plan.description,
        tags=[*plan.tags, SERVED],
        parameters={"config": str(config_dir)},
        schedule=Interval(plan.every, anchor_date=ANCHOR) if plan.every else None,
        concurrency_limit=ConcurrencyLimitConfig.model_validate(ONE_AT_A_TIME),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


if __name__ == "__main__":
    asyncio.run(run_schedule(Path(sys.argv[1]), utc_now))
