"""Where an export may stand, and what it may replace.

An export has a marker, `.dateline-export.<name>` beside it, that tells which files it consists of
(inside a folder of Parquet it would stop readers that take every file for one of theirs: polars
does). Decides that only what is exactly as its marker says is replaced, that nothing is written
into the folders of the store, and that at every moment the export before or the new one is whole.
Refuses to know what is written.
"""

import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from flows.core.errors import StoreError

_MARKER = ".dateline-export"
_STAGE = ".exporting"

# Of each file its bytes and the time of its change, in nanoseconds
_Prints = dict[str, tuple[int, int]]


def placed(target: Path, *, is_folder: bool, store: Path, keep_off: Collection[Path] = ()) -> Path:
    """Where `target` lies, links followed.

    Raises `StoreError` for what must not be written: the store, what lies in or around a folder of
    `keep_off` or the store's own, a device, and whatever is not an export left as it was made.
    """
    place = Path(os.path.realpath(target))
    _refuse_near_the_store(target, place, store, keep_off)
    if not os.path.lexists(place):
        return place
    if not (place.is_dir() or place.is_file()):
        raise StoreError(
            f"{target} is no file that can be replaced whole; 'dateline sql --csv' and --json "
            "write to a pipe."
        )
    if place.is_dir() and not is_folder:
        raise StoreError(f"{target} is a folder; name a file for this format.")
    if place.is_file() and is_folder:
        raise StoreError(f"{target} is a file, and Parquet is written as a folder; name another.")
    _refuse_what_would_be_lost(target, place)
    return place


def replaced_whole(place: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make a file or folder and put it at `place`, marked, once it is whole."""
    stage = place.with_name(f".{place.name}{_STAGE}")
    _put_back(stage, place)
    _clear(stage)
    stage.mkdir()
    try:
        (stage / _MARKER).write_text("{}", encoding="utf-8")
        new = stage / "new"
        write(new)
        _refuse_what_would_be_lost(place, place)  # writing takes time
        _exchange(stage, new, place)
    finally:
        _put_back(stage, place)
        _clear(stage)


def _refuse_near_the_store(
    target: Path, place: Path, store: Path, keep_off: Collection[Path]
) -> None:
    home = Path(os.path.realpath(store))
    if _is_below(place, home):
        raise StoreError(f"{target} is the store itself; name another file for the export.")
    beside = _folded(place.parent) == _folded(home.parent) or _is_same(place.parent, home.parent)
    if beside and _fold(place.name).lstrip(".").startswith(_fold(home.name)):
        raise StoreError(f"{target} is a name the store uses itself; name another.")
    for kept in (home.parent / f".{home.stem}", *keep_off):
        folder = Path(os.path.realpath(kept))
        if _is_below(place, folder):
            raise StoreError(
                f"{target} lies in {kept}, where the store and its archive are kept; name a place "
                "outside for the export."
            )
        if _is_below(folder, place):
            raise StoreError(
                f"{target} holds {kept}, where the store and its archive are kept; name another "
                "place for the export."
            )


def _refuse_what_would_be_lost(target: Path, place: Path) -> None:
    is_empty = not os.path.lexists(place) or not any(_files(place))
    if not is_empty and (why := _why_not_ours(place)) is not None:
        raise StoreError(
            f"{target} {why}, and would be lost. An export replaces only what 'dateline export' "
            "made and nobody changed: name another, or take it away."
        )


def _is_below(path: Path, folder: Path) -> bool:
    """Whether `path` is `folder` or lies in it, by name in whatever case, or by what it is."""
    names, above = _folded(path), _folded(folder)
    if names[: len(above)] == above:
        return True
    return folder.exists() and any(_is_same(one, folder) for one in (path, *path.parents))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _folded(path: Path) -> tuple[str, ...]:
    return tuple(_fold(part) for part in path.parts)


def _fold(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _why_not_ours(place: Path) -> str | None:
    """What of the file or folder is no export as it was made; None when all of it is."""
    made = _marked(place)
    if not made:
        return "was not made by 'dateline export'"
    there: _Prints = {}
    for name, path in _files(place):
        if path.is_symlink() or not path.is_file() or not any(name in one for one in made):
            return f"holds {name}, which 'dateline export' did not make"
        there[name] = _print(path)
    if not any(there.items() <= one.items() for one in made):
        return "was changed after it was exported"
    return None


def _marked(place: Path) -> list[_Prints]:
    """As what the marker knows the export; nothing where there is none to be read."""
    try:
        said = json.loads(_marker(place).read_text(encoding="utf-8"))["made"]
        return [{str(name): (int(size), int(at)) for name, (size, at) in one.items()}
                for one in said]  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _prints(place: Path) -> _Prints:
    return {name: _print(path) for name, path in _files(place)}


def _files(place: Path) -> Iterator[tuple[str, Path]]:
    """Whatever is no folder, by its name below `place`; a file by none."""
    if not place.is_dir():
        yield "", place
        return
    for path in sorted(place.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            yield path.relative_to(place).as_posix(), path


def _print(path: Path) -> tuple[int, int]:
    stat = path.lstat()
    return stat.st_size, stat.st_mtime_ns


def _marker(place: Path) -> Path:
    return place.with_name(f"{_MARKER}.{place.name}")


def _exchange(stage: Path, new: Path, place: Path) -> None:
    made = [_prints(new)]
    before = [_prints(place)] if os.path.lexists(place) else []
    # it knows both while one takes the place of the other, so that a crash leaves an export
    _mark(stage, place, [*made, *before])
    if place.is_dir():  # a folder cannot be renamed over another that holds files
        place.rename(stage / "old")
    new.replace(place)
    _mark(stage, place, made)


def _mark(stage: Path, place: Path, made: list[_Prints]) -> None:
    said = {"made_by": "dateline export, which replaces this export with the next", "made": made}
    half = stage / "marker"
    half.write_text(json.dumps(said), encoding="utf-8")
    half.replace(_marker(place))


def _put_back(stage: Path, place: Path) -> None:
    """Bring back the export before, of which a crash or a failure left no other place."""
    old = stage / "old"
    if old.is_dir() and not os.path.lexists(place):
        old.rename(place)


def _clear(stage: Path) -> None:
    """Remove what an export was made in. Raises `StoreError` when that is somebody else's."""
    if not os.path.lexists(stage):
        return
    if (
        stage.is_symlink()
        or not stage.is_dir()
        or not ((stage / _MARKER).is_file() or not any(stage.iterdir()))
    ):
        raise StoreError(f"{stage} is in the way of the export and not made by it; take it away.")
    shutil.rmtree(stage)
