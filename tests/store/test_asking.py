import signal
from pathlib import Path

import pytest

from flows.core.errors import QueryRefused, StoreError
from flows.store import Store, open_published
from flows.store.append import append
from flows.store.query import Answer, ask
from tests.store.samples import NOON, batch, new_article


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    store = Store(folder / "dateline.duckdb", folder / ".dateline", lambda: NOON)
    store.prepare()
    with store.turn() as con:
        append(con, batch(new_article("a")))
    store.publish()
    return store.path


def test_a_query_is_answered_with_columns_and_rows(published: Path) -> None:
    with open_published(published) as con:
        answer = ask(con, "select article_id, word_count from articles")
    assert answer == Answer(columns=("article_id", "word_count"), rows=[("a", 2)])


@pytest.mark.parametrize(
    "query",
    [
        "show tables",
        "describe articles",
        "explain from articles",
        "from search('one')",
        "values (1)",
    ],
)
def test_whatever_only_reads_is_answered(published: Path, query: str) -> None:
    with open_published(published) as con:
        assert ask(con, query).rows


@pytest.mark.parametrize(
    "query",
    [
        "insert into kept.warnings (kind, detail, warned_at) values ('a', 'b', now())",
        "delete from kept.readings",
        "create table x (a integer)",
        "create temp table x (a integer)",
        "drop view articles",
        "attach 'other.duckdb'",
        "copy articles to 'out.csv'",
        "export database 'out'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "reset lock_configuration",
        "pragma enable_profiling",
        "checkpoint",
        "begin",
        "from read_text('/etc/hostname')",
        "from read_csv('/etc/hostname')",
        "from glob('/etc/*')",
        "from read_blob('/proc/self/environ')",
        "explain analyze copy articles to 'out.csv'",
        "select 1; select 2",
        "",
    ],
)
def test_whatever_does_more_is_refused(
    published: Path, query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    with open_published(published) as con, pytest.raises(QueryRefused):
        ask(con, query)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "query", ["selec 1", "select nothing from articles", "from '/etc/hostname'"]
)
def test_a_wrong_query_is_explained(published: Path, query: str) -> None:
    with open_published(published) as con, pytest.raises(StoreError, match="Error"):
        ask(con, query)


def test_variables_of_the_program_are_no_tables(published: Path) -> None:
    import polars

    frame = polars.DataFrame({"secret": [1]})
    with open_published(published) as con, pytest.raises(StoreError, match="frame"):
        ask(con, "from frame")
    assert frame.height == 1


def test_a_signal_stops_a_question_as_ctrl_c_does(published: Path) -> None:
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with open_published(published) as con:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            with pytest.raises(KeyboardInterrupt):
                ask(con, "select count(*) from range(20000000000)")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
