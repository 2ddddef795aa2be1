"""A source has stopped when its newest item, by its oldest witness, is too old for its pauses."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from flows.core import Candidate, ClaimedTime, LookStatus, Precision, Zone
from flows.discovery.schedule import Age, age_of, aged, later, standing
from tests.discovery.support import NOW, memory

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def item(
    path: str = "story",
    at: datetime | None = None,
    *,
    origin: str = "feed",
    precision: Precision = Precision.SECOND,
) -> Candidate:
    claim = None
    if at is not None:
        zone = Zone.STATED
        claim = ClaimedTime(at=at, precision=precision, origin=origin, zone=zone, raw=f"{at}")
    url = f"https://daily.test/{path}"
    return Candidate(url=url, url_key=url, source_id="daily", seen_at=NOW, claimed_at=claim)


def is_stale(items: Iterable[Candidate], now: datetime = NOW) -> bool | None:
    """None: undated."""
    age = age_of(tuple(items), now=now)
    return None if age is None else now > age.fresh_until


def test_an_hourly_source_is_stale_after_a_week() -> None:
    hourly = [item(at=NOW - 8 * DAY - hour * HOUR) for hour in range(30)]

    assert is_stale(hourly) is True
    assert is_stale(hourly, NOW - 2 * DAY) is False


def test_a_monthly_source_is_given_six_weeks_and_no_more() -> None:
    monthly = [item(at=NOW - 40 * DAY - month * 30 * DAY) for month in range(10)]

    assert is_stale(monthly) is False
    assert is_stale(monthly, NOW + 6 * DAY) is True


def test_a_feed_of_a_few_items_frozen_for_months_is_stale_whatever_its_pauses_were() -> None:
    assert is_stale([item(at=NOW - 240 * DAY - n * 100 * DAY) for n in range(4)]) is True
    assert is_stale([item(at=NOW - 240 * DAY)]) is True


def test_one_pinned_item_buys_no_patience() -> None:
    hourly = [item(at=NOW - 8 * DAY - hour * HOUR) for hour in range(30)]

    assert is_stale([*hourly, item(at=NOW - 900 * DAY)]) is True


@pytest.mark.parametrize("path", ["2026/03/{:02}/a", "202603/{:02}/a", "a/t202603{:02}_1.html"])
def test_without_dates_the_newest_day_in_the_addresses_counts(path: str) -> None:
    frozen = [item(path.format(day)) for day in range(1, 20)]

    age = age_of(frozen, now=NOW)

    assert age is not None
    assert age.newest.date().isoformat() == "2026-03-20"  # the end of the 19th
    assert age.fresh_until < NOW


def test_a_live_list_with_days_in_its_addresses_is_fresh() -> None:
    assert is_stale(item(f"2026/11/{day}/a") for day in range(10, 22)) is False


def test_a_month_alone_counts_to_its_end() -> None:
    assert is_stale([item(f"page/202611/{n}.shtml") for n in range(9)]) is False
    assert is_stale([item(f"page/202608/{n}.shtml") for n in range(9)]) is True


def test_last_changes_of_today_over_old_addresses_are_stale() -> None:
    stamped = [
        item(f"2025/06/{day:02}/a", NOW - day * HOUR, origin="sitemap_updated")
        for day in range(1, 20)
    ]

    assert is_stale(stamped) is True


def test_dates_of_publication_made_at_each_build_do_not_hide_old_addresses() -> None:
    staggered = [item(f"2025/06/{day:02}/a", NOW - day * HOUR) for day in range(1, 20)]

    assert is_stale(staggered) is True


def test_items_that_all_carry_the_time_of_the_build_are_undated() -> None:
    built = [item(str(n), NOW - HOUR + n * timedelta(seconds=1)) for n in range(20)]

    assert is_stale(built) is None


def test_a_build_of_long_ago_is_stale_all_the_same() -> None:
    assert is_stale([item(str(n), NOW - 170 * DAY) for n in range(20)]) is True


def test_a_day_of_change_that_all_share_says_when_the_file_was_made() -> None:
    shared = [
        item(str(n), NOW, origin="sitemap_updated", precision=Precision.DAY) for n in range(20)
    ]

    assert is_stale(shared) is None


def test_a_busy_day_of_publication_without_times_is_fresh() -> None:
    assert is_stale([item(str(n), NOW, precision=Precision.DAY) for n in range(20)]) is False


def test_numbers_that_happen_to_read_as_a_day_are_no_dates() -> None:
    ids = [item(f"news/{20189990 + n * 7}") for n in range(200)]

    assert is_stale(ids) is None


def test_a_day_that_is_the_name_of_a_folder_is_no_items() -> None:
    assert is_stale([item(f"20180904/{n}", NOW - n * HOUR) for n in range(9)]) is False


def test_without_dates_nobody_knows() -> None:
    assert is_stale([]) is None
    assert is_stale([item(str(n)) for n in range(9)]) is None


def test_a_source_stands_stale_once_its_newest_item_excuses_it_no_longer() -> None:
    fresh = memory(fresh_until=NOW)

    assert standing(fresh, now=NOW) is LookStatus.OK
    assert standing(fresh, now=NOW + HOUR) is LookStatus.STALE


def test_a_source_without_dates_is_undated_until_it_brings_something_new() -> None:
    first = memory(recent_looks=((NOW - HOUR, 20),))
    again = memory(recent_looks=((NOW - HOUR, 20), (NOW, 1)))

    assert standing(first, now=NOW) is LookStatus.UNDATED
    assert standing(again, now=NOW) is LookStatus.OK


def test_a_listing_of_old_items_only_takes_no_patience_back() -> None:
    old = aged([NOW - 90 * DAY])

    assert later(NOW, old) == NOW
    assert later(NOW, None) == NOW
    assert later(None, Age(newest=NOW, fresh_until=NOW + DAY)) == NOW + DAY
