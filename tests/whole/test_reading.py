"""Pages of every kind go through whole runs (`run_monitor`) and end as they should."""

from datetime import UTC, datetime

import pytest

from flows.rehearsal.rehearse import Rehearsal
from flows.store import open_published

_COLUMNS = (
    "title, title_origin, language, form, authors, published_at, published_precision, "
    "published_origin, word_count, text, free_to_read"
)


def _stored(rehearsal: Rehearsal, url: str) -> dict[str, object]:
    with open_published(rehearsal.settings.store.path) as published:
        cursor = published.execute(f"select {_COLUMNS} from articles where url like ?", [f"%{url}"])
        (row,) = cursor.fetchall()
        return dict(zip(_COLUMNS.split(", "), row, strict=True))


def _skipped(rehearsal: Rehearsal, url: str) -> set[tuple[str, str]]:
    with open_published(rehearsal.settings.store.path) as published:
        found = published.execute(
            "select distinct stage, reason from skips where url like ?", [f"%{url}"]
        ).fetchall()
    return {(str(stage), str(reason)) for stage, reason in found}


def _endings(rehearsal: Rehearsal, url: str) -> list[str]:
    with open_published(rehearsal.settings.store.path) as published:
        found = published.execute(
            "select ending from kept.endings where final_url like ? or key in "
            "(select md5_number_lower(url_key) from sightings where url like ?)",
            [f"%{url}", f"%{url}"],
        ).fetchall()
    return [str(ending) for (ending,) in found]


@pytest.mark.parametrize("path", ["/tables/all-results-since-1890", "/games/maze"])
def test_a_killer_page_costs_one_skip_and_is_not_tried_again(
    rehearsal: Rehearsal, path: str
) -> None:
    assert len(_skipped(rehearsal, path)) == 1
    assert _endings(rehearsal, path) == ["skipped"]


def test_a_consent_wall_is_skipped_as_one(rehearsal: Rehearsal) -> None:
    (ending,) = _skipped(rehearsal, "/xi-zelensky-l-appel-qui-ne-vient-pas")
    assert ending[1] == "consent_wall"


def test_a_live_blog_is_kept_whole_and_called_live(rehearsal: Rehearsal) -> None:
    live = _stored(rehearsal, "/live/china-friedensplan-reaktionen")
    assert live["form"] == "live"
    assert str(live["text"]).count("\n\n") == 4


def test_a_day_stays_a_day(rehearsal: Rehearsal) -> None:
    opinion = _stored(rehearsal, "/meinung/chinas-papier-und-die-stille-in-der-mitte")
    assert opinion["published_precision"] == "day"
    assert opinion["published_at"] == datetime(2023, 2, 24, tzinfo=UTC)


def test_wrong_json_ld_is_not_believed(rehearsal: Rehearsal) -> None:
    read = _stored(rehearsal, "/madrid-pide-a-china-que-escuche-a-kiev")
    assert read["title"] == "Madrid pide a China que escuche a Kiev antes de mediar en la guerra"
    assert read["title_origin"] != "json_ld"
    assert read["published_at"] == datetime(2023, 2, 24, 9, 55, tzinfo=UTC)
    assert read["published_origin"] != "json_ld"


def test_a_chinese_page_is_read_in_its_zone_and_counted_by_characters(rehearsal: Rehearsal) -> None:
    read = _stored(rehearsal, "/guoji/202302/24/c_100231.html")
    assert (read["language"], read["form"]) == ("zh", "article")
    assert read["title"] == "中方发布政治解决乌克兰危机立场文件 呼吁停火止战启动和谈"
    assert read["published_at"] == datetime(2023, 2, 24, 3, 30, tzinfo=UTC)
    assert isinstance(read["word_count"], int)
    assert read["word_count"] > 0.7 * len(str(read["text"]))


def test_an_arabic_page_keeps_its_text(rehearsal: Rehearsal) -> None:
    read = _stored(rehearsal, "/world/2023/02/24/china-peace-plan-ukraine")
    assert read["language"] == "ar"
    assert read["title"] == "الصين تطرح خطة سلام من اثنتي عشرة نقطة لإنهاء الحرب في أوكرانيا"
    assert read["published_at"] == datetime(2023, 2, 24, 7, 30, tzinfo=UTC)


def test_a_pay_walled_stub_is_kept_and_marked(rehearsal: Rehearsal) -> None:
    stub = _stored(rehearsal, "/dans-les-coulisses-de-la-mediation-chinoise")
    assert stub["free_to_read"] is False
