"""`dateline backfill` as its user meets it: the plan, what is wrong with it, how it ends."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.backfill import backfill
from flows.core.errors import ConfigurationError, DatelineError, NothingReached
from flows.rehearsal.loopback import Loopback
from tests.pipeline.backfill.past import DAILY, Past, file_with_an_article, pieces
from tests.pipeline.backfill.place import configured, stored

SINCE, UNTIL = date(2024, 2, 27), date(2024, 3, 1)
DAYS = ("--since", str(SINCE), "--until", str(UNTIL))


def run(folder: Path, *arguments: str) -> Result:
    config = str(folder / "config")
    return CliRunner().invoke(backfill, [*arguments, "--config", config], catch_exceptions=True)


def problems(folder: Path, *arguments: str) -> list[str]:
    """What the command says is wrong; the command line ends such an error with status 2."""
    error = run(folder, *arguments).exception
    assert isinstance(error, ConfigurationError)
    return [problem.what for problem in error.problems]


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    configured(tmp_path, "127.0.0.1:9")
    return tmp_path


def test_a_dry_run_shows_plan_and_cost_and_writes_nothing(nowhere: Path) -> None:
    done = run(nowhere, *DAYS, "--via", "own", "--via", "wayback", "--dry-run")

    assert done.exit_code == 0
    assert "own: 0 of 8 days of sources read; 8 still to be read." in done.output
    assert "wayback: 8 days of sources to be read; about 8 requests to list them" in done.output
    assert not (nowhere / "data").exists()


def test_a_dry_run_as_json_has_every_cell(nowhere: Path) -> None:
    done = run(nowhere, *DAYS, "--via", "gdelt", "--source", "daily", "--dry-run", "--json")

    told = json.loads(done.output)
    assert [(cell["day"], cell["state"]) for cell in told["plan"]] == [
        ("2024-02-27", "planned"),
        ("2024-02-28", "planned"),
        ("2024-02-29", "planned"),
        ("2024-03-01", "planned"),
    ]
    assert told["estimates"][0]["requests"] == 2 * (4 * 96 + 8)


def test_every_problem_of_what_was_asked_is_told_at_once(nowhere: Path) -> None:
    assert problems(
        nowhere, "--since", "2024-03-01", "--until", "2024-02-29", "--via", "gdlet",
        "--source", "dayly", "--via", "folder:/not/there",
    ) == [
        "no enabled source 'dayly'",
        "no provider 'gdlet'; there are own, gdelt, gdelt-doc, cc-news, wayback, folder:DIR",
        "there is no folder /not/there",
        "2024-02-29 lies before --since 2024-03-01",
    ]  # fmt: skip


def test_a_range_that_lies_ahead_is_refused(nowhere: Path) -> None:
    said = problems(nowhere, "--since", "2024-02-27", "--until", "2999-01-01")

    assert said[0].startswith("2999-01-01 lies ahead; a backfill ends today")


def test_a_day_that_is_none_is_wrong_usage(nowhere: Path) -> None:
    assert run(nowhere, "--since", "2023-02-29", "--until", "2023-03-01").exit_code == 2


def test_what_was_read_is_told_by_stretches_of_days(tmp_path: Path) -> None:
    with Loopback(Past(pieces(SINCE, UNTIL))) as web:
        settings = configured(tmp_path, web.address)
        done = run(tmp_path, *DAYS)

    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.output.splitlines()]
    assert ["daily", "own", "2024-02-27", "2024-03-01", "4", "done", "1"] in lines
    assert "own: 8 of 8 days of sources read." in done.output
    assert len(stored(settings)) == 1


def test_days_that_failed_end_the_command_with_status_1(tmp_path: Path) -> None:
    past = Past(pieces(SINCE, UNTIL))
    past.lacks = {"/sitemap-2024-02-27.xml"}
    with Loopback(past) as web:
        configured(tmp_path, web.address)
        done = run(tmp_path, *DAYS, "--source", "daily", "--via", "own")

    assert type(done.exception) is DatelineError
    assert str(done.exception).startswith("3 days of sources failed")


def test_a_backfill_that_reaches_nobody_says_so(nowhere: Path) -> None:
    done = run(nowhere, *DAYS, "--source", "daily")

    assert isinstance(done.exception, NothingReached)
    assert "own: 0 of 4 days of sources read; 4 failed" in done.output


def test_a_folder_is_read_without_a_request(tmp_path: Path) -> None:
    past = Past(pieces(SINCE, UNTIL))
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "crawl.warc.gz").write_bytes(past.warc(file_with_an_article(past)))
    saved = next(one for one in past.pieces if one.number == 0)
    page = b"<!-- saved from url=(0051)" + saved.url.encode() + b" -->\n" + saved.page
    (mine / "saved.html").write_bytes(page)
    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        done = run(tmp_path, *DAYS, "--via", f"folder:{mine}")
        again = run(tmp_path, *DAYS, "--via", f"folder:{mine}")

    assert (done.exit_code, again.exit_code, past.asked) == (0, 0, [])
    crawled = next(one for one in past.pieces if one.number == 2)
    assert [row[0] for row in stored(settings)] == sorted([crawled.url, saved.url])


def test_a_folder_to_which_a_file_was_added_is_read_again(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / DAILY / "2024/02/27").mkdir(parents=True)
    past = Past(pieces(SINCE, UNTIL))
    with Loopback(past) as web:
        settings = configured(tmp_path, web.address)
        run(tmp_path, *DAYS, "--via", f"folder:{mine}")
        saved = past.pieces[0]
        file = mine / DAILY / saved.path.removeprefix("/")
        file.with_suffix(".html").write_bytes(saved.page)
        os.utime(file.with_suffix(".html"), (1_709_500_000, 1_709_500_000))
        run(tmp_path, *DAYS, "--via", f"folder:{mine}")

    assert [row[1] for row in stored(settings)] == [saved.title]


@pytest.mark.parametrize("day", ["2024-02-30", "20240229", "yesterday"])
def test_a_day_that_is_none_is_refused_in_words(nowhere: Path, day: str) -> None:
    done = run(nowhere, "--since", day, "--until", "2024-03-01")
    assert (done.exit_code, "is no day of the calendar" in done.output) == (2, True)
