"""A whole copy of the working file at the path people query.

Decides when a copy is due and how it is made: beside the target, synced, then renamed, so that
whoever opens the path finds a complete file and whoever has the old one keeps it. Refuses to know
what the file holds.
"""

import fcntl
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

_FICLONE = 0x40049409  # linux/fs.h: share all blocks of another file, on btrfs, XFS, bcachefs …
_CHUNK_BYTES = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What the last publication copied: the working file's size and time of change, and when."""

    bytes: int
    changed_ns: int
    published_at: str

    @classmethod
    def of(cls, working: Path, now: datetime) -> "Published":
        stat = working.stat()
        return cls(bytes=stat.st_size, changed_ns=stat.st_mtime_ns, published_at=now.isoformat())

    def is_still(self, working: Path) -> bool:
        """Whether the working file has not changed since."""
        stat = working.stat()
        return (stat.st_size, stat.st_mtime_ns) == (self.bytes, self.changed_ns)


def last_published(record: Path) -> Published | None:
    """What `record` says of the last publication; None if it says nothing that can be read."""
    try:
        return Published(**json.loads(record.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def publish_copy(working: Path, path: Path, record: Path, now: datetime) -> None:
    """Copy `working` (closed, checkpointed, nobody writing) to `path`. Raises OSError, leaving
    what was published before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        _copy(working, beside)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_directory(path.parent)
    record.write_text(json.dumps(asdict(Published.of(working, now))), "utf-8")


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as reading, target.open("wb") as writing:
        if not _shared(reading.fileno(), writing.fileno()):
            left = os.fstat(reading.fileno()).st_size
            offset = 0
            while left > offset:
                offset += _sent(reading.fileno(), writing.fileno(), offset, left - offset)
        os.fsync(writing.fileno())


def _sent(source: int, target: int, offset: int, count: int) -> int:
    sent = os.sendfile(target, source, offset, min(count, _CHUNK_BYTES))
    if sent == 0:
        raise OSError("the working file became shorter while it was copied")
    return sent


def _shared(source: int, target: int) -> bool:
    """Whether the filesystem let the target share the source's blocks."""
    with suppress(OSError):
        fcntl.ioctl(target, _FICLONE, source)
        return True
    return False


def _sync_directory(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
