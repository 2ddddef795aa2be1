"""Which link of a feed's item is the item's own, whatever other links stand in it."""

import pytest

from flows.discovery.formats.item_links import OwnLink, own_links
from flows.discovery.listing import Listing
from tests.discovery.formats.test_feeds import listing
from tests.discovery.support import FEED

ATOM = "http://www.w3.org/2005/Atom"
OWN = "https://daily.test/n/1"
OTHER = "https://other.test/2"
PROXY = "https://proxy.test/~r/1"


def rss(item: str) -> str:
    return (
        f"<?xml version='1.0'?><rss version='2.0' xmlns:atom='{ATOM}'"
        " xmlns:media='http://search.yahoo.com/mrss/'"
        " xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'"
        f" xmlns:pheedo='http://www.pheedo.com/namespace/pheedo'><channel><language>en</language>"
        f"<item><title>One</title>{item}</item></channel></rss>"
    )


def atom(entry: str, attributes: str = "xml:lang='en-GB'") -> str:
    return f"<feed xmlns='{ATOM}' {attributes}><entry><title>One</title>{entry}</entry></feed>"


def _links(found: Listing) -> list[str | None]:
    return [entry.link for entry in found.entries]


@pytest.mark.parametrize(
    "item",
    [
        # another's link, after and before
        f"<link>{OWN}</link><author><title>Director</title><link>{OTHER}</link></author>",
        f"<author><link>{OTHER}</link></author><link>{OWN}</link>",
        f"<link>{OWN}</link><source url='{OTHER}'>Else<link>{OTHER}</link></source>",
        f"<link>{OWN}</link><image><url>x.jpg</url><link>{OTHER}</link></image>",
        f"<link>{OWN}</link><media:group><media:content><link>{OTHER}</link></media:content>"
        f"</media:group><media:link href='{OTHER}'/>",
        # another form of the page
        f"<link>{OWN}</link><atom:link rel='alternate' hreflang='fr' href='{OTHER}'/>",
        f"<atom:link rel='alternate' href='{OTHER}'/><link>{OWN}</link>",
        f"<link>{OWN}</link><atom:link rel='self' href='{OTHER}'/>",
        f"<link>{OWN}</link><link>{OTHER}</link>",
        # no text in the link
        f"<link/><guid isPermaLink='true'>{OWN}</guid>",
        f"<link></link><guid>{OWN}</guid>",
        f"<link> <![CDATA[ ]]> </link><guid>{OWN}</guid>",
        f"<guid isPermalink='TRUE'>{OWN}</guid>",
        f"<link/><atom:link rel='alternate' hreflang='fr' href='{OTHER}'/><guid>{OWN}</guid>",
        f"<link href='{OWN}'/>",
        f"<atom:link href='{OWN}'/><guid>{OTHER}</guid>",
        # the original behind a proxy
        f"<link>{PROXY}</link><feedburner:origLink>{OWN}</feedburner:origLink>",
        f"<pheedo:origLink>{OWN}</pheedo:origLink><link>{PROXY}</link>",
        f"<link>{OWN}</link><feedburner:origLink>none</feedburner:origLink>",
        f"<link>{OWN}</link><feedburner:origLink>https://256.1../</feedburner:origLink>",
    ],
)
def test_an_items_own_link_stands(item: str) -> None:
    assert _links(listing(rss(item))) == [OWN]


@pytest.mark.parametrize(
    "entry",
    [
        f"<link rel='alternate' type='application/json' href='{OTHER}'/><link href='{OWN}'/>",
        f"<link rel='alternate' hreflang='fr' href='{OTHER}'/><link rel='alternate' href='{OWN}'/>",
        f"<link href='{OWN}' hreflang='en'/><link href='{OTHER}' hreflang='uk'/>",
        f"<link href='{OWN}'/><link rel='alternate' href='{OTHER}'/>",
        f"<link/><id>{OWN}</id>",
        f"<link rel='self' href='{OTHER}'/><id>{OWN}</id>",
        f"<author><name>N</name><link href='{OTHER}'/></author><link href='{OWN}'/>",
        f"<source><id>x</id><link href='{OTHER}'/></source><link href='{OWN}'/>",
        f"<link rel='enclosure' href='{OTHER}'/><link rel='related' href='{OWN}'/>",
    ],
)
def test_an_entrys_own_page_stands(entry: str) -> None:
    assert _links(listing(atom(entry))) == [OWN]


@pytest.mark.parametrize(
    "item",
    [
        f"<author><link>{OTHER}</link></author>",
        f"<link/><guid isPermaLink='false'>{OWN}</guid>",
        "<link/><guid>abc123</guid>",
        "<link/><guid isPermaLink='true'>not an address</guid>",
        f"<media:content url='{OTHER}'/><enclosure url='{OTHER}'/>",
    ],
)
def test_an_item_without_a_link_of_its_own_has_none(item: str) -> None:
    assert _links(listing(rss(item))) == [None]


@pytest.mark.parametrize(
    ("feed", "link"),
    [
        (rss("<link/><guid>/n/1</guid>"), "/n/1"),  # from the listing's base, like any link
        (rss("<link xml:base='https://daily.test/en/'>n/1</link>"), "https://daily.test/en/n/1"),
        (
            atom("<link xml:base='en/' href='n/1'/>", "xml:base='https://daily.test/x/'"),
            "https://daily.test/x/en/n/1",
        ),
        (rss("<link xml:base='https://256.1../'>/n/1</link>"), "https://daily.test/n/1"),
    ],
)
def test_a_relative_link_is_taken_from_the_base_that_holds_for_it(feed: str, link: str) -> None:
    assert _links(listing(feed)) == [link]


def test_a_link_below_an_element_nobody_knows_is_better_than_none() -> None:
    assert _links(listing(rss(f"<data><link>{OWN}</link></data>"))) == [OWN]


def test_a_broken_feed_keeps_the_links_that_can_be_read() -> None:
    item = f"<description>a<br>b</description><link>{OWN}</link>"
    assert _links(listing(rss(item))) == [OWN]


def test_items_never_closed_keep_their_own_links() -> None:
    body = f"<rss><channel><item><link>{OWN}</link><item><link>{OTHER}</link>"
    assert _links(listing(body)) == [OWN, OTHER]


def test_each_item_has_one_in_their_order_and_nothing_is_no_feed() -> None:
    body = f"<rss><channel><item><link>{OWN}</link></item><item/></channel></rss>".encode()
    assert own_links(body, url=FEED) == (
        OwnLink(link=OWN, is_known=True),
        OwnLink(link=None, is_known=False),
    )
    assert own_links(b"", url=FEED) == own_links(b"no markup", url=FEED) == ()


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1251"])
def test_a_link_is_read_in_the_encoding_of_its_feed(encoding: str) -> None:
    link = "https://daily.test/мир/1"
    body = f"<?xml version='1.0' encoding='{encoding}'?>" + rss(f"<link>{link}</link>")[21:]
    assert _links(listing(body.encode(encoding))) == [link]
