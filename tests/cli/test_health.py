"""`dateline health`: a sentence and an exit status, without a store or a server."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from flows.cli.health import health
from flows.core.times import utc_now
from flows.operations.last_runs import note_ended


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "dateline.toml").touch()
    (folder / "sources.toml").touch()
    return folder


def said(config: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[object, str]:
    with pytest.raises(SystemExit) as ended:
        health.main(["--config", str(config), *more], standalone_mode=False)
    return ended.value.code, capsys.readouterr().out.strip()


def passed(config: Path, past: timedelta) -> None:
    state_dir = config.parent / "data" / ".dateline"
    note_ended(state_dir, "monitor", "completed", "", utc_now() - past)


def test_a_pass_that_has_just_ended_is_well(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passed(config, timedelta())

    status, sentence = said(config, capsys)

    assert status == 0
    assert sentence.startswith("The last pass ended ")


def test_a_pass_of_yesterday_is_not(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    passed(config, timedelta(days=1))

    status, sentence = said(config, capsys)

    assert status == 1
    assert sentence.startswith("the pass due at ")
    assert sentence.count("\n") == 0


def test_a_wrong_configuration_is_one_sentence_too(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config / "dateline.toml").write_text("[fetch]\npace_seconds = 'fast'\nper_host = 0\n")

    status, sentence = said(config, capsys)

    assert status == 1
    assert sentence.startswith("The configuration is wrong: ")
    assert sentence.endswith("(and 1 more).")


def test_as_json_it_lists_every_trouble_with_its_severity(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, written = said(config, capsys, "--json")

    found = json.loads(written)
    assert (status, found["healthy"]) == (1, False)
    assert found["troubles"][0] == {
        "key": "health:overdue",
        "severity": "failure",
        "text": "no pass has ended yet",
    }
