"""Is the schedule alive: decided from a few facts that cost next to nothing to know.

Decides what is wrong of passes, disks, restarts and the configuration; refuses to know where the
facts come from and who is told. What is wrong with sources and gaps stands in the store, and is
decided in `flows.operations.alerts.decide`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from flows.operations.alerts.decide import Trouble
from flows.operations.last_runs import LastRun

# One missed pass may be a restart; two are a schedule that stands still.
OVERDUE_INTERVALS = 2
# A first pass over 300 sources that all answer took less than two hours; unmeasured beyond.
LONGEST_PASS = timedelta(hours=6)
# One failure is told by the run itself; three in a row will not mend themselves. Unmeasured.
FAILING_RUNS = 3
LEAST_FREE = 0.05
FULL_WITHIN = timedelta(days=3)
# The rate of filling is taken over at least this: a publication alone swings by the store's size.
LEAST_WATCHED = timedelta(hours=6)
# A restart now and then is what the supervisor is for; the fourth within an hour is told.
OFTEN_RESTARTED = 4
# The supervisor looks every minute
SUPERVISOR_SILENT_AFTER = timedelta(minutes=5)

OVERDUE = "health:overdue"

Sample = tuple[datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """A disk that is written to; bytes. `earlier` are samples of what was free, oldest first."""

    path: Path
    free: int
    total: int
    earlier: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What is known of a schedule. `watched_since`: since when somebody saw to it without a break,
    None where nobody does; `looked_at`: when the supervisor last did, where there is one.

    `at_work_since` is when the living monitor run began; `restarts` within the last hour, by name;
    `configuration` what is wrong with it now.
    """

    every: timedelta
    anchor: datetime
    runs: Mapping[str, LastRun] = field(default_factory=dict)
    disks: tuple[Disk, ...] = ()
    at_work_since: datetime | None = None
    watched_since: datetime | None = None
    looked_at: datetime | None = None
    restarts: Mapping[str, int] = field(default_factory=dict)
    configuration: str | None = None


def wrong(vitals: Vitals, now: datetime) -> tuple[Trouble, ...]:
    """Everything that is wrong, what stops the collecting first."""
    found = [
        *_configuration(vitals),
        *_supervisor(vitals, now),
        *_restarting(vitals),
        *_overdue(vitals, now),
        *_failing(vitals),
        *(trouble for disk in vitals.disks for trouble in _disk(disk, now)),
    ]
    return tuple({trouble.key: trouble for trouble in found}.values())


def next_due(vitals: Vitals) -> datetime | None:
    """When the pass after the last is due; None before the first."""
    last = vitals.runs.get("monitor")
    if last is None or last.ended_at is None:
        return None
    # what came due while it was at work was dropped
    gone = (last.ended_at - vitals.anchor) // vitals.every
    return vitals.anchor + (gone + 1) * vitals.every


def standing(vitals: Vitals, now: datetime) -> str:
    """In one sentence: when the last pass ended and when the next is due."""
    last = vitals.runs.get("monitor")
    due = next_due(vitals)
    if last is None or last.ended_at is None or due is None:
        said = "No pass has ended yet"
    else:
        said = f"The last pass ended {last.ended_at:%Y-%m-%d %H:%M}Z, {ago(now - last.ended_at)}"
        verb = "is" if due >= now else "was"
        day = "" if due.date() == now.date() else f"{due:%Y-%m-%d} "
        said += f"; the next {verb} due at {day}{due:%H:%M}Z"
    if vitals.at_work_since:
        said += f"; one is at work since {vitals.at_work_since:%H:%M}Z"
    return said + "."


def ago(past: timedelta) -> str:
    """A span that has passed, in words."""
    minutes = int(past.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} hours ago" if hours < 48 else f"{hours // 24} days ago"


def full_in(disk: Disk, now: datetime) -> timedelta | None:
    """When the disk is full at the rate it was filled; None where it is not, or nobody knows."""
    if not disk.earlier or now - disk.earlier[0][0] < LEAST_WATCHED:
        return None
    since, free_then = disk.earlier[0]
    if (taken := free_then - disk.free) <= 0:
        return None
    return (now - since) * (disk.free / taken)


def _configuration(vitals: Vitals) -> Iterator[Trouble]:
    if vitals.configuration:
        yield Trouble(
            key="health:configuration",
            text=f"the configuration is wrong, every run fails: {vitals.configuration}",
            severity="failure",
        )


def _supervisor(vitals: Vitals, now: datetime) -> Iterator[Trouble]:
    if vitals.looked_at and now - vitals.looked_at > SUPERVISOR_SILENT_AFTER:
        yield Trouble(
            key="health:supervisor",
            text=f"`dateline serve` runs but last looked after itself "
            f"{ago(now - vitals.looked_at)}: start it again",
            severity="failure",
        )


def _restarting(vitals: Vitals) -> Iterator[Trouble]:
    for name, count in vitals.restarts.items():
        if count >= OFTEN_RESTARTED:
            yield Trouble(
                key=f"health:restarts:{name}",
                text=f"the {name} was started again {count} times within an hour: "
                "its log says why it ends",
                severity="failure",
            )


def _overdue(vitals: Vitals, now: datetime) -> Iterator[Trouble]:
    due = next_due(vitals)
    since = max((at for at in (due, vitals.watched_since) if at), default=None)
    late = OVERDUE_INTERVALS * vitals.every
    if since is None:
        text = "no pass has ended yet"
    elif now - since <= late:
        return
    elif due is None:
        text = f"no pass has ended since the schedule began {ago(now - since)}"
    else:
        text = f"the pass due at {due:%Y-%m-%d %H:%M}Z has not ended"
    if vitals.at_work_since:
        if now - vitals.at_work_since <= LONGEST_PASS:
            return
        text += f"; one is at work since {vitals.at_work_since:%Y-%m-%d %H:%M}Z"
    yield Trouble(key=OVERDUE, text=text, severity="failure")


def _failing(vitals: Vitals) -> Iterator[Trouble]:
    for kind, last in sorted(vitals.runs.items()):
        if last.failures >= FAILING_RUNS:
            yield Trouble(
                key=f"health:failing:{kind}",
                text=f"the last {last.failures} {kind} runs failed: {last.said}",
                severity="failure",
            )


def _disk(disk: Disk, now: datetime) -> Iterator[Trouble]:
    if disk.free < LEAST_FREE * disk.total:
        yield Trouble(
            key=f"health:disk:{disk.path}",
            text=f"the disk of {disk.path} has {disk.free / 1e9:.2f} GB free, "
            f"{100 * disk.free / disk.total:.1f} % of it",
            severity="failure",
        )
    elif (left := full_in(disk, now)) is not None and left < FULL_WITHIN:
        yield Trouble(
            key=f"health:filling:{disk.path}",
            text=f"the disk of {disk.path} is full in {left / timedelta(hours=1):.0f} hours "
            f"at its present rate ({disk.free / 1e9:.2f} GB free)",
            severity="warning",
        )
