"""Which deployments exist: their flows, schedules, words for an operator.

Decides names, descriptions, tags, limits and intervals once, for `dateline serve` and for the
`prefect.yaml` of `dateline deployments`. Refuses to know how a deployment is run.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flows.core.settings import ScheduleSettings

# Intervals count from here, so that a restart does not move the schedule: quarters of an hour.
ANCHOR = datetime(2020, 1, 1, tzinfo=UTC)
# A tag of each deployment that `dateline serve` runs and of each of its runs, and the end of its
# name: apart from those of `prefect deploy`, whose runs a worker elsewhere may still be at.
SERVED = "served"
# A run that finds the one before it still working is dropped, never queued: the next comes soon.
ONE_AT_A_TIME = {"limit": 1, "collision_strategy": "CANCEL_NEW"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One deployment: the flow `flows.<name>.<name>`, `every` None when only run on demand."""

    name: str
    description: str
    tags: tuple[str, ...]
    every: timedelta | None = None


def planned(schedule: ScheduleSettings) -> tuple[Planned, ...]:
    """Every deployment, with the schedule of the configuration."""
    return (
        Planned(
            name="monitor",
            description="One pass over the sources that are due.",
            tags=("dateline", "scheduled"),
            every=timedelta(minutes=schedule.monitor_minutes),
        ),
        Planned(
            name="recheck",
            description="Look again at recent articles for edits, less often as they age.",
            tags=("dateline", "scheduled"),
            every=timedelta(minutes=schedule.recheck_minutes),
        ),
        Planned(
            name="reread",
            description="Read archived pages again with today's reader, without a request.",
            tags=("dateline", "on-demand"),
        ),
        Planned(
            name="redecide",
            description="Judge what is archived again with today's topic rules.",
            tags=("dateline", "on-demand"),
        ),
        Planned(
            name="backfill",
            description="Collect a closed range of past days; started again it goes on.",
            tags=("dateline", "on-demand"),
        ),
    )
