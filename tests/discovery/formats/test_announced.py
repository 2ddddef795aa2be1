"""Feeds a page points to, as browsers and feed readers read its links."""

import pytest

from flows.discovery.formats.announced import feeds_linked_in, web_address

URL = "http://daily.test/de/start"
RSS = 'rel="alternate" type="application/rss+xml"'


def _found(html: str, url: str = URL) -> list[str]:
    return list(feeds_linked_in(html.encode(), url=url))


@pytest.mark.parametrize(
    "base",
    [
        '<base href="http://daily.test/en/">',
        '<base href="/en/">',
        "<BASE target=_top><base HREF=../en/x.html><base href='/third/'>",
        '<base href="//daily.test/en/">',
    ],
)
def test_links_resolve_against_the_first_base(base: str) -> None:
    assert _found(f"<head>{base}<link {RSS} href=b.xml></head>") == ["http://daily.test/en/b.xml"]


def test_a_base_that_is_none_changes_nothing() -> None:
    html = f"<base href='javascript:x'><link {RSS} href=b.xml>"
    assert _found(html) == ["http://daily.test/de/b.xml"]


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("feed://daily.test/a.xml", "http://daily.test/a.xml"),
        ("FEED://daily.test/a.xml", "http://daily.test/a.xml"),
        ("feed:https://daily.test/a.xml", "https://daily.test/a.xml"),
        ("feed:http://daily.test/a.xml", "http://daily.test/a.xml"),
        ("feed://https://daily.test/a.xml", "https://daily.test/a.xml"),
        (" feed:daily.test/a.xml", "http://daily.test/a.xml"),
        ("rss://daily.test/a.xml", "http://daily.test/a.xml"),
        ("/feed:1/a.xml", "/feed:1/a.xml"),
        ("https://daily.test/feed://x", "https://daily.test/feed://x"),
    ],
)
def test_the_schemes_of_feed_readers_are_those_of_the_web(raw: str, read: str) -> None:
    assert web_address(raw, URL) == read


def test_a_feed_scheme_is_asked_for_as_its_page_is() -> None:
    html = f"<link {RSS} href='feed://daily.test/a.xml'>"
    assert _found(html, "https://daily.test/") == ["https://daily.test/a.xml"]


@pytest.mark.parametrize(
    "link",
    [
        "<link rel=alternate type=application/rss+xml href=/f>",
        "<LINK REL=ALTERNATE TYPE=APPLICATION/RSS+XML HREF=/f>",
        "<link href='/f' type='application/atom+xml; charset=utf-8' rel='home Alternate nofollow'>",
        "<link rel='alternate' type='application/feed+json' href=/f>",
        "<link rel='alternate' type='application/json' href=/f>",
        "<link rel=\"feed\" href=/f>",
        "<link rel='alternate' type=' text/xml ' href=' /f '>",
        "<link rel='alternate' type='application/x-rss+xml' href=/f>",
        "<body><p><link rel=alternate type=application/rss+xml href=/f>",
        "<a type='application/rss+xml' href=/f>News</a>",
        "<a href=/f>RSS</a>",
        "<a href=/f title='Our RSS'><img src=x></a>",
        "<a href='feed://daily.test/f'>Follow us</a>",
    ],
)  # fmt: skip
def test_a_feed_is_known_however_its_link_is_written(link: str) -> None:
    assert _found(f"<html>{link}</html>") == ["http://daily.test/f"]


@pytest.mark.parametrize(
    "path",
    ["/rss", "/feed/", "/news/rss.xml", "/world-rss.xml", "/rss/world", "/index.rdf",
     "/?feed=rss2", "/index.php?format=feed&type=atom", "/atom.xml"],
)  # fmt: skip
def test_an_address_may_read_like_a_feed(path: str) -> None:
    assert _found(f"<a href='{path}'>Follow</a>") == [f"http://daily.test{path}"]


@pytest.mark.parametrize(
    "link",
    [
        "<link rel='alternate' hreflang='en' href=/en>",
        "<link rel='alternate stylesheet' type='text/css' href=/s.css>",
        "<link rel='alternate' type='application/json' href=/wp-json/wp/v2/posts/1>",
        "<link rel='alternate' type='application/rss+xml'>",
        "<link rel='alternate' type='application/rss+xml' href='mailto:x@daily.test'>",
        "<a href='/what-the-feed-says-of-us'>Story</a>",
        "<a href='/harassment'>Carousel of the rssiest</a>",
        "<a href='/x' type='text/xml'>x</a>",
        "<a href='#rss'>x</a>",
        "<!-- <link rel=alternate type=application/rss+xml href=/f> -->",
    ],
)
def test_other_links_are_no_feeds(link: str) -> None:
    assert _found(f"<html>{link}</html>") == []


def test_what_is_announced_stands_before_what_is_linked() -> None:
    assert _found(f"<a href=/rss>RSS</a><link {RSS} href=/f>") == [
        "http://daily.test/f",
        "http://daily.test/rss",
    ]


def test_a_page_full_of_feeds_costs_thirty_requests_at_most() -> None:
    assert len(_found("".join(f"<a href=/rss/{n}>RSS</a>" for n in range(500)))) == 30
