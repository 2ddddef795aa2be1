from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import TRANSIENT, Reason
from flows.store.candidates import MOST_ATTEMPTS, is_fresh, retry_at
from tests.store.samples import NOON, candidate, claimed, later


def test_a_lasting_reason_is_never_tried_again() -> None:
    assert retry_at(Reason.HTTP_404, 1, NOON, None) is None


def test_waits_double_up_to_a_day() -> None:
    waits = [retry_at(Reason.TIMEOUT, n, NOON, None) for n in range(1, MOST_ATTEMPTS + 1)]
    minutes = [15, 30, 60, 120, 240, 480, 960]
    assert waits == [*(later(minutes=wait) for wait in minutes), None]


def test_a_server_that_asks_for_more_time_gets_it() -> None:
    assert retry_at(Reason.THROTTLED, 1, NOON, timedelta(days=3)) == later(days=3)


@given(st.sampled_from(sorted(TRANSIENT)), st.integers(1, MOST_ATTEMPTS - 1))
def test_a_retry_lies_after_the_failure(reason: Reason, attempts: int) -> None:
    due = retry_at(reason, attempts, NOON, None)
    assert due is not None
    assert due > NOON


@pytest.mark.parametrize("reason", [Reason.TOO_SHORT, Reason.NO_TEXT, Reason.HTTP_404])
def test_what_a_fresh_page_is_not_yet_is_tried_three_times_more(reason: Reason) -> None:
    waits = [retry_at(reason, tries, NOON, None, is_fresh=True) for tries in (1, 2, 3, 4)]
    assert waits == [later(minutes=30), later(hours=2), later(hours=8), None]
    assert retry_at(reason, 1, NOON, None) is None


@pytest.mark.parametrize(
    ("claim", "seen_hours_ago", "fresh"),
    [(None, 23, True), (None, 25, False), (-3, 900, True), (-30, 1, False), (5, 900, True)],
)
def test_an_item_is_fresh_for_a_day_from_when_it_was_published_or_listed(
    claim: float | None, seen_hours_ago: float, fresh: bool
) -> None:
    at = claimed(later(hours=claim)) if claim is not None else None
    first_seen = later(hours=-seen_hours_ago)
    assert is_fresh(candidate("a", claimed_at=at), first_seen, NOON) is fresh
