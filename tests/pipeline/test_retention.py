"""Pruning at once (`keep_off_topic_days = 0`) drops no page that is about to become an article."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.archive.archive import Archive, archived_pages
from flows.core import Page
from flows.core.settings import Settings
from flows.pipeline.retention import prune_archive, unpruned
from flows.pipeline.run import Run
from flows.store.runs import begin_run
from tests.opened import during, settings_in
from tests.store.samples import NOON, later

TOMORROW = later(days=1)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = settings_in(tmp_path)
    during(made, _nothing)  # the pass of the day before
    at_once = made.archive.model_copy(update={"keep_off_topic_days": 0})
    return made.model_copy(update={"archive": at_once})


async def _nothing(_: Run) -> None:
    return


def _fetched(settings: Settings, at: datetime) -> None:
    """A page that no article refers to, in a closed file of the archive."""
    with Archive(settings.archive.path, f"{at:%H%M}", lambda: at) as archive:
        archive.write(
            Page(
                requested_url="http://daily.test/", url="http://daily.test/", status=200,
                fetched_at=at, headers=(), body=b"A page.", media_type="text/html",
            )
        )  # fmt: skip


def _pruned(settings: Settings, before: Callable[[Run], Awaitable[None]] = _nothing) -> bool:
    """Whether the first pass of the next day dropped the page."""

    async def work(run: Run) -> None:
        await before(run)
        await prune_archive(run)

    during(settings, work, at=TOMORROW)
    return not list(archived_pages(settings.archive.path))


def test_a_page_no_run_can_still_want_is_dropped(settings: Settings) -> None:
    _fetched(settings, later(hours=1))
    assert _pruned(settings)


def test_a_page_fetched_by_a_run_that_is_still_at_work_stays(settings: Settings) -> None:
    _fetched(settings, later(hours=2))

    async def another_is_at_work(run: Run) -> None:
        await run.clerk.do(
            lambda con: begin_run(con, "backfill", "backfill", later(hours=1), 1, "elsewhere")
        )

    assert not _pruned(settings, another_is_at_work)


def test_a_page_fetched_before_any_run_at_work_began_is_dropped(settings: Settings) -> None:
    _fetched(settings, NOON + timedelta(minutes=30))

    async def another_is_at_work(run: Run) -> None:
        await run.clerk.do(
            lambda con: begin_run(con, "backfill", "backfill", later(hours=1), 1, "elsewhere")
        )

    assert _pruned(settings, another_is_at_work)


def test_a_page_fetched_by_the_pass_itself_stays(settings: Settings) -> None:
    _fetched(settings, TOMORROW)
    assert not _pruned(settings)


def test_nothing_is_dropped_while_old_pages_are_read_again(settings: Settings) -> None:
    _fetched(settings, later(hours=1))

    async def reading_again() -> bool:
        async with unpruned(settings.state_dir):
            return await asyncio.to_thread(_pruned, settings)

    assert not asyncio.run(reading_again())
    assert _pruned_again(settings)


def _pruned_again(settings: Settings) -> bool:
    async def work(run: Run) -> None:
        await prune_archive(run)

    during(settings, work, at=later(days=2))
    return not list(archived_pages(settings.archive.path))
