"""The plan of backfills: one cell for each source, provider and day.

Decides that a planned cell is kept until it ends, and that planning twice plans once; refuses to
know what a provider is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.store.connections import Connection
from flows.store.rows import append_rows, key_of


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


def reconfigured_cells(con: Connection, since: date, until: date) -> set[tuple[str, str, date]]:
    """Source, provider and day of the cells that were impossible as their source was configured
    then, and it was configured anew since."""
    return set(con.execute(_RECONFIGURED, [since, until]).fetchall())


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

_RECONFIGURED = """
select source_id, provider, day
from kept.backfill_cells c
where state = 'impossible' and day between ? and ?
  and changed_at < (select max(s.saved_at) from kept.sources s where s.source_id = c.source_id)
"""

_CELLS = """
select source_id, provider, day, state, reason, attempts, found
from kept.backfill_cells
where day between ? and ?
order by day, source_id, provider
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A candidate that has not ended for good: the `reason` of its passing failure, or the run
    (`run_id`) that is at work on it."""

    reason: str | None = None
    run_id: str | None = None


def unfinished(con: Connection, key_of_url: Mapping[str, str]) -> dict[str, Unfinished]:
    """Those of some URLs (URL → url_key) that have not ended for good, each by its own endings: a
    twin's say nothing of it."""
    asked = {
        "urls": list(key_of_url),
        "keys": [key_of(url_key) for url_key in key_of_url.values()],
    }
    rows = con.execute(_UNFINISHED, asked).fetchall()
    return {url: Unfinished(reason=reason, run_id=run_id) for url, reason, run_id in rows}


def hosts_listed(con: Connection, source_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """For each source the hosts of the URLs it has listed, with how many."""
    hosts: dict[str, dict[str, int]] = {}
    for source_id, host, count in con.execute(_HOSTS, [list(source_ids)]).fetchall():
        hosts.setdefault(source_id, {})[host] = count
    return hosts


_UNFINISHED = """
with asked as (select unnest($keys::ubigint[]) as key, unnest($urls::varchar[]) as url),
newest as (
    select key, url, arg_max({'reason': reason, 'retry_at': retry_at}, rowid) as ending
    from kept.endings where key in (select key from asked)
    group by key, url
), claimed as (
    select key, url, arg_max(run_id, rowid) as run_id
    from kept.claims
    where key in (select key from asked) and run_id not in (select run_id from kept.run_endings)
      and not exists (
          from kept.endings e
          where e.key = claims.key and e.url = claims.url and e.run_id = claims.run_id
            and e.ended_at >= claims.claimed_at
      )
    group by key, url
)
select url, n.ending.reason, c.run_id
from asked left join newest n using (key, url) left join claimed c using (key, url)
where key not in (select a.key from kept.aliases a where a.key in (select key from asked))
  and (c.run_id is not null or n.ending.retry_at is not null)
"""

_HOSTS = """
select source_id, split_part(url_key, '/', 1), count(distinct key)
from kept.sightings
where source_id in (select unnest(?::varchar[]))
group by all
"""
