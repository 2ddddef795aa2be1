"""An export replaces what is an export, and stands nowhere near the store."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows.core.errors import StoreError
from flows.store.export_places import placed, replaced_whole

KINDS = pytest.mark.parametrize("is_folder", [True, False], ids=["folder", "file"])


def exported(place: Path, *, is_folder: bool, text: str = "new") -> None:
    """What `dateline export` does, with a text instead of rows."""

    def write(new: Path) -> None:
        if is_folder:
            (new / "month=2026-01").mkdir(parents=True)
        (new / "month=2026-01/data_0.parquet" if is_folder else new).write_text(text)

    store = place.parent / "kept" / "dateline.duckdb"
    replaced_whole(placed(place, is_folder=is_folder, store=store), write)


def held(place: Path) -> dict[str, bytes]:
    """Every file at and below a place."""
    files = [place, *place.rglob("*")]
    return {str(file): file.read_bytes() for file in files if file.is_file()}


@KINDS
def test_an_export_replaces_the_one_before(tmp_path: Path, is_folder: bool) -> None:
    place = tmp_path / "out"
    for text in ("old", "newer", "newest"):
        exported(place, is_folder=is_folder, text=text)
    assert b"newest" in held(place).values()
    assert not list(tmp_path.glob(".out*ing"))


def own_parquet(folder: Path) -> Path:
    """A folder of one's own, as Parquet is kept."""
    folder.mkdir()
    (folder / "measured.parquet").write_bytes(b"PAR1 years of work PAR1")
    return folder


def own_months(folder: Path) -> Path:
    (folder / "month=2023-02").mkdir(parents=True)
    (folder / "month=2023-02" / "data_0.parquet").write_bytes(b"PAR1")
    return folder


def added_to(folder: Path) -> Path:
    exported(folder, is_folder=True)
    (folder / "month=2026-01" / "notes.txt").write_text("mine")
    return folder


def linked_in(folder: Path) -> Path:
    exported(folder, is_folder=True)
    (folder / "elsewhere").symlink_to(folder.parent)
    return folder


def edited(folder: Path) -> Path:
    exported(folder, is_folder=True)
    (folder / "month=2026-01" / "data_0.parquet").write_text("mended by hand")
    return folder


def of_another_marker(folder: Path) -> Path:
    own_parquet(folder)
    (folder.parent / ".dateline-export.out").write_text('{"made": ["measured.parquet"]}')
    return folder


def in_the_place_of_an_export(folder: Path) -> Path:
    exported(folder, is_folder=True)
    shutil.rmtree(folder)
    return own_parquet(folder)


@pytest.mark.parametrize(
    "made",
    [
        own_parquet,
        own_months,
        added_to,
        linked_in,
        edited,
        of_another_marker,
        in_the_place_of_an_export,
    ],
)
def test_a_folder_with_anything_of_ones_own_is_refused(tmp_path: Path, made: object) -> None:
    assert callable(made)
    folder = made(tmp_path / "out")
    before = held(folder)
    with pytest.raises(StoreError, match="would be lost"):
        exported(folder, is_folder=True)
    assert held(folder) == before


def test_a_file_of_ones_own_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "out.csv"
    place.write_text("mine")
    with pytest.raises(StoreError, match="was not made by 'dateline export', and would be lost"):
        exported(place, is_folder=False)
    assert place.read_text() == "mine"


def test_an_export_that_was_edited_since_is_refused(tmp_path: Path) -> None:
    place = tmp_path / "out.csv"
    exported(place, is_folder=False)
    place.write_text("corrected by hand")
    with pytest.raises(StoreError, match="was changed after it was exported"):
        exported(place, is_folder=False)
    assert place.read_text() == "corrected by hand"


def test_another_file_under_the_name_of_an_export_is_refused(tmp_path: Path) -> None:
    exported(tmp_path / "out.csv", is_folder=False)
    (tmp_path / "out.csv").unlink()
    duckdb.connect(str(tmp_path / "out.csv")).close()
    with pytest.raises(StoreError, match="would be lost"):
        exported(tmp_path / "out.csv", is_folder=False)


def test_a_folder_and_a_file_do_not_replace_each_other(tmp_path: Path) -> None:
    exported(tmp_path / "folder", is_folder=True)
    exported(tmp_path / "file", is_folder=False)
    with pytest.raises(StoreError, match="folder is a folder"):
        exported(tmp_path / "folder", is_folder=False)
    with pytest.raises(StoreError, match="file is a file"):
        exported(tmp_path / "file", is_folder=True)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out" / "month=1999-01").mkdir(parents=True)
    exported(tmp_path / "out", is_folder=True)
    assert not (tmp_path / "out" / "month=1999-01").exists()
    assert (tmp_path / "out" / "month=2026-01").is_dir()


