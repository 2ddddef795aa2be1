"""Where records of a rewritten file lie now, so that an archive_ref stays valid for ever.

Beside a rewritten `run-00001.warc.gz` stands `run-00001.warc.gz.places.json`: the name of the file
that took its place, and old offsets → new ones. It is put there before the old file is removed, so
that a reference leads somewhere at every moment of a rewriting.
"""

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flows.archive.members import Place
from flows.core.errors import ArchiveError

OPEN = ".open"
_PLACES = ".places.json"
_SUFFIXES = (".warc.gz", ".warc")
_REWRITTEN = re.compile(r"\.kept(\d+)\.warc\.gz$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """`file` holds now what `original` held; `moved` leads from the offsets there to those here."""

    original: str
    file: str
    moved: dict[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFile:
    """A file of the archive under the name references know it by."""

    name: str
    path: Path
    moved: dict[int, int] | None = None

    def old_offsets(self) -> dict[int, int] | None:
        """New offsets → the offsets references name; None when nothing moved."""
        return None if self.moved is None else {new: old for old, new in self.moved.items()}


def archive_files(folder: Path) -> list[ArchiveFile]:
    """The WARC files of the archive by name; files being written stand under their final name."""
    originals = {
        path.name.removesuffix(OPEN): path
        for path in folder.glob("*.warc*")
        if path.name.removesuffix(OPEN).endswith(_SUFFIXES) and not _REWRITTEN.search(path.name)
    }
    found = [ArchiveFile(name=name, path=path) for name, path in originals.items()]
    found += [
        ArchiveFile(name=places.original, path=folder / places.file, moved=places.moved)
        for places in _tables(folder)
        if places.original not in originals
    ]
    return sorted(found, key=lambda file: file.name)


def left_behind(folder: Path) -> list[Path]:
    """What a rewriting that was stopped left: files no table names, or that a table replaced."""
    tables = list(_tables(folder))
    current = {places.file for places in tables}
    stray = [path for path in folder.glob("*.warc.gz")
             if _REWRITTEN.search(path.name) and path.name not in current]  # fmt: skip
    replaced = [folder / places.original for places in tables]
    return [*stray, *folder.glob("*.half"), *(path for path in replaced if path.exists())]


def next_name(file: ArchiveFile) -> str:
    """What `file` is called once it is rewritten."""
    match = _REWRITTEN.search(file.path.name)
    serial = int(match[1]) + 1 if match else 1
    return f"{file.name.removesuffix('.warc.gz')}.kept{serial}.warc.gz"


def locate(folder: Path, ref: str) -> tuple[Path, Place]:
    """The file and place an archive_ref means. Raises `ArchiveError`."""
    name, _, where = ref.rpartition(":")
    if Path(name).name != name or not name.endswith(_SUFFIXES):
        raise ArchiveError(f"{ref!r} is no archive reference; those look like 'file.warc.gz:1234'")
    try:
        place = Place.parse(where)
    except ValueError as error:
        raise ArchiveError(f"{ref!r} names no offset") from error
    for path in (folder / name, folder / (name + OPEN)):
        if path.exists():
            return path, place
    return _moved(folder, name, place)


def _moved(folder: Path, name: str, place: Place) -> tuple[Path, Place]:
    path = folder / (name + _PLACES)
    if not path.exists():
        raise ArchiveError(f"{name} is not in the archive {folder}; it was pruned or taken away")
    places = _read(path)
    if place.offset not in places.moved:
        raise ArchiveError(f"the page at {name}:{place} was pruned")
    return folder / places.file, Place(offset=places.moved[place.offset], skip=place.skip)


def keep_places(folder: Path, places: Places) -> None:
    """Write the table in one step."""
    path = folder / (places.original + _PLACES)
    half = path.with_suffix(".half")
    with half.open("w", encoding="utf-8") as file:
        json.dump({"file": places.file, "moved": places.moved}, file)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def drop_places(folder: Path, original: str) -> None:
    """Remove the table; the references into its file lead nowhere from now on."""
    (folder / (original + _PLACES)).unlink(missing_ok=True)


def _tables(folder: Path) -> Iterator[Places]:
    return (_read(path) for path in sorted(folder.glob(f"*{_PLACES}")))


def _read(path: Path) -> Places:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        moved = {int(old): int(new) for old, new in content["moved"].items()}
        return Places(
            original=path.name.removesuffix(_PLACES), file=str(content["file"]), moved=moved
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"cannot read the table of places {path}: {error}") from error
