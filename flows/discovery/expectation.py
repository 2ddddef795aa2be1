"""The ledger's deciders: what was to be expected of a source, what was seen, what is missing.

Decides the state of each source and day, finds silence and outages in what is remembered of a
source, and says what would close a gap. Pure: counts and `now` come in, values go out; refuses to
know how they are stored or repaired.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Protocol

from flows.core import DayState, Gap, GapCause, LookStatus, Source, SourceMemory
from flows.core.text.cleaning import how_many
from flows.discovery.repair import Way, ways_of
from flows.discovery.schedule import rhythm, standing

# Eight weeks hold every weekday eight times and forget a changed editorial plan in two months.
_HISTORY_DAYS = 56
# Fewer observed days say nothing about a weekday.
_LEAST_DAYS = 7
# Days of the overall mean mixed into each weekday's own.
_WEEKDAY_PRIOR_DAYS = 2.0

# News comes in bursts: the variance of a day's items is about this many times a Poisson's.
# Measured within weekdays on 30 feeds with ≥ 5 items a day over 40 days: median 1.2, largest 3.0.
_DISPERSION = 3.0
# With the largest dispersion: two items where 16 were expected, 56 where 100 were. A false alarm in
# 200 days of the most uneven sources, far fewer elsewhere.
_IMPROBABLE = 0.005

# Silence: the expected items of the pause, with and without enough pauses to compare it with.
_SILENT_EXPECTED = 3.0
_SILENT_EXPECTED_UNKNOWN = 7.0
_KNOWN_PAUSES = 8
_LONGER = 1.25

_WORDS = {
    Way.POSTS_BY_DATE: "its WordPress interface, asked for the window",
    Way.SITEMAP: "its sitemap",
    Way.ARCHIVE: "the archives named in its repairs",
    Way.PAGED_FEED: "older pages of its feed, if it has any",
    Way.BULK_FILES: "GDELT's files of the window",
}


class Counted(Protocol):
    """What was seen of a source on a UTC day (`flows.store.coverage.DayCounts`)."""

    @property
    def source_id(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def looks(self) -> int: ...
    @property
    def failed_looks(self) -> int: ...
    @property
    def empty_looks(self) -> int: ...
    @property
    def items(self) -> int: ...
    @property
    def rolled_over(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A recorded gap: its window, its cause, and whether it was repaired since."""

    since: datetime
    until: datetime
    cause: str
    repaired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DayVerdict:
    """How well one source is covered on one UTC day. `expected` None: too little history."""

    source_id: str
    day: date
    expected: float | None
    state: DayState
    reason: str | None = None


def judge_days(
    source_id: str,
    counts: Iterable[Counted],
    holes: Sequence[Hole],
    *,
    since: date,
    until: date,
    enabled_since: date,
    known_from: datetime | None = None,
    now: datetime,
) -> tuple[DayVerdict, ...]:
    """The state of each day of [since, until] for one source, up to today.

    A day on which it was neither enabled nor looked at is nobody's to miss; of the day of
    `known_from`, the instant back to which its first listing tells, only the rest is known. Today
    is not judged before it was asked after: a pass that ends past midnight has not missed the new
    day. `counts` should reach back eight weeks before `since`, so that there is a history.
    """
    by_day = {count.day: count for count in counts if count.source_id == source_id}
    today = now.astimezone(UTC).date()
    begun = by_day.get(today)
    now_asked = begun and (begun.looks or begun.empty_looks or begun.failed_looks)
    last = min(until, today if now_asked else today - timedelta(days=1))
    days = [since + timedelta(days=step) for step in range(max(0, (last - since).days + 1))]
    first = max(enabled_since, min(by_day, default=enabled_since))
    return tuple(
        _verdict(source_id, day, by_day, holes, known_from, now=now)
        for day in days
        if day >= first or day in by_day
    )


