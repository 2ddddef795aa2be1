from pathlib import Path

import pytest

from flows.store import Store
from flows.store.connecting import Connection, open_working
from flows.store.migrating import keep_copy, newest_number, number_of
from tests.store.samples import NOON


def test_a_new_file_has_every_migration_with_its_record(store: Store) -> None:
    with store.turn() as con:
        assert number_of(con) == newest_number()
        rows = con.execute("select number, applied_at::varchar from kept.migrations").fetchall()
    assert rows == [(n, f"{NOON:%Y-%m-%d %H:%M:%S}+00") for n in range(1, newest_number() + 1)]


@pytest.mark.usefixtures("store")
def test_a_copy_is_kept_whole(tmp_path: Path) -> None:
    working = tmp_path / ".dateline" / "work.duckdb"
    with open_working(working) as con:
        con.execute("insert into kept.seeds values ('s', 'h', 'a', now())")
        kept = keep_copy(con, working, "before-0002")
    with open_working(kept) as con:
        assert con.execute("select name from kept.seeds").fetchall() == [("s",)]


def _uncommented(con: Connection) -> list[tuple[str, ...]]:
    return con.execute(
        """
        select schema_name, table_name, null from duckdb_tables()
        where comment is null and schema_name = 'kept'
        union all select schema_name, view_name, null from duckdb_views()
        where comment is null and not internal
        union all select schema_name, table_name, column_name from duckdb_columns()
        where comment is null and not internal and database_name = current_database()
        union all select distinct schema_name, function_name, null from duckdb_functions()
        where comment is null and not internal and function_type like '%macro%'
        """
    ).fetchall()


def test_every_table_view_macro_and_column_has_a_comment(store: Store) -> None:
    with store.turn() as con:
        assert _uncommented(con) == []


@pytest.mark.parametrize(
    ("view", "columns"),
    [
        (
            "articles",
            "article_id url outlet source_id language country title authors lede text word_count "
            "published_at published_precision published_origin modified_at first_seen_at origin "
            "relevance borderline matched_terms story_id copy_of copy_kind revisions section tags "
            "image_url free_to_read archive_ref",
        ),
        ("revisions", "article_id revision seen_at title text text_print change"),
        ("stories", "story_id title articles outlets first_published_at earliest_article_id"),
        ("links", "a b kind evidence passages rule_version decided_at"),
        (
            "sightings",
            "url url_key article_id source_id run_id seen_at claimed_title claimed_at",
        ),
        ("skips", "url source_id run_id stage reason detail relevance seen_at rule_version"),
        (
            "source_checks",
            "run_id source_id started_at status http_status items new_items rolled_over error",
        ),
        ("coverage", "source_id day expected looks items stored skipped state reason"),
        (
            "runs",
            "run_id kind started_at finished_at state candidates stored known skipped revised",
        ),
        ("search('x')", "article_id score title outlet published_at snippet"),
    ],
)
def test_views_begin_with_the_columns_of_the_contract(
    store: Store, view: str, columns: str
) -> None:
    with store.turn() as con:
        found = [row[0] for row in con.execute(f"describe from {view}").fetchall()]
    assert found[: len(columns.split())] == columns.split()


def test_articles_as_of_has_the_columns_of_articles(store: Store) -> None:
    with store.turn() as con:
        now = con.execute("describe articles").fetchall()
        then = con.execute("describe from articles_as_of(now())").fetchall()
    assert [row[:2] for row in then] == [row[:2] for row in now]


def test_every_instant_has_a_zone(store: Store) -> None:
    with store.turn() as con:
        rows = con.execute(
            "select table_name, column_name from duckdb_columns() "
            "where not internal and data_type like 'TIMESTAMP%' "
            "and data_type not like '%WITH TIME ZONE' "
            "and database_name = current_database()"
        ).fetchall()
    assert rows == []
