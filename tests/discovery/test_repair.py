"""A gap is closed when what was read reaches over it, by whatever way the source has."""

import asyncio
import json
from datetime import timedelta

import pytest

from flows.core import Gap, GapCause, Reason, Source
from flows.discovery import Repair, Way, repair, ways_of
from flows.discovery.formats.wordpress import posts_between
from tests.discovery.support import (
    FEED,
    NOW,
    Reply,
    TableWeb,
    rss,
    sitemap,
    sitemap_index,
    skipped,
    source,
)

# items are ten minutes apart from a day before NOW: the gap holds items 20 to 39
SINCE = NOW - timedelta(days=1) + timedelta(minutes=195)
UNTIL = NOW - timedelta(days=1) + timedelta(minutes=395)
GAP = Gap(source_id="daily", since=SINCE, until=UNTIL, cause=GapCause.ROLLED_OVER)
MAP = "https://daily.test/sitemap.xml"


def repaired(of: Source, replies: dict[str, Reply]) -> tuple[Repair, TableWeb]:
    web = TableWeb(replies)
    return asyncio.run(repair(of, web, GAP, now=NOW)), web


def numbers(found: Repair) -> list[int]:
    return sorted(int(one.url.rpartition("/")[2]) for one in found.candidates)


def dated(first: int, last: int) -> bytes:
    start = NOW - timedelta(days=1)
    return sitemap(
        *(
            (f"https://daily.test/{n}", f"{start + timedelta(minutes=10 * n):%Y-%m-%dT%H:%M:%SZ}")
            for n in range(first, last + 1)
        )
    )


def test_the_ways_of_a_source_follow_from_its_configuration() -> None:
    assert ways_of(source()) == (Way.PAGED_FEED,)
    assert ways_of(source(repairs=(MAP,))) == (Way.ARCHIVE, Way.PAGED_FEED)
    assert ways_of(source(kind="sitemap")) == (Way.SITEMAP,)
    assert ways_of(source(kind="wordpress")) == (Way.POSTS_BY_DATE,)
    assert ways_of(source(kind="list", selector="a")) == ()


def test_older_pages_of_a_feed_close_a_gap() -> None:
    link = "<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='next' href='/feed2.xml'/>"

    found, web = repaired(
        source(),
        {FEED: rss(range(30, 60), extra=link), "https://daily.test/feed2.xml": rss(range(30))},
    )

    assert (found.closed, numbers(found)) == (True, list(range(20, 40)))
    assert web.asked == [FEED, "https://daily.test/feed2.xml"]


def test_a_wordpress_feed_goes_back_by_number() -> None:
    extra = "<generator>https://wordpress.org/?v=6.4</generator>"

    found, web = repaired(
        source(), {FEED: rss(range(30, 60), extra=extra), FEED + "?paged=2": rss(range(30))}
    )

    assert found.closed
    assert web.asked == [FEED, FEED + "?paged=2"]


def test_pages_that_do_not_reach_back_leave_the_gap_open_and_keep_what_they_held() -> None:
    found, _ = repaired(source(), {FEED: rss(range(30, 60))})

    assert (found.closed, numbers(found)) == (False, list(range(30, 40)))


@pytest.mark.parametrize("place", ["first", "last"])
def test_an_old_item_pinned_in_a_feed_closes_nothing(place: str) -> None:
    pinned = (
        b"<item><link>https://daily.test/1</link><pubDate>Mon, 01 Jan 2024 10:00:00 GMT</pubDate>"
        b"</item>"
    )
    newest = rss(range(50, 60))
    item, end = b"<item>", b"</channel>"
    body = (
        newest.replace(item, pinned + item, 1)
        if place == "first"
        else newest.replace(end, pinned + end)
    )

    found, _ = repaired(source(), {FEED: body})

    assert not found.closed


def test_a_page_of_years_ago_in_a_sitemap_closes_nothing() -> None:
    about = b"<url><loc>https://daily.test/0</loc><lastmod>2019-01-01</lastmod></url></urlset>"

    found, _ = repaired(
        source(kind="sitemap", url=MAP), {MAP: dated(30, 60).replace(b"</urlset>", about)}
    )

    assert not found.closed


def test_a_sitemap_named_in_repairs_closes_a_gap() -> None:
    found, web = repaired(source(repairs=(MAP,)), {MAP: dated(0, 60)})

    # lastmod says changed, not published: later changes may be older articles
    assert found.closed
    assert set(range(20, 40)) <= set(numbers(found))
    assert web.asked == [MAP]


