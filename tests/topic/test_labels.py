"""Labels in and out of JSON Lines."""

from pathlib import Path

import pytest

from flows.core.errors import ConfigurationError
from flows.topic.labels import Labelled, add_label, read_labels, rows_of

LABEL = Labelled(
    label=2, title="Título", text="Paz, por fin.", language="es", day="2023-05-01", url="https://e.test/1"
)  # fmt: skip


def test_a_label_written_is_the_label_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "labels.jsonl"
    add_label(path, LABEL)
    add_label(path, LABEL)
    assert read_labels(path) == [LABEL, LABEL]


def test_summaries_may_be_html(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(
        '{"label": 0, "title": "T", "summary": "<p>a &amp; b</p>", "language": "en-US"}'
    )
    (label,) = read_labels(path)
    assert (label.text.strip(), label.language) == ("a & b", "en")


def test_every_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"label": 3, "title": "T"}\n\nno json\n{"label": 1}\n[]\n')
    with pytest.raises(ConfigurationError) as caught:
        read_labels(path)
    assert [problem.line for problem in caught.value.problems] == [1, 3, 4, 5]


def test_a_file_without_labels_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("\n")
    with pytest.raises(ConfigurationError, match="holds no labels"):
        read_labels(path)


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "T", "text": "x"}',
        '[{"title": "T", "body": "x"}]',
        '\n{"title":"T","summary":"x"}',
    ],
)
def test_rows_come_from_json_and_from_json_lines(text: str) -> None:
    assert list(rows_of(text)) == [("T", "x", None)]
