"""When an article was published and modified: whom to believe when witnesses differ.

A pure decider. Order of trust: JSON-LD, meta, microdata, what the feed claimed, `time` elements,
the URL's day, the visible date line, htmldate's guess: mark-up and the feed speak of this article,
what stands on the page may be another's. A day without a time of day, or a midnight to the second,
gives way to a time on the same day (give or take a zone) by a lesser witness. What differs by more
than a minute, or by its day where only the day is told, is kept as alternative. What a source calls
a time of change (a sitemap's `lastmod`, Atom's `updated`) never dates a publication: it is a claim
about the modification, and contradicts whoever says it was published later.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flows.core import ClaimedTime, Precision, UnreadTime
from flows.core.text.dates import as_claimed, read_time
from flows.extraction.witnesses.claims import Claims

# The web's first news pages; what is dated before is an archive's or a mistake.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks and time zones differ: a claim up to a day ahead of the fetch may be honest.
SLACK = timedelta(hours=26)
_DISAGREES = timedelta(minutes=1)
_MIDNIGHT = datetime.min.time()
# Witnesses that speak of other articles as well: no disagreement worth keeping
_PASSING = frozenset({"time_tag", "text", "htmldate"})
_BEHIND_THE_FEED = _PASSING | {"url"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The decision on a publication time: the claim believed, those that differ, what was wrong."""

    time: ClaimedTime | None
    alternatives: tuple[ClaimedTime, ...] = ()
    problem: str | None = None


def published_time(
    witnesses: Sequence[Claims],
    claimed: ClaimedTime | UnreadTime | None,
    last_resorts: Sequence[Callable[[], Claims]],
    *,
    zone: str | None,
    latest: datetime,
) -> Published:
    """The publication time from `witnesses`, best first, and the feed's claim.

    `last_resorts` are costly witnesses, heard one after the other while nothing names a time, the
    last only while nothing names a day; never where the feed is exact. `latest` is when the page
    was fetched: nothing was published after it.
    """
    possible = isinstance(claimed, ClaimedTime) and EARLIEST <= claimed.at <= latest + SLACK
    feed = claimed if possible and isinstance(claimed, ClaimedTime) else None
    exact = feed is not None and feed.precision is not Precision.DAY and not of_change(feed)
    heard = list(witnesses)
    read = _read_all(heard, zone, latest)
    for resort in last_resorts:
        if exact or any(time.precision is not Precision.DAY for time in read[:1]):
            break
        if read and resort is last_resorts[-1]:
            break
        heard.append(resort())
        read = _read_all(heard, zone, latest)
    if feed is not None and not of_change(feed):
        position = len([time for time in read if time.origin not in _BEHIND_THE_FEED])
        read.insert(position, feed)
    if not read:
        return Published(time=None, problem=_problem(heard, claimed))
    best = _finer(read[0], read[1:])
    others = [time for time in read if time.origin not in _PASSING and _disagree(time, best)]
    if feed is not None and of_change(feed) and best.at > feed.at and _disagree(best, feed):
        others.append(feed)
    return Published(time=best, alternatives=_distinct(others))


def of_change(claimed: ClaimedTime | UnreadTime) -> bool:
    """Whether a source calls the time one of change, not of publication."""
    return claimed.origin.endswith("_updated")


def modified_time(
    witnesses: Sequence[Claims],
    published: ClaimedTime | None,
    claimed: ClaimedTime | UnreadTime | None = None,
    *,
    zone: str | None,
    latest: datetime,
) -> ClaimedTime | None:
    """The first witness's claim that the page was modified, if later than its publication.

    The source's own word (`claimed`, where it is one of change) is heard last.
    """
    read = [
        time
        for claims in witnesses
        for raw in claims.modified
        if (time := _read(raw, claims.origin, zone, latest)) is not None
    ]
    if isinstance(claimed, ClaimedTime) and of_change(claimed):
        read += [claimed] if EARLIEST <= claimed.at <= latest + SLACK else []
    return next((time for time in read if published is None or time.at > published.at), None)


def _read(raw: str, origin: str, zone: str | None, latest: datetime) -> ClaimedTime | None:
    time = read_time(raw, origin=origin, now=latest, ahead=SLACK, timezone=zone, amid_words=True)
    return time if isinstance(time, ClaimedTime) else None


def _read_all(witnesses: Iterable[Claims], zone: str | None, latest: datetime) -> list[ClaimedTime]:
    read = (
        _read(raw, claims.origin, zone, latest) for claims in witnesses for raw in claims.published
    )
    return [time for time in read if time is not None]


def _finer(best: ClaimedTime, others: Sequence[ClaimedTime]) -> ClaimedTime:
    """`best`, or the same day told with its time by another witness."""
    if not _no_time_of_day(best):
        return best
    day = as_claimed(best).date()
    return next(
        (other for other in others
         if not _no_time_of_day(other) and day in {other.at.date(), as_claimed(other).date()}),
        best,
    )  # fmt: skip


def _disagree(one: ClaimedTime, other: ClaimedTime) -> bool:
    """Whether two claims cannot both be right: a day holds every time on it, in either's zone."""
    if not (_no_time_of_day(one) or _no_time_of_day(other)):
        return abs(one.at - other.at) > _DISAGREES
    days = [{time.at.date(), as_claimed(time).date()} for time in (one, other)]
    return days[0].isdisjoint(days[1])


def _no_time_of_day(time: ClaimedTime) -> bool:
    """A day, or the midnight that databases write for one."""
    return time.precision is Precision.DAY or as_claimed(time).time() == _MIDNIGHT


def _distinct(times: Iterable[ClaimedTime]) -> tuple[ClaimedTime, ...]:
    kept: dict[datetime, ClaimedTime] = {}
    for time in times:
        kept.setdefault(time.at, time)
    return tuple(kept.values())[:8]


def _problem(witnesses: Sequence[Claims], claimed: ClaimedTime | UnreadTime | None) -> str:
    if isinstance(claimed, ClaimedTime) and of_change(claimed):
        return f"only a time of change is claimed: {claimed.origin} {claimed.raw[:60]!r}"
    raw = [f"{c.origin} {text[:60]!r}" for c in witnesses for text in c.published[:1]]
    if isinstance(claimed, UnreadTime):
        raw.append(f"{claimed.origin} {claimed.raw[:60]!r}: {claimed.problem}")
    elif claimed is not None:
        raw.append(f"{claimed.origin} {claimed.raw[:60]!r}")
    return "unreadable or impossible: " + "; ".join(raw[:3]) if raw else "no witness names a date"
