"""The archive: every fetched page in WARC files, found again by its reference in one seek.

A run writes files of its own, `<run>-<serial>.warc.gz`, rotated by size and named `….open` while
they are written. A crash leaves one behind; the next run cuts off a torn end and closes it. An
`archive_ref` is "file:offset" and stays valid: when `flows.archive.pruning` rewrites a file, a
table of places beside it leads from old offsets to new ones. Decides nothing about what is kept.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from flows.archive.members import Place, Torn, members, records
from flows.archive.pages import (
    decoded_page,
    encoded_info,
    encoded_note,
    encoded_page,
    is_page,
    speaks_of,
)
from flows.archive.records import Record
from flows.archive.relocation import OPEN, ArchiveFile, archive_files, locate
from flows.core import Page
from flows.core.deflate import gzip_member
from flows.core.errors import ArchiveError
from flows.core.times import Clock

if sys.platform != "win32":
    import fcntl

_ROTATE_BYTES = 256_000_000  # a pruning rewrites whole files; tools are at ease up to 1 GB
_SUFFIX = ".warc.gz"


class Archive:
    """The archive as one run writes it. Not for two threads at once.

    `path` is the archive's folder, made on the first write. Usable as a context manager; without,
    `close` is to be called, or the next run does what it would have done.
    """

    def __init__(
        self, path: Path, run_id: str, clock: Clock, *, rotate_bytes: int = _ROTATE_BYTES
    ) -> None:
        self._path = path
        self._run_id = run_id
        self._clock = clock
        self._rotate_bytes = rotate_bytes
        self._file: BinaryIO | None = None
        self._name = ""
        self._size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def write(self, page: Page, *, request: Iterable[tuple[str, str]] = ()) -> str:
        """Append the page (and the headers of its request); returns its archive_ref."""
        file = self._opened()
        ref = f"{self._name}:{self._size}"
        parts = encoded_page(page, ref, request)
        self._append(file, b"".join(gzip_member(part) for part in parts))
        return ref

    def note(self, ref: str, decision: Mapping[str, str]) -> None:
        """Append what was decided of the page at `ref`: names and values in one line each."""
        file = self._opened()
        self._append(file, gzip_member(encoded_note(ref, decision, at=self._clock())))

    def close(self) -> None:
        """Bring the open file to the disk and give it its final name."""
        if self._file is None:
            return
        file, self._file = self._file, None
        _sync(file)
        (self._path / (self._name + OPEN)).rename(self._path / self._name)
        file.close()

    def _opened(self) -> BinaryIO:
        if self._file is not None and self._size >= self._rotate_bytes:
            self.close()
        if self._file is None:
            self._path.mkdir(parents=True, exist_ok=True)
            recover(self._path)
            self._file = self._next_file()
            self._append(self._file, gzip_member(self._info()))
        return self._file

    def _next_file(self) -> BinaryIO:
        serial = 0
        while True:
            serial += 1
            self._name = f"{self._run_id}-{serial:05}{_SUFFIX}"
            if _is_taken(self._path, self._name):
                continue
            beginning = self._path / (self._name + OPEN)
            file = beginning.open("xb", buffering=0)
            if _try_lock(file) and beginning.exists():
                self._size = 0
                return file
            file.close()  # another run took it for one left open, before it was locked

    def _info(self) -> bytes:
        return encoded_info(self._name, self._run_id, at=self._clock())

    def _append(self, file: BinaryIO, content: bytes) -> None:
        """One write, so that a kill leaves at most one torn bundle, at the end."""
        view = memoryview(content)
        try:
            while view:
                view = view[file.write(view) or 0 :]
        except OSError:
            file.seek(self._size)  # a full disk must not leave half a bundle before the next
            file.truncate()
            raise
        self._size += len(content)


def read_archived(path: Path, ref: str) -> Page:
    """The page that `ref` names in the archive at `path`. Raises `ArchiveError`."""
    file, place = locate(path, ref)
    found = records(file, place.offset)
    for at, record in found:
        if at == place and is_page(record):
            return decoded_page(record, _spoken_of(record, next(found, None)), ref)
        if at.offset != place.offset:
            break
    raise ArchiveError(f"there is no page at {ref}")


def archived_pages(path: Path) -> Iterator[Page]:
    """Every page of the archive, by file and place; `archive_ref` names each.

    Reads other tools' WARC files in the folder as well. A torn end is passed over.
    """
    for file in archive_files(path):
        try:
            yield from _pages_of(file)
        except Torn:
            continue


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The pages of one file by their archive_ref; `problem`: why it ends before its end."""

    refs: frozenset[str]
    problem: str | None = None


def contents(file: ArchiveFile) -> Contents:
    """Read `file` whole. Of a file that is being written, only what is there counts."""
    olds = file.old_offsets()
    refs: set[str] = set()
    try:
        for at, record in records(file.path):
            if is_page(record):
                old = at.offset if olds is None else olds[at.offset]
                refs.add(f"{file.name}:{Place(offset=old, skip=at.skip)}")
    except (ArchiveError, KeyError) as error:
        if not (isinstance(error, Torn) and file.path.name.endswith(OPEN)):
            return Contents(refs=frozenset(refs), problem=str(error))
    return Contents(refs=frozenset(refs))


def recover(path: Path) -> list[str]:
    """Close the files that crashed runs left open, without their torn ends; returns their names.

    Files of runs that are alive are theirs.
    """
    recovered = []
    for left in sorted(path.glob(f"*{_SUFFIX}{OPEN}")):
        # its run, or another that recovers, may just have closed it
        with suppress(FileNotFoundError), left.open("r+b") as file:
            if not (_try_lock(file) and left.exists()):
                continue
            file.truncate(_whole_bytes(left))
            os.fsync(file.fileno())
            left.rename(left.with_suffix(""))
            recovered.append(left.with_suffix("").name)
    return recovered


def _pages_of(file: ArchiveFile) -> Iterator[Page]:
    olds = file.old_offsets()
    waiting: tuple[Place, Record] | None = None
    for at, record in records(file.path):
        if waiting is not None:
            place, response = waiting
            yield decoded_page(response, _spoken_of(response, (at, record)), f"{file.name}:{place}")
            waiting = None
        if is_page(record):
            old = at.offset if olds is None else olds[at.offset]
            waiting = Place(offset=old, skip=at.skip), record
    if waiting is not None:
        yield decoded_page(waiting[1], None, f"{file.name}:{waiting[0]}")


def _spoken_of(response: Record, following: tuple[Place, Record] | None) -> Record | None:
    """The record after a response when it tells how that was fetched."""
    if following is not None and speaks_of(following[1], response):
        return following[1]
    return None


def _whole_bytes(path: Path) -> int:
    end = 0
    try:
        for member in members(path):
            end = member.end
    except Torn as torn:
        return torn.start
    return end


def _is_taken(folder: Path, name: str) -> bool:
    return any(folder.glob(f"{name}*"))


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _try_lock(file: BinaryIO) -> bool:
    """Whether the file is ours now. A dead process holds nothing."""
    if sys.platform == "win32":
        return True  # an open file cannot be renamed there, which protects a live run as well
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