def _verdict(
    source_id: str,
    day: date,
    by_day: Mapping[date, Counted],
    holes: Sequence[Hole],
    known_from: datetime | None,
    *,
    now: datetime,
) -> DayVerdict:
    expected = expectation(by_day, day)
    state, reason = _state(day, by_day, holes, expected, now=now)
    begins_at = datetime.combine(day, time(), UTC)
    if state is DayState.COVERED and known_from is not None and known_from > begins_at:
        is_whole = known_from >= begins_at + timedelta(days=1)
        state = DayState.MISSED if is_whole else DayState.PARTIAL
        reason = f"known since {known_from:%Y-%m-%d %H:%M} UTC only"
    return DayVerdict(source_id=source_id, day=day, expected=expected, state=state, reason=reason)


def expectation(by_day: Mapping[date, Counted], day: date) -> float | None:
    """Items to be expected of `day` from the observed days of eight weeks before it.

    The weekday's mean, drawn towards the mean of all days. The first day ever observed does not
    count: a first look lists everything a source holds.
    """
    first = min(by_day, default=day)
    history = [
        (then, count.items)
        for then, count in by_day.items()
        if first < then < day
        and (day - then).days <= _HISTORY_DAYS
        and count.looks
        and not count.rolled_over
    ]
    if len(history) < _LEAST_DAYS:
        return None
    overall = sum(items for _, items in history) / len(history)
    same = [items for then, items in history if then.weekday() == day.weekday()]
    return (sum(same) + overall * _WEEKDAY_PRIOR_DAYS) / (len(same) + _WEEKDAY_PRIOR_DAYS)


def _state(
    day: date,
    by_day: Mapping[date, Counted],
    holes: Sequence[Hole],
    expected: float | None,
    *,
    now: datetime,
) -> tuple[DayState, str | None]:
    ours = [hole for hole in holes if _share(hole, day, now) > 0]
    still_open = [hole for hole in ours if not hole.repaired]
    if still_open:
        widest = max(still_open, key=lambda hole: _share(hole, day, now))
        whole = sum(_share(hole, day, now) for hole in still_open) >= 0.95
        return (DayState.MISSED if whole else DayState.PARTIAL), _said(widest, day, now)
    if ours:
        return DayState.REPAIRED, f"{ours[0].cause}, closed since"
    counted = by_day.get(day)
    if counted is None or not counted.looks:
        return _unseen(day, counted, by_day)
    is_over = day < now.astimezone(UTC).date()
    if is_over and expected is not None and improbably_few(counted.items, expected):
        return DayState.PARTIAL, f"{counted.items} items where {expected:.0f} were expected"
    return DayState.COVERED, None


def _unseen(
    day: date, counted: Counted | None, by_day: Mapping[date, Counted]
) -> tuple[DayState, str | None]:
    """A day without a listing is covered all the same when the next one overlapped the last."""
    later = min(
        (then for then, count in by_day.items() if then > day and count.looks), default=None
    )
    if later is not None and not by_day[later].rolled_over:
        return DayState.COVERED, f"seen by the look of {later}, which overlapped the one before"
    if counted is not None and counted.empty_looks:
        return DayState.PARTIAL, "it answered and listed nothing"
    if counted is not None and counted.failed_looks:
        return DayState.MISSED, f"{how_many(counted.failed_looks, 'look')} failed"
    return DayState.MISSED, "nobody looked"


def _share(hole: Hole, day: date, now: datetime) -> float:
    """The share of `day`, as far as it has passed, that lies in `hole`."""
    start = datetime.combine(day, time(), UTC)
    end = min(start + timedelta(days=1), now)
    if end <= start:
        return 0.0
    inside = min(hole.until, end) - max(hole.since, start)
    return max(0.0, inside / (end - start))


def _said(hole: Hole, day: date, now: datetime) -> str:
    share = min(1.0, _share(hole, day, now))
    return f"{hole.cause}: {share:.0%} of the day may be missing"


def improbably_few(items: int, expected: float) -> bool:
    """Whether a day's `items` are too few to be chance, given what was expected.

    A quasi-Poisson tail: the counts are divided by their dispersion before the Poisson sum.
    """
    if items >= expected:
        return False
    mean, seen = expected / _DISPERSION, math.floor(items / _DISPERSION)
    tail = sum(
        math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) if mean > 0 else 0.0
        for k in range(seen + 1)
    )
    return tail < _IMPROBABLE


