"""Which files of a sitemap index are asked for a window of the past, and what proves it whole."""

from datetime import UTC, datetime, timedelta

from flows.discovery.formats.sitemaps import begins_before, children_for
from flows.discovery.listing import Child

NOW = datetime(2026, 3, 5, tzinfo=UTC)
SINCE = datetime(2024, 2, 29, tzinfo=UTC)
BY_DAY = tuple(
    Child(url=f"https://daily.test/sitemap-{datetime(2023, 1, 1) + timedelta(days=n):%Y-%m-%d}.xml")  # noqa: DTZ001
    for n in range(1100)
)


def test_of_an_index_by_day_only_the_days_of_the_window_are_asked() -> None:
    asked = children_for(BY_DAY, SINCE, now=NOW, until=SINCE + timedelta(days=1))

    assert [url[-14:-4] for url in asked] == [
        "2024-02-27",  # ends where the window begins, for the latest zone
        "2024-02-28",
        "2024-02-29",
        "2024-03-01",
        "2024-03-02",  # begins where it ends, for the earliest
    ]


def test_without_an_end_everything_since_is_asked_the_newest_first() -> None:
    asked = children_for(BY_DAY, SINCE, now=NOW)

    assert (len(asked), asked[0][-14:-4]) == (678, "2026-01-04")


def test_an_index_reaches_over_a_window_when_it_names_an_older_file() -> None:
    last_weeks = BY_DAY[-30:]

    assert begins_before(BY_DAY, SINCE, now=NOW)
    assert not begins_before(last_weeks, SINCE, now=NOW)


def test_an_old_file_of_another_series_proves_nothing() -> None:
    fresh = Child(url="https://daily.test/news.xml", lastmod="2026-03-05")
    pages = Child(url="https://daily.test/pages.xml", lastmod="2019-01-01")

    assert not begins_before((fresh, pages), SINCE, now=NOW)
    assert begins_before((pages,), SINCE, now=NOW)  # nothing changed since


def test_of_files_that_all_changed_at_once_those_at_the_ends_come_first() -> None:
    index = tuple(
        Child(url=f"https://daily.test/part-{n}.xml", lastmod="2026-03-05") for n in range(1, 31)
    )

    asked = children_for(index, SINCE, now=NOW)

    assert [url.removeprefix("https://daily.test/part-")[:-4] for url in asked[:4]] == [
        "1",
        "30",
        "2",
        "29",
    ]
    assert len(asked) == 30
