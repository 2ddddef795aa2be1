"""A source has stopped when its newest item is too old for its own pauses."""

from datetime import timedelta

from flows.discovery.schedule import stale_since
from tests.discovery.support import NOW

DAY = timedelta(days=1)


def test_an_hourly_source_is_stale_after_a_week() -> None:
    hourly = [NOW - 8 * DAY - timedelta(hours=hour) for hour in range(30)]

    assert stale_since(hourly, now=NOW) == NOW - 8 * DAY
    assert stale_since(hourly, now=NOW - 2 * DAY) is None


def test_a_monthly_source_is_given_months() -> None:
    monthly = [NOW - 40 * DAY - month * 30 * DAY for month in range(10)]

    assert stale_since(monthly, now=NOW) is None
    assert stale_since(monthly, now=NOW + 100 * DAY) is not None


def test_one_pinned_item_buys_no_patience() -> None:
    hourly = [NOW - 8 * DAY - timedelta(hours=hour) for hour in range(30)]

    assert stale_since([*hourly, NOW - 900 * DAY], now=NOW) is not None


def test_without_dates_nobody_knows() -> None:
    assert stale_since([], now=NOW) is None
