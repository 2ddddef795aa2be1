from datetime import date
from pathlib import Path
from urllib.parse import unquote

import feedparser
import pytest
from lxml import html

from flows.browse import write_report
from flows.core.errors import DatelineError, StoreError
from tests.browse.places import site_of


def _pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def test_every_link_within_a_report_leads_to_a_file_of_it(folder: Path, tmp_path: Path) -> None:
    written = write_report(site_of(folder), tmp_path / "out")
    pages = _pages(tmp_path / "out")
    assert written == sum(path.is_file() for path in (tmp_path / "out").rglob("[!.]*"))
    assert {"index.html", "articles.html", "edits.html", "sources.html", "topic.html"} <= {
        path.name for path in pages
    }
    for page in pages:
        tree = html.document_fromstring(page.read_bytes())
        assert not tree.findall(".//script")
        assert not tree.findall(".//form")
        for each in tree.iter("a", "link"):
            place = unquote(each.get("href", ""))
            if not place.startswith(("http://", "https://", "#")):
                assert (page.parent / place).is_file(), (page.name, place)


def test_a_report_since_a_day_holds_what_was_published_from_then_on(
    folder: Path, tmp_path: Path
) -> None:
    write_report(site_of(folder), tmp_path / "out", date(2023, 2, 25))
    names = {path.stem for path in (tmp_path / "out/article").iterdir()}
    assert names == {"evop", "bord"}


def test_feeds_of_a_report_are_read_by_others_and_tell_each_text_once(
    folder: Path, tmp_path: Path
) -> None:
    write_report(site_of(folder), tmp_path / "out")
    parsed = feedparser.parse((tmp_path / "out/feed.atom").read_bytes())
    assert not parsed.bozo
    assert len(parsed.entries) == 11


def test_an_earlier_report_is_replaced_whole(folder: Path, tmp_path: Path) -> None:
    write_report(site_of(folder), tmp_path / "out")
    (tmp_path / "out/left.html").write_text("old")
    write_report(site_of(folder), tmp_path / "out")
    assert not (tmp_path / "out/left.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_other_things_is_left_alone(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/letters.txt").write_text("mine")
    with pytest.raises(DatelineError, match="other things"):
        write_report(site_of(folder), tmp_path / "out")
    assert (tmp_path / "out/letters.txt").read_text() == "mine"


def test_a_report_that_cannot_be_written_leaves_the_one_before(
    folder: Path, tmp_path: Path
) -> None:
    write_report(site_of(folder), tmp_path / "out")
    with pytest.raises(StoreError):
        write_report(site_of(tmp_path), tmp_path / "out")
    assert (tmp_path / "out/index.html").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
