"""One look: what came, what it means, and what is remembered for the next."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from flows.core import (
    Look,
    LookStatus,
    Reason,
    Redirect,
    Source,
    SourceMemory,
    Validators,
)
from flows.discovery import look
from flows.discovery.schedule import CONDITIONAL_IN_A_ROW
from tests.discovery.support import (
    FEED,
    NOW,
    Reply,
    TableWeb,
    memory,
    page,
    rss,
    sitemap,
    sitemap_index,
    skipped,
    source,
)

HOUR = timedelta(hours=1)
MAP = "https://daily.test/sitemap.xml"


def looked(
    reply: Reply | dict[str, Reply],
    known: SourceMemory | None = None,
    *,
    after: timedelta = timedelta(),
    of: Source | None = None,
) -> tuple[Look, TableWeb]:
    table = reply if isinstance(reply, dict) else {FEED: reply}
    web = TableWeb(table, at=NOW + after)
    seen = asyncio.run(look(of or source(), web, known or memory(), now=NOW + after))
    return seen, web


def test_a_first_look_finds_every_item_and_plans_the_next() -> None:
    seen, _ = looked(rss(range(20)))

    assert (seen.status, seen.items, len(seen.candidates)) == (LookStatus.OK, 20, 20)
    assert seen.memory.recent_keys[0] == "daily.test/19"
    assert seen.memory.newest_item_at == seen.candidates[0].claimed_at.at  # type: ignore[union-attr]  # it is dated
    assert seen.memory.next_due_at is not None
    assert seen.memory.next_due_at > NOW


def test_the_same_bytes_are_not_parsed_again() -> None:
    first, _ = looked(rss(range(20)))

    async def never(_: object) -> None:
        raise AssertionError("parsed")

    web = TableWeb({FEED: rss(range(20))}, at=NOW + HOUR)
    again = asyncio.run(look(source(), web, first.memory, now=NOW + HOUR, reading=never))  # type: ignore[arg-type]  # must not be called

    assert again.status is LookStatus.UNCHANGED
    assert again.memory.recent_keys == first.memory.recent_keys
    assert again.memory.recent_looks[-1] == (NOW + HOUR, 0)


def test_validators_are_sent_back_verbatim_and_304_is_unchanged() -> None:
    held = Validators(etag='W/"x"', last_modified="Fri, 24 Feb 2023 10:00:00 GMT")
    first, _ = looked(page(rss(range(20)), validators=held))

    again, web = looked(page(b"", status=304), first.memory, after=HOUR)

    assert web.conditions == [held]
    assert (again.status, again.memory.conditional_in_a_row) == (LookStatus.UNCHANGED, 1)


def test_after_some_conditional_requests_one_is_unconditional() -> None:
    held = Validators(etag='"x"')
    known = memory(validators=held, conditional_in_a_row=CONDITIONAL_IN_A_ROW)

    seen, web = looked(page(rss(range(20)), validators=held), known)

    assert web.conditions == [None]
    assert seen.memory.conditional_in_a_row == 0


def test_new_items_under_the_same_etag_are_a_lie_and_end_conditional_requests() -> None:
    held = Validators(etag='"x"')
    first, _ = looked(page(rss(range(20)), validators=held))
    forced = replace(first.memory, conditional_in_a_row=CONDITIONAL_IN_A_ROW)

    seen, _ = looked(page(rss(range(5, 25)), validators=held), forced, after=HOUR)
    later, web = looked(page(rss(range(6, 26)), validators=held), seen.memory, after=2 * HOUR)

    assert seen.memory.validators_lie
    assert "validators lie" in (seen.suggestion or "")
    assert web.conditions == [None]
    assert later.memory.validators == Validators()


def test_items_a_304_must_have_hidden_are_a_lie() -> None:
    first, _ = looked(page(rss(range(100)), validators=Validators(etag='"x"')))
    hidden, _ = looked(page(b"", status=304), first.memory, after=12 * HOUR)
    forced = replace(hidden.memory, conditional_in_a_row=CONDITIONAL_IN_A_ROW)

    # fifty items of the eight hours in which the server said that nothing had changed
    news = page(rss(range(90, 200)), validators=Validators(etag='"y"'))
    seen, _ = looked(news, forced, after=13 * HOUR)

    assert seen.memory.validators_lie


def test_a_roll_over_is_flagged_with_its_window_and_shortens_the_interval() -> None:
    first, _ = looked(rss(range(20)))

    seen, _ = looked(rss(range(60, 80)), first.memory, after=4 * HOUR)

    assert seen.rolled_over
    assert (seen.gap_since, seen.gap_until) == (
        NOW - timedelta(days=1) + timedelta(minutes=190),
        NOW - timedelta(days=1) + timedelta(minutes=600),
    )
    assert seen.memory.interval_minutes is not None
    assert first.memory.interval_minutes is not None
    assert seen.memory.interval_minutes <= first.memory.interval_minutes


def test_an_empty_answer_is_named_and_forgets_nothing() -> None:
    first, _ = looked(rss(range(20)))

    seen, _ = looked(rss([]), first.memory, after=HOUR)
    back, _ = looked(rss(range(60, 80)), seen.memory, after=2 * HOUR)

    assert (seen.status, seen.memory.recent_keys) == (LookStatus.EMPTY, first.memory.recent_keys)
    assert back.rolled_over


def test_after_empty_answers_what_was_lost_is_dated_from_the_last_listing() -> None:
    undated = re.compile(rb"<pubDate>.*?</pubDate>")
    first, _ = looked(undated.sub(b"", rss(range(20))))
    empty, _ = looked(rss([]), first.memory, after=24 * HOUR)

    back, _ = looked(undated.sub(b"", rss(range(60, 80))), empty.memory, after=48 * HOUR)

    assert (back.rolled_over, back.gap_since) == (True, NOW)


def test_a_listing_without_links_forgets_nothing() -> None:
    first, _ = looked(rss(range(20)))
    bare, _ = looked(b"<rss><channel><item><title>A</title></item></channel></rss>", first.memory)

    assert (bare.status, bare.items, bare.problems) == (LookStatus.EMPTY, 1, (("no_link", 1),))
    assert bare.memory.recent_keys == first.memory.recent_keys
    assert looked(rss(range(60, 80)), bare.memory, after=HOUR)[0].rolled_over


def test_old_news_only_is_stale() -> None:
    seen, _ = looked(rss(range(20), since=NOW - timedelta(days=900)))

    assert seen.status is LookStatus.STALE
    assert "2024-" in (seen.suggestion or "")


def test_a_frozen_list_page_is_stale_by_the_days_in_its_addresses() -> None:
    links = "".join(f"<li><a href='/202603/{day}/c.html'>Story {day}</a>" for day in range(10, 30))

    seen, _ = looked(links.encode(), of=source(kind="list", selector="li a"))

    assert seen.status is LookStatus.STALE
    assert "2026-03-30" in (seen.suggestion or "")


def test_a_sitemap_that_is_stamped_anew_each_day_is_as_old_as_its_addresses() -> None:
    urls = [(f"https://daily.test/2025/06/{day:02}/a", "2026-11-21") for day in range(1, 20)]

    seen, _ = looked({MAP: sitemap(*urls)}, of=source(kind="sitemap", url=MAP))

    assert seen.status is LookStatus.STALE


def test_a_frozen_source_stays_stale_while_its_answer_stays_the_same() -> None:
    frozen = rss(range(20), since=NOW - timedelta(days=240))
    first, _ = looked(frozen)

    again, _ = looked(frozen, first.memory, after=HOUR)
    not_modified, _ = looked(page(b"", status=304), first.memory, after=HOUR)

    assert (again.status, not_modified.status) == (LookStatus.STALE, LookStatus.STALE)


def test_a_source_that_freezes_is_found_stale_without_a_new_byte() -> None:
    first, _ = looked(rss(range(20)))

    soon, _ = looked(rss(range(20)), first.memory, after=timedelta(days=2))
    late, _ = looked(rss(range(20)), first.memory, after=timedelta(days=10))

    assert (soon.status, late.status) == (LookStatus.UNCHANGED, LookStatus.STALE)


def test_a_feed_dated_by_its_build_is_undated_until_it_brings_something_new() -> None:
    def built(numbers: range, at: timedelta) -> bytes:
        stamp = f"<pubDate>{NOW + at:%a, %d %b %Y %H:%M:%S} GMT</pubDate>".encode()
        return re.sub(rb"<pubDate>.*?</pubDate>", stamp, rss(numbers))

    first, _ = looked(built(range(20), -HOUR))
    same, _ = looked(built(range(20), HOUR), first.memory, after=HOUR)
    more, _ = looked(built(range(1, 21), 2 * HOUR), same.memory, after=2 * HOUR)

    assert [one.status for one in (first, same, more)] == [
        LookStatus.UNDATED,
        LookStatus.UNDATED,
        LookStatus.OK,
    ]


def test_a_failed_look_keeps_what_is_known_and_backs_off() -> None:
    first, _ = looked(rss(range(20)))

    seen, _ = looked(skipped(Reason.HTTP_500, http_status=500), first.memory, after=HOUR)

    assert (seen.status, seen.reason, seen.http_status) == (
        LookStatus.FAILED,
        Reason.HTTP_500,
        500,
    )
    assert seen.memory.recent_keys == first.memory.recent_keys
    assert seen.memory.failures == 0.5


def test_gone_is_reported_with_where_to_search() -> None:
    seen, _ = looked(skipped(Reason.HTTP_GONE, http_status=410))

    assert seen.status is LookStatus.GONE
    assert seen.suggestion == "search its successor: dateline sources discover daily.test"


def test_a_page_instead_of_a_feed_fails_with_the_feed_it_announces() -> None:
    seen, _ = looked(b"<html><link rel=alternate type=application/rss+xml href=/new.xml></html>")

    assert (seen.status, seen.reason) == (LookStatus.FAILED, Reason.NOT_A_LISTING)
    assert seen.suggestion == "the page announces https://daily.test/new.xml"


def test_a_permanent_move_is_followed_once_seen_three_times() -> None:
    there = "https://new.test/feed.xml"
    known = memory()
    for number in range(3):
        moved = page(rss(range(20 + number)), redirects=(Redirect(url=FEED, status=301),))
        seen, _ = looked(replace(moved, url=there), known, after=number * HOUR)
        known = seen.memory

    direct, web = looked({there: rss(range(30))}, known, after=4 * HOUR)

    assert seen.status is LookStatus.MOVED
    assert seen.suggestion == f"moved for good: set url to {there}"
    assert (web.asked, direct.status) == ([there], LookStatus.MOVED)


def test_a_temporary_redirect_is_no_move() -> None:
    hop = (Redirect(url=FEED, status=302),)
    seen, _ = looked(replace(page(rss(range(20)), redirects=hop), url="https://new.test/"))

    assert (seen.memory.moved_to, seen.memory.moved_times) == (None, 0)


def test_a_move_that_fails_is_taken_back() -> None:
    known = memory(moved_to="https://new.test/feed.xml", moved_times=5)

    seen, web = looked({}, known)

    assert web.asked == ["https://new.test/feed.xml"]
    assert seen.memory.moved_to is None


@pytest.mark.parametrize("instead", [b"<!doctype html><html><body>Sorry</body></html>", rss([])])
def test_a_redirect_to_what_lists_nothing_is_no_move(instead: bytes) -> None:
    known = looked(rss(range(20)))[0].memory
    for number in range(1, 5):
        hop = page(instead, redirects=(Redirect(url=FEED, status=301),))
        front = replace(hop, url="https://daily.test/")
        known = looked({FEED: front}, known, after=number * HOUR)[0].memory

    seen, web = looked(rss(range(5, 25)), known, after=9 * HOUR)

    assert (web.asked, seen.status) == ([FEED], LookStatus.OK)


def test_a_late_item_dated_before_the_last_look_is_a_candidate() -> None:
    first, _ = looked(rss([1, 2, 10]))

    seen, _ = looked(rss([1, 2, 5, 10]), first.memory, after=HOUR)

    assert "https://daily.test/5" in [one.url for one in seen.candidates]
    assert seen.memory.recent_looks[-1] == (NOW + HOUR, 1)


def test_a_sitemap_gives_its_last_days_and_connects_by_time() -> None:
    of = source(kind="sitemap", url=MAP)
    first, _ = looked(
        {
            MAP: sitemap(
                ("https://daily.test/1", "2026-11-20"), ("https://daily.test/0", "2020-01-01")
            )
        },
        of=of,
    )
    seen, _ = looked(
        {
            MAP: sitemap(
                ("https://daily.test/9", "2026-12-20"),
                ("https://daily.test/1", "2026-11-20"),
                ("https://daily.test/0", "2020-01-01"),
            )
        },
        replace(first.memory, newest_item_at=NOW + timedelta(days=20)),
        of=of,
        after=timedelta(days=30),
    )

    assert [one.url for one in first.candidates] == ["https://daily.test/1"]
    assert [one.url for one in seen.candidates] == ["https://daily.test/9"]
    assert not seen.rolled_over


def test_a_sitemap_without_recent_changes_is_quiet_not_empty() -> None:
    of = source(kind="sitemap", url=MAP)

    seen, _ = looked({MAP: sitemap(("https://daily.test/0", "2026-11-10"))}, of=of)

    assert (seen.status, seen.items) == (LookStatus.OK, 0)


def test_a_sitemap_without_changes_in_years_is_stale() -> None:
    old = sitemap(("https://daily.test/0", "2020-01-01"), ("https://daily.test/1", "2019-01-01"))

    seen, _ = looked({MAP: old}, of=source(kind="sitemap", url=MAP))

    assert seen.status is LookStatus.STALE
    assert "2020-01-01" in (seen.suggestion or "")


def test_an_index_without_recent_changes_is_quiet_not_empty() -> None:
    index = sitemap_index(("https://daily.test/2019.xml", "2026-11-10"))

    seen, web = looked({MAP: index}, of=source(kind="sitemap", url=MAP))

    assert (seen.status, web.asked) == (LookStatus.OK, [MAP])


def test_an_index_is_descended_where_it_changed_and_ends_where_it_names_itself() -> None:
    fresh, old = "https://daily.test/fresh.xml", "https://daily.test/old.xml"
    web: dict[str, Reply] = {
        MAP: sitemap_index((fresh, "2026-11-21"), (old, "2020-01-01"), (MAP, "2026-11-21")),
        fresh: sitemap(("https://daily.test/1", "2026-11-21T10:00:00Z")),
    }

    seen, asked = looked(web, of=source(kind="sitemap", url=MAP))

    assert asked.asked == [MAP, fresh]
    assert [one.url for one in seen.candidates] == ["https://daily.test/1"]
    assert seen.memory.body_sha256 is None


def test_a_child_that_fails_is_named_and_the_rest_is_kept() -> None:
    one, two = "https://daily.test/1.xml", "https://daily.test/2.xml"
    web: dict[str, Reply] = {
        MAP: sitemap_index((one, "2026-11-21"), (two, "2026-11-21")),
        one: sitemap(("https://daily.test/1", "2026-11-21")),
    }

    seen, _ = looked(web, of=source(kind="sitemap", url=MAP))

    assert len(seen.candidates) == 1
    assert two in (seen.error or "")


def test_indexes_that_name_each_other_without_end_are_bounded() -> None:
    class Endless(dict[str, Reply]):
        def get(self, url: str, _: object = None) -> Reply:
            return sitemap_index((url + "a", "2026-11-21"), (url + "b", "2026-11-21"))

    web = TableWeb(Endless())
    asyncio.run(look(source(kind="sitemap", url=MAP), web, memory(), now=NOW))

    assert len(web.asked) < 20


def test_gdelt_reads_every_quarter_since_the_last_look() -> None:
    lists = "http://data.gdeltproject.org/gdeltv2/lastupdate.txt"
    newest = "http://data.gdeltproject.org/gdeltv2/20261121120000.gkg.csv.zip"
    of = source(kind="gdelt", url=lists)
    known = memory(newest_item_at=NOW - HOUR, last_success_at=NOW - HOUR)

    _, web = looked({lists: f"1 x {newest}".encode()}, known, of=of)

    assert [url.rpartition("/")[2][8:14] for url in web.asked[1:]] == [
        "111500",
        "113000",
        "114500",
        "120000",
    ]
