"""Whose article a page is: by its host, by the configuration, by what its source lists."""

import pytest

from flows.core import Source
from flows.pipeline.publishers import Publishers, hosts_of_keys


def source(
    source_id: str, url: str, *, language: str | None = None, character: str | None = None
) -> Source:
    return Source(
        source_id=source_id, outlet=source_id.title(), kind="feed", url=url, language=language,
        character=character,
    )  # fmt: skip


DAILY = source("daily", "https://www.daily.test/feed")
DAILY_RU = source("daily-ru", "https://daily.test/ru/feed", language="ru")
RUSSIAN = source("russian", "https://news.test/ru", language="ru")
EXTRA = source("extra", "https://extra.daily.test/feed")
PROXIED = source("proxied", "https://feeds.proxy.test/proxied")
INDEX = source("index", "https://index.test/feed")
WORLD = source("world", "https://world.test/rss", character="aggregator")
ALL = (DAILY, DAILY_RU, RUSSIAN, EXTRA, PROXIED, INDEX, WORLD)
LISTED = {
    "proxied": {"own.test": 19, "partner.test": 1},
    "index": {"daily.test": 1, "nobody.test": 1, "other.test": 1},
    "world": {"alone.test": 9},
}


@pytest.mark.parametrize(
    ("url", "listed_by", "publisher"),
    [
        ("https://m.daily.test/a", DAILY, DAILY),
        ("https://daily.test/a", DAILY_RU, DAILY_RU),
        ("https://daily.test/a", INDEX, DAILY),
        ("https://sport.daily.test/a", WORLD, DAILY),
        ("https://extra.daily.test/a", INDEX, EXTRA),
        ("https://daily.test/ru/a", RUSSIAN, DAILY_RU),
        ("https://own.test/a", PROXIED, PROXIED),
        ("https://partner.test/a", PROXIED, None),
        ("https://nobody.test/a", INDEX, None),
        ("https://alone.test/a", WORLD, None),
        ("https://world.test/a", WORLD, None),
        ("https://daily.test/a", None, DAILY),
        ("https://nobody.test/a", None, None),
    ],
)
def test_a_page_is_its_hosts_not_its_listers(
    url: str, listed_by: Source | None, publisher: Source | None
) -> None:
    assert Publishers(ALL, LISTED).of(url, listed_by) == publisher


def test_a_newer_listing_says_where_a_source_lists_its_own() -> None:
    publishers = Publishers(ALL)
    publishers.listed_at("proxied", hosts_of_keys(["a.test/1", "b.test/2"]))
    assert publishers.of("https://a.test/1", PROXIED) is None
    publishers.listed_at("proxied", hosts_of_keys(["a.test/1", "a.test/2"]))
    assert publishers.of("https://a.test/1", PROXIED) == PROXIED
