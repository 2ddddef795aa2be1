"""What a rehearsal may delete: what one wrote before, and nothing else."""

from pathlib import Path

import pytest

from flows.core.errors import DatelineError
from flows.rehearsal.folder import MARK, renewed


def _rehearsed(folder: Path) -> None:
    with renewed(folder):
        for name in ("config", "data", "seeds"):
            (folder / name).mkdir()
            (folder / name / "of it").touch()


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("is_there", [True, False])
def test_a_folder_that_is_empty_or_not_there_becomes_one(tmp_path: Path, is_there: bool) -> None:
    folder = tmp_path / "kept"
    if is_there:
        folder.mkdir()

    _rehearsed(folder)

    assert _names(folder) == [MARK, "config", "data", "seeds"]


def test_a_second_rehearsal_begins_anew_and_leaves_what_others_put_there(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    _rehearsed(folder)
    (folder / "notes.txt").touch()

    with renewed(folder):
        assert _names(folder) == [MARK, "notes.txt"]


def test_a_folder_of_something_else_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "dateline.toml").write_text("theirs")

    with pytest.raises(DatelineError, match="holds something else"), renewed(tmp_path):
        pass

    assert _names(tmp_path) == ["config"]
    assert (tmp_path / "config" / "dateline.toml").read_text() == "theirs"


def test_what_a_link_leads_to_is_not_deleted(tmp_path: Path) -> None:
    folder, theirs = tmp_path / "kept", tmp_path / "theirs"
    _rehearsed(folder)
    theirs.mkdir()
    (theirs / "data.duckdb").touch()
    (folder / "data" / "of it").unlink()
    (folder / "data").rmdir()
    (folder / "data").symlink_to(theirs)

    with renewed(folder):
        assert _names(folder) == [MARK]

    assert _names(theirs) == ["data.duckdb"]


def test_two_at_once_do_not_take_each_others_store_away(tmp_path: Path) -> None:
    folder = tmp_path / "kept"

    with renewed(folder):
        (folder / "data").mkdir()
        with pytest.raises(DatelineError, match="Another rehearsal"), renewed(folder):
            pass
        assert _names(folder) == [MARK, "data"]
