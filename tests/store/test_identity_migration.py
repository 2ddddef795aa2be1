"""A store of the rules by keys, brought to those by URLs: nothing lost, the passed over open."""

from importlib.resources import files
from pathlib import Path

import pytest

from flows.store import Store
from flows.store.candidates import open_candidates
from flows.store.check import check_store
from flows.store.connections import open_working
from flows.store.kin import item_of, moment_of
from tests.store.samples import NOON, candidate, claimed, later

_OLD_SCHEMAS = ("0001_tables", "0002_rules", "0003_walls")
# Two twins of which the first failed; a flash that was retitled since; an article with its AMP twin
# and a canonical address that was never read; a page off the topic that nobody said anything new of
_ROWS = """
insert into kept.migrations select n, 'old', '2023-02-01' from range(1, 4) r(n);
insert into kept.sightings (key, url, url_key, source_id, run_id, seen_at, claimed_title,
    claimed_at, claimed_precision, guid, claimed_zone, claimed_origin, claimed_raw)
select md5_number_lower(url_key), url, url_key, 'daily', 'r', seen_at::timestamptz, title,
       dated::timestamptz, precision, guid, 'stated', 'feed', 'x'
from (values
    ('https://m.daily.test/a', 'daily.test/a', '2023-02-24 10:00Z', 'A', null, null, null),
    ('https://daily.test/a', 'daily.test/a', '2023-02-24 10:30Z', 'A', null, null, null),
    ('https://daily.test/f', 'daily.test/f', '2023-02-24 10:00Z', 'Flash',
     '2023-02-24 09:59:01.25Z', 'second', 'g'),
    ('https://daily.test/f', 'daily.test/f', '2023-02-24 11:30Z', 'Full story',
     '2023-02-24', 'day', 'g'),
    ('https://daily.test/s', 'daily.test/s', '2023-02-24 10:00Z', 'S', null, null, null),
    ('https://daily.test/s/amp', 'daily.test/s', '2023-02-24 11:30Z', 'S', null, null, null),
    ('https://daily.test/o', 'daily.test/o', '2023-02-24 10:00Z', 'O', null, null, null)
) v(url, url_key, seen_at, title, dated, precision, guid);
insert into kept.claims select key, source_id, run_id, seen_at from kept.sightings
    where url not in ('https://daily.test/a', 'https://daily.test/s/amp')
      and claimed_title <> 'Full story';
insert into kept.readings (doc, article, revision, article_id, url, title, text, origin,
    first_seen_at, seen_at, stored_at, cause, verdict, relevance)
values (1, 1, 1, 'abc', 'https://daily.test/s', 'S', '', 'monitor', '2023-02-24 10:00Z',
    '2023-02-24 10:00Z', '2023-02-24 11:00Z', 'publisher', 'on_topic', 0.9);
insert into kept.readings (doc, article, revision, article_id, url, outlet, country, source_id,
    site_name, text, origin, first_seen_at, seen_at, stored_at, cause, verdict, relevance)
select doc, doc, 1, 'n' || doc, url, outlet, 'US', source_id, site_name, '', 'monitor',
    '2023-02-24 10:00Z', '2023-02-24 10:00Z', '2023-02-24 11:00Z', 'publisher', 'on_topic', 0.9
from (values
    (2, 'https://www.post.test/1', 'Index', 'index', 'post site'),
    (3, 'https://nobody.test/1', 'Index', 'index', 'Nobody News'),
    (4, 'https://en.post.test/2', 'Post', 'post', null),
    (5, 'https://partner.test/2', 'Post', 'post', 'Partner')
) v(doc, url, outlet, source_id, site_name);
insert into kept.sources (source_id, outlet, kind, url, country, character, enabled, saved_at)
values ('index', 'Index', 'feed', 'https://index.test/all', 'US', 'aggregator', true, '2023-02-01'),
       ('post', 'Post', 'feed', 'https://rss.post.test/f', 'FR', 'public', true, '2023-02-01');
insert into kept.judgements (article, doc, first, verdict, relevance, judged_at)
select doc, doc, true, 'on_topic', 0.9, '2023-02-24 11:00Z' from range(1, 6) d(doc);
insert into kept.aliases (key, url_key, article, stored_at, url)
select md5_number_lower(url_key), url_key, 1, '2023-02-24 11:00Z', url
from (values ('daily.test/s', 'https://daily.test/s'), ('daily.test/c', 'https://daily.test/c')
) v(url_key, url);
insert into kept.endings (key, url, source_id, run_id, ended_at, ending, article, stage, reason,
    attempts, day)
select md5_number_lower(url_key), url, 'daily', 'r', '2023-02-24 11:00Z', ending, article, stage,
       reason, 1, '2023-02-24'
from (values
    ('daily.test/a', 'https://m.daily.test/a', 'skipped', null, 'fetch', 'http_404'),
    ('daily.test/f', 'https://daily.test/f', 'skipped', null, 'read', 'too_short'),
    ('daily.test/s', 'https://daily.test/s', 'stored', 1, null, null),
    ('daily.test/o', 'https://daily.test/o', 'skipped', null, 'judge', 'off_topic')
) v(url_key, url, ending, article, stage, reason);
insert into kept.runs (run_id, kind, started_at) values ('r', 'monitor', '2023-02-24 10:00Z');
insert into kept.run_endings values ('r', '2023-02-24 11:45Z', 'completed', 1, 0, 4, 1, 0, 0, 3, 0,
    [], []);
"""