def concerns(source: Source, memory: SourceMemory, *, now: datetime) -> tuple[Gap, ...]:
    """Windows in which items of `source` may be missing although no look said so."""
    found = (
        _silence(source, memory, now),
        _stopped(source, memory, now),
        _outage(source, memory, now),
        _not_looked(source, memory, now),
    )
    return tuple(gap for gap in found if gap is not None)


def _silence(source: Source, memory: SourceMemory, now: datetime) -> Gap | None:
    """Nothing new for longer than the source's own rhythm makes likely.

    Its pauses so far hold its nights, weekends and holidays; a pause longer than all of them, in
    which several items were to be expected, is no chance.
    """
    looks = memory.recent_looks
    fruitful = [index for index, (_, new) in enumerate(looks) if new and index]
    if not fruitful:
        return None
    last = looks[fruitful[-1]][0]
    answered_until = looks[-1][0]  # failed looks are an outage, not a silence
    rates = rhythm(looks[: fruitful[-1] + 1], now=last)
    expected = rates.expected(last, answered_until)
    pauses = [looks[b][0] - looks[a][0] for a, b in pairwise([0, *fruitful])]
    known = len(pauses) >= _KNOWN_PAUSES
    if expected < (_SILENT_EXPECTED if known else _SILENT_EXPECTED_UNKNOWN):
        return None
    if known and answered_until - last <= max(pauses) * _LONGER:
        return None
    return Gap(
        source_id=source.source_id,
        since=last,
        until=now,
        cause=GapCause.SILENCE,
        detail=f"nothing new since {last:%Y-%m-%d %H:%M}; {expected:.0f} items were expected",
    )


def _stopped(source: Source, memory: SourceMemory, now: datetime) -> Gap | None:
    """It answers, and what it lists is too old, whether or not anybody saw it fall silent."""
    if memory.failures > 0 or memory.fresh_until is None:
        return None
    if standing(memory, now=now) is not LookStatus.STALE:
        return None
    return Gap(
        source_id=source.source_id,
        since=memory.fresh_until,
        until=now,
        cause=GapCause.STALE,
        detail="it answers, and its newest item is too old for its own pauses",
    )


def _outage(source: Source, memory: SourceMemory, now: datetime) -> Gap | None:
    """Looks fail, and by now more has come than the source's window holds."""
    if memory.failures <= 0 or memory.last_success_at is None or not memory.recent_keys:
        return None
    rates = rhythm(memory.recent_looks, now=memory.last_success_at)
    expected = rates.expected(memory.last_success_at, now)
    if expected < len(memory.recent_keys):
        return None
    return Gap(
        source_id=source.source_id,
        since=memory.last_success_at,
        until=now,
        cause=GapCause.OUTAGE,
        detail=(
            f"no answer since {memory.last_success_at:%Y-%m-%d %H:%M}; about {expected:.0f} items "
            f"came since, its window holds {len(memory.recent_keys)}"
        ),
    )


def _not_looked(source: Source, memory: SourceMemory, now: datetime) -> Gap | None:
    """Due for longer than a day and than its own interval, and nobody asked."""
    if not source.enabled or memory.next_due_at is None or memory.last_look_at is None:
        return None
    patience = max(timedelta(days=1), timedelta(minutes=memory.interval_minutes or 0.0))
    if now - memory.next_due_at <= patience:
        return None
    return Gap(
        source_id=source.source_id,
        since=memory.last_look_at,
        until=now,
        cause=GapCause.NOT_LOOKED,
        detail=f"it was due on {memory.next_due_at:%Y-%m-%d %H:%M} and nobody looked",
    )


def remedy(source: Source, cause: str) -> str:
    """What would close a gap of `source`, in words for `status` and the table of gaps."""
    if cause in (GapCause.SILENCE, GapCause.STALE):
        return f"check it: dateline sources check {source.source_id}"
    if cause == GapCause.NOT_LOOKED:
        return "a look: dateline run"
    ways = [_WORDS[way] for way in ways_of(source)]
    backfill = "a backfill of these days via another source"
    return "; else ".join([*ways, backfill])
