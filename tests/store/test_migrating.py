from importlib.resources import files
from pathlib import Path

import pytest

from flows.core.errors import StoreTooNew
from flows.store import Store, open_published
from flows.store.connections import Connection, open_working
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


OLD_ROWS = """
insert into kept.migrations values (1, '0001_tables', '2023-02-01 00:00:00+00');
insert into kept.readings (doc, article, revision, article_id, url, title, text, origin,
    first_seen_at, seen_at, stored_at, cause, verdict, relevance)
values (1, 1, 1, 'abc', 'https://daily.test/a', 'A title', 'A text.', 'monitor',
    '2023-02-01 00:00:00+00', '2023-02-01 00:00:00+00', '2023-02-01 00:00:00+00', 'publisher',
    'on_topic', 0.9);
insert into kept.aliases (key, url_key, article, stored_at)
values (md5_number_lower('daily.test/a'), 'daily.test/a', 1, '2023-02-01 00:00:00+00');
insert into kept.memories (source_id, conditional_in_a_row, failures, newest_item_at, moved_times,
    validators_lie)
values ('daily', 0, 0, '2023-02-01 00:00:00+00', 0, false), ('bare', 0, 0, null, 0, false);
insert into kept.sources (source_id, outlet, kind, url, enabled, saved_at)
values ('daily', 'The Daily', 'feed', 'https://daily.test/', true, '2023-02-01 00:00:00+00');
"""


@pytest.fixture
def old_store(tmp_path: Path) -> Store:
    """A store as the first schema left it, with one article."""
    (tmp_path / ".dateline").mkdir()
    with open_working(tmp_path / ".dateline" / "work.duckdb") as con:
        con.execute((files("flows.store") / "schema/0001_tables.sql").read_text("utf-8"))
        con.execute(OLD_ROWS)
    return Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON)


def test_a_store_of_an_older_schema_is_brought_up_to_date_with_all_it_holds(
    old_store: Store,
) -> None:
    old_store.prepare()
    with open_published(old_store.path) as con:
        applied = con.execute("select number, name from kept.migrations order by 1").fetchall()
        articles = con.execute("select article_id, title, text from articles").fetchall()
        aliases = con.execute("select url_key, article, url from kept.aliases").fetchall()
        rules = con.execute("select what, version, made_at from kept.rules").fetchall()
    assert applied[:2] == [(1, "0001_tables"), (2, "0002_rules")]
    assert len(applied) == newest_number()
    assert articles == [("abc", "A title", "A text.")]
    assert aliases == [("daily.test/a", 1, None)]
    assert rules == [("keys", "url-1", None), ("prints", "fp-1", None)]


def test_sources_of_an_older_schema_are_given_the_longest_patience(old_store: Store) -> None:
    old_store.prepare()
    with open_published(old_store.path) as con:
        kept = con.execute("select source_id, fresh_until::date from kept.memories order by 1")
        assert [(name, str(day)) for name, day in kept.fetchall()] == [
            ("bare", "None"),
            ("daily", "2023-03-18"),
        ]
        assert con.execute("select headlines_only from sources").fetchall() == [(False,)]


def test_before_a_migration_the_file_as_it_was_is_kept_beside(
    old_store: Store, tmp_path: Path
) -> None:
    old_store.prepare()
    with open_working(tmp_path / ".dateline" / "work.duckdb.before-0002") as con:
        assert number_of(con) == 1
        assert con.execute("select article_id from kept.readings").fetchall() == [("abc",)]


def test_a_store_of_a_newer_schema_is_refused_and_not_touched(store: Store, tmp_path: Path) -> None:
    newer = newest_number() + 1
    with store.turn() as con:
        con.execute("insert into kept.migrations values (?, 'later', ?)", [newer, NOON])
    working = tmp_path / ".dateline" / "work.duckdb"
    before = working.read_bytes()
    with pytest.raises(StoreTooNew, match=f"schema {newer}; this one knows {newer - 1}"):
        store.prepare()
    assert working.read_bytes() == before


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