@pytest.fixture
def brought(tmp_path: Path) -> Store:
    (tmp_path / ".dateline").mkdir()
    with open_working(tmp_path / ".dateline" / "work.duckdb") as con:
        con.execute("set timezone = 'UTC'")
        for name in _OLD_SCHEMAS:
            con.execute((files("flows.store") / f"schema/{name}.sql").read_text("utf-8"))
        con.execute(_ROWS)
    store = Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON)
    store.prepare()
    return store


def test_what_the_old_rules_passed_over_is_taken_up_by_the_next_pass(brought: Store) -> None:
    with brought.turn() as con:
        taken = open_candidates(con, "run-2", later(hours=1))
    assert [one.url for one in taken] == ["https://daily.test/a", "https://daily.test/f"]
    assert taken[1].claimed_title == "Full story"


def test_nothing_is_lost_and_the_store_is_sound(brought: Store) -> None:
    with brought.turn() as con:
        counts = [
            con.execute(f"select count(*) from kept.{table}").fetchall()[0][0]
            for table in ("sightings", "endings", "aliases", "readings")
        ]
        claims = con.execute("select url from kept.claims where run_id = 'r' order by 1").fetchall()
    assert counts == [7, 4, 2, 5]
    assert claims == [
        ("https://daily.test/f",),
        ("https://daily.test/o",),
        ("https://daily.test/s",),
        ("https://m.daily.test/a",),
    ]
    brought.publish()
    broken = [one.rule for one in check_store(brought.path) if not one.holds]
    assert broken == []


def test_an_address_that_was_only_named_is_not_taken_for_one_that_was_read(brought: Store) -> None:
    with brought.turn() as con:
        rows = con.execute("select url_key, fetched from kept.aliases order by 1").fetchall()
    assert rows == [("daily.test/c", False), ("daily.test/s", True)]


def test_older_sightings_get_the_numbers_that_newer_ones_get(brought: Store) -> None:
    flash = candidate(
        "f",
        claimed_title="Flash",
        guid="g",
        claimed_at=claimed(later(hours=-2, minutes=-1, seconds=1.25)),
    )
    with brought.turn() as con:
        rows = con.execute(
            "select item, moment from kept.sightings where guid = 'g' order by seen_at"
        ).fetchall()
    assert rows[0] == (item_of(flash), moment_of(flash))
    assert rows[1] == (item_of(flash), None)


def test_what_an_index_listed_gets_the_outlet_of_its_host(brought: Store) -> None:
    with brought.turn() as con:
        rows = con.execute(
            "select outlet, country from kept.readings where doc > 1 order by doc"
        ).fetchall()
    assert rows == [("Post", "FR"), ("Nobody News", None), ("Post", "US"), ("Post", "US")]
