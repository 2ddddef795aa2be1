"""Periods in addresses end a day late, to spare every zone."""

import pytest

from flows.discovery.ways_back import end_of_period_in_url


@pytest.mark.parametrize(
    ("url", "end"),
    [
        ("https://daily.test/sitemap-2023-02.xml", "2023-03-02"),
        ("https://daily.test/2023/02/24/sitemap.xml", "2023-02-26"),
        ("https://daily.test/sitemap_20230224.xml", "2023-02-26"),
        ("https://daily.test/archive/2023.xml", "2024-01-02"),
        ("https://daily.test/sitemap-7.xml", None),
        ("https://2023.test/sitemap.xml", None),
    ],
)
def test_the_period_a_sitemap_is_named_for_ends(url: str, end: str | None) -> None:
    found = end_of_period_in_url(url)

    assert (found and f"{found:%Y-%m-%d}") == end
