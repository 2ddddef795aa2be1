"""When an article was published and modified: whom to believe when witnesses differ.

A pure decider. Order of trust: JSON-LD, meta, microdata, `time` elements, the URL's day, what the
feed claimed, htmldate's guess. A day without a time of day gives way to a time on the same day
(give or take a zone) by a lesser witness. What disagrees by more than a day is kept as alternative.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.reading.claims import Claims
from flows.reading.instants import read_time
from flows.records import ClaimedTime, Precision, UnreadTime

# A day written in one zone holds instants of the day before and after in another.
_SAME_DAY = timedelta(hours=38)
_DISAGREES = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The decision on a publication time: the claim believed, those that differ, what was wrong."""

    time: ClaimedTime | None
    alternatives: tuple[ClaimedTime, ...] = ()
    problem: str | None = None


def published_time(
    witnesses: Sequence[Claims],
    claimed: ClaimedTime | UnreadTime | None,
    *,
    zone: str | None,
    latest: datetime,
) -> Published:
    """The publication time from `witnesses`, best first, and the feed's claim.

    `latest` is when the page was fetched: nothing was published after it.
    """
    read = list(_read(((c.origin, raw) for c in witnesses for raw in c.published), zone, latest))
    if isinstance(claimed, ClaimedTime) and claimed.at <= latest + timedelta(hours=26):
        read.append(claimed)
    if not read:
        return Published(time=None, problem=_problem(witnesses, claimed))
    best = _finer(read[0], read[1:])
    others = tuple(time for time in read if abs(time.at - best.at) > _DISAGREES)
    return Published(time=best, alternatives=_distinct(others))


def modified_time(
    witnesses: Sequence[Claims],
    published: ClaimedTime | None,
    *,
    zone: str | None,
    latest: datetime,
) -> ClaimedTime | None:
    """The newest claim that the page was modified, if it is later than its publication."""
    for time in _read(((c.origin, raw) for c in witnesses for raw in c.modified), zone, latest):
        if published is None or time.at > published.at:
            return time
    return None


def _read(
    claims: Iterable[tuple[str, str]], zone: str | None, latest: datetime
) -> Iterable[ClaimedTime]:
    for origin, raw in claims:
        time = read_time(raw, origin, zone, latest)
        if time is not None:
            yield time


def _finer(best: ClaimedTime, others: Sequence[ClaimedTime]) -> ClaimedTime:
    """`best`, or the same day told with its time by another witness."""
    if not _day_only(best):
        return best
    for other in others:
        if not _day_only(other) and -_SAME_DAY / 2 < other.at - best.at < _SAME_DAY:
            return other
    return replace(best, precision=Precision.DAY)


def _day_only(time: ClaimedTime) -> bool:
    """Whether a claim has no time of day; machines write midnight where they know none."""
    return time.precision is Precision.DAY


def _distinct(times: Iterable[ClaimedTime]) -> tuple[ClaimedTime, ...]:
    kept: dict[datetime, ClaimedTime] = {}
    for time in times:
        kept.setdefault(time.at, time)
    return tuple(kept.values())[:8]


def _problem(witnesses: Sequence[Claims], claimed: ClaimedTime | UnreadTime | None) -> str:
    raw = [f"{c.origin} {text[:60]!r}" for c in witnesses for text in c.published[:1]]
    if isinstance(claimed, UnreadTime):
        raw.append(f"{claimed.origin} {claimed.raw[:60]!r}: {claimed.problem}")
    elif claimed is not None:
        raw.append(f"{claimed.origin} {claimed.raw[:60]!r}")
    return "unreadable or impossible: " + "; ".join(raw[:3]) if raw else "no witness names a date"
