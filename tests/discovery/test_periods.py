"""Periods in addresses end a day late, to spare every zone."""

import pytest

from flows.discovery.ways_back import end_of_day_in_url, end_of_period_in_url
from tests.discovery.support import NOW


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


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("2026/11/18/a.html", "2026-11-19"),
        ("a/202611/18/b", "2026-11-19"),
        ("n1/2026/1118/c1002-40.html", "2026-11-19"),
        ("20261118/0123456789abcdef0123456789abcdef/c.html", "2026-11-19"),
        ("eng/202611/t20261118_115.html", "2026-11-19"),
        ("2026-11-18-slug", "2026-11-19"),
        ("world/2026/nov/18/slug", "2026-11-19"),
        ("2026/November/8/slug", "2026-11-09"),
        ("view/AB20261118000100315", "2026-11-19"),
        ("page/202610/1.shtml", "2026-11-01"),
        ("2026/10/slug", "2026-11-01"),
        ("20261121", "2026-11-21"),  # not beyond now
        ("2026/12/01/", None),
        ("2026/02/31/", None),
        ("elections-2024-reviewed", None),
        ("news/20269933", None),
        ("story?day=20261118", None),
        ("", None),
    ],
)
def test_the_day_or_month_an_article_is_dated_with_is_read_however_written(
    path: str, end: str | None
) -> None:
    found = end_of_day_in_url(f"https://daily.test/{path}", now=NOW)

    assert (found and found.date().isoformat()) == end
