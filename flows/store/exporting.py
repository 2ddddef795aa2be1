"""Views into files of other tools: Parquet by month, CSV, JSON Lines; whole or not at all.

Decides how files are laid out; refuses to export anything but the public views, and to know where
an export may stand (`flows.store.export_places`).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from flows.core.csv_writing import write_csv
from flows.core.errors import StoreDamaged, StoreError
from flows.store.connections import Connection, explained, open_for_export, quoted
from flows.store.export_places import placed, replaced_whole
from flows.store.query import interruptible

# What tells the month a row belongs to; a view without one is written as a single file.
_MONTH_OF = {
    "articles": "coalesce(published_at, first_seen_at)",
    "revisions": "seen_at",
    "links": "decided_at",
    "sightings": "seen_at",
    "skips": "seen_at",
    "source_checks": "started_at",
    "coverage": "day",
    "gaps": "since",
    "runs": "started_at",
    "judgements": "judged_at",
    "stories": "first_published_at",
    "warnings": "warned_at",
    "backfills": "day",
}
# Rows held at a time; an article has some 10 kB
_ROWS_AT_ONCE = 1000


def public_views(con: Connection) -> tuple[str, ...]:
    """The views of the contract, by name."""
    rows = con.execute(
        "select view_name from duckdb_views() "
        "where database_name = current_database() and not internal order by view_name"
    ).fetchall()
    return tuple(name for (name,) in rows)


def export_view(
    path: Path, view: str, kind: str, target: Path, *, keep_off: Collection[Path] = ()
) -> int:
    """Write `view` of the published file at `path` to `target`; returns how many rows.

    `kind` is `parquet` (a folder with one folder for each month, as Hive names them), `csv` or
    `jsonl` (a file). What stood at `target` is replaced only once everything is written, and only
    when it is an earlier export; nothing is written into the folders `keep_off`. Raises
    `StoreError` for an unknown view and for a target that must not be written, `StoreFull` when
    the disk has no room.
    """
    place = placed(target, is_folder=kind == "parquet", store=path, keep_off=keep_off)
    with open_for_export(path) as con, _explained(path, place):
        if view not in public_views(con):
            known = ", ".join(public_views(con))
            raise StoreError(f"There is no view {view!r} to export; there are {known}.")
        write = {"parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_json_lines}[kind]
        place.parent.mkdir(parents=True, exist_ok=True)
        replaced_whole(place, lambda new: write(con, view, new))
        ((count,),) = con.execute(f"select count(*) from {view}").fetchall()
        return int(count)


@contextmanager
def _explained(store: Path, target: Path) -> Iterator[None]:
    """DuckDB's errors in our words: what is damaged is the store, all else is about the target."""
    try:
        with interruptible(), explained(target):
            yield
    except StoreDamaged as error:
        raise StoreDamaged(str(error).replace(str(target), str(store), 1)) from error


def _write_parquet(con: Connection, view: str, new: Path) -> None:
    """Months ascending; a view without a time becomes one file in the folder."""
    moment = _MONTH_OF.get(view)
    if moment is None:
        new.mkdir()
        single = quoted(new / "data_0.parquet")
        con.execute(f"copy (from {view}) to {single} (format parquet, codec zstd)")
        return
    con.execute(
        f"copy (select *, coalesce(strftime(({moment})::timestamptz at time zone 'UTC', '%Y-%m'), "
        f"'unknown') as month from {view}) to {quoted(new)} "
        "(format parquet, codec zstd, partition_by (month))"
    )
    new.mkdir(exist_ok=True)  # no rows, no months


def _write_csv(con: Connection, view: str, new: Path) -> None:
    asked = con.execute(f"from {view}")
    columns = [str(name) for name, *_ in asked.description or ()]
    with new.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, columns, _rows(asked))


def _rows(asked: Connection) -> Iterator[tuple[object, ...]]:
    while some := asked.fetchmany(_ROWS_AT_ONCE):
        yield from some


def _write_json_lines(con: Connection, view: str, new: Path) -> None:
    con.execute(f"copy (from {view}) to {quoted(new)} (format json, array false)")
