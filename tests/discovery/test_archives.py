"""Which addresses of an archive by date hold a stretch of time."""

from datetime import UTC, datetime

from flows.discovery.ways_back import MAX_ADDRESSES, Archive, archive_of

PATTERN = "https://daily.test/{year}/{month}/{day}.xml"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year to minute


def days(archive: Archive) -> list[str]:
    return [url.removeprefix("https://daily.test/") for url in archive.urls]


def test_each_day_of_a_window_has_its_address() -> None:
    found = archive_of(PATTERN, at(2024, 2, 28, 9), at(2024, 3, 1, 3), "UTC")

    assert days(found) == ["2024/02/28.xml", "2024/02/29.xml", "2024/03/01.xml"]
    assert (found.by_date, found.by_day, found.left) == (True, True, 0)


def test_days_of_the_sources_zone_are_asked_too() -> None:
    evening = at(2023, 2, 24, 18), at(2023, 2, 24, 20)

    assert days(archive_of(PATTERN, *evening, "Asia/Tokyo")) == ["2023/02/24.xml", "2023/02/25.xml"]
    assert days(archive_of(PATTERN, *evening, "Europe/Kyiv")) == ["2023/02/24.xml"]


def test_a_month_is_asked_once() -> None:
    pattern = "https://daily.test/{year}-{month}.xml"
    found = archive_of(pattern, at(2023, 1, 31), at(2023, 3, 1), "UTC")

    assert days(found) == ["2023-01.xml", "2023-02.xml", "2023-03.xml"]
    assert (found.by_date, found.by_day) == (True, False)


def test_an_address_without_a_date_vouches_for_nothing() -> None:
    url = "https://daily.test/sitemap.xml"

    assert archive_of(url, at(2023, 1, 1), at(2023, 2, 1), "UTC") == Archive(urls=(url,))


def test_braces_that_were_made_safe_are_places_too() -> None:
    safe = PATTERN.replace("{", "%7B").replace("}", "%7D")

    assert days(archive_of(safe, at(2023, 2, 1), at(2023, 2, 1), "UTC")) == ["2023/02/01.xml"]


def test_a_window_too_long_for_one_repair_says_what_is_left() -> None:
    found = archive_of(PATTERN, at(2023, 1, 1), at(2023, 3, 31), "UTC")

    assert (len(found.urls), found.left) == (MAX_ADDRESSES, 90 - MAX_ADDRESSES)
