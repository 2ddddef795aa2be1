"""What a backfill means for the coverage of a day. Pure.

Decides the state of a source's day from all its cells and from what stood there; a day that was
watched well stays covered, a day nobody could read says why.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from flows.records import DayState as State
from flows.store.backfills import Cell, CellState
from flows.store.coverage import DayState

_MAX_REASON_CHARS = 300


def days_after(
    cells: Iterable[Cell],
    standing: Mapping[tuple[str, date], DayState],
    sees_all: Collection[str],
) -> list[DayState]:
    """The new state of every source's day that has a cell; days that keep theirs are left out.

    `sees_all`: the providers whose done day holds all that its source published.
    """
    by_day: dict[tuple[str, date], list[Cell]] = defaultdict(list)
    for cell in cells:
        by_day[cell.source_id, cell.day].append(cell)
    judged = (
        _judged(place, found, standing.get(place), sees_all) for place, found in by_day.items()
    )
    return [state for state in judged if state is not None]


def _judged(
    place: tuple[str, date],
    cells: list[Cell],
    stood: DayState | None,
    sees_all: Collection[str],
) -> DayState | None:
    source_id, day = place
    done = sorted(cell.provider for cell in cells if cell.state is CellState.DONE)
    state, reason = _state(cells, done, sees_all)
    if stood is not None and (
        stood.state == State.COVERED or (state is not State.REPAIRED and not done)
    ):
        return None
    return DayState(
        source_id=source_id,
        day=day,
        expected=stood.expected if stood is not None else None,
        state=state.value,
        reason=reason[:_MAX_REASON_CHARS],
    )


def _state(cells: list[Cell], done: list[str], sees_all: Collection[str]) -> tuple[State, str]:
    if any(provider in sees_all for provider in done):
        return State.REPAIRED, f"backfilled from {', '.join(done)}"
    if done:
        return State.PARTIAL, f"backfilled from {', '.join(done)}: what was seen there"
    reasons = "; ".join(f"{cell.provider}: {cell.reason}" for cell in cells if cell.reason)
    found = any(cell.found for cell in cells)
    return (State.PARTIAL if found else State.MISSED), reasons or "planned, not worked on yet"
