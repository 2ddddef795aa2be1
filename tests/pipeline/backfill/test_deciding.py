"""The pure deciders of backfills: days and windows, hosts, URLs' days, coverage, what is shown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Source
from flows.core.backfills import Window, by_month, halves, stretches
from flows.core.errors import NothingReached
from flows.discovery.providers.folder import saved_url
from flows.discovery.providers.provider import Asked, Outlets, hosts_of, may_belong, url_day
from flows.discovery.providers.wayback import Wayback
from flows.pipeline.backfill.cells import days_after
from flows.pipeline.backfill.outcome import refuse_nothing, rows, verdict
from flows.store.backfills import Cell, CellState
from flows.store.coverage import DayState

DAY = date(2024, 2, 29)
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 12, 31))


def source(name: str = "daily", kind: str = "feed") -> Source:
    return Source(source_id=name, outlet=name.title(), kind=kind, url="https://feeds.daily.test/a")


def cell(
    state: CellState, *, name: str = "daily", day: date = DAY, via: str = "own",
    reason: str | None = None, found: int | None = None,
) -> Cell:  # fmt: skip
    return Cell(source_id=name, provider=via, day=day, state=state, reason=reason, found=found)


@given(DAYS, st.integers(min_value=0, max_value=800))
def test_no_day_of_a_range_is_lost_or_doubled_by_months(since: date, more: int) -> None:
    window = Window(since=since, until=since + timedelta(days=more))

    assert tuple(day for part in by_month(window.days) for day in part.days) == window.days


@given(DAYS, st.integers(min_value=1, max_value=800))
def test_halves_are_the_whole(since: date, more: int) -> None:
    window = Window(since=since, until=since + timedelta(days=more))

    assert tuple(day for half in halves(window) for day in half.days) == window.days


def test_a_single_day_has_no_halves() -> None:
    assert halves(Window(since=DAY, until=DAY)) == ()


def test_days_apart_are_stretches_apart() -> None:
    days = [date(2024, 2, 28), date(2024, 3, 1), date(2024, 2, 29), date(2024, 3, 3)]

    assert [(w.since.day, w.until.day) for w in stretches(days)] == [(28, 1), (3, 3)]


def test_a_source_has_the_hosts_of_its_addresses_and_of_most_it_listed() -> None:
    seen = {"daily.test": 70, "www.news.test": 25, "partner.test": 5}

    assert hosts_of(source(), seen) == ("daily.test", "news.test")
    assert hosts_of(source(kind="google_news"), seen) == ()


def test_a_url_is_of_the_sources_whose_host_is_nearest() -> None:
    world, sport = source("world"), source("sport")
    outlets = Outlets(
        [
            Asked(source=world, days=(DAY,), hosts=("daily.test",)),
            Asked(source=sport, days=(DAY,), hosts=("sport.daily.test",)),
        ]
    )

    assert outlets.sources_of("https://www.daily.test/a") == [world]
    assert outlets.sources_of("https://sport.daily.test/a") == [sport]
    assert outlets.sources_of("https://notdaily.test/a") == ()


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://daily.test/2024/02/29/a", DAY),
        ("https://daily.test/a-20240229-b.html", DAY),
        ("https://daily.test/2024/02/a", None),
        ("https://daily.test/2023/02/29/a", None),
        ("https://daily.test/2024/02/28/a-2024-02-29", None),
    ],
)
def test_the_day_in_a_url_is_read_where_there_is_one(url: str, day: date | None) -> None:
    assert url_day(url) == day


def test_a_url_of_another_day_is_left_to_that_days_backfill() -> None:
    assert may_belong("https://daily.test/2024/02/28/a", {DAY})
    assert may_belong("https://daily.test/a", {DAY})
    assert not may_belong("https://daily.test/2024/02/27/a", {DAY})


def test_the_archive_is_asked_at_most_twenty_times_a_minute() -> None:
    asked = [Asked(source=source(), days=(DAY,), hosts=("daily.test",))]

    assert Wayback().cost(asked).least_pace_seconds == 60 / 20


@pytest.mark.parametrize(
    ("html", "path", "url"),
    [
        ("<!-- saved from url=(0021)https://daily.test/a -->", "x.html", "https://daily.test/a"),
        ("<!-- Mirrored from daily.test/a by tool -->", "x.html", "http://daily.test/a"),
        ('<link rel="canonical" href="https://daily.test/b">', "x.html", "https://daily.test/b"),
        ('<link href="https://daily.test/b" rel=canonical>', "x.html", "https://daily.test/b"),
        ('<meta property="og:url" content="https://daily.test/c?d=1&amp;e=2">', "x.html",
         "https://daily.test/c?d=1&e=2"),
        ("<p>", "daily.test/2024/a b.html", "https://daily.test/2024/a%20b.html"),
        ("<p>", "daily.test/2024/index.html", "https://daily.test/2024/"),
        ("<p>", "x.html", None),
    ],
)  # fmt: skip
def test_a_saved_page_stands_under_the_address_it_came_from(
    html: str, path: str, url: str | None
) -> None:
    from pathlib import Path

    assert saved_url(html.encode(), Path(path)) == url


def stood(state: str, expected: float | None = 4.0) -> dict[tuple[str, date], DayState]:
    return {("daily", DAY): DayState(source_id="daily", day=DAY, expected=expected, state=state)}


def test_a_missed_day_that_its_source_listed_again_is_repaired() -> None:
    (after,) = days_after([cell(CellState.DONE)], stood("missed"), {"own"})

    assert (after.state, after.expected, after.reason) == ("repaired", 4.0, "backfilled from own")


def test_a_day_that_was_watched_well_stays_covered() -> None:
    assert days_after([cell(CellState.DONE)], stood("covered"), {"own"}) == []


def test_a_day_that_nobody_could_read_says_why() -> None:
    cells = [
        cell(CellState.FAILED, reason="answered 503"),
        cell(CellState.IMPOSSIBLE, via="gdelt", reason="too old"),
    ]

    (after,) = days_after(cells, {}, {"own"})

    assert (after.state, after.reason) == ("missed", "own: answered 503; gdelt: too old")


def test_a_failed_backfill_takes_nothing_from_what_stood() -> None:
    assert days_after([cell(CellState.FAILED, reason="x")], stood("partial"), {"own"}) == []


def test_sources_that_stand_alike_share_a_row_and_finds_stand_alone() -> None:
    cells = [
        *(cell(CellState.PLANNED, name=name, day=day) for name in "cab" for day in (DAY,)),
        cell(CellState.DONE, name="d", found=3),
        cell(CellState.DONE, name="d", day=DAY + timedelta(days=1), found=2),
    ]

    assert rows(cells) == [
        ("a and 2 more", "own", DAY, DAY, 1, "planned", None, ""),
        ("d", "own", DAY, DAY + timedelta(days=1), 2, "done", 5, ""),
    ]


def test_the_verdict_names_what_is_complete_what_is_not_and_what_cannot_be() -> None:
    states = [CellState.DONE, CellState.DONE, CellState.FAILED, CellState.IMPOSSIBLE]
    cells = [cell(state, name=str(n)) for n, state in enumerate(states)]

    assert verdict(cells) == [
        "own: 2 of 4 days of sources read; 1 failed, the same command tries them again; "
        "1 cannot be complete."
    ]


def test_a_backfill_of_which_no_day_is_complete_is_refused_and_one_day_is_enough() -> None:
    failed = cell(CellState.FAILED)

    with pytest.raises(NothingReached, match="own: 0 of 2 days of sources read"):
        refuse_nothing([failed, cell(CellState.IMPOSSIBLE)])
    refuse_nothing([failed, cell(CellState.DONE)])
    refuse_nothing([])
