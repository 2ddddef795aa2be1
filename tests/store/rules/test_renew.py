"""Keys and fingerprints made by older rules are made anew; no row and no identifier is lost."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core import Candidate, Reason, RunReport, RunState, SourceMemory
from flows.core.errors import StoreTooNew
from flows.store import Connection, Store
from flows.store.append import append
from flows.store.articles import known_articles
from flows.store.candidates import open_candidates, sight
from flows.store.check import check_store
from flows.store.connections import open_working
from flows.store.migrating import newest_number
from flows.store.rows import key_of
from flows.store.rules.renew import Rules
from flows.store.runs import begin_run, end_run
from flows.store.sources import source_memories
from tests.store.samples import NOON, batch, candidate, ended, later, link, new_article

KeyRule = Callable[[str], str]
TABLES = (
    "readings", "aliases", "judgements", "memberships", "links", "fingerprints", "sightings",
    "claims", "endings", "memories", "runs", "run_endings", "warnings",
)  # fmt: skip


def whole(url: str) -> str:
    return url.partition("://")[2]


def without_query(url: str) -> str:
    return whole(url).partition("?")[0]


def without_host(url: str) -> str:
    return whole(url).partition("/")[2] or "/"


def folded(url: str) -> str:
    return whole(url).lower()


def rules(url_key: KeyRule = whole, keys: int = 2, prints: int = 1) -> Rules:
    """Rules whose fingerprints are the lengths of words, and the version."""
    return Rules(
        keys=f"url-{keys}",
        url_key=url_key,
        prints=f"fp-{prints}",
        printed=lambda text: (
            f"{prints} {text}",
            (*sorted({len(word) for word in text.split()}), 1000 + prints),
        ),
    )


def lookup(url: str, rule: KeyRule) -> Candidate:
    return replace(candidate(""), url=url, url_key=rule(url), claimed_title=url)


def watch(
    store: Store,
    rule: KeyRule,
    urls: Sequence[str],
    run: str = "run-1",
    at: datetime = NOON,
    title: str | None = None,
) -> None:
    """A completed run that met `urls` in this order under `rule`'s keys and stored what was new;
    every third URL was off the topic. Each is claimed to be called `title`, or by its URL."""
    with store.turn() as con:
        begin_run(con, run, "monitor", at, 1, "here")
        met = sight(
            con, run, [replace(lookup(url, rule), claimed_title=title or url) for url in urls]
        )
        kept = [one for place, one in enumerate(met.fresh) if place % 3 < 2]
        left = [one for place, one in enumerate(met.fresh) if place % 3 == 2]
        articles = [
            new_article(
                f"{run} {place}", f"Text of {one.url}.", candidate=one, fingerprints=(1, 2),
                read={"url": one.url},
            )
            for place, one in enumerate(kept)
        ]  # fmt: skip
        endings = tuple(replace(ended(""), candidate=one) for one in left)
        append(con, batch(*articles, run_id=run, endings=endings, stored_at=at))
        report = RunReport(
            run_id=run, kind="monitor", state=RunState.COMPLETED, started_at=at, finished_at=at,
            candidates=len(urls), stored=len(kept), skipped=len(left), known=met.known,
        )  # fmt: skip
        end_run(con, report)


def counts(con: Connection) -> dict[str, int]:
    found = {}
    for table in TABLES:
        ((found[table],),) = con.execute(f"select count(*) from kept.{table}").fetchall()
    return found


def texts(con: Connection) -> list[tuple[object, ...]]:
    return con.execute("select article_id, doc, url, text from kept.readings order by 1").fetchall()


def broken(store: Store) -> list[str]:
    store.publish()
    return [finding.rule for finding in check_store(store.path) if not finding.holds]


def ids_under(store: Store, *keys: str) -> dict[str, list[str]]:
    with store.turn() as con:
        met = known_articles(con, keys)
    return {key: [text.article_id for text in found] for key, found in met.items()}


TWINS = ("https://daily.test/x?cid=1", "https://daily.test/x?cid=2")


def test_two_articles_whose_keys_now_coincide_stay_two_with_a_warning(store: Store) -> None:
    watch(store, whole, TWINS)
    store.prepare(rules(without_query))
    assert ids_under(store, "daily.test/x") == {"daily.test/x": ["run-1 0", "run-1 1"]}
    with store.turn() as con:
        warned = con.execute("select kind, article_id, detail from kept.warnings").fetchall()
        sighted = con.execute("select url_key, count(*) from sightings group by 1").fetchall()
    assert warned == [
        ("same_key_other_text", "run-1 1",
         "daily.test/x by rules url-2 names run-1 1 and run-1 0; kept as two articles")
    ]  # fmt: skip
    assert sighted == [("daily.test/x", 2)]
    assert broken(store) == []


def test_an_article_stays_under_the_key_of_the_url_it_was_read_from(store: Store) -> None:
    watch(store, without_query, TWINS, title="One")
    store.prepare(rules(whole))
    assert ids_under(store, *map(whole, TWINS)) == {"daily.test/x?cid=1": ["run-1 0"]}
    assert broken(store) == []


def test_two_articles_of_one_key_part_to_the_keys_of_their_own_urls(store: Store) -> None:
    one, other = (
        new_article(f"a{n}", f"Text {n}.", candidate=lookup(url, without_query), read={"url": url})
        for n, url in enumerate(TWINS)
    )
    with store.turn() as con:
        append(con, batch(one, other))
    store.prepare(rules(whole))
    assert ids_under(store, *map(whole, TWINS)) == {
        whole(TWINS[0]): ["a0"],
        whole(TWINS[1]): ["a1"],
    }


def test_a_url_passed_over_for_a_key_it_no_longer_shares_is_taken_up_next(store: Store) -> None:
    watch(store, without_query, TWINS, title="One")
    store.prepare(rules(whole))
    with store.turn() as con:
        taken = open_candidates(con, "run-2", later(hours=1))
    assert [(one.url, one.url_key) for one in taken] == [(TWINS[1], whole(TWINS[1]))]


def test_the_bare_url_passed_over_for_one_with_a_query_is_taken_up_next(store: Store) -> None:
    urls = ("https://daily.test/x?cid=1", "https://daily.test/x")
    watch(store, without_query, urls, title="One")
    store.prepare(rules(whole))
    with store.turn() as con:
        taken = open_candidates(con, "run-2", later(hours=1))
    assert [one.url_key for one in taken] == ["daily.test/x"]


def test_a_later_article_under_a_key_given_up_gets_an_identifier_of_its_own(
    tmp_path: Path,
) -> None:
    from tests.pipeline.test_compare import OTHER, WIRE, arrival, settle

    store = Store(tmp_path / "a.duckdb", tmp_path / ".a", lambda: NOON)
    store.prepare()
    first = replace(arrival("daily.test/x?cid=1", WIRE), url_key="daily.test/x")
    settle(store, [first])
    store.prepare(rules(whole))
    settle(store, [arrival("daily.test/x", OTHER, title="Pilots")], 1)
    assert broken(store) == []


def test_what_a_source_listed_last_is_remembered_under_the_new_keys(store: Store) -> None:
    from flows.store.sources import _remember

    watch(store, whole, TWINS)
    listed = tuple(map(whole, (*TWINS, "https://daily.test/never-sighted?a=1")))
    with store.turn() as con:
        _remember(con, [SourceMemory(source_id="daily", recent_keys=listed)])
    store.prepare(rules(without_query))
    with store.turn() as con:
        memory = source_memories(con, ["daily"])["daily"]
    assert memory.recent_keys == ("daily.test/x", "daily.test/x", "daily.test/never-sighted")


def test_a_retry_stays_due_under_its_new_key(store: Store) -> None:
    with store.turn() as con:
        begin_run(con, "run-1", "monitor", NOON, 1, "here")
        (one,) = sight(con, "run-1", [lookup(TWINS[0], whole)]).fresh
        gone = replace(ended("", Reason.TIMEOUT), candidate=one)
        append(con, batch(endings=(gone,)))
    store.prepare(rules(without_query))
    with store.turn() as con:
        end_run(con, RunReport(run_id="run-1", kind="monitor", state=RunState.COMPLETED,
                               started_at=NOON, finished_at=NOON))  # fmt: skip
        taken = open_candidates(con, "run-2", later(hours=1))
    assert [one.url_key for one in taken] == ["daily.test/x"]


def test_a_seeds_name_stays_its_key(store: Store) -> None:
    from flows.core.urls import url_key

    seed = new_article("seed", candidate=None, aliases=("seed:000_a.txt",), read={"url": None})
    with store.turn() as con:
        append(con, batch(seed))
    store.prepare(rules(url_key))
    assert ids_under(store, "seed:000_a.txt") == {"seed:000_a.txt": ["seed"]}


def test_a_change_of_the_fingerprints_rules_makes_them_anew_from_the_texts(store: Store) -> None:
    with store.turn() as con:
        append(con, batch(new_article("a", "Two words.", fingerprints=(5, 6, 7))))
    store.prepare(rules(keys=1, prints=2))
    with store.turn() as con:
        rows = con.execute("select print, doc from kept.fingerprints order by 1").fetchall()
        prints = con.execute("select text_print from revisions").fetchall()
    assert rows == [(3, 1), (6, 1), (1002, 1)]
    assert prints == [("2 Two words.",)]


def test_with_the_same_rules_nothing_is_touched(store: Store, tmp_path: Path) -> None:
    watch(store, whole, TWINS)
    store.prepare(rules(without_query))
    for left in (tmp_path / ".dateline").glob("*.before-*"):
        left.unlink()
    working = tmp_path / ".dateline" / "work.duckdb"
    before = working.read_bytes()

    def never(_: str) -> str:
        raise AssertionError("a key was made")

    store.prepare(rules(never))
    assert working.read_bytes() == before
    assert not list(working.parent.glob("*.before-*"))


def test_the_file_as_it_was_is_kept_beside(store: Store, tmp_path: Path) -> None:
    watch(store, whole, TWINS)
    store.prepare(rules(without_query, prints=2))
    with open_working(tmp_path / ".dateline" / "work.duckdb.before-url-2-fp-2") as con:
        keys = con.execute("select url_key from kept.sightings order by 1").fetchall()
    assert keys == [("daily.test/x?cid=1",), ("daily.test/x?cid=2",)]


def test_an_empty_store_takes_the_rules_without_a_copy(store: Store, tmp_path: Path) -> None:
    store.prepare(rules(prints=2))
    assert not list((tmp_path / ".dateline").glob("*.before-*"))


@pytest.mark.parametrize(("keys", "prints"), [(3, 1), (2, 3)])
def test_a_file_made_by_newer_rules_is_refused(store: Store, keys: int, prints: int) -> None:
    store.prepare(rules(keys=keys, prints=prints))
    with pytest.raises(StoreTooNew, match="use the newer version"):
        store.prepare(rules(keys=2, prints=2))


def test_a_program_at_work_writes_no_more_once_a_newer_one_renewed_the_file(
    store: Store, tmp_path: Path
) -> None:
    store.prepare(rules(keys=1))
    Store(tmp_path / "dateline.duckdb", tmp_path / ".dateline", lambda: NOON).prepare(rules())
    with pytest.raises(StoreTooNew, match="run again with the newer version"), store.turn():
        raise AssertionError("a turn was given")


def test_progress_is_shown(store: Store) -> None:
    shown: list[tuple[str, int, int]] = []

    class Bar:
        done = 0

        def advance(self, steps: int = 1) -> None:
            self.done += steps

    @contextmanager
    def progress(what: str, total: int) -> Iterator[Bar]:
        bar = Bar()
        yield bar
        shown.append((what, total, bar.done))

    watch(store, whole, TWINS)
    store.prepare(rules(prints=2), progress)
    assert shown == [("making URL keys anew", 2, 2), ("making fingerprints anew", 2, 2)]


# Few enough that keys coincide and part
URLS = st.lists(
    st.builds(
        "https://{}.test/{}{}".format,
        st.sampled_from(("daily", "Daily", "other")),
        st.sampled_from(("x", "X", "y/z")),
        st.sampled_from(("", "?a=1", "?a=2")),
    ),
    max_size=8,
)
RULES = st.sampled_from((whole, without_query, without_host, folded))


@settings(max_examples=15, deadline=None)
@given(first=URLS, second=URLS, old=RULES, new=RULES)
def test_whatever_rules_follow_whatever_rules_no_row_and_no_identifier_is_lost(
    empty_store: Path, first: list[str], second: list[str], old: KeyRule, new: KeyRule
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        at = Path(shutil.copytree(empty_store, folder, dirs_exist_ok=True))
        store = Store(at / "dateline.duckdb", at / ".dateline", lambda: later(hours=3))
        watch(store, old, first)
        watch(store, old, second, "run-2", later(hours=1))
        with store.turn() as con:
            articles = texts(con)
            ids = [str(row[0]) for row in articles]
            append(con, batch(links=tuple(link(a, b) for a, b in pairwise(sorted(ids)))))
            before, links = counts(con), con.execute("from links").fetchall()
        store.prepare(rules(new, prints=2))
        with store.turn() as con:
            after = counts(con)
            assert texts(con) == articles
            assert con.execute("from links").fetchall() == links
            assert all(after[table] >= before[table] for table in set(TABLES) - {"fingerprints"})
            assert all(after[table] == before[table] for table in ("sightings", "endings", "links"))
            _assert_keyed_by(con, new)
            _assert_none_is_lost(con, articles, new)
        assert broken(store) == []
        with store.turn() as con:
            # what was never looked at is open, whatever it was taken for before
            unmet = con.execute(_NEVER_LOOKED_AT).fetchall()
            taken = open_candidates(con, "run-3", later(hours=4))
        assert {one.url_key for one in taken} == {key for (key,) in unmet}


def _assert_keyed_by(con: Connection, rule: KeyRule) -> None:
    for url, url_key, key in con.execute("select url, url_key, key from kept.sightings").fetchall():
        assert (url_key, key) == (rule(url), key_of(rule(url)))
    for url, key in con.execute("select url, key from kept.endings").fetchall():
        assert key == key_of(rule(url))
    for url_key, key in con.execute("select url_key, key from kept.aliases").fetchall():
        assert key == key_of(url_key)


def _assert_none_is_lost(
    con: Connection, articles: list[tuple[object, ...]], rule: KeyRule
) -> None:
    for article_id, _, url, _ in articles:
        met = known_articles(con, [rule(str(url))])
        assert str(article_id) in {text.article_id for text in met[rule(str(url))]}


_NEVER_LOOKED_AT = """
select distinct url_key from kept.sightings
where key not in (select key from kept.aliases) and key not in (select key from kept.endings)
"""

_KILLED = """
import os, signal, sys
from pathlib import Path
from tests.store.samples import NOON
from tests.store.rules.test_renew import rules, without_query
from flows.store import Store
from dataclasses import replace

