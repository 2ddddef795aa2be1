"""The working file's schema: what version it is, and how it comes to this program's.

Decides that migrations are numbered files, applied in order, each in one transaction with its
record; forward only. Views and macros are no migrations: they are made anew whenever the program's
differ from the file's.
"""

import hashlib
import shutil
from datetime import datetime
from importlib.resources import files
from pathlib import Path

from flows.core.errors import StoreTooNew
from flows.store.connections import Connection
from flows.store.rows import one_row

# In this order: each may use what stands before it.
_VIEW_FILES = ("search.sql", "views.sql", "searching.sql")


def newest_number() -> int:
    """The number of this program's last migration."""
    return max(_migrations())


def number_of(con: Connection) -> int:
    """The number of the last migration the file has seen; 0 for a new file."""
    (found,) = one_row(
        con,
        "select count(*) from duckdb_tables() where database_name = current_database() "
        "and schema_name = 'kept' and table_name = 'migrations'",
    )
    if not found:
        return 0
    return int(one_row(con, "select coalesce(max(number), 0) from kept.migrations")[0])


def migrate(con: Connection, path: Path, now: datetime) -> tuple[int, int]:
    """Bring the file to this program's schema; returns the numbers before and after.

    A copy of the file is kept beside it first, unless it is new. Raises `StoreTooNew` and touches
    nothing when a newer program wrote it.
    """
    before = number_of(con)
    known = _migrations()
    if before > max(known):
        raise StoreTooNew(
            f"{path} was written by a newer version of Dateline (schema {before}; this one knows "
            f"{max(known)}). Nothing was touched: use the newer version."
        )
    if 0 < before < max(known):
        keep_copy(con, path, f"before-{before + 1:04d}")
    for number in range(before + 1, max(known) + 1):
        _apply(con, number, *known[number], now)
    _renew_views(con, now)
    return before, max(known)


def keep_copy(con: Connection, path: Path, label: str) -> Path:
    """Copy the working file, whole as of now, to `<name>.<label>`."""
    con.execute("checkpoint")
    kept = path.with_name(f"{path.name}.{label}")
    half = path.with_name(f"{path.name}.half")
    try:
        shutil.copyfile(path, half)
    except OSError:
        half.unlink(missing_ok=True)  # a full disk keeps no half of a copy
        raise
    half.replace(kept)
    return kept


def _migrations() -> dict[int, tuple[str, str]]:
    """Number → name and SQL of every migration."""
    return {
        int(entry.name[:4]): (entry.name.removesuffix(".sql"), entry.read_text("utf-8"))
        for entry in (files("flows.store") / "schema").iterdir()
        if entry.name[:4].isdigit()
    }


def _apply(con: Connection, number: int, name: str, sql: str, now: datetime) -> None:
    con.execute("begin")
    try:
        con.execute(sql)
        con.execute(
            "insert into kept.migrations (number, name, applied_at) values (?, ?, ?)",
            [number, name, now],
        )
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def _renew_views(con: Connection, now: datetime) -> None:
    folder = files("flows.store") / "schema"
    sql = "\n".join((folder / name).read_text("utf-8") for name in _VIEW_FILES)
    digest = hashlib.sha256(sql.encode()).hexdigest()
    if con.execute("select digest from kept.views_made").fetchall() == [(digest,)]:
        return
    con.execute("begin")
    try:
        _drop_views(con)
        con.execute(sql)
        con.execute("delete from kept.views_made")
        con.execute("insert into kept.views_made (digest, made_at) values (?, ?)", [digest, now])
        con.execute("commit")
    except BaseException:
        con.execute("rollback")
        raise


def _drop_views(con: Connection) -> None:
    """Views of another version of the program may be ones this version no longer has."""
    views = con.execute(
        "select view_name from duckdb_views() "
        "where database_name = current_database() and not internal"
    ).fetchall()
    for (name,) in views:
        con.execute(f'drop view if exists "{name}"')
