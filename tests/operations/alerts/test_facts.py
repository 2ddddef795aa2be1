"""New stories are told of once, by when they were stored: what was published since is next."""

from datetime import UTC, datetime
from pathlib import Path

from flows.operations.alerts.facts import read_facts
from flows.store import open_published
from tests.store.questions import filled_store

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_what_one_digest_told_is_not_in_the_next(tmp_path: Path) -> None:
    with open_published(filled_store(tmp_path)) as con:
        first = read_facts(con, LONG_AGO)
        assert first.stored_until is not None
        second = read_facts(con, first.stored_until)
    assert len(first.new_stories) > 1
    assert second.new_stories == ()


def test_what_is_stored_after_a_digest_is_in_the_next_however_early_it_was_seen(
    tmp_path: Path,
) -> None:
    with open_published(filled_store(tmp_path)) as con:
        ((before_the_last,),) = con.execute(
            "select max(stored_at) from revisions where revision = 1 and stored_at < "
            "(select max(stored_at) from revisions where revision = 1)"
        ).fetchall()
        found = read_facts(con, before_the_last).new_stories
    assert 0 < len(found) < 10