def test_a_sitemap_that_begins_inside_the_gap_does_not_close_it() -> None:
    found, _ = repaired(source(kind="sitemap", url=MAP), {MAP: dated(30, 60)})

    assert not found.closed


def test_an_index_is_read_where_it_can_hold_the_gap() -> None:
    web_of: dict[str, Reply] = {
        MAP: sitemap_index(
            ("https://daily.test/a.xml", "2026-11-21"), ("https://daily.test/b.xml", "2025-01-01")
        ),
        "https://daily.test/a.xml": dated(0, 60),
    }

    found, web = repaired(source(kind="sitemap", url=MAP), web_of)

    assert found.closed
    assert web.asked == [MAP, "https://daily.test/a.xml"]


def test_wordpress_is_asked_for_the_window_itself() -> None:
    api = "https://daily.test/wp-json/wp/v2/posts"

    class Posts(dict[str, Reply]):
        def get(self, url: str, _: object = None) -> Reply | None:  # type: ignore[override]  # any query
            posts = [{"link": "https://daily.test/25", "date_gmt": f"{SINCE:%Y-%m-%dT%H:%M:%S}"}]
            return json.dumps(posts).encode() if "after=" in url else None

    web = TableWeb(Posts())
    found = asyncio.run(repair(source(kind="wordpress", url=api), web, GAP, now=NOW))

    assert (found.closed, numbers(found), len(web.asked)) == (True, [25], 1)


def test_day_archives_are_asked_day_by_day() -> None:
    pattern = "https://daily.test/archive/{year}/{month}/{day}"
    day = "https://daily.test/archive/2026/11/20"
    body = b"<a href='/25'>Item</a> <a href='https://else.test/1'>Else</a>"

    found, web = repaired(source(repairs=(pattern,)), {day: body})

    assert (found.closed, numbers(found), web.asked) == (True, [25], [day])


def test_a_sitemap_made_for_its_day_is_whole_whenever_its_first_item_came() -> None:
    pattern = "https://daily.test/{year}-{month}-{day}.xml"
    found, _ = repaired(
        source(repairs=(pattern,)), {"https://daily.test/2026-11-20.xml": dated(25, 30)}
    )

    assert (found.closed, numbers(found)) == (True, list(range(25, 31)))


def test_a_sitemap_made_for_its_day_that_is_not_there_closes_nothing() -> None:
    pattern = "https://daily.test/{year}-{month}-{day}.xml"
    found, _ = repaired(source(repairs=(pattern,)), {})

    assert not found.closed


def test_a_source_without_a_way_says_what_is_missing() -> None:
    found, web = repaired(source(kind="list", selector="a"), {})

    assert (found.closed, web.asked) == (False, [])
    assert "repairs" in found.detail


def test_pages_that_lead_in_a_circle_end() -> None:
    link = f"<atom:link xmlns:atom='http://www.w3.org/2005/Atom' rel='next' href='{FEED}'/>"

    _, web = repaired(source(), {FEED: rss(range(50, 60), extra=link)})

    assert web.asked == [FEED]


def test_what_gdelt_translated_is_repaired_from_its_translated_files() -> None:
    lists = "http://data.gdeltproject.org/gdeltv2/lastupdate-translation.txt"

    _, web = repaired(source(kind="gdelt", url=lists), {})

    assert web.asked
    assert all(".translation.gkg." in url for url in web.asked)


def test_a_file_of_gdelt_that_is_missing_keeps_no_other_from_being_read() -> None:
    lists = "http://data.gdeltproject.org/gdeltv2/lastupdate.txt"

    found, web = repaired(source(kind="gdelt", url=lists), {})

    assert (found.closed, len(web.asked)) == (False, 15)


@pytest.mark.parametrize(("status", "closed"), [(400, True), (500, False)])
def test_posts_that_fill_their_last_page_end_with_a_400(status: int, closed: bool) -> None:
    api = "https://daily.test/wp-json/wp/v2/posts"
    posts = [
        {"link": f"https://daily.test/{n}", "date_gmt": f"{SINCE:%Y-%m-%dT%H:%M:%S}"}
        for n in range(100)
    ]
    refused = skipped(Reason.HTTP_400, http_status=status, detail="no page of it")
    first, second = (posts_between(api, SINCE, UNTIL, page=n) for n in (1, 2))

    found, _ = repaired(
        source(kind="wordpress", url=api), {first: json.dumps(posts).encode(), second: refused}
    )

    assert (found.closed, len(found.candidates)) == (closed, 100)
