"""Ampersands of links that nobody escaped: parameters stay what they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.text.ampersands import escaped
from flows.discovery.formats.opml import parse_opml
from flows.discovery.formats.sitemaps import parse_sitemap
from flows.discovery.listing import Listing
from tests.discovery.formats.test_feeds import listing

# Each is the name of an entity, in HTML also without its semicolon
NAMES = (
    "lang",
    "copy",
    "reg",
    "para",
    "sect",
    "not",
    "times",
    "order",
    "part",
    "image",
    "amp",
    "lt",
)
LINK = "https://daily.test/n?id=5" + "".join(f"&{name}=2" for name in NAMES)
RSS = "<rss version='2.0'><channel><item>{}<link>{}</link></item></channel></rss>"


@pytest.mark.parametrize(
    "feed",
    [
        RSS.format("<title>AT&T</title>", LINK),
        RSS.format("<title>a &nbsp; b</title>", LINK),  # an entity XML does not know
        RSS.format("<title>a<br>b</title>", LINK),  # not well-formed: read by the loose parser
        RSS.format("", f"<![CDATA[{LINK}]]>"),
        RSS.format("<title>a<br>b</title>", f"<![CDATA[{LINK}]]>"),
        RSS.format("", LINK.replace("&", "&amp;")),
        RSS.format("", LINK.replace("&", "&#38;")),
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a</title>"
        f"<link href='{LINK}'/></entry></feed>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>a<br></title>"
        f"<link href='{LINK}'/></entry></feed>",
    ],
)
def test_the_parameters_of_a_link_in_a_feed_survive(feed: str) -> None:
    assert [entry.link for entry in listing(feed).entries] == [LINK]


def test_the_parameters_of_a_link_in_a_sitemap_survive() -> None:
    body = f"<urlset><url><loc>{LINK}</loc></url></urlset>".encode()
    found = parse_sitemap(body, url="https://daily.test/s.xml")
    assert isinstance(found, Listing)
    assert [entry.link for entry in found.entries] == [LINK]


def test_the_parameters_of_a_feed_in_an_opml_list_survive() -> None:
    body = f"<opml><body><outline xmlUrl='{LINK}'/></body></opml>".encode()
    found = parse_opml(body)
    assert not hasattr(found, "problem")
    assert LINK in str(found)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"&amp; &#38; &#x26; &apos;", b"&amp; &#38; &#x26; &apos;"),
        (b"&eacute;&nbsp;&Eacute; &nobody;", b"&#233;&#160;&#201; &amp;nobody;"),
        (b"<!ENTITY nobody 'x'>&nobody; &b", b"<!ENTITY nobody 'x'>&nobody; &amp;b"),
        (
            b"a&b &copy=1 && &; &#; &#xg;",
            b"a&amp;b &amp;copy=1 &amp;&amp; &amp;; &amp;#; &amp;#xg;",
        ),
        (b"&<![CDATA[&]]>&", b"&amp;<![CDATA[&]]>&amp;"),
        (b"<![CDATA[&", b"<![CDATA[&"),
        ("&".encode("utf-16"), "&".encode("utf-16")),
        ("&漢&".encode("iso-2022-jp"), "&漢&".encode("iso-2022-jp")),
    ],
)
def test_only_what_begins_no_reference_is_escaped(body: bytes, wanted: bytes) -> None:
    assert escaped(body) == wanted


def test_the_letters_of_a_sitemaps_headline_survive() -> None:
    entry = b"<url><loc>https://daily.test/1</loc><title>Am&eacute;rique</title></url>"
    found = parse_sitemap(b"<urlset>" + entry + b"</urlset>", url="https://daily.test/s.xml")
    assert isinstance(found, Listing)
    assert [entry.title for entry in found.entries] == ["Am\u00e9rique"]


@given(st.lists(st.sampled_from((b"&", b"a", b";", b"#", b"x", b"1", b"<![CDATA[", b"]]>"))))
def test_escaping_twice_is_once(pieces: list[bytes]) -> None:
    once = escaped(b"".join(pieces))
    assert escaped(once) == once
