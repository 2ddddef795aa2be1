"""List pages: chosen links with the date written beside each."""

from flows.core import ClaimedTime
from flows.discovery.candidates import candidates_of
from flows.discovery.formats.list_pages import parse_list_page
from flows.discovery.listing import Listing, Unreadable
from tests.discovery.support import NOW, source

URL = "https://ministry.test/briefings/"
PAGE = """<html><head><meta charset='utf-8'></head><body>
<nav><a href='/'>Home</a></nav><ul class=news>
<li><a href='./202302/t20230224_1.html'>Spokesperson's <b>remarks</b></a>
<span>2023-02-24</span></li>
<li><a href='t2.html'>外交部发言人答记者问</a> (2023年2月23日 18:00)</li>
<li><div><a href='t3.html' title='Third'><img src=x></a></div><time datetime='2023-02-22T10:00Z'>x
</time></li></ul></body></html>"""


def read(selector: str, page: str = PAGE) -> Listing | Unreadable:
    return parse_list_page(page.encode(), url=URL, selector=selector)


def test_links_come_with_title_and_the_date_of_their_row() -> None:
    found = read("ul.news a")

    assert isinstance(found, Listing)
    assert [(entry.link, entry.title, entry.published) for entry in found.entries] == [
        ("./202302/t20230224_1.html", "Spokesperson's remarks", "2023-02-24"),
        ("t2.html", "外交部发言人答记者问", "2023年2月23日 18:00"),
        ("t3.html", "Third", "2023-02-22T10:00Z"),
    ]


def test_rows_may_be_chosen_instead_of_links() -> None:
    found = read("ul.news li")

    assert isinstance(found, Listing)
    assert len(found.entries) == 3


def test_links_are_resolved_against_the_page_and_dates_read_in_its_zone() -> None:
    listing = read("ul.news a")
    assert isinstance(listing, Listing)

    first, second, _ = candidates_of(
        listing, source(kind="list", url=URL, timezone="Asia/Shanghai", language="zh"), now=NOW
    ).candidates

    assert first.url == "https://ministry.test/briefings/202302/t20230224_1.html"
    assert isinstance(second.claimed_at, ClaimedTime)
    assert second.claimed_at.at.isoformat() == "2023-02-23T10:00:00+00:00"


def test_the_date_of_another_row_is_not_borrowed() -> None:
    found = read("a", "<div><p><a href=1>One</a></p><p><a href=2>Two</a> 2023-02-24</p></div>")

    assert isinstance(found, Listing)
    assert [entry.published for entry in found.entries] == [None, "2023-02-24"]


def test_a_picture_and_a_headline_that_lead_to_one_page_are_one_entry() -> None:
    page = "<li><a href=/1><img src=x></a><a href=/1>One</a> 2023-02-24</li><a href=/2>Two</a>"
    found = read("a", page)

    assert isinstance(found, Listing)
    assert [(entry.link, entry.title, entry.published) for entry in found.entries] == [
        ("/1", "One", "2023-02-24"),
        ("/2", "Two", None),
    ]


def test_a_selector_that_chooses_nothing_says_so() -> None:
    found = read("table.gone a")

    assert isinstance(found, Unreadable)
    assert "chooses no link" in found.problem


def test_a_selector_that_is_none_says_so() -> None:
    found = read("ul[")

    assert isinstance(found, Unreadable)
    assert "no CSS selector" in found.problem


def test_a_page_of_very_many_links_is_cut() -> None:
    found = read("a", "<div>" + "".join(f"<a href={n}>t</a>" for n in range(5_000)) + "</div>")

    assert isinstance(found, Listing)
    assert (len(found.entries), found.beyond) == (2_000, 3_000)


def test_links_resolve_against_the_base_a_page_names() -> None:
    page = "<html><head><base href='/en/news/'></head><body><a href='1.html'>One</a></body></html>"
    found = read("a", page)

    assert isinstance(found, Listing)
    (candidate,) = candidates_of(found, source(kind="list", url=URL), now=NOW).candidates
    assert candidate.url == "https://ministry.test/en/news/1.html"


def test_one_character_outside_the_declared_set_loses_no_link() -> None:
    """gb2312 as browsers read it, and a byte that is nothing in any encoding."""
    rows = "".join(f"<li><a href='/t{n}'>朱镕基谈停火止战 {n}</a></li>" for n in range(40))
    page = f"<html><head><meta charset='gb2312'></head><body><ul>{rows}</ul>".encode("gb18030")
    for body in (page, page.replace(b" 6</a>", b" 6\xff</a>")):
        found = parse_list_page(body, url=URL, selector="a", charset="gb2312")
        assert isinstance(found, Listing)
        assert len(found.entries) == 40
        assert found.entries[39].title == "朱镕基谈停火止战 39"
