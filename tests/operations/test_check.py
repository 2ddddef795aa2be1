"""The archive is whole when every record can be read and every stored article's page is there."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from flows.archive.archive import Archive
from flows.archive.pruning import prune
from flows.operations.check import check_archive, check_everything
from flows.store import Store
from flows.store.append import append
from tests.archive.pages import NOW, a_page
from tests.opened import settings_in
from tests.store.samples import batch, new_article

LATER = NOW + timedelta(days=1)
URLS = ("http://daily.test/1", "http://daily.test/2", "http://daily.test/3")


@pytest.fixture
def refs(tmp_path: Path) -> list[str]:
    with Archive(tmp_path, "run-1", lambda: NOW) as archive:
        return [archive.write(a_page(url)) for url in URLS]


def _broken(folder: Path, refs: list[str]) -> list[tuple[str, int | None]]:
    found = check_archive(folder, frozenset(refs))
    return [(one.rule.split(" ", 1)[1][:6], one.broken) for one in found if not one.holds]


def test_an_archive_of_ours_is_whole(tmp_path: Path, refs: list[str]) -> None:
    rules = [one.rule for one in check_archive(tmp_path, frozenset(refs)) if one.holds]
    assert rules == [
        "every record of 1 files (3 pages) can be read",
        "the page of every stored article is there",
    ]


def test_a_file_cut_short_is_found_and_the_page_it_cost(tmp_path: Path, refs: list[str]) -> None:
    (file,) = tmp_path.glob("*.warc.gz")
    file.write_bytes(file.read_bytes()[:-200])
    assert _broken(tmp_path, refs[:2]) == [("record", 1)]


def test_a_file_taken_away_is_missed(tmp_path: Path, refs: list[str]) -> None:
    (file,) = tmp_path.glob("*.warc.gz")
    file.unlink()
    assert _broken(tmp_path, refs) == [("page o", 3)]


def test_the_torn_end_of_a_file_being_written_is_no_fault(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "run-1", lambda: NOW)
    ref = archive.write(a_page(URLS[0]))
    (file,) = tmp_path.glob("*.open")
    with file.open("ab") as more:
        more.write(b"\x1f\x8b\x08\x00")
    assert _broken(tmp_path, [ref]) == []
    archive.close()


def test_pages_behind_a_broken_record_are_not_called_lost(tmp_path: Path, refs: list[str]) -> None:
    (file,) = tmp_path.glob("*.warc.gz")
    content = bytearray(file.read_bytes())
    content[_offset(refs[0]) + 30] ^= 0xFF
    file.write_bytes(content)
    assert _broken(tmp_path, refs) == [("record", 1), ("page o", 1)]


def test_a_file_that_is_no_archive_is_named(tmp_path: Path, refs: list[str]) -> None:
    (tmp_path / "notes.warc.gz").write_text("to do")
    (broken,) = (one for one in check_archive(tmp_path, frozenset(refs)) if not one.holds)
    assert "notes.warc.gz" in broken.detail


def test_what_the_store_cannot_say_is_not_called_there(tmp_path: Path) -> None:
    *_, there = check_archive(tmp_path, None)
    assert (there.rule[:8], there.broken) == ("the page", None)


@pytest.mark.parametrize("left", [0, 0.5])
def test_a_store_cut_short_is_a_finding(tmp_path: Path, left: float) -> None:
    settings = settings_in(tmp_path)
    path = settings.store.path
    store = Store(path, settings.state_dir, lambda: NOW)
    store.prepare()
    with store.turn() as con:
        append(con, batch(new_article("a", "One.")))
    store.publish()
    os.truncate(path, int(path.stat().st_size * left))
    broken = {one.part: one.broken for one in check_everything(settings) if not one.holds}
    assert broken == {"store": None, "archive": None}


def _offset(ref: str) -> int:
    return int(ref.rpartition(":")[2].partition("+")[0])


def test_references_into_a_rewritten_file_are_followed(tmp_path: Path, refs: list[str]) -> None:
    prune(tmp_path, before=LATER, is_kept=set(refs[1:]).__contains__)
    assert _broken(tmp_path, refs[1:]) == []
    assert _broken(tmp_path, refs) == [("page o", 1)]
