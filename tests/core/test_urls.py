"""Under which key a URL is recognised."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core.urls import fetch_url, url_key

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


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ftp://paper.test/x",
        "https://256.1../",
        "https://a..b/",
        "seed:000_a.txt",
        "\0",
        "\ud800",
    ],
)
def test_what_cannot_be_requested_is_its_own_key(text: str) -> None:
    assert url_key(text) == text


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://cache.cdn.ampproject.org/c/s/256.1../x", None),
        ("https://www.google.com/amp/s/a..b/", None),
        ("https://www.google.com/amp/s/www.google.com/amp/s/m.paper.test/a", "paper.test/a"),
        ("https://www.google.de/url?sa=t&url=https%3A%2F%2Fwww.paper.test%2Fa%3Futm_source%3Dx",
         "paper.test/a"),
        ("https://m.google.com/url/?q=https://paper.test/a", "paper.test/a"),
    ],
)  # fmt: skip
def test_a_link_that_carries_a_url_has_its_key_and_any_other_its_own(
    url: str, key: str | None
) -> None:
    assert url_key(url) == (key or url.removeprefix("https://").removeprefix("www.").rstrip("/"))


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://medium.paper.test/a", "medium.paper.test/a"),  # no `m.` stands in it
        ("https://team.paper.test/a", "team.paper.test/a"),
        ("https://de.m.paper.test/a", "de.paper.test/a"),
        ("https://www.m.co.uk/a", "m.co.uk/a"),
        ("https://" + "m." * 120 + "com/a", "m.com/a"),
        ("https://" + "amp." * 40 + "paper.test/a", "paper.test/a"),
        ("https://www.[::1]/", "https://www.[::1]/"),
    ],
)
def test_only_whole_labels_say_how_a_page_is_shown(url: str, key: str) -> None:
    assert url_key(url) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://paper.test/%%37%35", "paper.test/%2575"),  # decoded once, whatever comes of it
        ("https://paper.test/a;jsessionid=1;jsessionid=2/b", "paper.test/a/b"),
        ("https://paper.test/.;jsessionid=1/b", "paper.test/.;jsessionid=1/b"),
        ("https://paper.test/a-b-c-d.amp.html.amp.amp", "paper.test/a-b-c-d.html"),
        ("https://paper.test/a?%75tm_source=x&%61mp;amp;ref=rss&b=1", "paper.test/a?b=1"),
        ("http://paper.test:443/a", "paper.test/a"),
        ("http://https:8080/a", "https://https:8080/a"),
    ],
)
def test_a_key_leaves_nothing_for_a_second_time(url: str, key: str) -> None:
    assert (url_key(url), url_key(key)) == (key, key)


# Pieces that meet in hosts and paths nobody would write; joined without order
_OF_HOSTS = (
    "www.", "m.", "amp.", "mobile.", "xn--", "xn--n3h", "☃", "💩", ".", "..", "co.uk", "com",
    "test", "256", "0x7f", "0", "01", "1", "4294967296", "%2e", "%00", "%", "。", "\u202e",
    "א", "ß", "İ", "\u200d", "a", "a-", "-", "_", "http", "https", "google.com",
    "google.co.uk", "news.google.com", "bing.com", "x.cdn.ampproject.org", "[::1]", "[", "]",
    ":443", ":80", ":", "@", "a" * 63, "\0", "\\", "/", "*", "'",
)  # fmt: skip
_OF_PATHS = (
    "/", "/amp", "amp", ".amp", ".html", ".htm", "a-b-c-d", "123456", ";jsessionid=", "A",
    ";", "%", "%2", "%25", "%37", "%35", "%2e", ".", "..", "/../", "/url", "url", "?url=",
    "?q=", "&url=", "?", "https://", "https%3A%2F%2F", "http://paper.test/", "s/",
    "paper.test/", "&", "=", "amp;", "#!", "#/", "utm_source=x", "%75tm_a=1", "ref=rss",
    "amp=1", "a=1", "b=2", "[]", "☃", "'", "\\", "|", "//", "/l.php", "/c/s/",
    "/articles/CBMi", " ", "+", "%26", "%3D", "%3B", "z=1&a=2", "\0", "\ud800",
)  # fmt: skip
_SCHEMES = (
    "https://",
    "http://",
    "HTTPS:",
    "https:\\\\",
    "",
    "//",
    "ftp://",
    " https://",
    "https:/",
)
_HURTING = st.builds(
    lambda scheme, host, path: scheme + "".join(host) + "".join(path),
    st.sampled_from(_SCHEMES),
    st.lists(st.sampled_from(_OF_HOSTS), min_size=1, max_size=5),
    st.lists(st.sampled_from(_OF_PATHS), max_size=9),
)
_ADDRESSES = st.from_regex(
    re.compile(
        r"https?://(www\.|m\.|amp\.){0,2}[a-z]{1,6}\.(test|co\.uk|com)(:443|:80|:8080)?"
        r"(/(amp|[a-zA-Z%0-9.;=-]{0,12})){0,4}(\?([a-z_;&=%0-9+-]|amp;|utm_|ref=rss){0,24})?(#!?/?x)?"
    ),
    fullmatch=True,
)
_ANYTHING = st.one_of(_ADDRESSES, _HURTING, st.text(max_size=80))


@settings(max_examples=500)
@given(_ANYTHING)
def test_the_key_of_a_key_is_itself_whatever_it_was_made_of(url: str) -> None:
    assert url_key(url_key(url)) == url_key(url)


@settings(max_examples=500)
@given(_ANYTHING)
def test_a_fetch_url_and_what_it_came_from_have_one_key(url: str) -> None:
    fetchable = fetch_url(url)
    if fetchable is not None:
        assert url_key(fetchable) == url_key(url)


CASES = Path(__file__).parents[2] / "../shared/data/urls"


@pytest.mark.skipif(not CASES.exists(), reason="../shared/data is not here")
def test_no_two_real_pages_share_a_key() -> None:
    from tests.benchmarks.bench_urls import merged_wrongly

    assert merged_wrongly() == []
