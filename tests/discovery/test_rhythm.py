"""Rates from looks: by hour, from dates where there are no looks yet, and a bounded memory."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.discovery.schedule import remembered, rhythm
from tests.discovery.support import NOW

HOUR = timedelta(hours=1)


def test_an_hour_that_brings_more_has_the_higher_rate() -> None:
    start = NOW - timedelta(days=5)
    looks = [
        (start + hour * HOUR, 12 if (start + hour * HOUR).hour == 9 else 0) for hour in range(120)
    ]

    rates = rhythm(looks, now=NOW)

    assert rates.by_hour[8] == max(rates.by_hour)
    assert rates.expected(NOW - timedelta(days=1), NOW) == pytest.approx(12, rel=0.3)


def test_dates_stand_in_for_looks() -> None:
    claimed = [NOW - timedelta(minutes=30 * number) for number in range(20)]

    assert rhythm((), claimed, now=NOW).per_minute == pytest.approx(1 / 30, rel=0.3)


def test_one_pinned_item_does_not_slow_the_rate() -> None:
    claimed = [NOW - timedelta(minutes=30 * number) for number in range(20)]

    pinned = rhythm((), [*claimed, NOW - timedelta(days=900)], now=NOW)

    assert pinned.per_minute == pytest.approx(1 / 30, rel=0.3)


def test_the_first_look_counts_for_nothing() -> None:
    assert rhythm(((NOW, 500),), now=NOW).per_minute < 0.01


@given(st.lists(st.integers(0, 9), min_size=1, max_size=400), st.integers(5, 90))
def test_remembering_loses_no_item_of_the_week(news: list[int], minutes: int) -> None:
    looks: tuple[tuple[object, int], ...] = ()
    at = NOW
    for new in news:
        looks = remembered(looks, at, new)  # type: ignore[arg-type]  # grown from nothing
        at += timedelta(minutes=minutes)

    week = [
        new for number, new in enumerate(news) if (len(news) - 1 - number) * minutes <= 7 * 24 * 60
    ]
    assert sum(new for _, new in looks) >= sum(week) - news[0]
    assert sum(new for _, new in looks) <= sum(news)


def test_a_week_of_short_looks_stays_small() -> None:
    looks: tuple[tuple[object, int], ...] = ()
    for number in range(10 * 24 * 6):
        looks = remembered(looks, NOW + timedelta(minutes=10 * number), 1)  # type: ignore[arg-type]  # grown from nothing

    assert len(looks) <= 7 * 24 + 24 * 6
