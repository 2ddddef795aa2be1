"""Whose turn it is to write: a fair queue across processes and threads, without a server.

Decides the order of turns: first come, first served, whoever dies leaves the queue. Each waiter
holds a lock on its own ticket file and waits for the lock of the one before it (the queue lock of
Craig and of Landin & Hagersten, 1993, with files for nodes): the kernel gives a dead process's
locks back, so no time-out is needed and nobody polls. Refuses to know what a turn is used for.

Connections to the working and the published file, and DuckDB's errors in our words.

Decides how DuckDB is opened (limits, zone, format); refuses to know any table.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from flows.core.errors import StoreDamaged, StoreError, StoreFull, StoreRefused


@contextmanager
def turn_in(queue: Path) -> Iterator[None]:
    """Wait for this caller's turn in the directory `queue` (created), hold it, and pass it on."""
    queue.mkdir(parents=True, exist_ok=True)
    ticket, number = _ticket(queue)
    try:
        _wait(queue, number)
        yield
    finally:
        _path(queue, number).unlink(missing_ok=True)
        fcntl.flock(ticket, fcntl.LOCK_UN)  # a forked child may share the descriptor for longer
        os.close(ticket)


def _ticket(queue: Path) -> tuple[int, int]:
    """Take the next number: the ticket's locked descriptor, and the number."""
    gate = os.open(queue / "gate", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(gate, fcntl.LOCK_EX)
        number = max(_numbers(queue), default=0) + 1
        ticket = os.open(
            _path(queue, number), os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644
        )
        fcntl.flock(ticket, fcntl.LOCK_EX)
        return ticket, number
    finally:
        os.close(gate)


def _wait(queue: Path, number: int) -> None:
    """Wait for the nearest ticket before ours, until there is none. Dead ones are cleared away."""
    while before := [other for other in _numbers(queue) if other < number]:
        nearest = max(before)
        with suppress(FileNotFoundError):
            held = os.open(_path(queue, nearest), os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(held, fcntl.LOCK_EX)
                # its owner has gone: by finishing (then the file is gone too) or by dying
                _path(queue, nearest).unlink(missing_ok=True)
            finally:
                os.close(held)


def _numbers(queue: Path) -> list[int]:
    return [int(path.stem) for path in queue.glob("*.ticket")]


def _path(queue: Path, number: int) -> Path:
    return queue / f"{number}.ticket"


Connection = duckdb.DuckDBPyConnection

# What DuckDB 1.4 and later open, half the size of the format before it; 2.0's own opens only in
# 2.0.
STORAGE_VERSION = "v1.4.0"
# DuckDB takes 80 % of the machine unless told. At a million articles a commit of 500 peaks at
# 530 MB with this, Python and Arrow included; the index is sorted within it, spilling to disk.
_WRITER_MEMORY = "300MB"
# Nothing is fetched, loaded or installed: the file must be usable without the internet.
_QUIET: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


@contextmanager
def open_working(path: Path) -> Iterator[Connection]:
    """The working file for writing, created if absent. One process at a time: see `turns`."""
    connection = duckdb.connect(
        config=_QUIET | {"memory_limit": _WRITER_MEMORY, "temp_directory": f"{path}.tmp"}
    )
    try:
        with explained(path):
            connection.execute(
                f"attach {quoted(path)} as work (storage_version '{STORAGE_VERSION}')"
            )
            connection.execute("use work")
            connection.execute("set timezone = 'UTC'")
            yield connection
    finally:
        with suppress(duckdb.Error):  # a dead connection has nothing left to give back
            connection.execute("use memory")
            connection.execute("detach work")
        connection.close()


@contextmanager
def open_published(path: Path, *, memory_limit: str | None = None) -> Iterator[Connection]:
    """The published file, read-only, as any client sees it. Raises `StoreError` if there is none.

    The connection can neither write nor reach any other file: queries of people run on it.
    `memory_limit`, as "100MB": for whoever holds it open for long; DuckDB's own is most of the
    machine.
    """
    with _reading(path) as connection:
        if memory_limit is not None:
            connection.execute(f"set memory_limit = '{memory_limit}'")
        connection.execute("set enable_external_access = false")
        connection.execute("set lock_configuration = true")
        yield connection


@contextmanager
def open_for_export(path: Path) -> Iterator[Connection]:
    """As `open_published`, but able to write other files: for our own statements only."""
    with _reading(path) as connection:
        yield connection


@contextmanager
def _reading(path: Path) -> Iterator[Connection]:
    if not path.exists():
        raise StoreError(f"There is no store at {path} yet: 'dateline run' creates it.")
    # a database of its own, so that each opening sees what is published then: DuckDB shares what
    # one process opens by path, and would show the file that was there before the rename
    connection = duckdb.connect(config=_QUIET | {"python_enable_replacements": "false"})
    try:
        with explained(path):
            connection.execute(f"attach {quoted(path)} as dateline (read_only)")
        connection.execute("use dateline")
        connection.execute("set timezone = 'UTC'")
        yield connection
    finally:
        connection.close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn DuckDB's errors about the file itself into ours; others pass."""
    try:
        yield
    except duckdb.Error as error:
        ours = _ours(path, error)
        if ours is None:
            raise
        raise ours from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise _full(path) from error


def quoted(path: Path) -> str:
    """A path as an SQL string: where DuckDB takes no parameter."""
    return "'" + str(path).replace("'", "''") + "'"


# What DuckDB says of a file that is cut short or overwritten
_DAMAGE = ("checksum", "not a valid duckdb", "corrupt", "could not read enough bytes")


def _ours(path: Path, error: duckdb.Error) -> StoreError | None:
    said = str(error)
    lower = said.lower()
    if "no space left" in lower or "disk quota" in lower or "could not write all bytes" in lower:
        return _full(path)
    if any(sign in lower for sign in _DAMAGE):
        return StoreDamaged(
            f"{path} is damaged: {said.splitlines()[0]} docs/operating.md says how to go on."
        )
    if "conflicting lock" in lower:
        return StoreError(
            f"Another program has {path} open, which is Dateline's working file: {said} "
            "Read the published file instead."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return StoreError(f"{path}: this machine's memory is not enough. {said.splitlines()[0]}")
    if isinstance(error, duckdb.IOException):
        return StoreError(f"{path} cannot be used: {said.splitlines()[0]}")
    if isinstance(error, duckdb.DataError | duckdb.IntegrityError):
        return StoreRefused(f"{path} cannot hold a value: {said.splitlines()[0]}")
    return None


def _full(path: Path) -> StoreFull:
    return StoreFull(
        f"The disk that holds {path.parent} is full. What was committed before is whole; "
        "free some space and run again."
    )
