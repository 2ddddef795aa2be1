"""Sitemaps: every location is kept, however the markup around it is bent."""

import gzip
from datetime import UTC, datetime

from flows.discovery.formats.sitemaps import children_for, parse_sitemap
from flows.discovery.listing import Child, Entry, Listing, Unreadable
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
