"""Views into files of other tools: Parquet by month, CSV, JSON Lines; whole or not at all.

Decides how files are laid out and that no cell of a CSV can act in a spreadsheet; refuses to
export anything but the public views.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from flows.core.errors import StoreDamaged, StoreError
from flows.store.connections import Connection, explained, open_for_export, quoted
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
# A cell that a spreadsheet would take for a formula (OWASP, CSV injection), wide forms included.
_FORMULA = "^\\s*[=+\\-@|＝＋－＠\\t\\r]"
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def public_views(con: Connection) -> tuple[str, ...]:
    """The views of the contract, by name."""
    rows = con.execute(
        "select view_name from duckdb_views() "
        "where database_name = current_database() and not internal order by view_name"
    ).fetchall()
    return tuple(name for (name,) in rows)


def export_view(path: Path, view: str, kind: str, target: Path) -> int:
    """Write `view` of the published file at `path` to `target`; returns how many rows.

    `kind` is `parquet` (a folder with one folder for each month, as Hive names them), `csv` or
    `jsonl` (a file). What stood at `target` is replaced only once everything is written. Raises
    `StoreError` for an unknown view and for a target that is no export to be replaced, `StoreFull`
    when the disk has no room.
    """
    target = _place(target, kind, path)
    with open_for_export(path) as con, _explained(path, target):
        if view not in public_views(con):
            known = ", ".join(public_views(con))
            raise StoreError(f"There is no view {view!r} to export; there are {known}.")
        write = {"parquet": _write_parquet, "csv": _write_csv, "jsonl": _write_json_lines}[kind]
        target.parent.mkdir(parents=True, exist_ok=True)
        _written_beside(target, lambda beside: write(con, view, beside))
        ((count,),) = con.execute(f"select count(*) from {view}").fetchall()
        return int(count)


def harmless(value: object) -> object:
    """A value as a CSV cell that no spreadsheet runs and no terminal obeys; numbers as they are,
    lists and structs as JSON."""
    if isinstance(value, int | float | Decimal | None):
        return value
    if isinstance(value, list | dict):
        value = json.dumps(value, ensure_ascii=False, default=str)
    text = _ACTING.sub("", str(value))
    return f"'{text}" if re.match(_FORMULA, text) else text


def _place(target: Path, kind: str, store: Path) -> Path:
    """Where `target` lies, links followed. Raises `StoreError` for what must not be replaced: the
    store, a device, and a folder of anything but an export of ours."""
    place = target.resolve()
    if place == store.resolve():
        raise StoreError(f"{target} is the store itself; name another file for the export.")
    if place.is_dir() and not (kind == "parquet" and all(map(_is_exported, place.iterdir()))):
        raise StoreError(
            f"{target} is a folder that holds other things than an export, which would be lost; "
            "name a file or a folder that is not there yet."
        )
    if place.is_file() and kind == "parquet":
        raise StoreError(f"{target} is a file, and Parquet is written as a folder; name another.")
    if target.exists() and not (place.is_dir() or place.is_file()):
        raise StoreError(
            f"{target} is no file that can be replaced whole; 'dateline sql --csv' and --json "
            "write to a pipe."
        )
    return place


def _is_exported(path: Path) -> bool:
    return path.name.startswith("month=") or path.suffix == ".parquet"


@contextmanager
def _explained(store: Path, target: Path) -> Iterator[None]:
    """DuckDB's errors in our words: what is damaged is the store, all else is about the target."""
    try:
        with interruptible(), explained(target):
            yield
    except StoreDamaged as error:
        raise StoreDamaged(str(error).replace(str(target), str(store), 1)) from error


def _written_beside(target: Path, write: Callable[[Path], None]) -> None:
    beside = target.with_name(f".{target.name}.new")
    _remove(beside)
    try:
        write(beside)
        _replace(beside, target)
    finally:
        _remove(beside)


def _replace(beside: Path, target: Path) -> None:
    if not target.is_dir():
        beside.replace(target)
        return
    old = target.with_name(f".{target.name}.old")
    _remove(old)
    target.rename(old)  # a folder cannot be renamed over another that holds files
    beside.rename(target)
    _remove(old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _write_parquet(con: Connection, view: str, beside: Path) -> None:
    """Months ascending; a view without a time becomes one file in the folder."""
    moment = _MONTH_OF.get(view)
    if moment is None:
        beside.mkdir()
        single = quoted(beside / "data_0.parquet")
        con.execute(f"copy (from {view}) to {single} (format parquet, codec zstd)")
        return
    con.execute(
        f"copy (select *, coalesce(strftime(({moment})::timestamptz at time zone 'UTC', '%Y-%m'), "
        f"'unknown') as month from {view}) to {quoted(beside)} "
        "(format parquet, codec zstd, partition_by (month))"
    )
    beside.mkdir(exist_ok=True)  # no rows, no months


def _write_csv(con: Connection, view: str, beside: Path) -> None:
    columns = con.execute(f"describe {view}").fetchall()
    cells = ", ".join(_cell(str(name), str(kind)) for name, kind, *_ in columns)
    con.execute(f"copy (select {cells} from {view}) to {quoted(beside)} (format csv, header)")


def _cell(name: str, kind: str) -> str:
    """A column whose text begins with nothing a spreadsheet would run."""
    if kind == "VARCHAR" or kind.endswith("[]") or kind.startswith("STRUCT"):
        text = f'"{name}"::varchar'
        return (
            f"case when regexp_matches({text}, '{_FORMULA}') then '''' || {text} "
            f'else {text} end as "{name}"'
        )
    return f'"{name}"'


def _write_json_lines(con: Connection, view: str, beside: Path) -> None:
    con.execute(f"copy (from {view}) to {quoted(beside)} (format json, array false)")
