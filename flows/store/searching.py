"""Ranked search from Python: the `search` macro with its answers as values.

The ranking, the words and the snippets are the macro's (`schema/searching.sql`): what any DuckDB
client gets, and nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flows.store.connecting import Connection
from flows.store.rows import instant_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article found, best first; `score` means nothing beyond its order."""

    article_id: str
    score: float
    title: str | None
    outlet: str | None
    published_at: datetime | None
    snippet: str


def search(con: Connection, words: str, *, most: int = 20) -> Iterator[Hit]:
    """The `most` best articles for `words`: phrases in quotes, `-word`, `word*`."""
    rows = con.execute(f"from search(?, most := {int(most)})", [words]).fetchall()
    for article_id, score, title, outlet, published_at, snippet in rows:
        yield Hit(
            article_id=article_id,
            score=score,
            title=title,
            outlet=outlet,
            published_at=instant_or_none(published_at),
            snippet=snippet,
        )
