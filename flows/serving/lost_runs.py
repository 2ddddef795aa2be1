"""The automation that ends lost runs: a run whose heartbeat stops is Crashed.

Decides what counts as lost for a run on a machine that is gone, when nobody is left there to say
so. `dateline serve` installs it on its own server; `python -m flows.serving.lost_runs` on the one
that `PREFECT_API_URL` names.
"""

import asyncio
from datetime import timedelta

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from flows.serving.environment import LOST_AFTER_SECONDS

NAME = "dateline: end lost runs"


def automation() -> AutomationCore:
    """After a heartbeat, expect anything of the same run within `LOST_AFTER_SECONDS`."""
    return AutomationCore(
        name=NAME,
        description="A run whose machine is gone is marked Crashed, so that the next can start.",
        enabled=True,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.*"},
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
