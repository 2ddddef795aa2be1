"""Python values into tables in bulk, and instants out of them.

Decides how rows travel: through Arrow, fifty times faster than executemany. Refuses to know any
table; Arrow is imported by writers only.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

from flows.core import ClaimedTime, Precision, UnreadTime, Zone
from flows.core.errors import StoreRefused
from flows.store.connections import Connection

Row = Mapping[str, object]


class Bar(Protocol):
    """Progress of something long."""

    def advance(self, steps: int = 1) -> None: ...


# Shows progress: what is done, and of how many steps it consists
Progress = Callable[[str, int], AbstractContextManager[Bar]]


def append_rows(con: Connection, table: str, rows: Sequence[Row]) -> None:
    """Append `rows`, which have the same keys: names of columns of `table`, whose types count.

    Raises `StoreRefused`, OverflowError or UnicodeEncodeError for what the table, or Python when it
    reads it again, cannot hold.
    """
    if not rows:
        return
    import pyarrow  # half a second of CPU that commands which only read never pay

    columns = ", ".join(f'"{name}"' for name in rows[0])
    empty = con.sql(f"select {columns} from {table} limit 0").to_arrow_table()
    try:
        made = pyarrow.Table.from_pylist([_in_utc(row) for row in rows], schema=empty.schema)
    except pyarrow.ArrowInvalid as error:
        raise StoreRefused(f"{table} cannot hold a value: {error}") from error
    con.register("new_rows", made)
    try:
        con.execute(f"insert into {table} ({columns}) select {columns} from new_rows")
    finally:
        con.unregister("new_rows")


def _in_utc(row: Row) -> dict[str, object]:
    """`row` with instants in UTC: DuckDB would take years past 9999 and give back text."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


def append_columns(con: Connection, table: str, columns: Mapping[str, Sequence[object]]) -> None:
    """Append columns of equal length, by name: many narrow rows, at a tenth of `append_rows`."""
    import pyarrow

    names = ", ".join(columns)
    schema = con.sql(f"select {names} from {table} limit 0").to_arrow_table().schema
    con.register("new_columns", pyarrow.table(dict(columns), schema=schema))
    try:
        con.execute(f"insert into {table} ({names}) select {names} from new_columns")
    finally:
        con.unregister("new_columns")


def one_row(con: Connection, query: str, parameters: object = None) -> tuple[Any, ...]:
    """The only row of `query`. Not `fetchone`: DuckDB then holds the result open for more rows."""
    (row,) = con.execute(query, parameters).fetchall()
    return tuple(row)


def key_of(url_key: str) -> int:
    """The number tables join url_keys by: md5_number_lower(url_key) in SQL."""
    digest = hashlib.md5(url_key.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[8:], "little")


def instant(value: Any) -> datetime:
    """A TIMESTAMPTZ as DuckDB gives it, with Python's own UTC."""
    assert isinstance(value, datetime)
    return value.astimezone(UTC)


def instant_or_none(value: Any) -> datetime | None:
    """As `instant`; null stays."""
    return None if value is None else instant(value)


def claim_columns(claim: ClaimedTime | UnreadTime | None) -> dict[str, object]:
    """A claimed time as the `claimed_*` columns."""
    read = claim if isinstance(claim, ClaimedTime) else None
    return {
        "claimed_at": read.at if read else None,
        "claimed_precision": read.precision.value if read else None,
        "claimed_zone": read.zone.value if read else None,
        "claimed_origin": claim.origin if claim else None,
        "claimed_raw": claim.raw if claim else None,
        "claimed_problem": claim.problem if isinstance(claim, UnreadTime) else None,
    }


def claim_of(
    claimed_at: Any, precision: Any, zone: Any, origin: Any, raw: Any, problem: Any
) -> ClaimedTime | UnreadTime | None:
    """The claimed time of the `claimed_*` columns, in the order of `claim_columns`."""
    if problem is not None:
        return UnreadTime(raw=str(raw), origin=str(origin), problem=str(problem))
    if claimed_at is None:
        return None
    return ClaimedTime(
        at=instant(claimed_at),
        precision=Precision(precision),
        origin=str(origin),
        zone=Zone(zone),
        raw=str(raw),
    )
