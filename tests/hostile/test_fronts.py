"""`sources discover` over real sockets: what a front page points to, wherever it leads."""

from pathlib import Path

import pytest

from flows.discovery import Offer, discover
from flows.fetch.client import Web
from tests.discovery.support import NOW, rss
from tests.hostile.server import Asked, Behaviour, Writer, answer, says
from tests.hostile.test_throttling import run

_FEED = answer(body=rss(range(3)), kind="application/rss+xml")
_PAGE = b'<html><head><base href="http://%b.test/en/">%b</head></html>'


def _site(front: bytes, feed: str) -> Behaviour:
    """A host with this front page at / and /en/, and one feed."""

    async def behave(asked: Asked, writer: Writer) -> None:
        if asked.path == feed:
            writer.write(_FEED)
        elif asked.path in ("/", "/en/"):
            writer.write(answer(body=front))
        else:
            writer.write(answer(404, b""))

    return behave


def _urls(tmp_path: Path, hosts: dict[str, Behaviour], site: str = "http://a.test/") -> list[str]:
    async def search(web: Web) -> tuple[Offer, ...]:
        return await discover(site, web, now=NOW)

    offers, _ = run(hosts, tmp_path, search)
    return [one.url for one in offers]


@pytest.mark.parametrize(
    "link",
    [
        b'<link rel="alternate" type="application/rss+xml" href="b.xml">',
        b"<LINK REL=ALTERNATE TYPE=application/rss+xml HREF=b.xml>",
        b'<link rel="alternate" type="application/rss+xml" href="feed://a.test/en/b.xml">',
        b'<a href="b.xml">RSS</a>',
        b'<a type="application/rss+xml" href="b.xml">News</a>',
    ],
)
def test_a_base_and_a_feed_scheme_are_read(link: bytes, tmp_path: Path) -> None:
    assert _urls(tmp_path, {"a": _site(_PAGE % (b"a", link), "/en/b.xml")}) == [
        "http://a.test/en/b.xml"
    ]


@pytest.mark.parametrize(
    "front",
    [
        says(301, b"", headers=[("Location", "http://b.test/")]),
        says(body=b"<html><meta http-equiv=refresh content='0; url=http://b.test/en/'></html>"),
        says(body=b"<html>Moved</html>", headers=[("Refresh", "5; url=http://b.test/")]),
    ],
    ids=["redirect", "meta", "header"],
)
@pytest.mark.parametrize("feed", ["/en/odd-place", "/feed/"])
def test_a_site_that_lives_elsewhere_is_found_there(
    front: Behaviour, feed: str, tmp_path: Path
) -> None:
    """By what its page announces, and at the paths sites keep their feeds at."""
    link = b"<link rel=alternate type=application/rss+xml href=odd-place>"
    page = _PAGE % (b"b", link if feed == "/en/odd-place" else b"")
    hosts = {"a": front, "b": _site(page, feed)}
    assert _urls(tmp_path, hosts) == [f"http://b.test{feed}"]
