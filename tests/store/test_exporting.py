"""Views as files of other tools."""

import csv
import json
import os
import re
from pathlib import Path

import duckdb
import polars
import pyarrow.parquet
import pytest

from flows.core import Precision
from flows.core.errors import StoreDamaged, StoreError
from flows.store import Store, open_published
from flows.store.append import append
from flows.store.exporting import export_view, public_views
from tests.store.samples import batch, claimed, later, new_article


@pytest.fixture
def published(store: Store) -> Path:
    march = claimed(later(days=10), Precision.DAY)
    with store.turn() as con:
        append(
            con,
            batch(
                new_article("a", read={"title": "=HYPERLINK(1)"}),
                new_article("b", '+1, said he,\n\n"no".', read={"published": march}),
                new_article("c", read={"published": None, "authors": ("=Ann", "Bo")}),
            ),
        )
    store.publish()
    return store.path


def test_parquet_lies_in_a_folder_for_each_month(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert export_view(published, "articles", "parquet", target) == 3
    assert sorted(path.name for path in target.iterdir()) == ["month=2023-02", "month=2023-03"]
    frame = polars.read_parquet(target / "**/*.parquet", hive_partitioning=True)
    assert dict(zip(frame["article_id"], frame["month"], strict=True)) == {
        "a": "2023-02",
        "b": "2023-03",
        "c": "2023-02",
    }


def test_an_export_replaces_the_one_before(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export_view(published, "articles", "parquet", target)
    export_view(published, "sources", "parquet", target)
    assert not (target / "month=2023-02").exists()
    assert [path.name for path in tmp_path.glob(".out*")] == []


def test_an_export_that_fails_leaves_what_was_there(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    export_view(published, "articles", "csv", target)
    before = target.read_text()
    with pytest.raises(StoreError, match="no view"):
        export_view(published, "kept.readings", "csv", target)
    assert target.read_text() == before


def test_a_pipe_is_not_replaced(published: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(StoreError, match="pipe is no file that can be replaced"):
        export_view(published, "articles", "csv", pipe)
    assert pipe.is_fifo()


def test_a_link_to_an_export_stays_a_link(published: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "out")
    for _ in range(2):
        export_view(published, "articles", "parquet", tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "out" / "month=2023-02").is_dir()


def test_a_damaged_store_is_told_by_its_own_name(published: Path, tmp_path: Path) -> None:
    os.truncate(published, published.stat().st_size // 2)
    with pytest.raises(StoreDamaged, match=f"^{published} is damaged"):
        export_view(published, "articles", "csv", tmp_path / "out.csv")


def test_no_cell_of_a_csv_is_a_formula(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    export_view(published, "articles", "csv", target)
    with target.open(newline="") as lines:
        rows = {row["article_id"]: row for row in csv.DictReader(lines)}
    assert rows["a"]["title"] == "'=HYPERLINK(1)"
    assert rows["b"]["text"] == '\'+1, said he,\n\n"no".'
    assert rows["a"]["relevance"] == "0.9"


def test_every_cell_of_a_csv_is_quoted(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.csv"
    export_view(published, "articles", "csv", target)
    assert re.sub(r'"(?:[^"]|"")*"', "", target.read_text()).strip(",\n") == ""


def test_readers_take_a_folder_of_parquet_whole(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    export_view(published, "articles", "parquet", target)
    assert polars.read_parquet(target).height == 3
    assert pyarrow.parquet.read_table(target).num_rows == 3
    with duckdb.connect() as con:
        counted = con.execute("select count(*) from read_parquet(?)", [f"{target}/**"])
        assert counted.fetchall() == [(3,)]


def test_json_lines_hold_one_article_each(published: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    export_view(published, "articles", "jsonl", target)
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert {row["article_id"]: row["authors"] for row in rows} == {
        "a": [],
        "b": [],
        "c": ["=Ann", "Bo"],
    }


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_every_view_can_be_exported(published: Path, tmp_path: Path, kind: str) -> None:
    with open_published(published) as con:
        views = public_views(con)
    for view in views:
        export_view(published, view, kind, tmp_path / view)
        assert (tmp_path / view).exists()
