"""Sitemaps: every location is kept, however the markup around it is bent."""

import gzip
from datetime import UTC, datetime

import pytest

from flows.core.text.listing_markup import MAX_SITEMAP_BYTES, unpacked
from flows.discovery.formats.sitemaps import children_for, parse_sitemap
from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import (
    MAX_BYTES,
    Child,
    Entry,
    Listing,
    Unreadable,
)
from tests.discovery.support import NOW, sitemap

URL = "https://daily.test/sitemap.xml"


def read(body: str | bytes, max_entries: int = 50_000) -> Listing:
    raw = body.encode() if isinstance(body, str) else body
    found = parse_sitemap(raw, url=URL, max_entries=max_entries)
    assert isinstance(found, Listing)
    return found


NEWS = (
    "<{p}url><{p}loc>\n  https://daily.test/\n  one </{p}loc><{p}lastmod>2023-02-25</{p}lastmod>"
    "<{n}news><{n}publication><{n}name>Daily</{n}name></{n}publication>"
    "<{n}publication_date>2023-02-24T10:00+08:00</{n}publication_date>"
    "<{n}title>One</{n}title></{n}news></{p}url>"
)
ONE = Entry(
    link="https://daily.test/one",
    title="One",
    published="2023-02-24T10:00+08:00",
    updated="2023-02-25",
    claim="sitemap",
)


def test_a_news_sitemap_is_read_under_any_namespace() -> None:
    declared = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' "
        "xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
    )
    odd = "<s:urlset xmlns:s='urn:x' xmlns:n='urn:y'>"

    assert read(declared + NEWS.format(p="", n="news:") + "</urlset>").entries == (ONE,)
    assert read("<urlset>" + NEWS.format(p="", n="news:") + "</urlset>").entries == (ONE,)
    assert read("<urlset>" + NEWS.format(p="", n="") + "</urlset>").entries == (ONE,)
    assert read(odd + NEWS.format(p="s:", n="n:") + "</s:urlset>").entries == (ONE,)


def test_an_image_location_is_not_the_page() -> None:
    found = read(
        "<urlset xmlns:image='urn:i'><url><image:image><image:loc>https://img.test/1.jpg"
        "</image:loc></image:image><loc>https://daily.test/1</loc></url></urlset>"
    )

    assert [entry.link for entry in found.entries] == ["https://daily.test/1"]


def test_an_index_names_its_children() -> None:
    found = read(
        "<sitemapindex><sitemap><loc>https://daily.test/a.xml</loc><lastmod>2023-02-24</lastmod>"
        "</sitemap><sitemap><loc>b.xml</loc></sitemap></sitemapindex>"
    )

    assert (found.form, found.children) == (
        "sitemapindex",
        (Child(url="https://daily.test/a.xml", lastmod="2023-02-24"), Child(url="b.xml")),
    )


