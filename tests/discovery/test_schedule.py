"""When a source is looked at next: never too often, never too late for its listing, never never."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Reason, SourceMemory, Validators
from flows.discovery.schedule import (
    CONDITIONAL_IN_A_ROW,
    Advice,
    address,
    advised_by,
    conditions,
    failed,
    interval_minutes,
    is_due,
    planned,
    weight,
)
from tests.discovery.support import FEED, NOW, memory, source

HOUR = timedelta(hours=1)


def steady(an_hour: int) -> SourceMemory:
    """Two days of hourly looks that each brought `an_hour` new items."""
    return memory(recent_looks=tuple((NOW - (48 - hour) * HOUR, an_hour) for hour in range(49)))


def minutes(known: SourceMemory, advice: Advice | None = None, **fields: object) -> float:
    return interval_minutes(known, source(**fields), advice or Advice(items=100), now=NOW)


def test_a_busier_source_is_looked_at_more_often() -> None:
    assert minutes(steady(20)) < minutes(steady(2)) < minutes(steady(0))


def test_four_times_the_rate_halves_the_interval() -> None:
    assert minutes(steady(1), min_minutes=1) == pytest.approx(
        2 * minutes(steady(4), min_minutes=1), rel=0.1
    )


@given(st.integers(0, 500), st.integers(0, 3_000), st.booleans(), st.integers(0, 100_000))
def test_the_interval_keeps_between_floor_and_ceiling(
    an_hour: int, items: int, rolled: bool, advertised: int
) -> None:
    known = memory(recent_looks=steady(an_hour).recent_looks, advertised_minutes=advertised)

    found = minutes(known, Advice(items=items, rolled_over=rolled))

    assert 10 <= found <= 1440


def test_a_short_listing_is_asked_before_it_can_roll_over() -> None:
    # ten items an hour, twenty in the listing: at most eight new ones between two looks
    assert minutes(steady(10), Advice(items=20)) <= 48


def test_the_feeds_own_interval_is_respected() -> None:
    quick = steady(6)

    assert minutes(quick) < 60
    assert minutes(memory(recent_looks=quick.recent_looks, advertised_minutes=60)) == 60
    assert minutes(quick, Advice(items=100, max_age_minutes=45)) == 45


def test_advice_that_would_lose_items_is_not_followed() -> None:
    known = memory(recent_looks=steady(10).recent_looks, advertised_minutes=1440)

    assert minutes(known, Advice(items=20)) < 60


def test_a_roll_over_halves_the_interval() -> None:
    known = memory(interval_minutes=120.0)

    assert minutes(known, Advice(items=100, rolled_over=True)) <= 60


def test_an_answer_forgets_the_failures() -> None:
    kept = planned(memory(failures=5.0), source(), Advice(items=10), now=NOW)

    assert kept.failures == 0
    assert kept.interval_minutes is not None
    assert kept.next_due_at == NOW + timedelta(minutes=kept.interval_minutes)


@pytest.mark.parametrize(
    ("reason", "weighs"),
    [
        (Reason.HTTP_GONE, 1.0),
        (Reason.HTTP_403, 1.0),
        (Reason.HTTP_404, 0.5),
        (Reason.TIMEOUT, 0.5),
        (Reason.THROTTLED, 0.5),
        (Reason.DNS, 0.25),
    ],
)
def test_failures_are_weighted(reason: Reason, weighs: float) -> None:
    assert weight(reason) == weighs


def test_without_a_network_a_source_is_due_again_at_its_shortest_interval() -> None:
    offline = failed(memory(interval_minutes=720.0), source(), Reason.DNS, now=NOW)
    assert offline.next_due_at is not None
    wait = offline.next_due_at - NOW
    assert timedelta(minutes=source().min_minutes) <= wait
    assert wait < 2 * timedelta(minutes=source().min_minutes)


def test_each_hard_failure_doubles_the_wait() -> None:
    once = failed(memory(interval_minutes=30.0), source(), Reason.HTTP_GONE, now=NOW)
    twice = failed(once, source(), Reason.HTTP_GONE, now=NOW)

    assert once.next_due_at == NOW + HOUR
    assert twice.next_due_at == NOW + 2 * HOUR


@given(st.floats(0, 10_000), st.sampled_from(list(Reason)))
def test_a_failing_source_is_always_due_again_within_a_month(
    failures: float, reason: Reason
) -> None:
    kept = failed(memory(failures=failures, interval_minutes=30.0), source(), reason, now=NOW)

    assert kept.next_due_at is not None
    wait = kept.next_due_at - NOW
    assert timedelta() < wait <= (timedelta(days=1) if failures <= 29 else timedelta(days=30))


def test_retry_after_is_waited_for_up_to_a_day() -> None:
    fields = {"now": NOW, "retry_after": timedelta(hours=5)}
    kept = failed(memory(interval_minutes=10.0), source(), Reason.THROTTLED, **fields)  # type: ignore[arg-type]  # a shorthand
    huge = failed(
        memory(interval_minutes=10.0),
        source(),
        Reason.THROTTLED,
        now=NOW,
        retry_after=timedelta(days=400),
    )

    assert kept.next_due_at == NOW + timedelta(hours=5)
    assert huge.next_due_at == NOW + timedelta(days=1)


def test_a_source_never_looked_at_is_due() -> None:
    assert is_due(memory(), now=NOW)
    assert is_due(memory(next_due_at=NOW), now=NOW)
    assert not is_due(memory(next_due_at=NOW + HOUR), now=NOW)


def test_every_few_requests_one_goes_without_conditions() -> None:
    held = Validators(etag='"a"')

    assert conditions(memory(validators=held)) == held
    assert conditions(memory(validators=held, conditional_in_a_row=CONDITIONAL_IN_A_ROW)) is None
    assert conditions(memory(validators=held, validators_lie=True)) is None
    assert conditions(memory()) is None


def test_a_move_is_followed_after_three_sightings() -> None:
    there = "https://new.test/feed"

    assert address(memory(moved_to=there, moved_times=2), source()) == FEED
    assert address(memory(moved_to=there, moved_times=3), source()) == there


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("max-age=900", 15),
        ("public, max-age=3600, must-revalidate", 60),
        ("no-cache", None),
        ("s-maxage=3600", None),
    ],
)
def test_the_age_of_an_answer_is_advice(value: str, found: int | None) -> None:
    assert advised_by((("Cache-Control", value),)) == found


def test_a_source_looked_at_by_a_clock_that_ran_a_year_ahead_is_due() -> None:
    ahead = NOW + timedelta(days=365)

    assert is_due(memory(last_look_at=ahead, next_due_at=ahead + HOUR), now=NOW)
    assert not is_due(memory(last_look_at=NOW + HOUR, next_due_at=NOW + 2 * HOUR), now=NOW)
