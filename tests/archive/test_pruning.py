from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from flows.archive.archive import Archive, archived_pages, read_archived
from flows.archive.pruning import Pruned, prune
from flows.archive.relocation import left_behind
from flows.core.errors import ArchiveError
from tests.archive.pages import NOW, a_page

LATER = NOW + timedelta(days=1)


def _filled(folder: Path, count: int = 6, run: str = "run") -> list[str]:
    with Archive(folder, run, lambda: NOW) as archive:
        refs = [archive.write(a_page(f"http://a.test/{number}")) for number in range(count)]
        for ref in refs:
            archive.note(ref, {"verdict": "off_topic"})
    return refs


def _urls(folder: Path) -> list[str]:
    return [page.url for page in archived_pages(folder)]


def test_what_is_kept_stays_under_its_reference_and_the_rest_is_gone(tmp_path: Path) -> None:
    refs = _filled(tmp_path)
    kept = set(refs[1:4:2])
    done = prune(tmp_path, before=LATER, is_kept=kept.__contains__)
    assert (done.files, done.pages) == (1, 4)
    assert done.freed_bytes > 0
    assert {ref for ref in refs if _is_there(tmp_path, ref)} == kept
    assert read_archived(tmp_path, refs[3]) == replace(
        a_page("http://a.test/3"), archive_ref=refs[3]
    )
    assert [page.archive_ref for page in archived_pages(tmp_path)] == [refs[1], refs[3]]


def _is_there(folder: Path, ref: str) -> bool:
    try:
        read_archived(folder, ref)
    except ArchiveError:
        return False
    return True


def test_a_second_pruning_keeps_the_references_of_the_first(tmp_path: Path) -> None:
    refs = _filled(tmp_path)
    prune(tmp_path, before=LATER, is_kept=lambda ref: ref != refs[0])
    prune(tmp_path, before=LATER, is_kept=lambda ref: ref in (refs[2], refs[5]))
    assert [ref for ref in refs if _is_there(tmp_path, ref)] == [refs[2], refs[5]]
    assert read_archived(tmp_path, refs[5]).url == "http://a.test/5"


def test_a_stop_leaves_the_files_not_yet_begun_as_they_are(tmp_path: Path) -> None:
    first, second = _filled(tmp_path, run="a"), _filled(tmp_path, run="b")
    asked: list[None] = []

    def is_stopped() -> bool:
        asked.append(None)
        return len(asked) > 1

    done = prune(tmp_path, before=LATER, is_kept=lambda _: False, is_stopped=is_stopped)
    assert done.files == 1
    assert {_is_there(tmp_path, ref) for ref in (*first, *second)} == {True, False}


def test_a_file_nothing_of_is_kept_disappears(tmp_path: Path) -> None:
    _filled(tmp_path)
    prune(tmp_path, before=LATER, is_kept=lambda _: False)
    assert list(tmp_path.iterdir()) == []


def test_pages_younger_than_the_day_stay_unasked(tmp_path: Path) -> None:
    with Archive(tmp_path, "run", lambda: NOW) as archive:
        old = archive.write(a_page("http://a.test/old"))
        new = archive.write(a_page("http://a.test/new", at=LATER))
    prune(tmp_path, before=LATER, is_kept=lambda _: False)
    assert (_is_there(tmp_path, old), _is_there(tmp_path, new)) == (False, True)


def test_nothing_to_drop_changes_nothing(tmp_path: Path) -> None:
    _filled(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert prune(tmp_path, before=NOW, is_kept=lambda _: False) == Pruned()
    assert prune(tmp_path, before=LATER, is_kept=lambda _: True) == Pruned()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_file_being_written_is_left_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path, "run", lambda: NOW)
    ref = archive.write(a_page("http://a.test/"))
    assert prune(tmp_path, before=LATER, is_kept=lambda _: False) == Pruned()
    archive.close()
    assert _is_there(tmp_path, ref)


class _Stopped(Exception):
    pass


@pytest.mark.parametrize("stop_before", ["keep_places", "unlink"])
def test_a_pruning_that_was_stopped_loses_nothing_and_can_be_done_again(
    stop_before: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = _filled(tmp_path)
    prune(tmp_path, before=LATER, is_kept=lambda ref: ref != refs[0])

    def stop(*_: object, **__: object) -> None:
        raise _Stopped

    with monkeypatch.context() as stopped:
        if stop_before == "unlink":
            stopped.setattr(Path, "unlink", stop)
        else:
            stopped.setattr("flows.archive.pruning.keep_places", stop)
        with pytest.raises(_Stopped):
            prune(tmp_path, before=LATER, is_kept=lambda ref: ref == refs[4])
    assert _is_there(tmp_path, refs[4])
    assert len(set(_urls(tmp_path))) == len(_urls(tmp_path))
    prune(tmp_path, before=LATER, is_kept=lambda ref: ref == refs[4])
    assert _urls(tmp_path) == ["http://a.test/4"]
    assert left_behind(tmp_path) == []


def test_a_file_that_cannot_be_read_is_left_alone_and_named(tmp_path: Path) -> None:
    _filled(tmp_path, run="a")
    _filled(tmp_path, run="b")
    torn = tmp_path / "a-00001.warc.gz"
    torn.write_bytes(torn.read_bytes()[:-30])
    before = torn.read_bytes()
    done = prune(tmp_path, before=LATER, is_kept=lambda _: False)
    assert (done.files, len(done.problems)) == (1, 1)
    assert torn.name in done.problems[0]
    assert [path.name for path in tmp_path.iterdir()] == [torn.name]
    assert torn.read_bytes() == before
