"""What `dateline run` refuses and asks for before anything is fetched."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.commands.run import run
from flows.errors import ConfigurationError

SOURCE = (
    '[[source]]\nid = "asleep"\noutlet = "A"\nkind = "feed"\nurl = "http://a.test/feed"\n'
    "enabled = false\n"
)
TOPIC = (
    'name = "Ferries"\nlanguages = ["en"]\n\n[thresholds]\nkeep = 2\nborderline = 1\n\n'
    '[groups.ferry]\nany = ["ferry"]\n\n'
    '[[rule]]\nname = "a ferry"\nall_of = ["ferry"]\npoints = { title = 3 }\n'
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "dateline.toml").write_text("", encoding="utf-8")
    (folder / "sources.toml").write_text(SOURCE, encoding="utf-8")
    (folder / "topic.toml").write_text(TOPIC, encoding="utf-8")
    return folder


def test_a_source_that_is_not_enabled_is_refused(config: Path) -> None:
    ended = CliRunner().invoke(run, ["--config", str(config), "--source", "asleep"])
    assert isinstance(ended.exception, ConfigurationError)
    assert [problem.what for problem in ended.exception.problems] == [
        "source 'asleep' is not enabled"
    ]


def test_without_a_contact_the_run_asks_for_one_in_one_sentence(config: Path) -> None:
    ended = CliRunner().invoke(run, ["--config", str(config), "--no-prefect"])
    assert ended.exit_code == 0
    assert ended.stderr.splitlines() == [
        f"Please fill in `contact` under [fetch] in {config / 'dateline.toml'}: "
        "a URL or an e-mail address where the owners of the sites can reach you."
    ]
    assert "no source was due" in ended.stdout
