"""Which runs have a living process, told by locks on marks in the data directory.

Each run holds the lock of a mark of its own for as long as it is open. The kernel frees a dead
process's locks, whatever has its process id now (1 in every container), whatever its machine is
called (a container has another name at each start), and at a reboot frees all. So a mark whose lock
is held is a living run's; one that nobody holds, or that is not there, is a dead one's.

That is true wherever the file system shows one machine's locks to another: local disks, volumes
of containers, NFS. Elsewhere two machines could write one store without knowing. So each mark
beats, and one that beats while its lock looks free ends whoever finds it. Marks of this very start
of the kernel are not watched: its locks are all seen. Refuses to know what a run is.
"""

import fcntl
import logging
import os
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path

from flows.core.errors import StoreError

logger = logging.getLogger(__name__)

# A mark that was not written for two and a half beats belongs to a machine that went down.
BEAT_SECONDS = 10.0
_WATCHED_BEATS = 2.5
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class Presence:
    """The mark of the run `run_id` in `folder`. `boot` and `beat_seconds` are others in tests."""

    def __init__(
        self,
        folder: Path,
        run_id: str,
        *,
        boot: str | None = None,
        beat_seconds: float = BEAT_SECONDS,
    ) -> None:
        self._folder = folder
        self._run_id = run_id
        self._boot = boot or _boot_id()
        self._beat_seconds = beat_seconds
        self._mark: int | None = None
        self._leaving = threading.Event()
        self._beating: threading.Thread | None = None

    def show(self) -> None:
        """Set the mark, and clear those of the dead away.

        Raises `StoreError` when a machine whose locks cannot be seen from here writes beside us.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        # shown before looking around: of two that begin at once, one at least sees the other
        self._mark = _shown(self._path(self._run_id))
        self._beat(0)
        self._beating = threading.Thread(target=self._beat_on, name="presence", daemon=True)
        self._beating.start()
        self._clear()

    def close(self) -> None:
        """Take the mark away."""
        self._leaving.set()
        if self._beating is not None:
            self._beating.join()
        if self._mark is not None:
            self._path(self._run_id).unlink(missing_ok=True)  # before its lock falls
            os.close(self._mark)
            self._mark = None

    def sees(self, run_id: str) -> bool:
        """Whether the run `run_id` has a living process."""
        return _is_held(self._path(run_id))

    def _clear(self) -> None:
        """Take the marks of the dead away, once those of another boot were seen to lie still."""
        free = [path for path in self._folder.iterdir() if not _is_held(path)]
        strange = {path: said for path in free if self._boot not in (said := _read(path)) and said}
        if strange:
            self._watch(strange)
        for path in free:
            _clear_away(path)

    def _watch(self, strange: dict[Path, str]) -> None:
        """Wait until a beat of each is overdue; raises `StoreError` for one that came."""
        seconds = self._beat_seconds * _WATCHED_BEATS
        logger.info("a run of another start of the machine left its mark: watched %.0f s", seconds)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._leaving.wait(self._beat_seconds / 5):
            for path, said in strange.items():
                now_said = _read(path)
                if now_said and now_said != said and not _is_held(path):
                    raise StoreError(
                        f"{_machine(now_said)} is writing to {self._folder.parent}, and its locks "
                        "are not seen from here: run everything that writes on one machine"
                    )

    def _beat_on(self) -> None:
        count = 0
        while not self._leaving.wait(self._beat_seconds):
            count += 1
            self._beat(count)

    def _beat(self, count: int) -> None:
        """Write the mark anew, in the same length. A full disk must not end a run for it."""
        said = (
            f"{count:08} beats of process {os.getpid()} on {socket.gethostname()}, {self._boot}\n"
        )
        with suppress(OSError):
            if self._mark is not None:
                os.pwrite(self._mark, said.encode(), 0)

    def _path(self, run_id: str) -> Path:
        return self._folder / run_id


def living_runs(folder: Path) -> tuple[str, ...]:
    """The runs whose marks in `folder` are held by a living process, in order of their ids."""
    try:
        marks = sorted(folder.iterdir())
    except FileNotFoundError:
        return ()
    return tuple(path.name for path in marks if _is_held(path))


def _boot_id() -> str:
    """One start of this machine's kernel, the same in all its containers."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return socket.gethostname()  # not Linux: the next best


def _shown(path: Path) -> int:
    """The mark at `path`, locked by us."""
    while True:
        mark = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(mark, fcntl.LOCK_EX)
        if _is_at(mark, path):
            return mark
        os.close(mark)  # cleared away between making and locking


def _is_held(path: Path) -> bool:
    try:
        mark = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(mark)
    return False


def _clear_away(path: Path) -> None:
    """Remove the mark at `path`, unless somebody holds it."""
    with suppress(FileNotFoundError, BlockingIOError):
        mark = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(mark, path):
                path.unlink()
        finally:
            os.close(mark)


def _is_at(mark: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(mark), path.stat())
    except FileNotFoundError:
        return False


def _read(path: Path) -> str:
    """What a mark says; opened anew each time, as network file systems want it (close-to-open)."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _machine(said: str) -> str:
    return said.partition(" on ")[2].partition(",")[0] or "another machine"
