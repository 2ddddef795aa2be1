"""A copy of what cannot be made again: the published file, the archive, the configuration.

The copy lies as the original does below the folder that holds `config/`, so that it is a project in
itself: `dateline check --config COPY/config` tries it, and copied back it is the original. Taken at
any time, while runs write too. Decides what is copied, in which order, and that nothing is deleted
but what is a name of the past; refuses to know what it holds.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flows.core.errors import DatelineError
from flows.core.settings import Settings

_MARK = "backup.json"
# Where what lies outside of the project's folder goes
_ELSEWHERE = "elsewhere"
_OPEN = ".open"  # a file of the archive that a run writes


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup did: files and bytes copied now, and how many files it holds in all."""

    copied: int
    bytes: int
    files: int


def back_up(settings: Settings, target: Path, now: datetime) -> BackedUp:
    """Copy what is new since the last time into `target`.

    The store first and the archive then, so that every page the copied store speaks of is there.
    Raises `DatelineError` when there is no store, or `target` holds other things or lies within
    what is copied; OSError when the disk is full.
    """
    target = Path(os.path.abspath(target))  # noqa: PTH100  resolve() would follow links
    _refuse(settings, target)
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o700)  # [notify] may hold secrets
    _mark(settings, target, now)
    copied = size = files = 0
    for source in _sources(settings):
        files += 1
        place = target / _place(settings, source)
        if not _is_new(source, place):
            continue
        _copy(source, place)
        copied += 1
        size += place.stat().st_size
    _forget_open(settings, target)
    return BackedUp(copied=copied, bytes=size, files=files)


def _refuse(settings: Settings, target: Path) -> None:
    if not settings.store.path.exists():
        raise DatelineError(f"There is no store at {settings.store.path} yet: nothing to back up")
    for inside in (settings.archive.path, settings.config_dir, settings.state_dir):
        if target == inside or inside in target.parents:
            raise DatelineError(f"{target} lies within {inside}, which is backed up: name another")
    if target == settings.base:
        raise DatelineError(f"{target} is what is to be backed up: name another folder")
    if target.exists() and not (target / _MARK).exists() and any(target.iterdir()):
        raise DatelineError(f"{target} holds other things: name a new folder, or an empty one")


def _mark(settings: Settings, target: Path, now: datetime) -> None:
    """Say what this folder is, and from where."""
    said = {
        "what": "a backup by `dateline backup`; docs/operating.md says how it is restored",
        "of": str(settings.base),
        "begun_at": now.isoformat(),
        "config": str(_place(settings, settings.config_dir)),
    }
    (target / _MARK).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def _sources(settings: Settings) -> Iterator[Path]:
    yield settings.store.path
    for folder in (settings.config_dir, settings.seeds_dir, settings.archive.path):
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def _place(settings: Settings, source: Path) -> Path:
    """Where a file or folder lies in the copy."""
    if source.is_relative_to(settings.base):
        return source.relative_to(settings.base)
    return Path(_ELSEWHERE) / source.relative_to(source.anchor)


def _is_new(source: Path, place: Path) -> bool:
    try:
        theirs, ours = source.stat(), place.stat()
    except FileNotFoundError:
        return True
    return (theirs.st_size, theirs.st_mtime_ns) != (ours.st_size, ours.st_mtime_ns)


def _copy(source: Path, place: Path) -> None:
    """Copy beside the place, synced, then rename: a broken-off backup leaves the last one whole."""
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{place.name}.new")
    try:
        with source.open("rb") as reading, fresh.open("wb") as writing:
            stood = os.fstat(reading.fileno())
            shutil.copyfileobj(reading, writing, 1 << 20)
            writing.flush()
            os.fsync(writing.fileno())
        # as it stood when it was opened: what has grown meanwhile is new the next time
        os.utime(fresh, ns=(stood.st_atime_ns, stood.st_mtime_ns))
        fresh.replace(place)
    except FileNotFoundError:
        fresh.unlink(missing_ok=True)
        if source.exists():
            raise  # else it was pruned or renamed since it was listed
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _forget_open(settings: Settings, target: Path) -> None:
    """A file that a run wrote has its final name now: the copy under the name of then is double."""
    folder = target / _place(settings, settings.archive.path)
    for path in folder.glob(f"*{_OPEN}"):
        final = settings.archive.path / path.name.removesuffix(_OPEN)
        if final.exists() and not (settings.archive.path / path.name).exists():
            path.unlink()
