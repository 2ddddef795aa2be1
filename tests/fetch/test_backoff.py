import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.fetch.backoff import (
    Patience,
    pause_seconds,
    retry_after,
    throttle_seconds,
    trouble_seconds,
)

NOW = datetime(2023, 2, 24, 12, tzinfo=UTC)
DAY = 86_400.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        (" 120 ", 120),
        ("99999999999999999999", DAY),
        ("Fri, 24 Feb 2023 12:05:00 GMT", 300),
        ("Friday, 24-Feb-23 12:05:00 GMT", 300),
        ("Fri Feb 24 12:05:00 2023", 300),
        ("Fri, 24 Feb 2033 12:00:00 GMT", DAY),
    ],
)
def test_a_retry_after_is_read_in_every_form_up_to_a_day(value: str, seconds: float) -> None:
    assert retry_after(value, now=NOW) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", [None, "", "-5", "soon", "1.5", "٣", "Fri, 24 Feb 2023 11:00:00 GMT", "Fri, 99 Foo"]
)
def test_a_retry_after_that_says_nothing_is_none(value: str | None) -> None:
    assert retry_after(value, now=NOW) is None


@given(st.text())
def test_no_retry_after_breaks_the_reader(value: str) -> None:
    assert (retry_after(value, now=NOW) or timedelta()) <= timedelta(days=1)


def test_a_throttle_without_a_time_doubles_from_a_minute() -> None:
    assert [throttle_seconds(None, n) for n in (1, 2, 3)] == [60, 120, 240]


def test_a_server_is_believed_twice_and_then_given_at_least_a_minute() -> None:
    asked = timedelta(seconds=1)
    assert [throttle_seconds(asked, n) for n in (1, 2, 3, 4)] == [1, 1, 60, 120]


def test_what_the_server_asks_for_is_kept_when_it_is_longer() -> None:
    assert throttle_seconds(timedelta(hours=1), 3) == 3600


@given(st.integers(1, 10**9))
def test_no_hold_is_longer_than_a_day(in_a_row: int) -> None:
    assert throttle_seconds(None, in_a_row) <= DAY
    assert trouble_seconds(in_a_row) <= DAY


def test_a_host_is_left_alone_from_the_third_failure_on() -> None:
    assert [trouble_seconds(n) for n in (1, 2, 3, 4)] == [0, 0, 300, 600]


@given(st.integers(1, 40), st.integers())
def test_a_pause_is_jittered_and_capped(tried: int, seed: int) -> None:
    patience = Patience(first_seconds=1.0, most_seconds=20.0)
    pause = pause_seconds(tried, patience, chance=random.Random(seed))
    ceiling = min(20.0, 2.0 ** (tried - 1))
    assert ceiling / 2 <= pause <= ceiling
