"""When the rehearsal polls: the virtual instants, and what is done at each.

Decides the steps only; what is published between them stands beside each text in `content/`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Action(StrEnum):
    """What is done at a step: a monitoring pass, or another look at articles for edits."""

    RUN = "run"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done at one virtual instant."""

    at: datetime
    action: Action


START = datetime(2023, 2, 24, 9, 0, tzinfo=UTC)
_NEXT_DAY = START + timedelta(days=1)

STEPS = (
    *(Step(at=START + timedelta(minutes=30 * number), action=Action.RUN) for number in range(6)),
    # an hour after the last correction of the day, when the first look for edits is due
    Step(at=START + timedelta(hours=3), action=Action.RECHECK),
    Step(at=_NEXT_DAY, action=Action.RUN),
    Step(at=_NEXT_DAY + timedelta(minutes=30), action=Action.RECHECK),
    # nothing was published since: a pass that must store nothing
    Step(at=_NEXT_DAY + timedelta(minutes=60), action=Action.RUN),
)
END = STEPS[-1].at
