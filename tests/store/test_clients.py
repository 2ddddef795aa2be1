"""The published file in the clients of analysts: older DuckDB, pandas, polars."""

import csv
import io
import subprocess
import sys
from pathlib import Path

import duckdb
import polars
import pytest

from flows.store import Store
from flows.store.append import append
from flows.store.exporting import public_views
from tests.store.samples import batch, new_article

CLIENT = Path(sys.executable).with_name("duckdb")


@pytest.fixture
def published(store: Store) -> Path:
    with store.turn() as con:
        append(con, batch(new_article("a", "The peace plan."), new_article("b", "Rain, 习近平.")))
    store.publish()
    return store.path


def client(published: Path, query: str) -> list[dict[str, str]]:
    done = subprocess.run(
        [CLIENT, "-readonly", "-csv", published, "-c", query], capture_output=True, check=False
    )
    assert done.stderr == b"", done.stderr.decode()
    return list(csv.DictReader(io.StringIO(done.stdout.decode())))


def test_the_command_line_client_of_another_version_answers_every_view(published: Path) -> None:
    (version,) = client(published, "select version() as version")
    assert version["version"].removeprefix("v") != duckdb.__version__
    with duckdb.connect(str(published), read_only=True) as con:
        views = public_views(con)
    counted = " union all ".join(
        f"select '{view}' as view, count(*) as n from {view}" for view in views
    )
    rows = {row["view"]: int(row["n"]) for row in client(published, counted)}
    assert rows.keys() == set(views)
    assert (rows["articles"], rows["revisions"], rows["stories"]) == (2, 2, 2)


def test_search_answers_alike_in_another_version(published: Path) -> None:
    query = "select article_id, round(score, 6) as score from search('{}')"
    for words in ("peace plans", "习近平", "pea*", '"peace plan"'):
        asked = query.format(words)
        with duckdb.connect(str(published), read_only=True) as con:
            here = [(row[0], str(row[1])) for row in con.execute(asked).fetchall()]
        there = [(row["article_id"], row["score"]) for row in client(published, asked)]
        assert here == there != []


def test_articles_as_of_answers_in_another_version(published: Path) -> None:
    query = "select count(*) as n from articles_as_of(timestamptz '2023-02-24 13:00:00+00')"
    assert client(published, query) == [{"n": "2"}]


def test_views_answer_where_the_file_is_attached(published: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"attach '{published}' as news (read_only)")
        assert con.execute("select count(*) from news.articles").fetchall() == [(2,)]
        con.execute("use news")
        assert con.execute("select article_id from search('peace')").fetchall() == [("a",)]


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # DuckDB's own use of pandas
def test_pandas_reads_it(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as con:
        frame = con.sql("select article_id, published_at from articles order by 1").df()
    assert frame["article_id"].tolist() == ["a", "b"]


def test_polars_reads_it(published: Path) -> None:
    with duckdb.connect(str(published), read_only=True) as con:
        frame = polars.from_arrow(
            con.sql("select article_id from articles order by 1").to_arrow_table()
        )
    assert isinstance(frame, polars.DataFrame)
    assert frame["article_id"].to_list() == ["a", "b"]
