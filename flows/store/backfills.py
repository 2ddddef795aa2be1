"""The plan of backfills: one cell for each source, provider and day.

Decides that a planned cell is kept until it ends, and that planning twice plans once; refuses to
know what a provider is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.store.connecting import Connection
from flows.store.rows import append_rows


class CellState(StrEnum):
    """How a cell stands."""

    PLANNED = "planned"
    DONE = "done"
    FAILED = "failed"
    IMPOSSIBLE = "impossible"  # the provider cannot see that source or day


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One day of one source through one provider. `found` counts candidates."""

    source_id: str
    provider: str
    day: date
    state: CellState = CellState.PLANNED
    reason: str | None = None
    attempts: int = 0
    found: int | None = None


def plan_cells(con: Connection, run_id: str, cells: Sequence[Cell], now: datetime) -> None:
    """Add cells that are not in the plan; those that are keep their state."""
    if not cells:
        return
    first, last = min(cell.day for cell in cells), max(cell.day for cell in cells)
    known = set(con.execute(_PLACES, [first, last]).fetchall())
    fresh = {
        place: cell
        for cell in cells
        if (place := (cell.source_id, cell.provider, cell.day)) not in known
    }
    _append(con, run_id, list(fresh.values()), now)


def cells_between(con: Connection, since: date, until: date) -> tuple[Cell, ...]:
    """The plan for the days from `since` to `until`, both included."""
    rows = con.execute(_CELLS, [since, until]).fetchall()
    return tuple(
        Cell(
            source_id=row[0], provider=row[1], day=row[2], state=CellState(row[3]), reason=row[4],
            attempts=row[5], found=row[6],
        )
        for row in rows
    )  # fmt: skip


def end_cells(con: Connection, run_id: str, cells: Sequence[Cell], now: datetime) -> None:
    """Replace cells by how they stand now."""
    con.execute(
        "delete from kept.backfill_cells where (source_id, provider, day) in "
        "(select unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::date[]))",
        [
            [cell.source_id for cell in cells],
            [cell.provider for cell in cells],
            [cell.day for cell in cells],
        ],
    )
    _append(con, run_id, cells, now)


def _append(con: Connection, run_id: str, cells: Sequence[Cell], now: datetime) -> None:
    append_rows(
        con,
        "kept.backfill_cells",
        [
            asdict(cell) | {"state": cell.state.value, "run_id": run_id, "changed_at": now}
            for cell in cells
        ],
    )


_PLACES = "select source_id, provider, day from kept.backfill_cells where day between ? and ?"

_CELLS = """
select source_id, provider, day, state, reason, attempts, found
from kept.backfill_cells
where day between ? and ?
order by day, source_id, provider
"""
