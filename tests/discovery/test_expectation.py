"""The ledger's deciders: what was expected, what was seen, what is missing, what closes it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.core import DayState, GapCause, Source, SourceMemory
from flows.discovery.expectation import (
    Counted,
    DayVerdict,
    Hole,
    concerns,
    expectation,
    improbably_few,
    judge_days,
    remedy,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
LONG_AGO = TODAY - 400 * DAY
HOUR = timedelta(hours=1)
SOURCE = Source(source_id="daily", outlet="Daily", kind="feed", url="https://daily.test/feed")


@dataclass(frozen=True)
class Count:
    day: date
    items: int = 20
    looks: int = 24
    failed_looks: int = 0
    empty_looks: int = 0
    rolled_over: int = 0
    source_id: str = "daily"


def history(days: int, **changed: Count) -> list[Counted]:
    """`days` ordinary days before today; `changed` replaces some, named `ago_N`."""
    counts: dict[date, Counted] = {
        TODAY - ago * DAY: Count(TODAY - ago * DAY) for ago in range(1, days + 1)
    }
    counts |= {count.day: count for count in changed.values()}
    return list(counts.values())


def verdict(counts: list[Counted], holes: tuple[Hole, ...] = (), ago: int = 1) -> DayVerdict:
    day = TODAY - ago * DAY
    (found,) = judge_days(
        "daily", counts, holes, since=day, until=day, enabled_since=LONG_AGO, now=NOW
    )
    return found


def hole(since: datetime, hours: int, *, repaired: bool = False) -> Hole:
    return Hole(since=since, until=since + hours * HOUR, cause="rolled_over", repaired=repaired)


def midnight(ago: int) -> datetime:
    return datetime.combine(TODAY - ago * DAY, datetime.min.time(), UTC)


def test_a_day_like_others_is_covered() -> None:
    assert verdict(history(20)) == DayVerdict(
        source_id="daily", day=TODAY - DAY, expected=20.0, state=DayState.COVERED
    )


def test_too_little_history_expects_nothing() -> None:
    assert verdict(history(5)).expected is None


def test_weekdays_are_expected_by_their_own_history() -> None:
    by_day = {
        (day := TODAY - ago * DAY): Count(day, items=2 if day.weekday() == 6 else 40)
        for ago in range(1, 50)
    }
    sunday = next(TODAY + ahead * DAY for ahead in range(7) if (TODAY + ahead * DAY).weekday() == 6)

    assert expectation(by_day, sunday) < expectation(by_day, sunday + DAY) / 3  # type: ignore[operator]  # both are known


def test_the_backlog_of_the_first_day_is_no_expectation() -> None:
    first = Count(TODAY - 20 * DAY, items=5_000)

    assert verdict(history(20, ago_20=first)).expected == 20.0


def test_an_open_hole_makes_a_day_partial_and_says_how_much() -> None:
    found = verdict(history(20), (hole(midnight(1) + 6 * HOUR, 6),))

    assert (found.state, found.reason) == (
        DayState.PARTIAL,
        "rolled_over: 25% of the day may be missing",
    )


def test_a_hole_over_the_whole_day_misses_it() -> None:
    assert verdict(history(20), (hole(midnight(2), 72),)).state is DayState.MISSED


def test_a_closed_hole_leaves_the_day_repaired() -> None:
    found = verdict(history(20), (hole(midnight(1), 6, repaired=True),))

    assert (found.state, found.reason) == (DayState.REPAIRED, "rolled_over, closed since")


def test_one_open_hole_among_closed_ones_counts() -> None:
    holes = (hole(midnight(1), 6, repaired=True), hole(midnight(1) + 12 * HOUR, 6))

    assert verdict(history(20), holes).state is DayState.PARTIAL


def test_a_day_without_looks_is_covered_by_the_next_look_that_overlaps() -> None:
    nobody = Count(TODAY - 2 * DAY, items=0, looks=0)

    found = verdict(history(20, ago_2=nobody), ago=2)

    assert found.state is DayState.COVERED
    assert "overlapped" in (found.reason or "")


def test_a_day_without_looks_is_missed_when_the_next_look_rolled_over() -> None:
    nobody = Count(TODAY - 2 * DAY, items=0, looks=0)
    after = Count(TODAY - DAY, rolled_over=1)

    found = verdict(history(20, ago_2=nobody, ago_1=after), ago=2)

    assert (found.state, found.reason) == (DayState.MISSED, "nobody looked")


def test_a_day_of_failures_is_missed_until_a_look_succeeds() -> None:
    failing = Count(TODAY - DAY, items=0, looks=0, failed_looks=7)

    found = verdict(history(20, ago_1=failing))

    assert (found.state, found.reason) == (DayState.MISSED, "7 looks failed")


def test_a_day_of_empty_answers_is_partial_until_a_listing_joins() -> None:
    empty = Count(TODAY - 2 * DAY, items=0, looks=0, empty_looks=24)
    empty_again = Count(TODAY - DAY, items=0, looks=0, empty_looks=24)

    found = verdict(history(20, ago_2=empty, ago_1=empty_again), ago=2)
    joined = verdict(history(20, ago_2=empty), ago=2)

    assert (found.state, found.reason) == (DayState.PARTIAL, "it answered and listed nothing")
    assert joined.state is DayState.COVERED


def test_a_day_with_far_too_few_items_is_partial() -> None:
    found = verdict(history(20, ago_1=Count(TODAY - DAY, items=0)))

    assert (found.state, found.reason) == (DayState.PARTIAL, "0 items where 20 were expected")


def test_today_is_not_measured_by_a_whole_days_expectation() -> None:
    today = Count(TODAY, items=1)

    assert verdict([*history(20), today], ago=0).state is DayState.COVERED


def test_a_day_just_begun_is_not_judged_before_anyone_asked() -> None:
    assert _judged(history(3), since=TODAY, until=TODAY) == []


def test_days_before_the_first_look_and_to_come_are_not_judged() -> None:
    found = _judged(history(3), since=TODAY - 10 * DAY, until=TODAY + 5 * DAY)

    assert found == [TODAY - ago * DAY for ago in (3, 2, 1)]


@pytest.mark.parametrize(
    ("known_from", "state", "reason"),
    [
        (midnight(1), DayState.COVERED, None),
        (midnight(1) + 9 * HOUR, DayState.PARTIAL, "known since 2026-11-20 09:00 UTC only"),
        (midnight(0), DayState.MISSED, "known since 2026-11-21 00:00 UTC only"),
    ],
)
def test_of_its_first_day_a_source_tells_from_the_oldest_it_listed(
    known_from: datetime, state: DayState, reason: str | None
) -> None:
    day = TODAY - DAY
    (found,) = judge_days(
        "daily", history(1), (), since=day, until=day, enabled_since=LONG_AGO,
        known_from=known_from, now=NOW,
    )  # fmt: skip

    assert (found.state, found.reason) == (state, reason)


def test_a_source_nobody_has_looked_at_is_missed_since_it_was_enabled() -> None:
    found = _judged([], since=TODAY - 10 * DAY, until=TODAY, enabled_since=TODAY - 2 * DAY)

    assert found == [TODAY - 2 * DAY, TODAY - DAY]


def test_days_on_which_a_source_was_not_enabled_are_not_missed() -> None:
    before = [count for count in history(10) if count.day < TODAY - 5 * DAY]
    found = _judged(before, since=TODAY - 7 * DAY, until=TODAY, enabled_since=TODAY - 2 * DAY)

    assert found == [TODAY - ago * DAY for ago in (7, 6, 2, 1)]


def _judged(
    counts: list[Counted], *, since: date, until: date, enabled_since: date | None = None
) -> list[date]:
    """The days of which a verdict is given."""
    found = judge_days(
        "daily", counts, (), since=since, until=until, enabled_since=enabled_since or LONG_AGO,
        now=NOW,
    )  # fmt: skip
    return [one.day for one in found]


@pytest.mark.parametrize(
    ("items", "expected", "few"),
    [(0, 5, False), (0, 30, True), (90, 100, False), (20, 100, True), (0, 0, False), (5, 3, False)],
)
def test_few_is_what_chance_does_not_bring(items: int, expected: float, few: bool) -> None:
    assert improbably_few(items, expected) is few


def remembered(hourly: list[int], quiet_hours: int) -> SourceMemory:
    """Hourly looks that brought `hourly`, then `quiet_hours` of looks that brought nothing."""
    news = [*hourly, *[0] * quiet_hours]
    start = NOW - HOUR * (len(news) - 1)
    return SourceMemory(
        source_id="daily",
        recent_looks=tuple((start + number * HOUR, new) for number, new in enumerate(news)),
        last_success_at=NOW,
        last_look_at=NOW,
        next_due_at=NOW + HOUR,
        recent_keys=tuple(f"daily.test/{number}" for number in range(20)),
    )


def causes(memory: SourceMemory, now: datetime = NOW) -> list[GapCause]:
    return [gap.cause for gap in concerns(SOURCE, memory, now=now)]


def test_an_hourly_source_that_falls_silent_is_found_within_hours() -> None:
    memory = remembered([1] * 72, quiet_hours=6)

    (gap,) = concerns(SOURCE, memory, now=NOW)

    assert (gap.cause, gap.since, gap.until) == (GapCause.SILENCE, NOW - 6 * HOUR, NOW)


def test_a_source_that_lists_nothing_any_more_is_silent() -> None:
    memory = remembered([1] * 72, quiet_hours=6)

    assert causes(replace(memory, last_success_at=NOW - 6 * HOUR)) == [GapCause.SILENCE]


def test_a_pause_like_its_own_nights_is_no_silence() -> None:
    day = [2] * 14 + [0] * 10  # ten quiet hours a night

    assert causes(remembered(day * 4, quiet_hours=0)) == []
    assert causes(remembered(day * 3 + [2] * 14, quiet_hours=10)) == []


def test_a_source_that_never_brought_anything_new_is_not_called_silent() -> None:
    assert causes(remembered([20], quiet_hours=100)) == []


def test_a_source_that_answers_with_old_items_only_has_stopped() -> None:
    frozen = replace(remembered([20], quiet_hours=100), fresh_until=NOW - 90 * DAY)

    (gap,) = concerns(SOURCE, frozen, now=NOW)

    assert (gap.cause, gap.since, gap.until) == (GapCause.STALE, NOW - 90 * DAY, NOW)
    assert causes(replace(frozen, fresh_until=NOW)) == []
    assert causes(replace(frozen, failures=1.0)) == []  # it does not answer: that is an outage


def test_an_outage_longer_than_the_window_is_a_concern() -> None:
    before = remembered([2] * 72, quiet_hours=0)
    down = SourceMemory(
        source_id="daily",
        recent_looks=before.recent_looks,
        recent_keys=before.recent_keys,
        last_success_at=NOW,
        last_look_at=NOW + 30 * HOUR,
        next_due_at=NOW + 31 * HOUR,
        failures=5,
    )

    assert causes(down, NOW + 5 * HOUR) == []  # ten items, and the window holds twenty
    assert causes(down, NOW + 30 * HOUR) == [GapCause.OUTAGE]


def test_a_source_nobody_asks_any_more_is_a_concern() -> None:
    memory = remembered([1] * 72, quiet_hours=0)

    assert causes(memory, NOW + 3 * HOUR) == []
    assert causes(memory, NOW + 3 * DAY) == [GapCause.NOT_LOOKED]


def test_what_would_close_a_gap_is_said_by_the_ways_of_its_source() -> None:
    archived = Source(
        source_id="a", outlet="A", kind="feed", url="https://a.test/", repairs=("https://a.test/m",)
    )

    assert remedy(archived, GapCause.ROLLED_OVER) == (
        "the archives named in its repairs; else older pages of its feed, if it has any; "
        "else a backfill of these days via another source"
    )
    assert remedy(archived, GapCause.SILENCE) == "check it: dateline sources check a"