folder, where = Path(sys.argv[1]), sys.argv[2]

def dies(what, made):
    def make(given):
        if what == where:
            os.kill(os.getpid(), signal.SIGKILL)
        return made(given)
    return make

made = rules(without_query, prints=2)
made = replace(
    made,
    url_key=dies("keys", made.url_key),
    printed=dies("prints", made.printed),
)
Store(folder / "dateline.duckdb", folder / ".dateline", lambda: NOON).prepare(made)
if where == "after":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("where", ["keys", "prints", "after"])
def test_a_kill_leaves_the_old_keys_or_the_new(store: Store, tmp_path: Path, where: str) -> None:
    watch(store, whole, TWINS)
    ended_by = subprocess.run(
        [sys.executable, "-c", _KILLED, str(tmp_path), where],
        check=False, cwd=Path(__file__).parents[3], env=os.environ | {"PYTHONPATH": "."},
    )  # fmt: skip
    assert ended_by.returncode == -signal.SIGKILL
    with open_working(tmp_path / ".dateline" / "work.duckdb") as con:
        keys = {key for (key,) in con.execute("select url_key from kept.sightings").fetchall()}
        versions = con.execute("select version from kept.rules order by rowid").fetchall()
    old, new = {whole(url) for url in TWINS}, {"daily.test/x"}
    assert (keys, len(versions)) == ((new, 4) if where == "after" else (old, 2))
    store.prepare(rules(without_query, prints=2))
    assert list(ids_under(store, "daily.test/x")) == ["daily.test/x"]
    assert broken(store) == []


def test_the_program_knows_its_own_rules() -> None:
    from flows.pipeline.run import RULES as OURS

    assert (OURS.keys.startswith("url-"), OURS.prints.startswith("fp-")) == (True, True)
    assert newest_number() >= 2
