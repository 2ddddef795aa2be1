"""articles_as_of gives what `articles` gave then: a month is lived and asked about afterwards."""

import random
from datetime import datetime
from typing import Any

from flows.core import CopyKind, Verdict
from flows.store import Connection, Store
from flows.store.append import append
from flows.store.batch import Cause, Membership
from flows.store.judgements import append_judgements
from tests.store.samples import batch, judgement, later, new_article, new_revision

DAYS = 28
_COLUMNS = (
    "article_id, title, text, text_print, relevance, borderline, matched_terms, rules_version, "
    "story_id, copy_of, copy_kind, revisions, first_seen_at, seen_at, stored_at, reader_version"
)


def live(con: Connection, chance: random.Random, day: int, ids: list[str]) -> None:
    """One day: new articles, edits, better readings, stories, judgements."""
    now = later(days=day)
    old = chance.sample(ids, min(len(ids), 4))
    new = [f"d{day}-{n}" for n in range(chance.randrange(3))]
    append(
        con,
        batch(
            *(new_article(name, f"Text {name}.", first_seen_at=now) for name in new),
            stored_at=now,
            run_id=f"run-{day}",
            revisions=tuple(
                new_revision(
                    name,
                    f"Text {name} of day {day}.",
                    cause=chance.choice([Cause.PUBLISHER, Cause.READER]),
                    judgement=_judged(chance),
                    seen_at=now,
                )
                for name in old[:2]
            ),
            memberships=tuple(
                Membership(
                    article_id=name, story_id=old[0], copy_of=old[0], copy_kind=CopyKind.SAME
                )
                for name in old[2:3]
            ),
        ),
    )
    append_judgements(
        con, f"run-{day}", {name: _judged(chance) for name in old[1:]}, later(days=day, hours=1)
    )
    ids.extend(new)


def _judged(chance: random.Random) -> Any:
    return judgement(chance.choice(list(Verdict)), round(chance.random(), 3))


def known(con: Connection, view: str) -> list[tuple[Any, ...]]:
    return con.execute(f"select {_COLUMNS} from {view} order by article_id").fetchall()


def test_every_day_of_a_month_can_be_asked_for_afterwards(store: Store) -> None:
    chance = random.Random(5)
    ids: list[str] = []
    then: dict[datetime, list[tuple[Any, ...]]] = {}
    with store.turn() as con:
        for day in range(DAYS):
            live(con, chance, day, ids)
            then[later(days=day, hours=2)] = known(con, "articles")
        found = {
            instant: known(con, f"articles_as_of(timestamptz '{instant.isoformat(' ')}')")
            for instant in then
        }
    assert found == then
    assert len({str(rows) for rows in then.values()}) > DAYS // 2
