"""The ledger of a pass: which holes it found, which closed by themselves, how each day stands.

Decides when the coverage deciders are asked and what they are told; what they decide is
`flows.discovery.expectation`'s, the rows are the store's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TypeVar

from flows.core import DayState as JudgedAs
from flows.core import GapCause, Skipped, SourceMemory, Stage
from flows.core.boundary import attempted, in_words
from flows.discovery.expectation import DayVerdict, Hole, concerns, judge_days, remedy
from flows.pipeline.run import Run
from flows.store import Connection
from flows.store.backfills import CellState, cells_between
from flows.store.coverage import (
    DayState,
    RecordedGap,
    close_gap,
    day_counts,
    gaps_since,
    known_from,
    open_gaps,
    record_day_states,
    record_gaps,
    standing_days,
)
from flows.store.runs import last_started
from flows.store.sources import enabled_since, source_memories

T = TypeVar("T")

# Days judged anew in each pass: late repairs and looks change yesterday, seldom last week
_JUDGED_DAYS = 7
_HISTORY_DAYS = 56
_EVER = datetime(1970, 1, 1, tzinfo=UTC)

# Holes of these kinds close when the source is heard again and what it lists joins what was seen
_CLOSED_BY_OVERLAP = frozenset(
    {GapCause.SILENCE, GapCause.STALE, GapCause.NOT_LOOKED, GapCause.OUTAGE}
)


async def find_holes(run: Run) -> None:
    """Record holes no single look could see; close those that a later look has bridged."""
    await run.clerk.do(lambda con: _find_holes(con, run))


async def judge_coverage(run: Run) -> None:
    """Judge the last days of every source, those since the last pass and those of a hole found in
    this one, and record what changed."""
    await run.clerk.do(lambda con: _judge(con, run))


def _find_holes(con: Connection, run: Run) -> None:
    sources = {source.source_id: source for source in run.settings.sources if source.enabled}
    memories = source_memories(con, list(sources))
    _close_bridged(con, run, memories)
    now = run.clock()
    found = [
        RecordedGap(
            source_id=gap.source_id,
            since=gap.since,
            until=gap.until,
            cause=gap.cause,
            found_at=now,
            remedy=remedy(sources[gap.source_id], gap.cause),
        )
        for source_id, memory in memories.items()
        for gap in _of_one(
            run, f"holes of {source_id}", partial(concerns, sources[source_id], memory, now=now)
        )
    ]
    record_gaps(con, run.run_id, found)


def _of_one(run: Run, name: str, work: Callable[[], Iterable[T]]) -> list[T]:
    """What is found of one source; nothing when the program failed at it, which is counted."""
    found = attempted(lambda: list(work()), name, Stage.DISCOVER)
    if not isinstance(found, Skipped):
        return found
    run.tally.faults[name] = in_words(found)
    return []


def _close_bridged(con: Connection, run: Run, memories: Mapping[str, SourceMemory]) -> None:
    gaps = open_gaps(con)
    rolled_over = {(gap.source_id, gap.cause) for gap in gaps}
    for gap in gaps:
        memory = memories.get(gap.source_id)
        broken = (gap.source_id, GapCause.ROLLED_OVER) in rolled_over
        if memory is None or broken or gap.cause not in _CLOSED_BY_OVERLAP:
            continue
        if _heard_again(memory, gap):
            detail = "heard again, and what it lists joins what was seen before"
            close_gap(con, run.run_id, gap, "repaired", detail, run.clock())


def _heard_again(memory: SourceMemory, gap: RecordedGap) -> bool:
    if gap.cause == GapCause.SILENCE:
        return any(new and looked_at > gap.since for looked_at, new in memory.recent_looks)
    if gap.cause == GapCause.STALE:
        return memory.fresh_until is not None and memory.fresh_until > gap.until
    return memory.last_success_at is not None and memory.last_success_at >= gap.until


def _judge(con: Connection, run: Run) -> None:
    now = run.clock()
    today = now.astimezone(UTC).date()
    since = _judged_since(con, run, today)
    backfilled = _backfilled(con, since, today)
    states = [
        _state(verdict)
        for verdict in _verdicts(con, run, since, today, now)
        if (verdict.source_id, verdict.day) not in backfilled
    ]
    record_day_states(con, states, now)


def _judged_since(con: Connection, run: Run, today: date) -> date:
    days = [today - timedelta(days=_JUDGED_DAYS)]
    before = last_started(con, run.kind, run.run_id)
    if before is not None:
        days.append(before.astimezone(UTC).date())
    earliest = today - timedelta(days=_HISTORY_DAYS)
    found = [gap for gap, _ in gaps_since(con, _EVER) if gap.found_at >= run.started_at]
    days += [max(earliest, gap.since.astimezone(UTC).date()) for gap in found]
    return min(days)


def _verdicts(
    con: Connection, run: Run, since: date, until: date, now: datetime
) -> Iterator[DayVerdict]:
    by_source = defaultdict(list)
    for count in day_counts(con, since - timedelta(days=_HISTORY_DAYS), until):
        by_source[count.source_id].append(count)
    holes = _holes(con, since)
    begun = [
        source.source_id
        for source in run.settings.sources
        if not any(count.looks for count in by_source[source.source_id] if count.day < since)
    ]
    enabled_at, known_at = enabled_since(con), known_from(con, begun, since)
    for source in run.settings.sources:
        if source.enabled:
            name = source.source_id
            judged = partial(
                judge_days,
                name,
                by_source[name],
                holes[name],
                since=since,
                until=until,
                enabled_since=enabled_at.get(name, now).astimezone(UTC).date(),
                known_from=known_at.get(name),
                now=now,
            )
            yield from _of_one(run, f"coverage of {name}", judged)


def _backfilled(con: Connection, since: date, until: date) -> set[tuple[str, date]]:
    """Days a backfill read whole, which stay so; those it saw a part of are judged as ever."""
    repaired = {
        place
        for place, stands in standing_days(con, since, until).items()
        if stands.state == JudgedAs.REPAIRED
    }
    return repaired & {
        (cell.source_id, cell.day)
        for cell in cells_between(con, since, until)
        if cell.state is CellState.DONE
    }


def _state(verdict: DayVerdict) -> DayState:
    return DayState(
        source_id=verdict.source_id,
        day=verdict.day,
        expected=round(verdict.expected, 1) if verdict.expected is not None else None,
        state=verdict.state.value,
        reason=verdict.reason,
    )


def _holes(con: Connection, since: date) -> dict[str, list[Hole]]:
    begins_at = datetime.combine(since, datetime.min.time(), UTC)
    holes: dict[str, list[Hole]] = defaultdict(list)
    for gap, repaired in gaps_since(con, begins_at):
        holes[gap.source_id].append(
            Hole(since=gap.since, until=gap.until, cause=gap.cause, repaired=repaired)
        )
    return holes
