"""Coverage, gaps, rechecks, backfill cells, notices, seeds: what is kept beside the articles."""

from datetime import date
from typing import Any

from flows.core import LookStatus, Reason, Validators
from flows.store import Store
from flows.store.append import append
from flows.store.articles import loaded_seeds, record_seed
from flows.store.backfills import Cell, CellState, cells_between, end_cells, plan_cells
from flows.store.candidates import record_endings
from flows.store.coverage import (
    DayState,
    RecordedGap,
    close_gap,
    day_counts,
    open_gaps,
    record_day_states,
    record_gaps,
)
from flows.store.rechecks import Checked, checkable_articles, record_rechecks
from flows.store.sources import record_looks
from tests.store.samples import NOON, batch, ended, later, new_article, new_revision
from tests.store.test_sources import look

DAY = date(2023, 2, 24)


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.turn() as con:
        return con.execute(query).fetchall()


def test_a_day_counts_answered_looks_items_and_endings(store: Store) -> None:
    with store.turn() as con:
        looks = [look(), look(status=LookStatus.FAILED), look(status=LookStatus.EMPTY)]
        record_looks(con, "run-1", looks)
        append(con, batch(new_article("a")))
        record_endings(con, "run-1", [ended("b", Reason.OFF_TOPIC)], NOON)
        (counts,) = day_counts(con, DAY, DAY)
    assert (counts.source_id, counts.day) == ("daily", DAY)
    assert (counts.looks, counts.failed_looks, counts.empty_looks) == (1, 1, 1)
    assert counts.items == 0
    assert (counts.stored, counts.skipped, counts.rolled_over) == (1, 1, 0)


def test_a_backfilled_article_counts_for_the_day_it_was_published(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", day=date(2022, 4, 6))))
    assert ask(store, "select day, stored from coverage") == [(date(2022, 4, 6), 1)]


def test_the_newest_decision_about_a_day_counts_and_the_same_is_written_once(store: Store) -> None:
    first = DayState(source_id="daily", day=DAY, expected=9.5, state="missed", reason="silent")
    then = DayState(source_id="daily", day=DAY, expected=9.5, state="repaired")
    with store.turn() as con:
        for state in (first, first, then):
            record_day_states(con, [state], NOON)
    assert ask(store, "select expected, looks, state, reason from coverage") == [
        (9.5, 0, "repaired", None)
    ]
    assert ask(store, "select count(*) from kept.day_states") == [(2,)]


def test_a_gap_is_open_until_it_is_closed(store: Store) -> None:
    gap = RecordedGap(
        source_id="daily", since=NOON, until=later(hours=3), cause="silent", found_at=later(hours=4)
    )
    with store.turn() as con:
        record_gaps(con, "run-1", [gap])
        record_gaps(con, "run-2", [gap])
        assert open_gaps(con) == (gap,)
        close_gap(con, "run-3", gap, "repaired", "from its sitemap", later(hours=5))
        assert open_gaps(con) == ()


def test_an_article_can_be_checked_again_and_remembers_its_checks(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a"), new_article("b", first_seen_at=later(days=-30))))
        append(con, batch(revisions=(new_revision("a", "New."),)))
        validators = Validators(etag='"x"')
        check = Checked(article_id="a", outcome="known", validators=validators)
        record_rechecks(con, "run-1", [check], later(hours=1))
        (found,) = checkable_articles(con, NOON)
    assert (found.article_id, found.url, found.revisions, found.checks) == (
        "a", "https://daily.test/a", 2, 1,
    )  # fmt: skip
    assert (found.last_checked_at, found.last_outcome) == (later(hours=1), "known")
    assert found.validators == validators


def test_a_plan_is_made_once_and_keeps_what_is_done(store: Store) -> None:
    cells = [Cell(source_id="daily", provider="sitemap", day=date(2023, 2, n)) for n in (27, 28)]
    done = Cell(
        source_id="daily", provider="sitemap", day=date(2023, 2, 28), state=CellState.DONE,
        attempts=1, found=7,
    )  # fmt: skip
    with store.turn() as con:
        plan_cells(con, "run-1", cells, NOON)
        end_cells(con, "run-1", [done], NOON)
        plan_cells(con, "run-2", cells, NOON)
        assert cells_between(con, date(2023, 2, 1), date(2023, 2, 28)) == (cells[0], done)


def test_a_seed_is_known_by_the_print_of_its_bytes(store: Store) -> None:
    with store.turn() as con:
        record_seed(con, "one.txt", "old", "a", NOON)
        record_seed(con, "one.txt", "new", "a", NOON)
        assert loaded_seeds(con) == {"one.txt": "new"}
