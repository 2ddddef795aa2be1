"""Google News links: the article's URL when the link carries it, else a headline only."""

import base64

import pytest

from flows.core import Reason
from flows.core.carriers import unwrapped
from flows.discovery.candidates import candidates_of
from flows.discovery.formats.google_news import headline_only
from flows.discovery.listing import Entry, Listing
from tests.discovery.support import NOW, source

ARTICLE = "https://daily.test/world/china-peace-plan?x=1"
LONG = "https://daily.test/" + "a" * 150


def coded(url: str, amp: str = "") -> str:
    """Field 1, field 4 the URL, field 26 the AMP address: Google's message until mid-2024."""
    message = b"\x08\x13" + b"\x22" + _length(url) + url.encode()
    if amp:
        message += b"\xd2\x01" + _length(amp) + amp.encode()
    name = base64.urlsafe_b64encode(message).rstrip(b"=").decode()
    return f"https://news.google.com/rss/articles/{name}?oc=5"


def _length(text: str) -> bytes:
    size = len(text)
    return bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])


@pytest.mark.parametrize("url", [ARTICLE, LONG])
def test_a_link_that_carries_its_article_gives_it(url: str) -> None:
    assert unwrapped(coded(url, amp="https://amp.daily.test/x")) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://news.google.com/rss/articles/CBMiAUFVX3lxTE1vcGFxdWU",
        "https://news.google.com/rss/search?q=x",
        "https://daily.test/rss/articles/CBMiAA",
        "https://news.google.com/rss/articles/CBMi%%%",
    ],
)
def test_any_other_link_stays_itself(url: str) -> None:
    assert unwrapped(url) == url


def test_a_decoded_link_becomes_the_candidate() -> None:
    listing = Listing(
        form="rss", base="https://news.google.com/", entries=(Entry(link=coded(ARTICLE)),)
    )

    (candidate,) = candidates_of(listing, source(kind="google_news"), now=NOW).candidates

    assert candidate.url == ARTICLE
    assert headline_only(candidate) is None


def test_an_opaque_link_stays_as_a_headline() -> None:
    link = "https://news.google.com/rss/articles/CBMiAUFVX3lxTE1vcGFxdWU"
    listing = Listing(form="rss", base="https://news.google.com/", entries=(Entry(link=link),))

    (candidate,) = candidates_of(listing, source(kind="google_news"), now=NOW).candidates
    ending = headline_only(candidate)

    assert ending is not None
    assert ending.reason is Reason.HEADLINE_ONLY
