"""List pages that are JSON: chosen links with the title and the date beside each."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Candidate, ClaimedTime
from flows.discovery.candidates import candidates_of
from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import Listing, Unreadable
from tests.discovery.support import NOW, source

URL = "https://council.test/news/list/ITEMS.json"
ITEMS: list[object] = [
    {
        "TITLE": "会议公报",
        "SUB_TITLE": "",
        "URL": "https://council.test/news/202611/content_2.htm",
        "DOCRELPUBTIME": "2026-11-20",
    },
    {
        "TITLE": "Second <b>communiqué</b>",
        "SUB_TITLE": "x",
        "URL": "../202611/content_1.htm",
        "DOCRELPUBTIME": "2026-11-19 18:30",
    },
]


def read(body: bytes, selector: str = "URL", charset: str | None = None) -> Listing | Unreadable:
    return read_answer(Answer(kind="list", url=URL, body=body, selector=selector, charset=charset))


def links(value: object, selector: str) -> list[str | None]:
    found = read(json.dumps(value).encode(), selector)
    assert isinstance(found, Listing), found
    return [entry.link for entry in found.entries]


def found_in(value: object, selector: str = "URL") -> tuple[Candidate, ...]:
    listing = read(json.dumps(value).encode(), selector)
    assert isinstance(listing, Listing), listing
    of = source(kind="list", url=URL, timezone="Asia/Shanghai", language="zh", country="CN")
    return candidates_of(listing, of, now=NOW).candidates


def test_an_array_gives_links_resolved_titles_and_dates_in_the_sources_zone() -> None:
    first, second = found_in(ITEMS)

    assert (first.url, first.claimed_title) == (
        "https://council.test/news/202611/content_2.htm",
        "会议公报",
    )
    assert (second.url, second.claimed_title) == (
        "https://council.test/news/202611/content_1.htm",
        "Second communiqué",
    )
    assert isinstance(second.claimed_at, ClaimedTime)
    assert second.claimed_at.at.isoformat() == "2026-11-19T10:30:00+00:00"


@pytest.mark.parametrize(
    ("value", "selector"),
    [
        ([{"url": "/a"}, {"url": "/b"}], "url"),
        ({"data": {"list": [{"url": "/a"}, {"url": "/b"}]}}, "data.list.url"),
        ({"data": {"list": [{"url": "/a"}, {"url": "/b"}]}}, "$.data.list[*].url"),
        ({"data": {"list": [{"link": "/a"}, {"web_url": "/b"}]}}, "data.list"),
        ({"days": [{"items": [{"u": "/a"}]}, {"items": [{"u": "/b"}]}]}, "days.items.u"),
        ({"17": {"u": "/a"}, "18": {"u": "/b"}}, "*.u"),
        ({"links": ["/a", "/b"]}, "links"),
    ],
)
def test_a_path_leads_through_arrays_to_links_or_to_what_holds_them(
    value: object, selector: str
) -> None:
    assert links(value, selector) == ["/a", "/b"]


@pytest.mark.parametrize(
    ("item", "published"),
    [
        ({"date": "2026-11-20", "updateTime": "2026-11-21"}, "2026-11-20"),
        ({"time": "2026-11-20", "publishTime": "2026-11-19"}, "2026-11-19"),
        ({"pubTime": 1795000000000}, "1795000000000"),
        ({"createdate": 1795000000}, "1795000000"),
        ({"readtime": 5, "date": True, "showtime": "10:30"}, "10:30"),
        ({"datetime": {"$date": "2026-11-20"}, "time": ["2026"]}, None),
        ({"updateTime": "2026-11-20"}, None),
        ({"publisher": "The Daily", "published_at": "2026-11-20T10:00Z"}, "2026-11-20T10:00Z"),
        ({"createdAt": "2026-11-20", "endDate": "2026-12-31"}, "2026-11-20"),
    ],
)
def test_the_date_is_the_member_named_for_publication(
    item: dict[str, object], published: str | None
) -> None:
    found = read(json.dumps([{"url": "/a"} | item]).encode(), "url")

    assert isinstance(found, Listing)
    assert found.entries[0].published == published


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("callback(", ");"),
        ("var list = ", ";"),
        ("  window.app['list']=", ""),
        ("\ufeff", ""),
        ("\n\t", "\n<!-- made at noon -->"),
    ],
)
def test_what_is_wrapped_round_the_json_is_taken_off(before: str, after: str) -> None:
    found = read(f"{before}{json.dumps(ITEMS)}{after}".encode())

    assert isinstance(found, Listing)
    assert len(found.entries) == 2


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", None), ("utf-16-le", None),
     ("gb18030", "gb2312"), ("big5", "big5")],
)  # fmt: skip
def test_any_encoding_that_is_marked_or_named_is_read(encoding: str, charset: str | None) -> None:
    text = json.dumps([{"TITLE": "會議公報", "URL": "/a"}], ensure_ascii=False)

    found = read(text.encode(encoding), charset=charset)

    assert isinstance(found, Listing)
    assert found.entries[0].title == "會議公報"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 200_000, "nested too deeply"),
        (b"[{", "no valid JSON"),
        (b"[]", "chooses no link"),
        (b"[NaN, Infinity, null, true, 17, []]", "chooses no link"),
        (b'{"URL": 5}', "chooses no link"),
        (b'[{"URL": {"URL": "/a"}}]', "chooses no link in this JSON"),
    ],
)
def test_what_lists_nothing_says_why(body: bytes, problem: str) -> None:
    found = read(body, "URL.x" if b"{" in body[2:] else "URL")

    assert isinstance(found, Unreadable)
    assert problem in found.problem


def test_items_that_are_none_cost_only_themselves() -> None:
    value: list[object] = [
        5,
        None,
        "x",
        [],
        {"URL": None},
        {"URL": ["/b"]},
        {"URL": "/a", "TITLE": 7},
    ]

    assert links(value, "URL") == ["/b", "/a"]


def test_a_number_of_ten_thousand_digits_costs_nothing_else() -> None:
    body = b'[{"URL": "/a", "id": ' + b"9" * 10_000 + b', "x": 1e999999, "date": NaN}]'

    found = read(body)

    assert isinstance(found, Listing)
    assert [(entry.link, entry.published) for entry in found.entries] == [("/a", None)]


def test_an_item_of_very_many_members_is_read_so_far() -> None:
    item = {"URL": "/a"} | {f"m{n}": "2026-11-20" for n in range(50_000)} | {"TITLE": "Late"}

    found = read(json.dumps([item]).encode())

    assert isinstance(found, Listing)
    assert [(entry.link, entry.title) for entry in found.entries] == [("/a", None)]


def test_a_link_listed_twice_is_one_candidate() -> None:
    assert len(found_in([*ITEMS, *ITEMS])) == 2


def test_links_that_cannot_be_asked_for_are_no_candidates() -> None:
    value = [
        {"URL": "javascript:void(0)"},
        {"URL": "\ud800"},
        {"URL": "/ok\ud800", "TITLE": "\ud800"},
    ]

    assert all(one.url.isascii() for one in found_in([*value, *ITEMS]))


def test_a_listing_of_very_many_items_is_cut_to_both_ends() -> None:
    found = read(json.dumps([{"URL": f"/{n}"} for n in range(5_000)]).encode())

    assert isinstance(found, Listing)
    assert (len(found.entries), found.beyond) == (2_000, 3_000)
    assert (found.entries[0].link, found.entries[-1].link) == ("/0", "/4999")


def test_html_is_still_read_by_css() -> None:
    found = read(b"<!doctype html><ul><li><a href=/a>A</a></ul>", "li a")

    assert isinstance(found, Listing)
    assert [entry.link for entry in found.entries] == ["/a"]


def test_json_where_a_css_selector_is_configured_says_so() -> None:
    found = read(json.dumps(ITEMS).encode(), "ul.news a[href*='/t20']")

    assert isinstance(found, Unreadable)
    assert "chooses no link in this JSON" in found.problem


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["URL", "TITLE", "pubDate"]) | st.text(), inner)
    ),
    max_leaves=20,
)


@given(_VALUES, st.sampled_from(["URL", "*", "*.URL", "", "..", "[*]"]) | st.text(max_size=20))
def test_any_json_under_any_path_is_a_listing_or_says_why(value: object, path: str) -> None:
    body = json.dumps(value).encode("utf-8", "surrogatepass")
    answer = Answer(kind="list", url=URL, body=body, selector=path)

    found = read_answer(answer)

    if isinstance(found, Listing):
        candidates_of(found, source(kind="list", url=URL), now=NOW)
    else:
        assert found.problem
