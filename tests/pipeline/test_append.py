"""A batch is kept whole but for what the store refuses; trouble of the store fails the run."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from flows.core import Ending, Origin, Page, Reason, Skipped, Stage
from flows.core.errors import StoreTooNew
from flows.core.settings import Settings
from flows.pipeline.append import Appender, Kept, Left, append_outcomes
from flows.pipeline.run import Run, open_run
from flows.store import open_published
from flows.store.candidates import sight
from flows.store.check import check_store
from flows.store.connections import open_working
from tests.opened import during, settings_in
from tests.store.samples import NOON, article, candidate, judgement

STORY = (
    "The captains voted to end strike {0} on Friday, nine days after it had begun, and ferry {0} "
    "will leave on time again from Monday, said the company of pier {0} in a note of {0} words."
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def kept(number: int) -> Kept:
    url = f"http://daily.test/{number}"
    return Kept(
        candidate=candidate(str(number), url=url, url_key=url[7:]),
        page=Page(
            url=url, requested_url=url, status=200, headers=(), body=b"", fetched_at=NOON,
            media_type="text/html",
            archive_ref=f"a.warc.gz:{number}",
        ),
        article=article(STORY.format(number), url=url, title=f"Strike {number} ends"),
        judgement=judgement(),
        source=None,
    )  # fmt: skip


def with_surrogate(number: int) -> Kept:
    good = kept(number)
    return replace(good, article=replace(good.article, title="Ends \ud83d here"))


def with_great_number(number: int) -> Kept:
    good = kept(number)
    return replace(good, article=replace(good.article, word_count=1 << 40))


def with_instant_out_of_range(number: int) -> Kept:
    good = kept(number)
    assert good.article.published is not None
    west = datetime.max.replace(tzinfo=timezone(-timedelta(hours=8)))  # later than any in UTC
    late = replace(good.article.published, at=west)
    return replace(good, article=replace(good.article, published=late))


def with_endless_wait(number: int) -> Left:
    skipped = Skipped(
        stage=Stage.FETCH, reason=Reason.THROTTLED, retry_after=timedelta(days=999_999_999)
    )
    return Left(candidate=kept(number).candidate, skipped=skipped)


BAD = (with_surrogate, with_great_number, with_instant_out_of_range, with_endless_wait)


async def put(run: Run, outcomes: Sequence[Kept | Left]) -> None:
    await run.sight([outcome.candidate for outcome in outcomes])
    await append_outcomes(run, outcomes)


@pytest.mark.parametrize("bad", BAD)
def test_an_outcome_the_store_refuses_ends_as_a_skip_and_the_others_are_kept(
    settings: Settings, bad: Callable[[int], Kept | Left], caplog: pytest.LogCaptureFixture
) -> None:
    outcomes = [kept(0), kept(1), bad(2), kept(3), kept(4)]
    with caplog.at_level(logging.WARNING):
        during(settings, lambda run: put(run, outcomes))
    with open_published(settings.store.path) as con:
        stored = con.execute("select url from articles order by url").fetchall()
        skips = con.execute("select url, stage, reason from skips").fetchall()
        ((balanced,),) = con.execute(
            "select candidates = stored + skipped and left_open = 0 from runs"
        ).fetchall()
    assert [url for (url,) in stored] == [f"http://daily.test/{n}" for n in (0, 1, 3, 4)]
    assert skips == [("http://daily.test/2", "append", "refused_by_store")]
    assert balanced
    assert "http://daily.test/2" in caplog.text
    assert all(finding.holds for finding in check_store(settings.store.path))


def test_a_refused_candidate_is_not_taken_up_again(settings: Settings) -> None:
    during(settings, lambda run: put(run, [with_surrogate(0)]))

    async def again(run: Run) -> tuple[int, int]:
        met = await run.sight([kept(0).candidate])
        return len(met.fresh), met.known

    assert during(settings, again) == (0, 1)


def test_why_an_outcome_was_refused_can_be_read_and_its_page_is_kept(settings: Settings) -> None:
    during(settings, lambda run: put(run, [with_surrogate(0)]))
    with open_published(settings.store.path) as con:
        ((detail, ref),) = con.execute("select detail, archive_ref from skips").fetchall()
    assert "surrogates not allowed" in detail
    assert ref == "a.warc.gz:0"


def seen(settings: Settings) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as con:
        return con.execute("select first_seen_at, seen_at, stored_at from articles").fetchall()


def test_it_was_first_seen_when_first_listed_and_its_text_when_fetched(settings: Settings) -> None:
    fetched_at, retitled_at = NOON + timedelta(hours=30), NOON + timedelta(hours=1)
    first = kept(0).candidate
    again = replace(first, claimed_title="Strike ends at last", seen_at=retitled_at)
    late = replace(kept(0), candidate=again, page=replace(kept(0).page, fetched_at=fetched_at))

    async def listed(run: Run) -> None:
        await run.sight([first])
        await run.sight([again])

    during(settings, listed)
    during(settings, lambda run: append_outcomes(run, [late]), at=fetched_at)
    assert seen(settings) == [(NOON, fetched_at, fetched_at)]


def test_a_page_of_another_archive_was_not_seen_before_it_was_found(settings: Settings) -> None:
    captured = replace(kept(0).page, fetched_at=NOON - timedelta(days=900))
    during(settings, lambda run: put(run, [replace(kept(0), page=captured)]))
    assert seen(settings) == [(NOON, NOON, NOON)]


def test_what_shares_a_turn_with_a_refused_batch_is_kept(settings: Settings) -> None:
    async def work(run: Run) -> None:
        await run.sight([kept(n).candidate for n in range(3)])
        async with Appender(run) as appender:
            for outcome in (kept(0), with_surrogate(1), kept(2)):
                await appender.put(outcome)
            await run.clerk.do(lambda con: sight(con, run.run_id, [kept(9).candidate]))

    during(settings, work)
    with open_published(settings.store.path) as con:
        ((stored, sighted),) = con.execute(
            "select (select count(*) from articles), (select count(distinct url) from sightings)"
        ).fetchall()
    assert (stored, sighted) == (2, 4)


def test_a_store_that_changed_beneath_a_run_fails_it_and_blames_no_outcome(
    settings: Settings,
) -> None:
    async def work(run: Run) -> None:
        await run.sight([kept(0).candidate])
        with open_working(settings.state_dir / "work.duckdb") as con:
            con.execute("insert into kept.rules values ('keys', 'url-99', ?)", [NOON])
        await append_outcomes(run, [kept(0)])

    with pytest.raises(StoreTooNew):
        during(settings, work)
    with open_working(settings.state_dir / "work.duckdb") as con:
        assert con.execute("select * from kept.endings").fetchall() == []


def test_the_account_counts_a_refused_outcome_once(settings: Settings) -> None:
    async def work(run: Run) -> tuple[int, int]:
        await put(run, [kept(0), with_surrogate(1)])
        return run.tally.endings[Ending.STORED], run.tally.endings[Ending.SKIPPED]

    assert during(settings, work) == (1, 1)


def test_what_a_backfill_read_and_left_counts_on_the_day_it_was_published(
    settings: Settings,
) -> None:
    read = kept(0)
    off_topic = Skipped(stage=Stage.JUDGE, reason=Reason.OFF_TOPIC)
    left = Left(candidate=read.candidate, skipped=off_topic, article=read.article)

    async def backfill() -> None:
        now = NOON + timedelta(days=400)
        async with open_run(
            settings, kind="backfill", origin=Origin.BACKFILL, clock=lambda: now
        ) as run:
            await put(run, [left])

    asyncio.run(backfill())
    with open_published(settings.store.path) as con:
        days = con.execute("select day, skipped from coverage").fetchall()
    assert days == [(NOON.date(), 1)]
