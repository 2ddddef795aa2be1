"""Which gaps a pass tries again, and that one is closed once."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.core import Candidate
from flows.core.settings import load_settings
from flows.pipeline.repair import Mended, close, gaps_to_try, mend
from flows.pipeline.repair import _is_due as is_due
from flows.pipeline.run import Run
from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request
from flows.store import open_published
from flows.store.coverage import RecordedGap, record_gaps
from tests.discovery.formats.test_gdelt import gkg, zipped
from tests.opened import DAILY, during, settings_in
from tests.store.samples import NOON, later

PROJECT = Path(__file__).parents[2]
GAP = RecordedGap(
    source_id="daily", since=NOON - timedelta(days=3), until=NOON, cause="rolled_over",
    found_at=NOON,
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "now", "due"),
    [
        (None, later(hours=1), True),
        (NOON, later(minutes=1), True),
        (later(hours=1), later(hours=2), False),
        (later(hours=23, minutes=50), later(hours=24, minutes=5), True),
        (later(hours=25), later(hours=26), False),
        (later(hours=1), later(days=5), True),
        (later(hours=2), later(hours=1), False),
    ],
    ids=["first pass", "found in it", "same day", "a day has passed", "tried today",
         "after a pause", "the clock went back"],
)  # fmt: skip
def test_a_gap_is_tried_when_found_and_once_a_day(
    before: datetime | None, now: datetime, *, due: bool
) -> None:
    assert is_due(NOON, before, now) is due


def test_a_repaired_gap_is_closed_once_and_not_tried_again(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, sources=DAILY)
    repaired = Mended(gap=GAP, detail="its sitemap reaches over it")

    async def work(run: Run) -> list[RecordedGap]:
        await run.clerk.do(lambda con: record_gaps(con, run.run_id, [GAP]))
        await close(run, [repaired])
        await close(run, [repaired])
        return await run.clerk.do(lambda con: gaps_to_try(con, run))

    assert during(settings, work) == []
    with open_published(settings.store.path) as published:
        assert published.execute("select state from kept.gap_endings").fetchall() == [("repaired",)]


def test_the_gap_of_a_source_that_has_stopped_is_not_asked_after(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, sources=DAILY)
    stale = replace(GAP, cause="stale")

    async def work(run: Run) -> list[RecordedGap]:
        await run.clerk.do(lambda con: record_gaps(con, run.run_id, [GAP, stale]))
        return await run.clerk.do(lambda con: gaps_to_try(con, run))

    assert during(settings, work) == [GAP]


def _bulk_file(request: Request) -> Answer:
    """GDELT's table of any quarter: an article of the one outlet there is, and one of another."""
    if not request.target.endswith(".gkg.csv.zip"):
        return Answer(status=404)
    return Answer(body=zipped(gkg("http://daily.test/ours"), gkg("http://elsewhere.test/theirs")))


def test_what_lists_all_the_world_is_repaired_for_the_outlets_only(tmp_path: Path) -> None:
    gdelt = "http://data.gdeltproject.org/gdeltv2/lastupdate.txt"
    hole = replace(GAP, source_id="gdelt", since=NOON - timedelta(hours=2))
    taken: list[Candidate] = []
    with Loopback(_bulk_file) as web:
        config = write_configuration(
            tmp_path,
            sources=[
                SourceEntry(
                    source_id="daily", outlet="The Daily", kind="feed", url="http://daily.test/feed"
                ),
                SourceEntry(source_id="gdelt", outlet="GDELT", kind="gdelt", url=gdelt),
            ],
            resolve={"data.gdeltproject.org": web.address},
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )
        settings = load_settings(config)
        source = next(one for one in settings.sources if one.kind == "gdelt")

        mended = during(settings, lambda run: mend(run, source, hole, taken.extend))
    assert mended is not None
    assert [one.url for one in taken] == ["http://daily.test/ours"]
