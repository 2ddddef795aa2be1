"""A page read again keeps what its first reading knew, and never undoes a newer text."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.core import Candidate, ClaimedTime, Page, Precision, Zone
from flows.core.errors import StoreError
from flows.core.settings import Settings
from flows.extraction import READER_VERSION
from flows.pipeline.append import append_outcomes
from flows.pipeline.reread import read_again, wanted_articles
from flows.pipeline.run import Run
from flows.pipeline.stages import read_and_judge
from flows.store import Connection, open_published
from flows.store.append import append
from flows.store.judgements import ArchivedReading, archived_readings
from tests.opened import DAILY, TOPIC, during, settings_in
from tests.store.samples import NOON, article, batch, candidate, later, new_revision

URL = "http://daily.test/strike-ends"
BODY = """<html lang="en"><head><title>Strike ends</title></head><body><article>
<h1>Strike ends</h1>
<p>The captains voted to end their strike on Friday, nine days after it had begun in the rain.</p>
<p>Boats will leave on time again from Monday, the company said in a short note to its crews.</p>
<p>Islanders who had waited for flour and post lined the quay and sang until the lamps came on.</p>
<p>Neither side would say what had been promised about the night boats and the winter pay.</p>
</article></body></html>"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path, sources=DAILY)
    settings.topic_path.write_text(TOPIC.replace("title = 3", "opening = 3"), encoding="utf-8")
    return settings


def listed() -> Candidate:
    """As its feed listed it: the ferry stands in the feed's title only, the time too."""
    said = datetime(2023, 2, 24, 8, 15, tzinfo=UTC)
    return candidate(
        "strike-ends",
        url=URL,
        url_key=URL[7:],
        claimed_title="Ferry strike ends at last",
        claimed_at=ClaimedTime(
            at=said, precision=Precision.SECOND, origin="feed", zone=Zone.STATED, raw=""
        ),
    )


async def _store(run: Run) -> None:
    page = Page(
        url=URL, requested_url=URL, status=200, headers=(("content-type", "text/html"),),
        body=BODY.encode(), fetched_at=NOON, media_type="text/html",
    )  # fmt: skip
    page = replace(page, archive_ref=run.archive.write(page))
    await run.sight([listed()])
    source = next(iter(run.settings.sources))
    await append_outcomes(run, [await read_and_judge(run, listed(), source, page)])


def _worse(con: Connection) -> None:
    """As if an older reader had read only a line of it."""
    con.execute("update kept.readings set text = 'A line.', text_print = '', reader_version = '0'")


async def _behind(run: Run) -> tuple[ArchivedReading, ...]:
    return await run.clerk.do(lambda con: archived_readings(con, READER_VERSION))


def _rows(settings: Settings, columns: str) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(f"select {columns} from articles").fetchall()


def test_what_the_source_claimed_and_where_the_page_lies_stand_after_a_second_reading(
    settings: Settings,
) -> None:
    told = "title, published_at, published_origin, archive_ref, borderline, relevance, text"
    during(settings, _store)
    before = _rows(settings, told)

    async def again(run: Run) -> None:
        await run.clerk.do(_worse)
        await read_again(run, await _behind(run))

    during(settings, again, at=later(days=1))
    assert _rows(settings, told) == before != []
    assert _rows(settings, "reader_version, revisions") == [(READER_VERSION, 1)]


@pytest.mark.parametrize(
    ("worse", "column"),
    [
        ("published_at = '2023-01-01'", "published_at"),
        ("published_precision = 'day'", "published_precision"),
        ("authors = ['Nobody']", "authors"),
        ("language = 'pl'", "language"),
        ("form = 'list'", "form"),
    ],
)
def test_a_time_or_a_byline_read_better_is_taken_though_the_text_reads_the_same(
    settings: Settings, worse: str, column: str
) -> None:
    during(settings, _store)
    before = _rows(settings, column)

    async def again(run: Run) -> None:
        query = f"update kept.readings set {worse}, reader_version = '0'"
        await run.clerk.do(lambda con: con.execute(query))
        await read_again(run, await _behind(run))

    during(settings, again, at=later(days=1))
    assert _rows(settings, column) == before != []
    assert _rows(settings, "reader_version, revisions") == [(READER_VERSION, 1)]


def test_a_page_that_reads_the_same_is_no_new_reading(settings: Settings) -> None:
    during(settings, _store)

    async def again(run: Run) -> None:
        query = "update kept.readings set reader_version = '0'"
        await run.clerk.do(lambda con: con.execute(query))
        await read_again(run, await _behind(run))

    during(settings, again, at=later(days=1))
    assert _rows(settings, "reader_version") == [("0",)]


def test_a_text_of_the_publishers_that_came_meanwhile_stands(settings: Settings) -> None:
    during(settings, _store)
    ((name,),) = _rows(settings, "article_id")
    today = article("Edited since.", reader_version=READER_VERSION)
    edited = new_revision(str(name), "Edited since.", article=today, seen_at=later(days=1))

    async def again(run: Run) -> None:
        await run.clerk.do(_worse)
        readings = await _behind(run)
        await run.clerk.do(lambda con: append(con, batch(revisions=(edited,))))
        await read_again(run, readings)

    during(settings, again, at=later(days=1))
    assert _rows(settings, "text") == [("Edited since.",)]


def test_a_condition_that_is_no_sql_is_said_in_words(settings: Settings) -> None:
    during(settings, _store)
    with pytest.raises(StoreError, match="near"):
        wanted_articles(settings, "language is maybe not")
