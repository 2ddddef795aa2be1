"""SQL of people on the published file: one statement that reads, and its answer.

Decides what may be asked: anything that only reads this file. Refuses to write, attach, load
extensions, change settings or read other files.

One article with everything the store knows of it: revisions, copies, links, sightings.

Decides what belongs to an article; refuses to decide how it is printed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.core.errors import QueryRefused, StoreError
from flows.store.connections import Connection, explained

_READING = frozenset({"SELECT", "EXPLAIN", "RELATION"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Columns and rows, in order."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[object, ...]]


def ask(con: Connection, query: str) -> Answer:
    """Answer one statement. Raises `QueryRefused` for one that would do more than read this file,
    and `StoreError` with DuckDB's own words for one that is wrong."""
    try:
        statements = con.extract_statements(query)
        if len(statements) != 1:
            raise QueryRefused(f"One statement at a time; this is {len(statements)}.")
        kind = statements[0].type.name
        if kind not in _READING:
            raise QueryRefused(f"Only queries that read are answered, not {kind}.")
        with interruptible():
            con.execute(statements[0])
            columns = tuple(str(column[0]) for column in con.description or ())
            return Answer(columns=columns, rows=con.fetchall())
    except duckdb.PermissionException as error:
        raise QueryRefused(f"Only this store can be read: {error}") from error
    except duckdb.Error as error:
        raise StoreError(str(error)) from error


@contextmanager
def answering(path: Path) -> Iterator[None]:
    """While our own queries read the published file at `path`: DuckDB's errors in our words.

    Raises `StoreDamaged`, and `StoreError` for a file whose views are not this version's.
    """
    try:
        with interruptible(), explained(path):
            yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise StoreError(
            f"{path} has not the views of this version of Dateline: {str(error).splitlines()[0]} "
            "If an earlier version made it, the next run brings it up to date."
        ) from error


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C while DuckDB works is a KeyboardInterrupt; DuckDB makes a RuntimeError of it."""
    try:
        yield
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Rows of the public views that tell of one article."""

    article: Row
    revisions: tuple[Row, ...]
    copies: tuple[Row, ...]
    links: tuple[Row, ...]
    sightings: tuple[Row, ...]


def shown_article(con: Connection, article_id: str) -> Shown:
    """The article whose id is, or alone begins with, `article_id`. Raises `StoreError` if none
    or several do."""
    named = {"name": article_id}
    ids = [str(row["article_id"]) for row in rows_of(con, _NAMED, named)]
    if article_id not in ids and len(ids) != 1:
        several = f"; it may be one of {', '.join(ids[:10])}" if ids else ""
        raise StoreError(f"There is no article {article_id!r} on the topic{several}.")
    wanted = {"id": article_id if article_id in ids else ids[0]}
    (article,) = rows_of(con, _ARTICLE, wanted)
    return Shown(
        article=article,
        revisions=rows_of(con, _REVISIONS, wanted),
        copies=rows_of(con, _COPIES, wanted | {"story": article["story_id"]}),
        links=rows_of(con, _LINKS, wanted),
        sightings=rows_of(con, _SIGHTINGS, wanted),
    )


def rows_of(con: Connection, query: str, parameters: object = None) -> tuple[Row, ...]:
    """The rows of a query, as dictionaries in the order of its columns."""
    con.execute(query, parameters)
    names = [str(column[0]) for column in con.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in con.fetchall())


_NAMED = """
select article_id from articles where starts_with(article_id, $name) order by article_id limit 11
"""

_ARTICLE = """
select article_id, url, outlet, source_id, language, country, title, authors, agencies, dateline,
       lede, text, word_count, published_at, published_precision, published_origin, published_zone,
       published_alternatives, published_problem, modified_at, first_seen_at, seen_at, stored_at,
       origin, relevance, borderline, matched_terms, rules_version, story_id, copy_of, copy_kind,
       revisions, section, tags, image_url, free_to_read, form, extractor, reader_version,
       archive_ref
from articles
where article_id = $id
"""

_REVISIONS = """
select revision, cause, seen_at, stored_at, change, title, text, archive_ref
from revisions
where article_id = $id
order by revision
"""

_COPIES = """
select article_id, outlet, published_at, title, copy_of, copy_kind, url
from articles
where story_id = $story and article_id <> $id
order by coalesce(published_at, first_seen_at), article_id
"""

_LINKS = """
select a, b, kind, evidence, passages, rule_version, decided_at
from links
where a = $id or b = $id
order by decided_at, a, b
"""

_SIGHTINGS = """
select url, source_id, run_id, seen_at, claimed_title, claimed_at
from sightings
where article_id = $id
order by seen_at, source_id
"""
