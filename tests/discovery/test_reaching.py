"""What proves that a listing goes on beyond a window, and what does not."""

from datetime import datetime, timedelta

from flows.discovery.listing import Entry, Listing
from flows.discovery.ways_back import reaches_back_to
from tests.discovery.support import NOW, source

HOUR = timedelta(hours=1)
SINCE = NOW - 10 * HOUR


def reaches(form: str, *hours_ago: float) -> bool:
    """Whether a listing of entries of these ages, in this order, reaches back ten hours."""
    entries = tuple(
        Entry(link=f"https://daily.test/{n}", published=_written(NOW - hours * HOUR))
        for n, hours in enumerate(hours_ago)
    )
    listing = Listing(form=form, base="https://daily.test/", entries=entries)
    return reaches_back_to(listing, SINCE, source(), now=NOW)


def _written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def test_a_feed_whose_last_items_lie_beyond_reaches() -> None:
    assert reaches("rss", 1, 5, 9, 11, 12, 13)
    assert reaches("rss", 1, 11)


def test_a_feed_without_enough_of_them_does_not() -> None:
    assert not reaches("rss", 1, 2, 3, 5, 7, 9, 5000)
    assert not reaches("rss", 5000, 4000, 1, 2, 3, 5, 7, 9)
    assert not reaches("rss")


def test_a_sitemap_in_any_order_reaches_where_its_pace_goes_on() -> None:
    assert reaches("urlset", 12, 1, 9, 5, 20)
    assert reaches("urlset", 5, 205, 105, 305)  # a few a week


def test_a_sitemap_with_pages_of_years_ago_does_not() -> None:
    assert not reaches("urlset", 30_000, 1, 20_000, 5, 9, 10_000)
    assert not reaches("urlset", 1, 5, 9)


def test_where_nothing_came_since_any_older_entry_will_do() -> None:
    assert reaches("urlset", 30_000)
