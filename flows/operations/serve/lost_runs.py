"""The automation that ends lost runs: a run whose heartbeat stops is Crashed.

Decides what counts as lost for a run on a machine that is gone, when nobody is left there to say
so. `dateline serve` installs it on its own server;
`python -m flows.operations.serve.lost_runs` on the one that `PREFECT_API_URL` names.

What a crash or a stop left on our own server: runs of dead processes, and runs nobody started.

Decides their end; refuses to know the flows. Only for the server of `dateline serve`, where a
runner that starts knows that every older run is dead: it would else take Prefect minutes to see.
"""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.states import Crashed

from flows.operations.serve.deployments import SERVED
from flows.operations.serve.ended_event import ENDED
from flows.operations.serve.environment import LOST_AFTER_SECONDS

NAME = "dateline: end lost runs"


def automation() -> AutomationCore:
    """After a heartbeat, expect anything of the same run within `LOST_AFTER_SECONDS`."""
    return AutomationCore(
        name=NAME,
        description="A run whose machine is gone is marked Crashed, so that the next can start.",
        enabled=True,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*", ENDED},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=timedelta(seconds=LOST_AFTER_SECONDS),
        ),
        actions=[
            ChangeFlowRunState(
                name="Crashed",
                state=StateType.CRASHED,
                message="Nothing was heard of this run's process.",
                force=False,
            )
        ],
    )


async def install(client: PrefectClient) -> None:
    """Create the automation, or bring the one of its name up to date."""
    wanted = automation()
    found = await client.read_automations_by_name(NAME)
    if not found:
        await client.create_automation(wanted)
        return
    await client.update_automation(found[0].id, wanted)
    for surplus in found[1:]:
        await client.delete_automation(surplus.id)


async def _main() -> None:
    async with get_client() as client:
        await install(client)
    print(f"Installed the automation '{NAME}'.")


if __name__ == "__main__":
    asyncio.run(_main())


_HOLDING = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.PAUSED]
_TAGS = FlowRunFilterTags(all_=[SERVED])


async def end_dead_runs(client: PrefectClient) -> int:
    """Mark runs that were under way as Crashed, which frees their slots; returns how many."""
    dead = await _every(
        client,
        FlowRunFilter(
            tags=_TAGS, state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_HOLDING))
        ),
    )
    for run in dead:
        lost: State[None] = Crashed(
            message="Lost with its process; the next run takes its open work over."
        )
        await client.set_flow_run_state(run.id, lost, force=True)
    return len(dead)


async def drop_late_runs(client: PrefectClient, now: datetime) -> int:
    """Delete runs the schedule wanted before `now` that never started; returns how many.

    A run a person asked for, such as a backfill, stays and is started.
    """
    scheduled = await _every(
        client,
        FlowRunFilter(
            tags=_TAGS,
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        ),
    )
    late = [
        run
        for run in scheduled
        if run.auto_scheduled and run.expected_start_time and run.expected_start_time < now
    ]
    for run in late:
        await client.delete_flow_run(run.id)
    return len(late)


async def is_overdue(
    client: PrefectClient, deployment_id: UUID, every: timedelta, now: datetime
) -> bool:
    """Whether no run of the deployment started within the last `every`."""
    runs = await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.COMPLETED]))
        ),
        sort=FlowRunSort.START_TIME_DESC,
        limit=1,
    )
    return not runs or runs[0].start_time is None or runs[0].start_time <= now - every


async def _every(client: PrefectClient, wanted: FlowRunFilter) -> list[FlowRun]:
    """All runs of a filter; the API hands out at most 200 at a time."""
    found: list[FlowRun] = []
    while page := await client.read_flow_runs(
        flow_run_filter=wanted, offset=len(found), limit=200, sort=FlowRunSort.ID_DESC
    ):
        found.extend(page)
    return found
