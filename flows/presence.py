"""Which processes have a run open, told by locks on files named for their process ids.

Decides only whether a process is still there. A process id alone does not say it: after a crash,
and at once in a container, another process gets the same number. The kernel gives a dead process's
locks back, whatever has its number now. Refuses to know what a run is.
"""

import fcntl
import os
from pathlib import Path


class Presence:
    """This process's mark in `folder`, as a context manager; leaving it takes the mark away."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mark: int | None = None

    def __enter__(self) -> "Presence":
        return self

    def __exit__(self, *_: object) -> None:
        if self._mark is not None:
            _let_go(self._mark, self._path(os.getpid()))
            self._mark = None

    def show(self) -> None:
        """Set the mark; runs of one process share it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._path(os.getpid())
        while self._mark is None:
            mark = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(mark, fcntl.LOCK_SH)
            if _is_at(mark, path):
                self._mark = mark
            else:  # taken away between opening and locking
                os.close(mark)

    def sees(self, pid: int) -> bool:
        """Whether the process that showed itself as `pid` is still there."""
        try:
            mark = os.open(self._path(pid), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        return not _let_go(mark, self._path(pid))

    def _path(self, pid: int) -> Path:
        return self._folder / str(pid)


def _is_at(mark: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(mark), path.stat())
    except FileNotFoundError:
        return False


def _let_go(mark: int, path: Path) -> bool:
    """Close `mark`; take its file away, and say so, if nobody else holds it."""
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(mark, path):
            path.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(mark)
    return True
