"""Whose turn it is to write: a fair queue across processes and threads, without a server.

Decides the order of turns: first come, first served, whoever dies leaves the queue. Each waiter
holds a lock on its own ticket file and waits for the lock of the one before it (the queue lock of
Craig and of Landin & Hagersten, 1993, with files for nodes): the kernel gives a dead process's
locks back, so no time-out is needed and nobody polls. Refuses to know what a turn is used for.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


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
