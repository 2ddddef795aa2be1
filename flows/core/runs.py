"""The account of one run."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flows.core.endings import Reason


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"  # by a signal; what was committed stays
    LOST = "lost"  # the process vanished; a later run took its open work over


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """The run of a scheduler that does our run: under which id and name a person finds it there."""

    scheduler_run_id: str
    name: str


# Set by the door a run comes through, and written down where the run begins: what lies between has
# no use for it. None: started directly.
SCHEDULED: ContextVar[Scheduled | None] = ContextVar("scheduled", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The account of one run. `candidates` = stored + revised + known + skipped + left_open.

    `left_open` is 0 unless the run was stopped; later runs take those over. `failures` names
    sources that failed, `sources_failed` of them, and other units in which the program failed.
    """

    run_id: str
    kind: str
    state: RunState
    started_at: datetime
    finished_at: datetime
    sources: int = 0
    sources_failed: int = 0
    candidates: int = 0
    stored: int = 0
    revised: int = 0
    known: int = 0
    skipped: int = 0
    left_open: int = 0
    skips: tuple[tuple[str, int], ...] = field(default=())
    failures: tuple[tuple[str, str], ...] = field(default=())

    @property
    def program_faults(self) -> int:
        """Units of work in which the program failed: candidates, looks, and others."""
        skipped = sum(count for reason, count in self.skips if reason == Reason.PROGRAM_FAULT)
        return skipped + sum(1 for _, how in self.failures if how.startswith(Reason.PROGRAM_FAULT))

    @property
    def balanced(self) -> bool:
        """Whether every candidate ended exactly once; only a run that broke off leaves some."""
        ends = self.stored + self.revised + self.known + self.skipped + self.left_open
        broke_off = self.state is not RunState.COMPLETED
        return ends == self.candidates and (broke_off or not self.left_open) and self.left_open >= 0
