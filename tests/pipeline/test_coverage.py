"""Holes are found, closed when they are bridged, and every day of a source is judged."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.core import Candidate, ClaimedTime, Look, LookStatus, Precision, SourceMemory, Zone
from flows.core.settings import Settings
from flows.pipeline.coverage import find_holes, judge_coverage
from flows.pipeline.run import Run
from flows.store import open_published
from flows.store.candidates import sight
from flows.store.sources import record_looks, save_sources
from tests.opened import DAILY, during, settings_in
from tests.store.samples import NOON, candidate, later

HOUR = timedelta(hours=1)
HEARD_AT = NOON - timedelta(days=2)
# Two new items every hour for a week, then two days of failures: a window of three has run over
FAILING = SourceMemory(
    source_id="daily",
    last_look_at=NOON,
    last_success_at=HEARD_AT,
    next_due_at=later(hours=1),
    failures=3.0,
    recent_keys=("a", "b", "c"),
    recent_looks=tuple((HEARD_AT - hours * HOUR, 2) for hours in range(150, -1, -1)),
)
HEARD = replace(
    FAILING,
    last_success_at=later(hours=1),
    last_look_at=later(hours=1),
    failures=0.0,
    recent_looks=(*FAILING.recent_looks, (later(hours=1), 5)),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, sources=DAILY)


def _pass(
    settings: Settings,
    memory: SourceMemory,
    at: datetime,
    *,
    rolled_over: bool = False,
    listed: Sequence[Candidate] = (),
) -> None:
    """One look that left `memory`, and the ledger after it."""
    answered = memory.failures == 0
    seen = Look(
        source_id="daily", started_at=at, finished_at=at, memory=memory,
        status=LookStatus.OK if answered else LookStatus.FAILED, rolled_over=rolled_over,
        gap_since=HEARD_AT if rolled_over else None, gap_until=at if rolled_over else None,
    )  # fmt: skip

    async def work(run: Run) -> None:
        await run.clerk.do(lambda con: save_sources(con, settings.sources, at))
        await run.clerk.do(lambda con: record_looks(con, run.run_id, [seen]))
        await run.clerk.do(lambda con: sight(con, run.run_id, listed))
        await find_holes(run)
        await judge_coverage(run)

    during(settings, work, at=at)


def claimed(at: datetime) -> ClaimedTime:
    return ClaimedTime(
        at=at, precision=Precision.SECOND, origin="rss", zone=Zone.STATED, raw=at.isoformat()
    )


def _rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(query).fetchall()


def _open(settings: Settings) -> list[object]:
    return [cause for (cause,) in _rows(settings, "select cause from gaps order by cause")]


def test_a_hole_is_found_once_however_often_it_is_looked_for(settings: Settings) -> None:
    _pass(settings, FAILING, NOON)
    _pass(settings, FAILING, later(minutes=15))
    assert _open(settings) == ["outage"]


def test_a_hole_closes_when_the_source_is_heard_again(settings: Settings) -> None:
    _pass(settings, FAILING, NOON)
    _pass(settings, HEARD, later(hours=1))
    assert _open(settings) == []
    assert _rows(settings, "select state from kept.gap_endings") == [("repaired",)]


def test_a_hole_stays_open_when_what_is_heard_again_does_not_join(settings: Settings) -> None:
    _pass(settings, FAILING, NOON)
    _pass(settings, HEARD, later(hours=1), rolled_over=True)
    assert _open(settings) == ["outage", "rolled_over"]


def test_a_source_that_has_stopped_is_told_until_it_brings_something_new(
    settings: Settings,
) -> None:
    stopped = replace(HEARD, recent_looks=((NOON, 3),), fresh_until=HEARD_AT)
    _pass(settings, stopped, later(hours=1))
    _pass(settings, stopped, later(hours=2))
    assert _open(settings) == ["stale"]

    _pass(settings, replace(stopped, fresh_until=later(days=7)), later(hours=3))
    assert _open(settings) == []


def test_holes_of_a_source_no_longer_configured_stand_as_they_are(settings: Settings) -> None:
    _pass(settings, FAILING, NOON)
    (settings.config_dir / "sources.toml").write_text("", encoding="utf-8")
    _pass(settings.model_copy(update={"sources": ()}), FAILING, later(days=3))
    assert _open(settings) == ["outage"]


def test_each_day_is_judged_once_for_what_it_is_known_by(settings: Settings) -> None:
    _pass(settings, FAILING, NOON)
    _pass(settings, FAILING, NOON)
    assert _rows(settings, "select source_id, day::varchar, state from kept.day_states") == [
        ("daily", "2023-02-24", "missed")
    ]


def test_a_day_is_judged_anew_when_its_hole_was_bridged(settings: Settings) -> None:
    _pass(settings, FAILING, NOON)
    _pass(settings, HEARD, later(hours=1))
    assert _rows(
        settings, "select state from kept.day_states where day = '2023-02-24' order by decided_at"
    ) == [("missed",), ("repaired",)]


def test_of_the_first_day_only_what_the_first_listing_reaches_is_known(settings: Settings) -> None:
    old = candidate("pinned", claimed_at=claimed(NOON - timedelta(days=900)))
    new = [candidate(f"new-{n}", claimed_at=claimed(NOON - n * HOUR)) for n in range(4)]
    heard = replace(FAILING, failures=0.0, last_success_at=NOON)
    _pass(settings, heard, NOON, listed=(old, *new))
    assert _rows(settings, "select state, reason from coverage where day = '2023-02-24'") == [
        ("partial", "known since 2023-02-24 09:00 UTC only")
    ]


def test_after_weeks_off_every_day_since_the_last_pass_is_judged(settings: Settings) -> None:
    heard = replace(FAILING, failures=0.0, last_success_at=NOON)
    back = replace(heard, last_success_at=later(days=20), last_look_at=later(days=20))
    _pass(settings, heard, NOON)
    _pass(settings, back, later(days=20), rolled_over=True)
    assert _rows(
        settings, "select state, count(*) from coverage where day > '2023-02-24' group by 1"
    ) == [("missed", 20)]
