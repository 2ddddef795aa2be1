"""Whether a listing connects to the last: what rolled over is flagged, with its window."""

from dataclasses import replace
from datetime import datetime, timedelta

from flows.core import Candidate, ClaimedTime, Precision, Zone
from flows.discovery.memory import Continuity, continuity
from tests.discovery.support import NOW, memory

TEN = timedelta(minutes=10)


def item(number: int, *, dated: bool = True) -> Candidate:
    """Item `number`, published ten minutes after the one before."""
    claim = ClaimedTime(
        at=at(number), precision=Precision.MINUTE, origin="feed", zone=Zone.STATED, raw="x"
    )
    return Candidate(
        url=f"https://daily.test/{number}",
        url_key=f"daily.test/{number}",
        source_id="daily",
        seen_at=NOW,
        claimed_at=claim if dated else None,
    )


def at(number: int) -> datetime:
    return NOW - timedelta(days=1) + TEN * number


def items(first: int, last: int) -> tuple[Candidate, ...]:
    return tuple(item(number) for number in range(last, first - 1, -1))


def knowing(first: int, last: int):  # type: ignore[no-untyped-def]  # a memory, asserted through its use
    return memory(
        recent_keys=tuple(one.url_key for one in items(first, last)),
        newest_item_at=at(last),
        last_success_at=at(last) + timedelta(minutes=3),
    )


def test_one_shared_item_connects() -> None:
    assert continuity(items(10, 29), knowing(0, 10), now=NOW) == Continuity(new=items(11, 29))


def test_no_shared_item_is_a_roll_over_with_its_window() -> None:
    found = continuity(items(40, 59), knowing(0, 19), now=NOW)

    assert found == Continuity(
        new=items(40, 59), rolled_over=True, gap_since=at(19), gap_until=at(40)
    )


def test_a_pinned_item_does_not_connect() -> None:
    found = continuity((*items(40, 59), item(0)), knowing(0, 19), now=NOW)

    assert found.rolled_over


def test_an_item_pinned_to_the_top_of_an_undated_listing_does_not_connect() -> None:
    before = tuple(item(number, dated=False) for number in (0, *range(19, 9, -1)))
    after = tuple(item(number, dated=False) for number in (0, *range(59, 49, -1)))
    known = memory(recent_keys=tuple(one.url_key for one in before), last_success_at=at(20))

    assert continuity(after, known, now=NOW).rolled_over


def test_an_item_that_is_dated_anew_does_not_connect() -> None:
    ticker = replace(item(60), url_key="daily.test/ticker")
    known = replace(
        knowing(0, 19), recent_keys=(ticker.url_key, *(one.url_key for one in items(0, 19)))
    )

    assert continuity((ticker, *items(40, 59)), known, now=NOW).rolled_over
    assert not continuity((ticker, *items(10, 29)), known, now=NOW).rolled_over


def test_an_item_that_comes_late_does_not_disconnect() -> None:
    late = replace(item(3), url_key="daily.test/late")

    assert not continuity((*items(8, 24), late), knowing(5, 19), now=NOW).rolled_over


def test_a_withdrawn_newest_item_does_not_disconnect() -> None:
    assert not continuity(items(5, 18), knowing(0, 19), now=NOW).rolled_over


def test_the_first_listing_rolls_nothing_over() -> None:
    assert continuity(items(0, 9), memory(), now=NOW) == Continuity(new=items(0, 9))


def test_a_source_that_was_empty_and_now_lists_only_newer_items_may_have_lost_some() -> None:
    empty = memory(last_success_at=at(19))

    found = continuity(items(40, 59), empty, now=NOW)

    assert (found.rolled_over, found.gap_since, found.gap_until) == (True, at(19), at(40))
    assert not continuity(items(10, 59), empty, now=NOW).rolled_over


def test_without_dates_the_window_lies_between_the_looks() -> None:
    undated = tuple(item(number, dated=False) for number in range(40, 60))

    found = continuity(undated, knowing(0, 19), now=NOW)

    assert (found.rolled_over, found.gap_since, found.gap_until) == (True, at(19), NOW)


def test_a_sitemap_that_reaches_behind_the_newest_item_connects_by_time() -> None:
    found = continuity(items(40, 59), knowing(0, 19), now=NOW, reaches_back_to=at(10))

    assert not found.rolled_over
