from collections.abc import Sequence
from dataclasses import replace

import pytest

from flows.core import (
    Candidate,
    Ending,
    Reason,
    RunReport,
    RunState,
    Skipped,
    Stage,
    UnreadTime,
)
from flows.store import Store
from flows.store.append import append
from flows.store.backfills import Unfinished, unfinished
from flows.store.batch import Ended
from flows.store.candidates import open_candidates, record_endings, sight, take_twins
from flows.store.runs import begin_run, end_run
from tests.store.samples import NOON, batch, candidate, claimed, ended, later, new_article


def begin(store: Store, *run_ids: str) -> None:
    with store.turn() as con:
        for run_id in run_ids:
            begin_run(con, run_id, "monitor", NOON, 1, "here")


def end(store: Store, run_id: str, state: RunState) -> None:
    report = RunReport(
        run_id=run_id, kind="monitor", state=state, started_at=NOON, finished_at=later(minutes=5)
    )
    with store.turn() as con:
        end_run(con, report)


def see(store: Store, run_id: str, *candidates: Candidate) -> tuple[tuple[str, ...], int]:
    with store.turn() as con:
        sighted = sight(con, run_id, candidates)
    return tuple(each.url for each in sighted.fresh), sighted.known


def finish(store: Store, run_id: str, endings: Sequence[Ended]) -> None:
    with store.turn() as con:
        record_endings(con, run_id, endings, later(minutes=1))


def test_a_url_never_seen_is_fresh_and_a_second_sight_is_known(store: Store) -> None:
    begin(store, "run-1")
    assert see(store, "run-1", candidate("a")) == (("https://daily.test/a",), 0)
    assert see(store, "run-1", candidate("a")) == ((), 1)


def test_of_two_sources_with_one_url_in_a_batch_one_candidate_is_fresh(store: Store) -> None:
    begin(store, "run-1")
    pair = (candidate("a"), candidate("a", "other"))
    assert see(store, "run-1", *pair) == (("https://daily.test/a",), 1)


def test_a_url_in_the_work_of_another_run_is_known(store: Store) -> None:
    begin(store, "run-1", "run-2")
    see(store, "run-1", candidate("a"))
    assert see(store, "run-2", candidate("a", "other")) == ((), 1)


def test_a_url_that_ended_for_good_is_known(store: Store) -> None:
    begin(store, "run-1")
    see(store, "run-1", candidate("a"))
    finish(store, "run-1", [ended("a", Reason.OFF_TOPIC)])
    end(store, "run-1", RunState.COMPLETED)
    begin(store, "run-2")
    assert see(store, "run-2", candidate("a", seen_at=later(days=30))) == ((), 1)


def test_a_url_that_failed_for_a_passing_reason_is_fresh_when_its_retry_is_due(
    store: Store,
) -> None:
    begin(store, "run-1")
    see(store, "run-1", candidate("a"))
    finish(store, "run-1", [ended("a", Reason.TIMEOUT)])
    end(store, "run-1", RunState.COMPLETED)
    begin(store, "run-2")
    assert see(store, "run-2", candidate("a", seen_at=later(minutes=15))) == ((), 1)
    assert see(store, "run-2", candidate("a", seen_at=later(minutes=16)))[1] == 0


def test_an_alias_of_an_article_is_known(store: Store) -> None:
    begin(store, "run-1")
    with store.turn() as con:
        append(con, batch(new_article("a", candidate=None, aliases=("daily.test/twin",))))
    assert see(store, "run-1", candidate("twin")) == ((), 1)


def test_a_sighting_is_recorded_once_for_each_source_and_again_with_a_new_title(
    store: Store,
) -> None:
    begin(store, "run-1")
    first = candidate("a", claimed_title="Old")
    see(store, "run-1", first, candidate("a", "other"), first)
    see(store, "run-1", first, candidate("a", claimed_title="New"))
    with store.turn() as con:
        rows = con.execute("select source_id, claimed_title from sightings").fetchall()
    assert rows == [("daily", "Old"), ("other", None), ("daily", "New")]


def test_what_a_lost_run_left_open_is_taken_over_once_with_all_that_was_claimed(
    store: Store,
) -> None:
    full = candidate(
        "a", claimed_title="T", claimed_summary="S", guid="g", claimed_at=claimed(NOON)
    )
    unread = candidate("b", claimed_at=UnreadTime(raw="soon", origin="feed", problem="no date"))
    begin(store, "run-1")
    see(store, "run-1", full, unread, candidate("c"))
    finish(store, "run-1", [ended("c")])
    end(store, "run-1", RunState.LOST)
    begin(store, "run-2", "run-3")
    with store.turn() as con:
        assert open_candidates(con, "run-2", later(hours=1)) == (full, unread)
    with store.turn() as con:
        assert open_candidates(con, "run-3", later(hours=1)) == ()


def test_what_is_still_being_worked_on_is_not_taken_over(store: Store) -> None:
    begin(store, "run-1", "run-2")
    see(store, "run-1", candidate("a"))
    with store.turn() as con:
        assert open_candidates(con, "run-2", later(days=1)) == ()


def test_a_due_retry_is_taken_up_even_when_no_source_lists_it_any_more(store: Store) -> None:
    begin(store, "run-1")
    see(store, "run-1", candidate("a"))
    finish(store, "run-1", [ended("a", Reason.TIMEOUT)])
    end(store, "run-1", RunState.COMPLETED)
    begin(store, "run-2")
    with store.turn() as con:
        assert open_candidates(con, "run-2", later(minutes=2)) == ()
        assert open_candidates(con, "run-2", later(hours=1)) == (candidate("a"),)


