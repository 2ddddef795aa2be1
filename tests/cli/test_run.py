"""What `dateline run` refuses and asks for before anything is fetched."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.run import run
from flows.core.errors import ConfigurationError
from tests.opened import settings_in

SOURCE = (
    '[[source]]\nid = "asleep"\noutlet = "A"\nkind = "feed"\nurl = "http://a.test/feed"\n'
    "enabled = false\n"
)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return settings_in(tmp_path, sources=SOURCE).config_dir


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
