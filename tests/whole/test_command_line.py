"""The command line as a person meets it: exit status, sentences, nothing lost offline."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from flows.rehearsal.rehearse import Rehearsal
from flows.store import open_published

PROJECT = Path(__file__).parents[2]
# Port 9 of loopback (discard) refuses: nobody serves it here
OFFLINE = (
    '[fetch]\npace_seconds = 0\ntimeout_seconds = 2\ncontact = "mailto:a@b.test"\n'
    'allow_networks = ["127.0.0.0/8"]\n[fetch.resolve]\n"gone.test" = "127.0.0.1:9"\n'
)
ONE_SOURCE = (
    '[[source]]\nid = "gone"\noutlet = "Gone"\nkind = "feed"\nurl = "http://gone.test/feed"\n'
)


def dateline(*words: str) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if "PREFECT" not in key}
    return subprocess.run(
        [sys.executable, "-m", "flows", *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment | {"PREFECT_HOME": "/nonexistent"},
        check=False,
    )


@pytest.fixture
def offline(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    config.mkdir()
    (config / "dateline.toml").write_text(OFFLINE, encoding="utf-8")
    (config / "sources.toml").write_text(ONE_SOURCE, encoding="utf-8")
    shutil.copyfile(PROJECT / "config" / "topic.toml", config / "topic.toml")
    shutil.copytree(PROJECT / "seeds", tmp_path / "seeds")
    return config


def test_without_a_network_the_store_has_the_seeds_and_the_status_is_3(offline: Path) -> None:
    done = dateline("run", "--config", str(offline))
    assert done.returncode == 3, done.stderr
    assert "gone failed" in done.stdout
    assert "dateline rehearse" in done.stderr
    with open_published(offline.parent / "data" / "dateline.duckdb") as published:
        rows = published.execute("select origin, verdict from articles, judgements").fetchall()
    assert {origin for origin, _ in rows} == {"seed"}


def test_a_run_right_after_says_again_that_nothing_was_reached(offline: Path) -> None:
    dateline("run", "--config", str(offline))
    done = dateline("run", "--config", str(offline))

    assert done.returncode == 3, done.stdout
    assert "none of the 1 has ever answered" in done.stderr


def test_one_pass_offline_shows_what_it_found_and_how_to_look_at_it(tmp_path: Path) -> None:
    kept = tmp_path / "data-offline"
    config = str(PROJECT / "config")

    done = dateline("rehearse", "--once", "--keep", str(kept), "--config", config)

    assert done.returncode == 0, done.stderr
    assert f"into a store of its own below {kept}:" in done.stdout
    assert (kept / "data" / "dateline.duckdb").exists()
    assert "The Harbour Courier" in done.stdout
    way = f"search --config {kept / 'config'} 'twelve points'"
    assert way in done.stdout
    assert "peace" in dateline(*shlex.split(way)).stdout


def test_the_seeds_are_loaded_once_and_an_edited_one_becomes_a_revision(offline: Path) -> None:
    dateline("run", "--config", str(offline))
    dateline("run", "--config", str(offline), "--all")
    seed = next((offline.parent / "seeds").glob("004*"))
    seed.write_text(seed.read_text("utf-8").replace("141 to 7", "142 to 7"), encoding="utf-8")
    dateline("run", "--config", str(offline), "--all")
    with open_published(offline.parent / "data" / "dateline.duckdb") as published:
        rows = published.execute("select outlet, revisions from articles order by all").fetchall()
    assert rows == [("AP", 2), (None, 1)]


def test_a_broken_configuration_lists_every_problem_and_fetches_nothing(offline: Path) -> None:
    (offline / "dateline.toml").write_text("[fetch]\npace = 1\n[archive]\npath = 3\n", "utf-8")
    done = dateline("run", "--config", str(offline))
    assert done.returncode == 2
    assert "unknown key 'fetch.pace'" in done.stderr
    assert "'archive.path'" in done.stderr
    assert not (offline.parent / "data").exists()


def test_an_unknown_source_is_wrong_usage(offline: Path) -> None:
    done = dateline("run", "--config", str(offline), "--source", "nobody")
    assert (done.returncode, "no source 'nobody'" in done.stderr) == (2, True)


def test_reading_commands_answer_from_the_published_file(rehearsal: Rehearsal) -> None:
    config = str(rehearsal.settings.config_dir)
    status = json.loads(dateline("status", "--config", config, "--json").stdout)
    found = json.loads(dateline("search", "--config", config, "--json", "ceasefire").stdout)
    counted = dateline("sql", "--config", config, "select count(*) as n from articles")
    shown = dateline("show", "--config", config, found[0]["article_id"])
    assert status["articles"] > 30
    assert str(status["articles"]) in counted.stdout
    assert found[0]["title"] in shown.stdout


def test_why_tells_the_life_of_a_url(rehearsal: Rehearsal) -> None:
    config = str(rehearsal.settings.config_dir)
    url = "http://harbour-courier.test/world/2023/feb/24/china-sets-out-position-on-ukraine"
    told = dateline("why", "--config", config, url + "?utm_source=rss").stdout
    skipped = dateline("why", "--config", config, "http://plains-examiner.test/nobody").stdout
    assert all(word in told for word in ("seen", "stored", "judged", "published"))
    assert "Never seen" in skipped


@pytest.mark.parametrize("command", ["status", "search", "sql", "why", "show", "check"])
def test_reading_commands_import_no_prefect_and_no_extractor(command: str) -> None:
    code = (
        "import sys; from flows.cli.main import dateline; import click;"
        f"dateline.get_command(click.Context(dateline), {command!r});"
        "print(sorted({'prefect', 'trafilatura', 'pyarrow', 'httpx'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
