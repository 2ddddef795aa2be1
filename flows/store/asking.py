"""SQL of people on the published file: one statement that reads, and its answer.

Decides what may be asked: anything that only reads this file. Refuses to write, attach, load
extensions, change settings or read other files.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.errors import QueryRefused, StoreError
from flows.store.connecting import Connection, explained

_READING = frozenset({"SELECT", "EXPLAIN", "RELATION"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Columns and rows, in order."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


def ask(con: Connection, query: str) -> Answer:
    """Answer one statement. Raises `QueryRefused` for one that would do more than read this file,
    and `StoreError` with DuckDB's own words for one that is wrong."""
    try:
        statements = con.extract_statements(query)
        if len(statements) != 1:
            raise QueryRefused(f"One statement at a time; this is {len(statements)}.")
        kind = statements[0].type.name
        if kind not in _READING:
            raise QueryRefused(f"Only queries that read are answered, not {kind}.")
        with interruptible():
            con.execute(statements[0])
            columns = tuple(str(column[0]) for column in con.description or ())
            return Answer(columns=columns, rows=con.fetchall())
    except duckdb.PermissionException as error:
        raise QueryRefused(f"Only this store can be read: {error}") from error
    except duckdb.Error as error:
        raise StoreError(str(error)) from error


@contextmanager
def answering(path: Path) -> Iterator[None]:
    """While our own queries read the published file at `path`: DuckDB's errors in our words.

    Raises `StoreDamaged`, and `StoreError` for a file whose views are not this version's.
    """
    try:
        with interruptible(), explained(path):
            yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise StoreError(
            f"{path} has not the views of this version of Dateline: {str(error).splitlines()[0]} "
            "If an earlier version made it, the next run brings it up to date."
        ) from error


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C while DuckDB works is a KeyboardInterrupt; DuckDB makes a RuntimeError of it."""
    try:
        yield
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise
