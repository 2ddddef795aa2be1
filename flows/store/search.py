"""Ranked search from Python: the `search` macro with its answers as values.

The ranking, the words and the snippets are the macro's (`schema/searching.sql`): what any DuckDB
client gets, and nothing else.

The search index: words of readings → postings in plain tables.

Decides how much a word weighs by where it stands, and how the index stays sorted; how words are cut
is `schema/search.sql`'s, which asks with the same functions. Refuses to know DuckDB's `fts`: not
incremental, no Chinese, and every client would need it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flows.store.connections import Connection
from flows.store.rows import instant_or_none, one_row


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


# Documents whose postings wait in the order of batches before they are moved as one sorted stretch.
# At a million articles stretches of 20,000 let a word be found in a twentieth of the row groups.
STRETCH_DOCS = 20_000


def index_readings(con: Connection, first: int, end: int) -> None:
    """Add the readings numbered from `first` to before `end` to the index."""
    if first >= end:
        return
    con.execute(_CUT, {"first": first, "end": end})
    con.execute(_NEW_WORDS)
    con.execute(_POST)
    con.execute("drop table temp.cut_words")


def sort_recent(con: Connection, *, at_least: int = STRETCH_DOCS) -> None:
    """Move the waiting postings behind the sorted ones, as one stretch sorted by term, once they
    are of `at_least` documents: a few seconds, so a publication does it and no commit.

    A term then lies in one or two row groups of each stretch, and the others are not read.
    """
    query = "select coalesce(max(doc) - min(doc) + 1, 0) from kept.recent_postings"
    if int(one_row(con, query)[0]) < at_least:
        return
    con.execute(
        "insert into kept.postings (term, doc, weight) "
        "select term, doc, weight from kept.recent_postings order by term, doc"
    )
    con.execute("delete from kept.recent_postings")


# A word of the title counts five times, one of the lede twice: it stands in the text as well. Past
# fifteen BM25 gives at most 7 % more, and four bits hold it.
_CUT = """
create or replace temp table cut_words as
with placed as (
    select doc, unnest(kept.words_of(title)) as word, 5 as weight
    from kept.readings where doc >= $first and doc < $end and title is not null
    union all
    select doc, unnest(kept.words_of(lede)), 1
    from kept.readings where doc >= $first and doc < $end and lede is not null
    union all
    select doc, unnest(kept.words_of(text)), 1
    from kept.readings where doc >= $first and doc < $end
)
select doc, word, least(sum(weight), 15)::utinyint as weight
from placed
group by doc, word
"""

_NEW_WORDS = """
insert into kept.words (term, word, stem)
select (select coalesce(max(term), 0) from kept.words)
           + row_number() over (order by min(doc), word),
       word, kept.stem(word)
from temp.cut_words
where word not in (select word from kept.words)
group by word
"""

_POST = """
insert into kept.recent_postings (term, doc, weight)
select w.term, c.doc, c.weight
from temp.cut_words c join kept.words w using (word)
order by w.term, c.doc
"""
