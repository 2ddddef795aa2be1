"""Old captures of a feed are read as the feed it was, at the pace its archive asks for."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from flows.core.backfills import Window
from flows.core.settings import Settings
from flows.discovery.providers.wayback import Wayback
from flows.pipeline.backfill.work import Backfill, run_backfill
from flows.rehearsal.loopback import Loopback
from flows.store.backfills import Cell
from tests.pipeline.backfill.old_feeds import FEED, OldFeeds, hourly, listed_only, midnight
from tests.pipeline.backfill.past import WAYBACK
from tests.pipeline.backfill.place import clock, configured, stored

LEAP_DAY = date(2024, 2, 29)
BEGIN = midnight(2024, 2, 29)


def settings_of(folder: Path, address: str) -> Settings:
    settings = configured(folder, address)
    daily = next(source for source in settings.sources if source.source_id == "daily")
    return settings.model_copy(update={"sources": (replace(daily, kind="feed", url=FEED),)})


def run(settings: Settings, *, pace_seconds: float = 0.0) -> Cell:
    asked = Backfill(
        window=Window(since=LEAP_DAY, until=LEAP_DAY),
        providers=(Wayback(base=f"http://{WAYBACK}", pace_seconds=pace_seconds),),
        sources=settings.sources,
    )
    _, (cell,) = asyncio.run(run_backfill(settings, asked, clock=clock))
    return cell


def a_day() -> OldFeeds:
    """24 articles of the day and those around it; every state of the feed was captured."""
    articles = listed_only(range(-5, 30), BEGIN)
    return OldFeeds(articles, captured=hourly(BEGIN - timedelta(hours=5), 40))


def titles(settings: Settings) -> list[object]:
    return [row[1] for row in stored(settings)]


def of_the_day(past: OldFeeds) -> list[str]:
    return sorted(one.title for one in past.pieces if one.published_at.date() == LEAP_DAY)


def test_every_state_of_the_feed_is_read_and_its_articles_as_they_were_captured(
    tmp_path: Path,
) -> None:
    past = a_day()
    with Loopback(past) as web:
        settings = settings_of(tmp_path, web.address)
        cell = run(settings)

    assert (cell.state, cell.found) == ("done", 24)
    assert set(of_the_day(past)) <= set(titles(settings))
    true = {piece.url: piece.published_at for piece in past.pieces}
    assert all(row[2] == true[str(row[0])] for row in stored(settings))


def test_a_capture_that_was_withdrawn_is_passed_over(tmp_path: Path) -> None:
    past = a_day()
    past.withdrawn = frozenset(past.captured[10:12])
    with Loopback(past) as web:
        cell = run(settings_of(tmp_path, web.address))

    assert (cell.state, cell.found) == ("done", 24)
    assert past.withdrawn <= set(past.feeds_read)


def test_an_article_whose_page_nobody_captured_is_asked_of_its_outlet(tmp_path: Path) -> None:
    past = OldFeeds(listed_only(range(2), BEGIN, captured=False), captured=hourly(BEGIN, 3))
    with Loopback(past) as web:
        settings = settings_of(tmp_path, web.address)
        cell = run(settings)

    assert (cell.state, titles(settings)) == ("done", of_the_day(past))


def test_index_feeds_and_pages_keep_one_pace(tmp_path: Path) -> None:
    pace = 0.05  # a sixtieth of the real one: twenty requests in a second
    past = OldFeeds(listed_only(range(4), BEGIN), captured=hourly(BEGIN, 6))
    with Loopback(past) as web:
        run(settings_of(tmp_path, web.address), pace_seconds=pace)
        asked = [one.asked_at for one in web.served if one.host == WAYBACK]

    assert len(asked) > 10
    assert min(after - before for before, after in pairwise(asked)) >= pace
    assert Wayback()._pace_seconds == 60 / 20


def test_a_throttled_capture_is_waited_for_and_nothing_is_missed(tmp_path: Path) -> None:
    past = a_day()
    past.throttled_at = frozenset({3, 20})
    with Loopback(past) as web:
        settings = settings_of(tmp_path, web.address)
        cell = run(settings)

    assert (cell.state, cell.found) == ("done", 24)
    assert set(of_the_day(past)) <= set(titles(settings))


def test_an_archive_that_closes_its_door_fails_the_day_and_the_next_start_completes_it(
    tmp_path: Path,
) -> None:
    past = a_day()
    with Loopback(past) as web, Loopback(past) as archive:
        settings = settings_of(tmp_path, web.address)
        resolve = {**settings.fetch.resolve, WAYBACK: archive.refusing_address}
        fetch = settings.fetch.model_copy(update={"resolve": resolve})
        closed = run(settings.model_copy(update={"fetch": fetch}))
        (settings.state_dir / "hosts.sqlite").unlink()  # some minutes have passed
        opened = run(settings)

    assert closed.state == "failed"
    assert "refused the connection" in str(closed.reason)
    assert (opened.state, opened.attempts, opened.found) == ("done", 2, 24)
    assert set(of_the_day(past)) <= set(titles(settings))
