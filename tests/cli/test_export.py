from pathlib import Path

import click
import pytest

from flows.cli.export import _named


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
