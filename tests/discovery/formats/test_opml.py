"""OPML: the feeds of a list, each once."""

from flows.discovery.formats.opml import Outline, Subscriptions, parse_opml
from flows.discovery.listing import Unreadable


def test_feeds_are_found_in_folders_and_once() -> None:
    body = b"""<?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
    <outline text="World"><outline text="Daily" title="The Daily" type="rss" language="en-GB"
      xmlUrl="https://daily.test/rss" htmlUrl="https://daily.test/"/></outline>
    <outline text="Again" xmlurl="https://daily.test/rss?utm_source=x"/>
    <outline text="Bad" xmlUrl="javascript:alert(1)"/><outline text="Folder"/>
    <outline text="Odd" xmlUrl="https://256.1../"/></body></opml>"""

    assert parse_opml(body) == Subscriptions(
        outlines=(Outline(url="https://daily.test/rss", title="The Daily", language="en"),),
        refused=2,
    )


def test_a_torn_list_gives_what_stands_before_the_tear() -> None:
    body = b'<opml><body><outline text="D" xmlUrl="https://daily.test/rss"/><outline te'

    assert parse_opml(body) == Subscriptions(
        outlines=(Outline(url="https://daily.test/rss", title="D"),)
    )


def test_what_is_no_list_says_so() -> None:
    assert isinstance(parse_opml(b"<html></html>"), Unreadable)
    assert isinstance(parse_opml(b""), Unreadable)


def test_addresses_may_have_the_scheme_of_feed_readers() -> None:
    body = b'<opml><body><outline text="D" xmlUrl="feed:https://daily.test/rss"/></body></opml>'

    assert parse_opml(body) == Subscriptions(
        outlines=(Outline(url="https://daily.test/rss", title="D"),)
    )


def test_half_a_character_in_a_title_loses_no_feed() -> None:
    found = parse_opml(b'<opml><outline xmlUrl="https://a.test/f" title="&#55296;"/></opml>')
    assert found == Subscriptions(
        outlines=(Outline(url="https://a.test/f", title="https://a.test/f"),)
    )