def test_gzip_is_undone_and_a_torn_file_gives_what_stands_before_the_tear() -> None:
    whole = gzip.compress(sitemap(*((f"https://daily.test/{n}", "2023-02-24") for n in range(200))))

    assert len(read(whole).entries) == 200
    assert 0 < len(read(whole[: len(whole) // 2]).entries) < 200


def test_plain_text_lists_of_urls_are_sitemaps() -> None:
    found = read("https://daily.test/1\nhttps://daily.test/2\n")

    assert [entry.link for entry in found.entries] == [
        "https://daily.test/1",
        "https://daily.test/2",
    ]


def test_what_is_no_sitemap_says_so() -> None:
    assert isinstance(parse_sitemap(b"<html><p>x</p></html>", url=URL), Unreadable)


def test_an_empty_sitemap_is_a_sitemap() -> None:
    assert read("<urlset xmlns='x'></urlset>").entries == ()


def test_more_urls_than_asked_for_are_counted() -> None:
    found = read(sitemap(*((f"https://daily.test/{n}", "2023-02-24") for n in range(30))), 10)

    assert (len(found.entries), found.beyond) == (10, 20)


def test_a_documents_own_entities_are_not_expanded() -> None:
    found = read(
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        "<urlset><url><loc>https://daily.test/&b;&f;</loc></url></urlset>"
    )

    assert all("aaa" not in (entry.link or "") for entry in found.entries)
    assert all("root:" not in (entry.link or "") for entry in found.entries)


def test_children_changed_since_come_first_and_older_ones_not_at_all() -> None:
    children = [
        Child(url="https://daily.test/old.xml", lastmod="2020-01-01"),
        Child(url="https://daily.test/today.xml", lastmod="2026-11-21T10:00:00Z"),
        Child(url="https://daily.test/2026-11.xml"),
        Child(url="https://daily.test/2019-11.xml"),
        Child(url="https://daily.test/plain.xml"),
    ]

    chosen = children_for(children, datetime(2026, 11, 20, tzinfo=UTC), now=NOW)

    assert set(chosen) == {
        "https://daily.test/today.xml",
        "https://daily.test/2026-11.xml",
        "https://daily.test/plain.xml",
    }
    assert chosen[-1] == "https://daily.test/plain.xml"


def test_undated_children_are_taken_from_both_ends() -> None:
    children = [Child(url=f"https://daily.test/{letter}.xml") for letter in "abcd"]

    chosen = children_for(children, NOW, now=NOW)

    assert [url[-5] for url in chosen] == ["a", "d", "b", "c"]


def test_every_member_of_a_file_of_several_is_read() -> None:
    """As made by tools that pack in parallel or append; what follows the last is padding."""
    one, two = "<urlset><url><loc>https://daily.test/1</loc></url>", "<url><loc>/2</loc></url>"
    packed = gzip.compress(one.encode()) + gzip.compress(two.encode() + b"</urlset>") + b"\0\0"

    assert unpacked(packed) == (f"{one}{two}</urlset>".encode(), None)
    assert [entry.link for entry in read(packed).entries] == ["https://daily.test/1", "/2"]


def test_what_is_missing_of_a_file_is_said() -> None:
    entries = ((f"https://daily.test/{n * n * 7919}", "2023-02-24") for n in range(9_000))
    packed = gzip.compress(sitemap(*entries))
    torn, corrupt = packed[:-20], packed[:-8] + b"\0" * 8

    assert [_flaw(body) for body in (packed, torn, corrupt)] == [
        None,
        "its gzip ends before its end",
        "its gzip is corrupt; what follows was not read",
    ]


def _flaw(body: bytes) -> str | None:
    listing = read_answer(Answer(kind="sitemap", url=URL, body=body))
    assert isinstance(listing, Listing)
    assert 5_000 < len(listing.entries) <= 9_000
    return listing.flaw


def test_a_file_of_which_nothing_can_be_unpacked_says_so() -> None:
    found = read_answer(Answer(kind="sitemap", url=URL, body=b"\x1f\x8b\x08" + b"\xff" * 99))
    assert isinstance(found, Unreadable)
    assert "its gzip ends before its end" in found.problem


def test_fifty_megabytes_are_read_and_not_a_byte_more() -> None:
    whole, more = bytes(MAX_SITEMAP_BYTES), bytes(MAX_SITEMAP_BYTES + 1)

    assert unpacked(gzip.compress(whole, 1)) == (whole, None)
    cut, flaw = unpacked(gzip.compress(more, 1))
    assert (len(cut), flaw) == (
        MAX_SITEMAP_BYTES, "it is larger than 52,428,800 bytes; the rest was not read",
    )  # fmt: skip


def test_a_list_of_urls_in_plain_text_is_cut_and_counted() -> None:
    found = read("\ufeff" + "https://daily.test/1\n" * 50_001)

    assert (len(found.entries), found.beyond) == (50_000, 1)
    assert isinstance(parse_sitemap(b"https://daily.test/1\nand more words", url=URL), Unreadable)


def test_any_other_listing_may_be_a_fifth_as_large() -> None:
    """A feed of 50 MB costs half a minute, a sitemap a second or two."""
    for kind, head in (("feed", "<rss><channel>"), ("list", "<html>"), ("feed", "[")):
        found = read_answer(Answer(kind=kind, url=URL, body=head.encode() + b" " * MAX_BYTES))
        assert isinstance(found, Unreadable)
        assert "at most 10,000,000 are read" in found.problem


def test_what_holds_no_record_ends_early() -> None:
    """Elements that are no `<url>` are kept until one comes, so only so many may come."""
    bomb = b"<urlset>" + b"<a/>" * 30_000 + b"<url><loc>https://daily.test/1</loc></url></urlset>"
    assert read(bomb).entries == ()
    nameless = b"<urlset>" + b"<url></url>" * 200 + b"<url><loc>/1</loc></url></urlset>"
    assert read(nameless, 100).entries == ()
    assert len(read(nameless, 300).entries) == 1


def test_half_a_character_costs_the_text_it_stands_in_and_nothing_else() -> None:
    listing = read(
        "<urlset><url><loc>https://daily.test/1</loc><title>&#xDFFF; x</title></url>"
        "<url><loc>&#55296;https://daily.test/2</loc></url>"
        "<url><loc>https://daily.test/3</loc></url></urlset>"
    )
    assert [(entry.link, entry.title) for entry in listing.entries] == [
        ("https://daily.test/1", None),
        ("https://daily.test/3", None),
    ]


_PICTURE = (
    "<image:image><image:loc>https://daily.test/i.jpg</image:loc>"
    "<image:title>A caption</image:title></image:image>"
)
_FILM = (
    "<video:video><video:title>A film</video:title>"
    "<video:publication_date>2001-01-01</video:publication_date></video:video>"
)
_NAMESPACES = (
    " xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
    " xmlns:video='http://www.google.com/schemas/sitemap-video/1.1'"
    " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'"
)


@pytest.mark.parametrize("declared", [_NAMESPACES, ""])
@pytest.mark.parametrize("before", [_PICTURE, _FILM, _FILM + _PICTURE])
def test_a_pictures_title_and_a_films_date_are_not_the_articles(before: str, declared: str) -> None:
    """Whichever stands first, and whether the prefixes were declared or not."""
    url = NEWS.format(p="", n="news:").replace("<news:news>", f"{before}<news:news>")
    assert read(f"<urlset{declared}>{url}</urlset>").entries == (ONE,)


@pytest.mark.parametrize("declared", [_NAMESPACES, ""])
def test_an_address_with_a_picture_alone_has_no_title(declared: str) -> None:
    one = f"<url>{_PICTURE}<loc>https://daily.test/one</loc>{_FILM}</url>"
    assert read(f"<urlset{declared}>{one}</urlset>").entries == (
        Entry(link="https://daily.test/one", claim="sitemap"),
    )


def test_a_sitemap_in_an_old_encoding_keeps_its_other_links() -> None:
    body = (
        "<?xml version='1.0' encoding='gb2312'?><urlset><url><loc>https://daily.test/新闻/1</loc></url>"
        "<url><loc>https://daily.test/镕/2</loc></url></urlset>"
    ).encode("gb18030")
    odd = body.replace(b"</loc></url><url>", b"\xff</loc></url><url>", 1)
    links = [entry.link for entry in read(odd).entries]
    assert links == ["https://daily.test/新闻/1\ufffd", "https://daily.test/镕/2"]
