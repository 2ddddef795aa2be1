"""`dateline topic …` on files and texts."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.topic import topic
from flows.core.errors import ConfigurationError
from tests.topic.writing import topic_file

TOPIC = topic_file(
    '[groups.a]\nen = ["harvest"]',
    '[[rule]]\nname = "harvest"\nall_of = ["a"]\npoints = { title = 3, lede = 1 }',
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "topic.toml").write_text(TOPIC)
    (folder / "dateline.toml").write_text("")
    (folder / "sources.toml").write_text("")
    return folder


def run(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(topic, [*arguments, "--config", str(config)], catch_exceptions=False)


def verdicts(config: Path, what: str) -> list[tuple[str | None, str]]:
    result = run(config, "test", what, "--json")
    return [(one["title"], one["verdict"]) for one in json.loads(result.output)]


def test_a_text_is_judged_as_a_title(config: Path) -> None:
    assert verdicts(config, "A late harvest") == [("A late harvest", "on_topic")]


def test_a_text_file_has_its_title_in_its_first_paragraph(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text("Rain\n\nThe harvest is late.\n\nMore.")
    assert verdicts(config, str(path)) == [("Rain", "borderline")]


def test_each_line_of_json_is_judged(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text('{"title": "Harvest"}\n{"title": "Rain", "text": "No more."}\n')
    assert verdicts(config, str(path)) == [("Harvest", "on_topic"), ("Rain", "off_topic")]


def test_a_misspelt_name_of_a_file_is_no_text_to_judge(config: Path) -> None:
    done = run(config, "test", "storis.txt")
    assert (done.exit_code, "there is no file storis.txt" in done.output) == (2, True)
    assert verdicts(config, "The harvest of 2023, in harvest.txt")[0][1] == "on_topic"


def test_labels_that_are_not_there_are_asked_for(config: Path) -> None:
    for words in ((), ("labels.jsonl",)):
        done = run(config, "eval", *words)
        assert (done.exit_code, "Errno" in done.output) == (2, False)
    assert "dateline topic label" in run(config, "eval").output


def test_a_file_that_cannot_be_read_says_so(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text("no json")
    with pytest.raises(ConfigurationError, match=r"stories\.jsonl: cannot be read"):
        run(config, "test", str(path))


def test_the_why_is_printed(config: Path) -> None:
    printed = run(config, "test", "A late harvest").output
    assert "+3.00  harvest: A late harvest" in printed
    assert "a: harvest (title)" in printed


def test_labels_are_measured(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = [
        {"label": 2, "title": "Harvest", "day": "2023-03-01", "language": "en"},
        {"label": 2, "title": "Crops", "day": "2023-03-06", "language": "en"},
        {"label": 0, "title": "Rain", "day": "2023-03-06", "language": "en"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows))
    whole = json.loads(run(config, "eval", str(path), "--json").output)
    later = json.loads(run(config, "eval", str(path), "--since", "2023-03-06", "--json").output)
    assert (whole["all"]["recall"], whole["all"]["precision"]) == (0.5, 1.0)
    assert later["all"]["about"] == 1
    assert whole["mistakes"][0]["title"] == "Crops"
    assert "Second opinion: needs 200 labels" in run(config, "eval", str(path)).output
