from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows.cli.export import _named
from flows.cli.main import dateline
from flows.core.errors import StoreError
from flows.store import Store
from tests.store.samples import NOON


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.csv", "csv"),
        ("a.JSONL", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.parquet", "parquet"),
        ("folder", "parquet"),
        ("until-2023.03", "parquet"),
    ],
)
def test_the_end_of_a_name_tells_the_format(name: str, kind: str) -> None:
    assert _named(Path(name)) == kind


@pytest.mark.parametrize("name", ["a.xlsx", "a.json", "a.tsv"])
def test_the_end_of_another_kind_of_file_is_asked_about(name: str) -> None:
    with pytest.raises(click.UsageError, match="does not tell its format"):
        _named(Path(name))


def published(base: Path, store: str, state: str) -> Path:
    """A configuration beside an empty store."""
    (base / "config").mkdir(parents=True)
    (base / "config" / "dateline.toml").write_text(f'[store]\npath = "{store}"\n')
    (base / "config" / "sources.toml").write_text("")
    made = Store(base / store, base / state, lambda: NOON)
    made.prepare()
    made.publish()
    return base / "config"


def export(config: Path, target: Path, *words: str) -> str:
    asked = ["export", str(target), "--config", str(config), *words]
    return CliRunner().invoke(dateline, asked, catch_exceptions=False).output


@pytest.mark.parametrize(
    "target", ["data/new.csv", "data", "data/archive/x", "data/.dateline/x.csv", "Data/x", ""]
)
def test_nothing_is_exported_into_the_folder_of_the_store(tmp_path: Path, target: str) -> None:
    config = published(tmp_path, "data/dateline.duckdb", "data/.dateline")
    with pytest.raises(StoreError, match="where the store and its archive are kept"):
        export(config, tmp_path / target)


def test_an_export_beside_the_folder_of_the_store_is_written_and_replaced(tmp_path: Path) -> None:
    config = published(tmp_path, "data/dateline.duckdb", "data/.dateline")
    for _ in range(2):
        assert "0 rows of articles written" in export(config, tmp_path / "out.csv")


def test_beside_a_store_that_lies_in_the_projects_folder_exports_may_stand(tmp_path: Path) -> None:
    config = published(tmp_path, "news.duckdb", ".news")
    assert "0 rows" in export(config, tmp_path / "out.csv")
    with pytest.raises(StoreError, match="is the store itself"):
        export(config, tmp_path / "news.duckdb", "--format", "csv")
