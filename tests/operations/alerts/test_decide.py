"""What is told, and that it is told once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flows.operations.alerts.decide import (
    DIGEST_STORIES,
    Facts,
    FailedRun,
    NewStory,
    OpenGap,
    SourceStanding,
    Told,
    digest,
    digest_due,
    message,
    troubles,
)

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DEAF = SourceStanding(
    source_id="daily", outlet="The Daily", failures=4.0, error="timeout",
    last_success_at=NOW - timedelta(hours=9), configured_at=NOW - timedelta(days=30),
)  # fmt: skip
HOLE = OpenGap(
    gap_id="g1", source_id="wire", since=NOW - timedelta(days=3), until=NOW - timedelta(days=2),
    found_at=NOW - timedelta(days=2), cause="rolled_over", silence=False, remedy=None,
)  # fmt: skip
LOST = FailedRun(kind="monitor", run="r1", detail="its process vanished")


def keys(facts: Facts) -> list[str]:
    return [trouble.key for trouble in troubles(facts, NOW)]


def test_a_source_that_fails_for_hours_has_gone_silent() -> None:
    (trouble,) = troubles(Facts(sources=(DEAF,)), NOW)

    assert trouble.key == "silent:daily"
    assert trouble.text == (
        "source daily (The Daily) has not answered since 2026-03-02 03:00Z: timeout"
    )


def test_a_source_that_failed_only_once_or_only_just_is_not_told_of() -> None:
    once = replace(DEAF, failures=1.0)
    just_now = replace(DEAF, last_success_at=NOW - timedelta(hours=1))

    assert keys(Facts(sources=(once, just_now))) == []


def test_a_source_that_never_answered_counts_from_its_configuration() -> None:
    new = replace(DEAF, last_success_at=None, configured_at=NOW - timedelta(hours=2))

    assert keys(Facts(sources=(new,))) == []
    assert keys(Facts(sources=(replace(DEAF, last_success_at=None),))) == ["silent:daily"]


def test_a_gap_is_told_of_when_a_day_of_repairs_did_not_close_it() -> None:
    fresh = replace(HOLE, gap_id="g2", found_at=NOW - timedelta(hours=2))

    assert keys(Facts(gaps=(HOLE, fresh))) == ["gap:g1"]


def test_a_silence_that_discovery_found_is_told_at_once_and_with_a_failing_source_only_once() -> (
    None
):
    quiet = replace(HOLE, source_id="daily", silence=True, found_at=NOW, cause="silence")

    assert keys(Facts(sources=(DEAF,), gaps=(quiet,))) == ["silent:daily"]


def test_a_failed_run_is_told_of() -> None:
    (trouble,) = troubles(Facts(failed_runs=(LOST,)), NOW)

    assert trouble.text == "the monitor run r1 failed: its process vanished"


def test_what_stands_is_told_once() -> None:
    standing = troubles(Facts(sources=(DEAF,), failed_runs=(LOST,)), NOW)
    told = Told(keys=frozenset(trouble.key for trouble in standing))

    assert message(standing, Told()) is not None
    assert message(standing, told) is None


def test_the_next_failure_in_a_row_is_the_same_trouble() -> None:
    told = Told(keys=frozenset(keys(Facts(failed_runs=(LOST,)))))
    again = troubles(Facts(failed_runs=(replace(LOST, run="r2"),)), NOW)

    assert message(again, told) is None


def test_what_went_away_and_came_back_is_told_again() -> None:
    standing = troubles(Facts(sources=(DEAF,)), NOW)
    told_meanwhile = Told(keys=frozenset(keys(Facts())))

    assert message(standing, told_meanwhile) is not None


def test_several_new_troubles_are_one_message() -> None:
    told = message(troubles(Facts(failed_runs=(LOST,), gaps=(HOLE,)), NOW), Told())

    assert told is not None
    assert told.title == "Dateline: 2 things need a look"
    assert told.body.count("\n- ") == 1


def test_a_digest_is_due_once_a_utc_day_has_ended_and_only_if_wanted() -> None:
    yesterday = Told(digest_at=NOW - timedelta(hours=13))
    today = Told(digest_at=NOW - timedelta(hours=11))

    assert digest_due(yesterday, "daily", NOW)
    assert not digest_due(yesterday, "never", NOW)
    assert not digest_due(today, "daily", NOW)
    assert not digest_due(Told(), "daily", NOW)


def test_a_digest_lists_the_stories_of_most_outlets_first() -> None:
    lone = NewStory(title="Lone", outlets=("A",), url="https://a.test/1")
    wide = NewStory(title="Wide", outlets=("A", "B"), url=None)

    told = digest((lone, wide), NOW)

    assert told is not None
    assert told.title == "Dateline: 2 new stories since 2026-03-02 12:00Z"
    assert told.body == "- Wide — A, B\n- Lone — A\n  https://a.test/1"


def test_a_digest_of_nothing_is_not_sent() -> None:
    assert digest((), NOW) is None


def test_a_long_digest_is_cut_and_says_so() -> None:
    stories = tuple(
        NewStory(title=f"{n:03}", outlets=("A",), url=None) for n in range(DIGEST_STORIES + 7)
    )

    told = digest(stories, NOW)

    assert told is not None
    assert told.body.splitlines()[-1] == "… and 7 more"
