"""Rewrites archive files without the pages that are no longer kept.

Which those are is the caller's word; here it is decided how a file is replaced so that a reference
leads somewhere at every moment, whenever the machine stops: the new file is whole on the disk
before the table of places names it, and the old one goes last.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flows.archive.members import Member, members
from flows.archive.pages import is_page
from flows.archive.records import Record, decoded, instant
from flows.archive.relocation import (
    OPEN,
    ArchiveFile,
    Places,
    archive_files,
    drop_places,
    keep_places,
    left_behind,
    next_name,
)
from flows.core.errors import ArchiveError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What a pruning did; `freed_bytes` on the disk, `problems` of files left as they are."""

    files: int = 0
    pages: int = 0
    freed_bytes: int = 0
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """Of one file: what stays, and how many pages stay and go."""

    kept: tuple[Member, ...]
    kept_pages: int
    dropped_pages: int


def prune(
    folder: Path,
    *,
    before: datetime,
    is_kept: Callable[[str], bool],
    is_stopped: Callable[[], bool] = lambda: False,
) -> Pruned:
    """Drop the pages fetched before `before` whose archive_ref `is_kept` does not want.

    Files that are being written, that cannot be read to their end, and files other tools wrote
    several records to a member, are left alone. `is_stopped` is asked before each file. To be
    called by one process at a time. Raises `ArchiveError` when a table of places cannot be read.
    """
    for path in left_behind(folder):
        path.unlink()
    done = Pruned()
    for file in archive_files(folder):
        if is_stopped():
            break
        try:
            if file.path.name.endswith(OPEN) or not _is_old(file, before):
                continue
            choice = _choose(file, before, is_kept)
            if choice.dropped_pages:
                freed = _rewrite(folder, file, choice)
                done = replace(
                    done,
                    files=done.files + 1,
                    pages=done.pages + choice.dropped_pages,
                    freed_bytes=done.freed_bytes + freed,
                )
        except ArchiveError as error:
            done = replace(done, problems=(*done.problems, str(error)))
    return done


def _is_old(file: ArchiveFile, before: datetime) -> bool:
    """Whether the file was begun before `before`: one look instead of a reading."""
    first = next(members(file.path), None)
    if first is None:
        return False
    began = instant(decoded(first.content)[0].get("WARC-Date"))
    return began is not None and began < before


def _choose(file: ArchiveFile, before: datetime, is_kept: Callable[[str], bool]) -> _Choice:
    olds = file.old_offsets()
    kept: list[Member] = []
    gone: set[str] = set()
    kept_pages = 0
    for member in members(file.path):
        record, end = decoded(member.content)
        if end < len(member.content):  # several records in one member: not ours
            return _Choice(kept=(), kept_pages=0, dropped_pages=0)
        if is_page(record):
            offset = member.start if olds is None else olds[member.start]
            if _is_younger(record, before) or is_kept(f"{file.name}:{offset}"):
                kept_pages += 1
            else:
                gone.add(record.get("WARC-Record-ID") or "")
                continue
        elif _refers_to(record) in gone:
            continue
        kept.append(_without_content(member))
    return _Choice(kept=tuple(kept), kept_pages=kept_pages, dropped_pages=len(gone))


def _is_younger(record: Record, before: datetime) -> bool:
    at = instant(record.get("WARC-Date"))
    return at is None or at >= before


def _refers_to(record: Record) -> str | None:
    return record.get("WARC-Concurrent-To") or record.get("WARC-Refers-To")


def _without_content(member: Member) -> Member:
    return Member(start=member.start, end=member.end, content=b"")


def _rewrite(folder: Path, file: ArchiveFile, choice: _Choice) -> int:
    """Put a smaller file in the place of `file`; returns the bytes it saved."""
    size = file.path.stat().st_size
    if choice.kept_pages == 0:
        drop_places(folder, file.name)
        file.path.unlink()
        return size
    new = folder / next_name(file)
    moved = _copied(file, choice.kept, new)
    keep_places(folder, Places(original=file.name, file=new.name, moved=moved))
    file.path.unlink()
    return size - new.stat().st_size


def _copied(file: ArchiveFile, kept: tuple[Member, ...], new: Path) -> dict[int, int]:
    """Copy members as they are; returns where each lies now, by the offset references know."""
    olds = file.old_offsets()
    moved: dict[int, int] = {}
    half = new.with_suffix(".half")
    try:
        with file.path.open("rb") as source, half.open("wb") as target:
            for member in kept:
                offset = member.start if olds is None else olds[member.start]
                moved[offset] = target.tell()
                source.seek(member.start)
                target.write(source.read(member.end - member.start))
            target.flush()
            os.fsync(target.fileno())
    except OSError as error:
        half.unlink(missing_ok=True)
        raise ArchiveError(f"cannot rewrite {file.path}: {error}") from error
    half.replace(new)
    return moved
