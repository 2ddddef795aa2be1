from dataclasses import fields, replace
from typing import Any

from flows.core import Look, LookStatus, RecentItem, Source, SourceMemory, Validators
from flows.store import Store
from flows.store.candidates import sight
from flows.store.sources import (
    enabled_since,
    record_looks,
    save_sources,
    source_memories,
)
from tests.store.samples import NOON, candidate, later, source


def memory(source_id: str = "daily", **given: Any) -> SourceMemory:
    return SourceMemory(source_id=source_id, **given)


def look(source_id: str = "daily", **given: Any) -> Look:
    made: dict[str, Any] = {
        "source_id": source_id,
        "started_at": NOON,
        "finished_at": later(seconds=2),
        "status": LookStatus.OK,
        "memory": memory(source_id),
    }
    return Look(**made | given)


def ask(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.turn() as con:
        return con.execute(query).fetchall()


def save(store: Store, *sources: Source) -> None:
    with store.turn() as con:
        save_sources(con, sources, NOON)


def test_sources_are_saved_once_and_again_when_changed(store: Store) -> None:
    save(store, source(), source("weekly"))
    save(store, source(), source("weekly", url="https://weekly.test/new"))
    assert ask(store, "select source_id, url from sources order by 1") == [
        ("daily", "https://daily.test/feed"),
        ("weekly", "https://weekly.test/new"),
    ]
    assert ask(store, "select count(*) from kept.sources") == [(3,)]


def test_a_source_taken_from_the_configuration_stays_as_not_enabled(store: Store) -> None:
    save(store, source(), source("weekly"))
    save(store, source())
    save(store, source())
    assert ask(store, "select source_id, enabled from sources order by 1") == [
        ("daily", True),
        ("weekly", False),
    ]
    assert ask(store, "select count(*) from kept.sources") == [(3,)]


def test_a_source_is_enabled_since_it_came_or_came_back(store: Store) -> None:
    for hours, sources in enumerate(
        [(source(), source("weekly")), (source(language="de"),), (source(), source("weekly"))]
    ):
        with store.turn() as con:
            save_sources(con, sources, later(hours=hours))
    with store.turn() as con:
        assert enabled_since(con) == {"daily": NOON, "weekly": later(hours=2)}


def test_a_memory_comes_back_as_it_was_kept(store: Store) -> None:
    kept = SourceMemory(
        source_id="daily",
        validators=Validators(etag='"x"', last_modified="Fri, 24 Feb 2023 10:00:00 GMT"),
        body_sha256="ab",
        conditional_in_a_row=3,
        last_look_at=NOON,
        last_success_at=NOON,
        next_due_at=later(minutes=15),
        interval_minutes=15.5,
        failures=0.25,
        recent_keys=("b", "a"),
        recent_looks=((NOON, 2), (later(minutes=15), 0)),
        newest_item_at=NOON,
        moved_to="https://new.test/",
        moved_times=2,
        advertised_minutes=60,
        validators_lie=True,
        fresh_until=later(days=30),
        recent_items=(RecentItem(guid=1, title=2, claimed_at=NOON), RecentItem()),
        restless_links=2,
    )
    assert all(getattr(kept, each.name) for each in fields(kept))
    with store.turn() as con:
        record_looks(con, "run-1", [look(memory=memory()), look(memory=kept)])
    with store.turn() as con:
        assert source_memories(con, ["daily", "absent"]) == {"daily": kept}


def test_a_source_with_another_address_is_asked_there_as_if_never_asked(store: Store) -> None:
    kept = memory(
        validators=Validators(etag='"x"'), body_sha256="ab", failures=3.0, recent_keys=("b", "a"),
        next_due_at=later(days=9), moved_to="https://new.test/", moved_times=9, newest_item_at=NOON,
        fresh_until=later(days=30),
    )  # fmt: skip
    save(store, source(), source("weekly"))
    weekly = replace(kept, source_id="weekly")
    with store.turn() as con:
        record_looks(con, "run-1", [look(memory=kept), look("weekly", memory=weekly)])

    save(store, source(url="https://daily.test/other"), source("weekly", country="DE"))

    with store.turn() as con:
        assert source_memories(con, ["daily", "weekly"]) == {
            "daily": memory(recent_keys=("b", "a"), newest_item_at=NOON),
            "weekly": weekly,
        }


def test_a_look_counts_items_its_source_had_not_listed_before(store: Store) -> None:
    with store.turn() as con:
        sight(con, "run-1", [candidate("a"), candidate("b", "other")])
        listed = tuple(candidate(name, seen_at=later(hours=1)) for name in "abc")
        sight(con, "run-2", listed)
        record_looks(con, "run-2", [look(started_at=later(hours=1), candidates=listed, items=3)])
    assert ask(store, "select items, new_items from source_checks") == [(3, 2)]


def test_a_roll_over_becomes_a_gap_once(store: Store) -> None:
    rolled = look(
        rolled_over=True, gap_since=NOON, gap_until=later(hours=5), suggestion="its sitemap"
    )
    with store.turn() as con:
        record_looks(con, "run-1", [rolled])
        record_looks(con, "run-2", [rolled])
    assert ask(store, "select source_id, cause, remedy, run_id from gaps") == [
        ("daily", "rolled_over", "its sitemap", "run-1")
    ]
