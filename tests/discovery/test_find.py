"""Feeds and sitemaps of a site: pointed to, or where sites keep them."""

import asyncio

import pytest

from flows.core import Reason
from flows.core.errors import NothingReached
from flows.discovery import Offer, Unreadable, discover, identify
from flows.discovery.find import KNOWN_PATHS, front_of, places
from flows.discovery.formats.announced import sitemaps_in_robots
from tests.discovery.support import NOW, TableWeb, rss, sitemap, skipped


def test_what_page_and_robots_point_to_is_offered_freshest_first() -> None:
    web = TableWeb(
        {
            "https://daily.test/robots.txt": b"User-agent: *\nSITEMAP: https://daily.test/s.xml\n",
            "https://daily.test/": b"<html><link rel=alternate type=application/rss+xml href=f>",
            "https://daily.test/f": rss(range(5)),
            "https://daily.test/s.xml": sitemap(("https://daily.test/1", "2020-01-01")),
        }
    )

    offers = asyncio.run(discover("daily.test", web, now=NOW))

    assert [(one.url, one.kind, one.items) for one in offers] == [
        ("https://daily.test/f", "feed", 5),
        ("https://daily.test/s.xml", "sitemap", 1),
    ]


def test_known_paths_are_tried_when_nothing_points() -> None:
    web = TableWeb({"https://daily.test/feed/": rss(range(5))})

    offers = asyncio.run(discover("https://daily.test/some/page", web, now=NOW))

    assert [one.url for one in offers] == ["https://daily.test/feed/"]
    assert len(web.asked) == len(KNOWN_PATHS) + 2


def test_a_site_nobody_answers_for_is_not_asked_for_every_known_path() -> None:
    lost = skipped(Reason.DNS, detail="the name daily.test was not found")
    web = TableWeb({f"https://daily.test/{path}": lost for path in ("", "robots.txt")})

    with pytest.raises(NothingReached, match=r"https://daily\.test/ was not reached: the name"):
        asyncio.run(discover("daily.test", web, now=NOW))
    assert len(web.asked) == 2


def test_a_place_pointed_to_and_known_is_asked_once() -> None:
    found = places("https://daily.test/", ["/feed", "https://daily.test/feed/"])

    assert sum(url.rstrip("/").endswith("/feed") for url in found) == 1


def test_sitemaps_of_robots_are_found_in_any_case() -> None:
    assert sitemaps_in_robots(b"Sitemap: https://a.test/1\n  sitemap :https://a.test/2\r\n#x") == (
        "https://a.test/1",
        "https://a.test/2",
    )


def test_a_site_is_a_name_or_an_address() -> None:
    assert front_of("daily.test") == "https://daily.test/"
    assert front_of("http://daily.test:8080/a?b") == "http://daily.test:8080/"
    assert front_of("ftp://daily.test/") is None


def test_an_address_is_told_by_its_bytes() -> None:
    web = TableWeb({"https://daily.test/x": rss(range(3))})

    offer = asyncio.run(identify("https://daily.test/x", web, now=NOW))

    assert isinstance(offer, Offer)
    assert (offer.kind, offer.form, offer.items) == ("feed", "rss", 3)


def test_an_address_that_is_no_source_says_why() -> None:
    web = TableWeb({"https://daily.test/x": b"<html><p>Hello</p></html>"})

    assert isinstance(asyncio.run(identify("https://daily.test/x", web, now=NOW)), Unreadable)
    assert isinstance(asyncio.run(identify("https://daily.test/y", web, now=NOW)), Unreadable)


def test_a_site_about_its_feeds_is_looked_into_once() -> None:
    page = b"<html><a href=/rss>RSS</a></html>"
    feeds = b"<html><a href=/rss/a.xml>A</a><a href=/rss/b.xml>B</a><a href=/rss>RSS</a></html>"
    web = TableWeb(
        {
            "https://daily.test/": page,
            "https://daily.test/rss": feeds,
            "https://daily.test/rss/a.xml": rss(range(3)),
            "https://daily.test/rss/b.xml": b"<html><a href=/rss/c.xml>RSS</a></html>",
        }
    )

    offers = asyncio.run(discover("daily.test", web, now=NOW))

    assert [one.url for one in offers] == ["https://daily.test/rss/a.xml"]
    assert len(web.asked) == len(set(web.asked))
    assert "https://daily.test/rss/c.xml" not in web.asked


def test_a_site_may_be_named_as_feed_readers_do() -> None:
    assert front_of("feed://daily.test/rss") == "https://daily.test/"
    assert front_of("feed:http://daily.test/rss") == "http://daily.test/"