def test_attempts_are_counted_over_runs(store: Store) -> None:
    begin(store, "run-1")
    finish(store, "run-1", [ended("a", Reason.TIMEOUT)])
    finish(store, "run-1", [ended("a", Reason.TIMEOUT)])
    with store.turn() as con:
        assert con.execute("select attempts from skips").fetchall() == [(1,), (2,)]


def test_a_skip_says_where_why_and_by_which_rule(store: Store) -> None:
    finish(
        store, "run-1", [ended("a", Reason.OFF_TOPIC, relevance=0.2, rule_version="7", detail="d")]
    )
    with store.turn() as con:
        rows = con.execute(
            "select url, source_id, run_id, stage, reason, detail, relevance, rule_version "
            "from skips"
        ).fetchall()
    assert rows == [("https://daily.test/a", "daily", "run-1", "judge", "off_topic", "d", 0.2, "7")]


def test_known_endings_are_no_skips(store: Store) -> None:
    finish(store, "run-1", [Ended(candidate=candidate("a"), ending=Ending.KNOWN)])
    with store.turn() as con:
        assert con.execute("select count(*) from skips").fetchall() == [(0,)]


AMP = {"url": "https://m.daily.test/a", "url_key": "daily.test/a"}


def fail(store: Store, one: Candidate, reason: Reason, minutes: int = 1) -> tuple[Candidate, ...]:
    """End `one` in run-1; returns what is taken because it waited behind it."""
    stage = Stage.JUDGE if reason is Reason.OFF_TOPIC else Stage.FETCH
    failed = Ended(
        candidate=one, ending=Ending.SKIPPED, skipped=Skipped(stage=stage, reason=reason)
    )
    with store.turn() as con:
        record_endings(con, "run-1", [failed], later(minutes=minutes))
        return take_twins(con, "run-1", [failed])


@pytest.mark.parametrize(
    ("reason", "taken"),
    [(Reason.HTTP_404, True), (Reason.DNS, True), (Reason.OFF_TOPIC, False)],
)
def test_what_waits_behind_a_twin_is_taken_when_that_brought_no_text(
    store: Store, reason: Reason, taken: bool
) -> None:
    begin(store, "run-1")
    first, second = candidate("a", claimed_title="T", **AMP), candidate("a", claimed_title="T")
    assert see(store, "run-1", first, second) == ((first.url,), 1)
    assert fail(store, first, reason) == ((second,) if taken else ())


def test_a_host_in_trouble_is_not_asked_for_the_twin(store: Store) -> None:
    begin(store, "run-1")
    first = candidate("a", url="https://daily.test/a/", url_key="daily.test/a")
    see(store, "run-1", first, candidate("a"))
    assert fail(store, first, Reason.TIMEOUT) == ()


def test_a_retry_asks_the_url_that_was_listed_last(store: Store) -> None:
    begin(store, "run-1")
    first = candidate("a", claimed_title="T", **AMP)
    see(store, "run-1", first)
    see(store, "run-1", candidate("a", claimed_title="T", seen_at=later(seconds=30)))
    with store.turn() as con:
        record_endings(con, "run-1", [replace(ended("a", Reason.DNS), candidate=first)], NOON)
    end(store, "run-1", RunState.COMPLETED)
    begin(store, "run-2")
    with store.turn() as con:
        taken = open_candidates(con, "run-2", later(hours=1))
    assert [one.url for one in taken] == ["https://daily.test/a"]


def test_a_retry_that_a_twins_text_has_settled_ends_as_known(store: Store) -> None:
    begin(store, "run-1")
    first, second = candidate("a", claimed_title="T", **AMP), candidate("a", claimed_title="T")
    see(store, "run-1", first, second)
    fail(store, first, Reason.DNS)
    with store.turn() as con:
        append(con, batch(new_article("a", candidate=second)))
    end(store, "run-1", RunState.COMPLETED)
    begin(store, "run-2")
    with store.turn() as con:
        assert open_candidates(con, "run-2", later(hours=1)) == ()
        assert open_candidates(con, "run-2", later(days=1)) == ()
        rows = con.execute("select url, ending from kept.endings where run_id = 'run-2'").fetchall()
    assert rows == [(first.url, "known")]


def test_links_of_one_item_are_recorded_thrice_and_lead_to_its_article(store: Store) -> None:
    begin(store, "run-1")
    links = [candidate(f"a?v={n}", claimed_title="T", guid="g") for n in range(6)]
    see(store, "run-1", links[0])
    with store.turn() as con:
        append(con, batch(new_article("a", candidate=links[0])))
    for link in links[1:]:
        assert see(store, "run-1", link) == ((), 1)
    with store.turn() as con:
        rows = con.execute("select url, article_id from sightings order by 1").fetchall()
    assert rows == [(link.url, "a") for link in links[:3]]


def test_a_day_of_a_backfill_waits_for_each_url_by_its_own_ending(store: Store) -> None:
    begin(store, "run-1")
    first = candidate("a", **AMP)
    see(store, "run-1", first)
    fail(store, first, Reason.HTTP_GONE)
    with store.turn() as con:
        see_urls = {first.url: first.url_key, "https://daily.test/a": first.url_key}
        assert unfinished(con, see_urls) == {}
    see(store, "run-1", candidate("a"))
    with store.turn() as con:
        assert unfinished(con, see_urls) == {"https://daily.test/a": Unfinished(run_id="run-1")}


def test_a_date_the_past_does_not_give_is_no_sign_of_a_fresh_page(store: Store) -> None:
    with store.turn() as con:
        begin_run(con, "run-1", "backfill", NOON, 1, "here")
        record_endings(con, "run-1", [ended("a", Reason.TOO_SHORT)], NOON)
        assert con.execute("select retry_at from skips").fetchall() == [(None,)]
