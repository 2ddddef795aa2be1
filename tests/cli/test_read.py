"""`dateline read` prints what the reader makes of pages."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.read import read
from tests.extraction.pages import article_html

HEAD = '<meta property="article:published_time" content="2023-02-24T02:00:00+08:00">'


def test_one_page_prints_one_document(tmp_path: Path) -> None:
    file = tmp_path / "page.html.gz"
    file.write_bytes(gzip.compress(article_html(HEAD).encode()))
    result = CliRunner().invoke(
        read, [str(file), "--url", "https://daily.test/a", "--processes", "1"]
    )
    assert result.exit_code == 0, result.output
    said = json.loads(result.output)
    assert said["url"] == "https://daily.test/a"
    assert said["title"] == "China publishes twelve points"
    assert said["published_at"] == "2023-02-24T02:00:00+08:00"
    assert said["published_precision"] == "second"


def test_json_lines_print_json_lines_in_order_skips_included(tmp_path: Path) -> None:
    rows = [
        {"url": "https://daily.test/a", "html": article_html()},
        {"url": "https://daily.test/b", "html": "<html><body></body></html>"},
        {"url": "https://daily.test/c", "html": article_html()},
    ]
    file = tmp_path / "pages.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    result = CliRunner().invoke(read, [str(file), "--processes", "1"])
    assert result.exit_code == 0, result.output
    said = [json.loads(line) for line in result.output.splitlines()]
    assert [row["url"] for row in said] == [row["url"] for row in rows]
    assert said[1]["skipped"] == "no_text"


def test_a_page_that_cannot_be_unpacked_is_named(tmp_path: Path) -> None:
    file = tmp_path / "page.html.gz"
    for content in (gzip.compress(b"<p>whole</p>")[:-9], b"\x1f\x8bgarbage"):
        file.write_bytes(content)
        result = CliRunner().invoke(read, [str(file)])
        assert (result.exit_code, "page.html.gz is gzipped" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("option", "value"), [("--url", "daily.test/a"), ("--timezone", "Mars"), ("--timezone", "/etc")]
)
def test_an_address_or_zone_that_is_none_is_wrong_usage(
    tmp_path: Path, option: str, value: str
) -> None:
    file = tmp_path / "page.html"
    file.write_text(article_html())
    result = CliRunner().invoke(read, [str(file), option, value])
    assert (result.exit_code, f"'{value}' is no " in result.output) == (2, True)


def test_a_line_that_is_no_page_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pages.jsonl"
    file.write_text('{"url": "https://daily.test/a"}')
    result = CliRunner().invoke(read, [str(file), "--processes", "1"])
    assert result.exit_code == 1
    assert "line 1" in result.output
