"""A run's own word that it has ended, for the automation that ends lost runs.

Prefect's word for it may come too late. The scheduler makes runs without telling anybody; when one
starts within five minutes of that, its changes of state wait a quarter of an hour for the event of
the one before (Prefect 3.8: `follows`, of server/models/events.py), its heartbeats do not. And a
heartbeat on its way may arrive after the end. Ours waits for nothing, and goes the way of the
heartbeats, behind them.
"""

from prefect.events import emit_event
from prefect.runtime import flow_run

ENDED = "dateline.flow-run.ended"


def emit_ended() -> None:
    """Say that this flow run ends now, however it ends; nothing outside of one."""
    if flow_run.id:
        resource = {
            "prefect.resource.id": f"prefect.flow-run.{flow_run.id}",
            "prefect.resource.name": str(flow_run.name),
        }
        emit_event(ENDED, resource)
