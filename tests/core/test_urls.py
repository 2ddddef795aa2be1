"""What a URL is requested as, and under which key it is recognised."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.urls import fetch_url, host_of, url_key

REFUSED = (
    "",
    "   ",
    "ftp://paper.test/x",
    "javascript:alert(1)",
    "mailto:desk@paper.test",
    "paper.test/no-scheme",
    "https://reader:secret@paper.test/",
    "https://paper.test/a\r\nHost: evil.test",
    "https://paper.test/a\tb",
    "https://paper.test:99999/",
    "https://pa per.test/",
    "https://./",
    "https://paper.test/" + "a" * 2048,
)


@pytest.mark.parametrize("raw", REFUSED)
def test_what_must_not_be_requested_has_no_fetch_url(raw: str) -> None:
    assert fetch_url(raw) is None


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (" HTTPS://Paper.Test:443/A/../b#part ", "https://paper.test/b"),
        ("https://paper.test./x", "https://paper.test/x"),
        ("https://paper.test/чай", "https://paper.test/%D1%87%D0%B0%D0%B9"),
        ("https://bücher.test/", "https://xn--bcher-kva.test/"),
        ("https://paper.test/#!/story/7", "https://paper.test/#!/story/7"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("https://paper.test/?a=1&utm_source=x", "https://paper.test/?a=1&utm_source=x"),
    ],
)
def test_a_fetch_url_is_what_browsers_request(raw: str, wanted: str) -> None:
    assert fetch_url(raw) == wanted


def test_a_relative_link_is_taken_from_its_base() -> None:
    assert fetch_url("../b?c=1", "https://paper.test/news/a/") == "https://paper.test/news/b?c=1"


def test_a_host_carries_its_port_only_when_it_is_not_the_schemes() -> None:
    assert host_of("https://paper.test/x") == "paper.test"
    assert host_of("http://paper.test:8080/x") == "paper.test:8080"


STORY = "paper.test/world/peace-plan-for-ukraine-20230224"


@pytest.mark.parametrize(
    "url",
    [
        f"https://{STORY}",
        f"http://www.{STORY}/",
        f"https://m.{STORY}",
        f"https://mobile.{STORY}",
        f"https://amp.{STORY}",
        f"https://{STORY}/amp/",
        f"https://{STORY}.amp",
        f"https://{STORY}?amp",
        f"https://{STORY}?amp=1&outputType=amp",
        "https://paper.test/amp/world/peace-plan-for-ukraine-20230224",
        "https://paper-test.cdn.ampproject.org/c/s/paper.test/world/peace-plan-for-ukraine-20230224",
        f"https://www.google.com/amp/s/{STORY}",
        f"https://{STORY}?utm_source=feed&utm_medium=rss&fbclid=abc&gclid=1",
        f"https://{STORY}?amp;utm_source=feed",
        f"https://{STORY}?ref=rss&at_medium=RSS&at_campaign=KARANGA",
        f"https://{STORY};jsessionid=AF3419",
        f"https://{STORY}#comments",
        "HTTPS://PAPER.TEST:443/world/./x/../%70eace-plan-for-ukraine-20230224",
    ],
)
def test_one_article_has_one_key(url: str) -> None:
    assert url_key(url) == STORY


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("https://paper.test/?cid=100", "https://paper.test/?cid=200"),
        ("https://paper.test/?244321", "https://paper.test/?244322"),
        ("https://paper.test/?244321", "https://paper.test/"),
        ("https://paper.test/a?id=1", "https://paper.test/a?id=2"),
        ("https://paper.test/a?p=1", "https://paper.test/a"),
        ("https://paper.test/a?sid=1", "https://paper.test/a?sid=2"),
        ("https://paper.test/a?source=7", "https://paper.test/a?source=8"),
        ("https://paper.test/a?ref=4711", "https://paper.test/a?ref=4712"),
        ("https://paper.test/?feed=rss2", "https://paper.test/"),
        ("https://paper.test/Story", "https://paper.test/story"),
        ("https://news.paper.test/a", "https://paper.test/a"),
        ("https://sport.paper.test/a", "https://news.paper.test/a"),
        ("https://paper.test/a/b", "https://paper.test/a%2Fb"),
        ("https://paper.test/a?x=1%262", "https://paper.test/a?x=1&2"),
        ("https://paper.test/#!/story/7", "https://paper.test/#!/story/8"),
        ("https://paper.test/guitars/amp", "https://paper.test/guitars"),
        ("https://paper.test/a?page=2", "https://paper.test/a"),
        ("https://paper.test:8080/a", "https://paper.test/a"),
        ("https://paper.test/a?tags[]=1&tags[]=2", "https://paper.test/a?tags[]=2&tags[]=1"),
        ("https://m.co.uk/a", "https://co.uk/a"),
        (
            "https://paper.test/share?u=https://a.test/1",
            "https://paper.test/share?u=https://a.test/2",
        ),
    ],
)
def test_two_articles_have_two_keys(a: str, b: str) -> None:
    assert url_key(a) != url_key(b)


def test_a_parameter_tracks_only_on_the_hosts_where_it_is_known_to() -> None:
    assert url_key("https://www.nytimes.com/a.html?smid=tw") == "nytimes.com/a.html"
    assert url_key("https://paper.test/a.html?smid=tw") == "paper.test/a.html?smid=tw"


def test_the_order_of_parameters_is_no_part_of_a_key() -> None:
    assert url_key("https://paper.test/a?b=2&a=1") == url_key("https://paper.test/a?a=1&b=2")


def test_a_key_has_no_scheme_and_refuses_what_cannot_be_requested() -> None:
    with pytest.raises(ValueError, match="no http"):
        url_key("ftp://paper.test/x")


_ADDRESSES = st.from_regex(
    re.compile(
        r"https?://(www\.|m\.|amp\.){0,2}[a-z]{1,6}\.(test|co\.uk|com)(:443|:80|:8080)?"
        r"(/(amp|[a-zA-Z%0-9.;=-]{0,12})){0,4}(\?([a-z_;&=%0-9+-]|amp;|utm_|ref=rss){0,24})?(#!?/?x)?"
    ),
    fullmatch=True,
)


@given(_ADDRESSES)
def test_the_key_of_a_key_is_itself(url: str) -> None:
    if fetch_url(url) is not None:
        assert url_key(url_key(url)) == url_key(url)


@given(st.text(max_size=80))
def test_fetching_twice_over_is_once(tail: str) -> None:
    once = fetch_url(f"https://paper.test/{tail}")
    assert once is None or fetch_url(once) == once


@given(_ADDRESSES)
def test_a_fetch_url_and_what_it_came_from_have_one_key(url: str) -> None:
    fetchable = fetch_url(url)
    if fetchable is not None:
        assert url_key(fetchable) == url_key(url)


CASES = Path(__file__).parents[2] / "../shared/data/urls"


@pytest.mark.skipif(not CASES.exists(), reason="../shared/data is not here")
def test_no_two_real_pages_share_a_key() -> None:
    from tests.benchmarks.bench_urls import merged_wrongly

    assert merged_wrongly() == []
