"""What is wrong with a schedule, decided from facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.operations.health import Disk, Vitals, full_in, next_due, standing, wrong
from flows.operations.last_runs import LastRun

NOW = datetime(2026, 3, 2, 12, 20, tzinfo=UTC)
EVERY = timedelta(minutes=15)
GB = 10**9
DATA = Path("/srv/data")


def passed(at: datetime, failures: int = 0, kind: str = "monitor") -> LastRun:
    return LastRun(kind=kind, began_at=at, ended_at=at, failures=failures, said="no answer")


WELL = Vitals(
    every=EVERY,
    anchor=datetime(2020, 1, 1, tzinfo=UTC),
    runs={"monitor": passed(NOW - timedelta(minutes=3))},
    disks=(Disk(path=DATA, free=50 * GB, total=100 * GB),),
    watched_since=NOW - timedelta(days=1),
    looked_at=NOW,
)


def keys(vitals: Vitals, now: datetime = NOW) -> list[str]:
    return [trouble.key for trouble in wrong(vitals, now)]


def test_a_schedule_that_goes_on_is_well_and_says_when_it_ran_and_will() -> None:
    assert keys(WELL) == []
    assert standing(WELL, NOW) == (
        "The last pass ended 2026-03-02 12:17Z, 3 min ago; the next is due at 12:30Z."
    )


def test_a_pass_that_was_due_is_said_so_with_its_day_if_that_is_another() -> None:
    assert standing(WELL, NOW + timedelta(days=1)) == (
        "The last pass ended 2026-03-02 12:17Z, 24 hours ago; "
        "the next was due at 2026-03-02 12:30Z."
    )


@pytest.mark.parametrize(("minutes", "told"), [(30, []), (31, ["health:overdue"])])
def test_a_pass_is_overdue_two_intervals_after_it_was_due(minutes: int, told: list[str]) -> None:
    due = next_due(WELL)
    assert due is not None
    now = due + timedelta(minutes=minutes)

    assert keys(replace(WELL, looked_at=now), now) == told


def test_what_came_due_while_a_pass_was_at_work_was_dropped_and_is_not_owed() -> None:
    long = replace(WELL, runs={"monitor": passed(NOW - timedelta(minutes=49))})

    assert next_due(long) == datetime(2026, 3, 2, 11, 45, tzinfo=UTC)


def test_a_long_pass_at_work_is_not_overdue_and_one_of_a_day_is() -> None:
    late = replace(WELL, runs={"monitor": passed(NOW - timedelta(hours=30))})

    assert keys(late) == ["health:overdue"]
    assert keys(replace(late, at_work_since=NOW - timedelta(hours=2))) == []
    assert keys(replace(late, at_work_since=NOW - timedelta(hours=25))) == ["health:overdue"]


def test_what_came_due_while_nobody_saw_to_it_is_nobodys_fault() -> None:
    after_a_week_off = replace(
        WELL,
        runs={"monitor": passed(NOW - timedelta(days=7))},
        watched_since=NOW - timedelta(minutes=20),
    )

    assert keys(after_a_week_off) == []
    assert keys(replace(after_a_week_off, watched_since=NOW - timedelta(minutes=31))) == [
        "health:overdue"
    ]


def test_without_a_supervisor_the_last_pass_alone_counts() -> None:
    stopped = replace(WELL, watched_since=None, looked_at=None)

    assert keys(stopped) == []
    assert keys(stopped, NOW + timedelta(hours=1)) == ["health:overdue"]
    assert keys(replace(stopped, runs={})) == ["health:overdue"]


def test_a_schedule_that_has_just_begun_owes_no_pass_yet() -> None:
    assert keys(replace(WELL, runs={}, watched_since=NOW - timedelta(minutes=10))) == []
    assert keys(replace(WELL, runs={}, watched_since=NOW - timedelta(minutes=40))) == [
        "health:overdue"
    ]


def test_three_failures_in_a_row_are_told_with_what_the_last_one_said() -> None:
    (trouble,) = wrong(replace(WELL, runs={"monitor": passed(NOW, 3)}), NOW)

    assert trouble.text == "the last 3 monitor runs failed: no answer"
    assert keys(replace(WELL, runs={"monitor": passed(NOW, 2)})) == []


def test_failures_of_another_kind_are_told_apart() -> None:
    both = {"monitor": passed(NOW, 4), "recheck": passed(NOW, 4, "recheck")}

    assert keys(replace(WELL, runs=both)) == ["health:failing:monitor", "health:failing:recheck"]


def test_a_disk_below_a_twentieth_is_nearly_full() -> None:
    (trouble,) = wrong(replace(WELL, disks=(Disk(path=DATA, free=4 * GB, total=100 * GB),)), NOW)

    assert trouble.text == "the disk of /srv/data has 4.00 GB free, 4.0 % of it"
    assert trouble.severity == "failure"


@pytest.mark.parametrize(
    ("hours", "free_then", "told"),
    [
        (24, 60, ["health:filling:/srv/data"]),  # 30 a day, 30 left: a day
        (24, 39, []),  # 9 a day, 30 left: more than three days
        (24, 30, []),
        (24, 20, []),  # it empties
        (5, 60, []),  # nobody knows yet
    ],
)
def test_a_disk_that_is_full_within_three_days_is_told(
    hours: int, free_then: int, told: list[str]
) -> None:
    disk = Disk(
        path=DATA, free=30 * GB, total=100 * GB,
        earlier=((NOW - timedelta(hours=hours), free_then * GB),),
    )  # fmt: skip

    assert keys(replace(WELL, disks=(disk,))) == told


def test_a_disk_that_takes_ten_a_day_of_thirty_is_full_in_three_days() -> None:
    earlier = ((NOW - timedelta(days=1), 40 * GB), (NOW - timedelta(hours=1), 31 * GB))
    disk = Disk(path=DATA, free=30 * GB, total=100 * GB, earlier=earlier)

    assert full_in(disk, NOW) == timedelta(days=3)


def test_a_process_that_is_started_over_and_over_is_told_and_one_that_is_once_is_not() -> None:
    restarted = replace(WELL, restarts={"server": 4, "runner": 3})

    assert keys(restarted) == ["health:restarts:server"]


def test_a_supervisor_that_no_longer_looks_is_told() -> None:
    assert keys(replace(WELL, looked_at=NOW - timedelta(minutes=6))) == ["health:supervisor"]


def test_a_configuration_that_is_wrong_stands_first() -> None:
    (first, *_) = wrong(
        replace(WELL, configuration="sources.toml:5: …", restarts={"runner": 9}), NOW
    )

    assert first.text == "the configuration is wrong, every run fails: sources.toml:5: …"
    assert first.severity == "failure"
