"""A backup can be restored, costs what is new, and touches nothing of anybody else's."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from flows.archive.archive import Archive
from flows.core.errors import DatelineError
from flows.core.settings import Settings, load_settings
from flows.operations.backup import back_up
from flows.operations.check import check_everything
from flows.store import Store, open_published
from flows.store.append import append
from tests.archive.pages import NOW, a_page
from tests.store.samples import batch, new_article

LATER = NOW + timedelta(days=1)
CONFIG = Path(__file__).parents[2] / "config"


def stored(settings: Settings, name: str) -> None:
    """An article more in the store, and its page in the archive."""
    store = Store(settings.store.path, settings.state_dir, lambda: NOW)
    store.prepare()
    with Archive(settings.archive.path, f"run-{name}", lambda: NOW) as archive:
        ref = archive.write(a_page(f"http://daily.test/{name}"))
    article = new_article(name, f"The peace plan {name} was read.", archive_ref=ref)
    with store.turn() as con:
        append(con, batch(article))
    store.publish()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A project of one article, with its page."""
    base = tmp_path / "project"
    shutil.copytree(CONFIG, base / "config")
    (base / "seeds").mkdir()
    (base / "seeds" / "one.txt").write_text("a seed", encoding="utf-8")
    made = load_settings(base / "config")
    stored(made, "aaa")
    return made


def articles(settings: Settings) -> list[str]:
    with open_published(settings.store.path) as con:
        return [str(row[0]) for row in con.execute("select url from articles").fetchall()]


def test_a_backup_is_a_project_in_itself_and_sound(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy", LATER)

    copy = load_settings(tmp_path / "copy" / "config")
    assert all(finding.holds for finding in check_everything(copy))
    assert articles(copy) == articles(settings)
    assert (tmp_path / "copy" / "seeds" / "one.txt").read_text() == "a seed"


def test_what_was_lost_comes_back_and_goes_on_where_it_was(
    settings: Settings, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "copy", LATER)
    before = articles(settings)
    shutil.rmtree(settings.base)

    shutil.copytree(tmp_path / "copy", settings.base)
    assert articles(settings) == before
    stored(settings, "bbb")

    assert len(articles(settings)) == 2
    assert all(finding.holds for finding in check_everything(settings))


def test_the_next_backup_copies_what_is_new(settings: Settings, tmp_path: Path) -> None:
    first = back_up(settings, tmp_path / "copy", LATER)
    again = back_up(settings, tmp_path / "copy", LATER)
    stored(settings, "bbb")
    third = back_up(settings, tmp_path / "copy", LATER)

    assert first.copied == first.files
    assert (again.copied, again.files) == (0, first.files)
    assert (third.copied, third.files) == (2, first.files + 1)  # the store, a file of the archive
    assert len(articles(load_settings(tmp_path / "copy" / "config"))) == 2


def test_a_file_that_a_run_was_writing_is_kept_once(settings: Settings, tmp_path: Path) -> None:
    archive = Archive(settings.archive.path, "run-c", lambda: NOW)
    archive.write(a_page("http://daily.test/c"))
    back_up(settings, tmp_path / "copy", LATER)
    kept = tmp_path / "copy" / "data" / "archive"
    assert len(list(kept.glob("*.open"))) == 1
    archive.close()

    back_up(settings, tmp_path / "copy", LATER)

    assert list(kept.glob("*.open")) == []
    assert len(list(kept.glob("*.warc.gz"))) == 2


def test_what_lies_outside_of_the_project_is_kept_under_its_whole_name(
    settings: Settings, tmp_path: Path
) -> None:
    outside = tmp_path / "disk" / "archive"
    shutil.move(settings.archive.path, outside)
    moved = settings.model_copy(
        update={"archive": settings.archive.model_copy(update={"path": outside})}
    )

    back_up(moved, tmp_path / "copy", LATER)

    place = tmp_path / "copy" / "elsewhere" / outside.relative_to("/")
    assert len(list(place.glob("*.warc.gz"))) == 1


def test_a_folder_of_other_things_is_refused_and_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letters.txt").write_text("mine")

    with pytest.raises(DatelineError, match="holds other things"):
        back_up(settings, other, LATER)
    assert [path.name for path in other.iterdir()] == ["letters.txt"]


@pytest.mark.parametrize("inside", ["data/archive/copy", "config/copy", ".", "data/.dateline"])
def test_a_folder_within_what_is_backed_up_is_refused(settings: Settings, inside: str) -> None:
    with pytest.raises(DatelineError, match="name another"):
        back_up(settings, settings.base / inside, LATER)


def test_without_a_store_there_is_nothing_to_back_up(settings: Settings, tmp_path: Path) -> None:
    settings.store.path.unlink()

    with pytest.raises(DatelineError, match="nothing to back up"):
        back_up(settings, tmp_path / "copy", LATER)


def test_nobody_else_may_read_the_copy(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "copy", LATER)

    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