@pytest.mark.parametrize(
    "target",
    [
        "data/dateline.duckdb", "data", "data/new", "data/new.csv", "data/.dateline/work.duckdb",
        "data/archive/2026", "DATA/new", "Data/Archive", "out/../data/new", "./data/./new", ".",
        "link/new", "dangling", "..", "data/dateline.duckdb.wal", "data/DATELINE.duckdb",
    ],
)  # fmt: skip
@KINDS
def test_nothing_is_written_where_the_store_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, is_folder: bool
) -> None:
    home = tmp_path / "project"
    data = home / "data"
    (data / ".dateline").mkdir(parents=True)
    (data / "archive").mkdir()
    (data / "dateline.duckdb").write_bytes(b"the store")
    (data / ".dateline" / "work.duckdb").write_bytes(b"the work")
    (home / "link").symlink_to(data)
    (home / "dangling").symlink_to(data / "not there yet")
    monkeypatch.chdir(home)
    for place in (Path(target), home / target):
        with pytest.raises(StoreError):
            placed(
                place, is_folder=is_folder, store=data / "dateline.duckdb",
                keep_off=[data / "archive", data],
            )  # fmt: skip


@pytest.mark.parametrize(
    "name", [".dateline", ".dateline/new", "dateline.duckdb-old.csv", ".dateline.duckdb.new"]
)
def test_the_names_beside_a_store_in_a_shared_folder_are_its_own(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError):
        placed(tmp_path / name, is_folder=False, store=tmp_path / "dateline.duckdb")


def test_a_place_beside_the_store_in_a_shared_folder_may_be_written(tmp_path: Path) -> None:
    place = placed(tmp_path / "out.csv", is_folder=False, store=tmp_path / "dateline.duckdb")
    assert place == tmp_path.resolve() / "out.csv"


def test_a_hard_link_to_a_file_of_the_store_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "work.duckdb").write_bytes(b"the work")
    os.link(tmp_path / "data" / "work.duckdb", tmp_path / "out.csv")
    with pytest.raises(StoreError, match="would be lost"):
        exported(tmp_path / "out.csv", is_folder=False)


@KINDS
def test_writing_that_fails_leaves_the_export_before(tmp_path: Path, is_folder: bool) -> None:
    place = tmp_path / "out"
    exported(place, is_folder=is_folder, text="old")
    before = held(place)

    def fail(new: Path) -> None:
        new.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        replaced_whole(place, fail)
    assert held(place) == before
    exported(place, is_folder=is_folder, text="new")
    assert b"new" in held(place).values()


_KILLED = """
import os, signal, sys
from pathlib import Path
from flows.store import export_places
place, is_folder, at = Path(sys.argv[1]), sys.argv[2] == "folder", int(sys.argv[3])
steps = 0
def step(name):
    real = getattr(Path, name)
    def counted(self, *given, **named):
        global steps
        steps += 1
        if steps == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, *given, **named)
    setattr(Path, name, counted)
for name in ("rename", "replace", "mkdir", "write_text"):
    step(name)
from tests.store.test_export_places import exported
exported(place, is_folder=is_folder)
print(steps)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@KINDS
@pytest.mark.parametrize("at", range(1, 9))
def test_a_kill_at_any_step_leaves_an_export_that_the_next_one_replaces(
    tmp_path: Path, is_folder: bool, at: int
) -> None:
    place = tmp_path / "out"
    exported(place, is_folder=is_folder, text="old")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, place, "folder" if is_folder else "file", str(at)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    whole = [content for content in held(tmp_path).values() if content in (b"old", b"new")]
    assert whole
    exported(place, is_folder=is_folder, text="next")
    assert b"next" in held(place).values()
    assert not list(tmp_path.glob(".out*ing"))


def test_what_is_in_the_way_of_an_export_and_not_its_own_stays(tmp_path: Path) -> None:
    (tmp_path / ".out.exporting").mkdir()
    (tmp_path / ".out.exporting" / "mine.txt").write_text("mine")
    with pytest.raises(StoreError, match="in the way"):
        exported(tmp_path / "out", is_folder=True)
    assert (tmp_path / ".out.exporting" / "mine.txt").read_text() == "mine"


def test_a_copy_of_an_export_is_somebodys_own(tmp_path: Path) -> None:
    exported(tmp_path / "out", is_folder=True)
    shutil.copytree(tmp_path / "out", tmp_path / "copy")
    with pytest.raises(StoreError, match="would be lost"):
        exported(tmp_path / "copy", is_folder=True)
