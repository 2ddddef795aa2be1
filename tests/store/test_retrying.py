from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from flows.core import TRANSIENT, Reason
from flows.store.candidates import MOST_ATTEMPTS, retry_at
from tests.store.samples import NOON, later


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
