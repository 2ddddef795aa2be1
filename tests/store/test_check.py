from pathlib import Path

import pytest

from flows.core import RunReport, RunState
from flows.store import Store
from flows.store.append import append
from flows.store.batch import Membership
from flows.store.check import check_store
from flows.store.runs import begin_run, end_run
from tests.store.samples import NOON, batch, link, new_article, new_revision


def broken(path: Path) -> list[str]:
    return [finding.rule for finding in check_store(path) if not finding.holds]


@pytest.fixture
def full(store: Store) -> Store:
    with store.turn() as con:
        begin_run(con, "run-1", "monitor", NOON, 1, "here")
        told = (Membership(article_id="b", story_id="a", copy_of="a"),)
        append(con, batch(new_article("a"), new_article("b"), memberships=told))
        append(con, batch(revisions=(new_revision("a", "New."),), links=(link("a", "b"),)))
        report = RunReport(
            run_id="run-1", kind="monitor", state=RunState.COMPLETED, started_at=NOON,
            finished_at=NOON, candidates=2, stored=2,
        )  # fmt: skip
        end_run(con, report)
    return store


def test_a_store_of_ours_is_sound(full: Store) -> None:
    full.publish()
    assert broken(full.path) == []


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("delete from kept.readings where doc = 2", "every link joins two articles"),
        ("delete from kept.judgements", "every reading came with a judgement"),
        ("update kept.readings set previous = 2 where revision = 2",
         "every revision replaces the one before it"),
        ("update kept.run_endings set known = 5", "every run's totals balance"),
        ("delete from kept.recent_postings", "every article's words are in the index"),
        ("insert into kept.endings by name select * from kept.endings",
         "no candidate ended twice in a run"),
        ("update kept.memberships set story_id = 'z'", "every copy is of an article of its story"),
    ],
)  # fmt: skip
def test_damage_is_named(full: Store, damage: str, rule: str) -> None:
    with full.turn() as con:
        con.execute(damage)
    full.publish()
    assert rule in broken(full.path)


def test_a_flipped_bit_is_found(full: Store) -> None:
    full.publish()
    content = bytearray(full.path.read_bytes())
    start = content.rindex(b"the parties agreed")
    content[start] ^= 1
    full.path.write_bytes(content)
    assert broken(full.path) != []


def test_a_file_that_is_no_database_is_named(full: Store) -> None:
    full.path.write_bytes(b"nothing" * 5000)
    assert broken(full.path) == ["the published file opens"]
