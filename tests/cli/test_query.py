import csv
import io
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.main import dateline
from flows.core import CopyKind, RunReport, RunState
from flows.core.errors import QueryRefused, StoreDamaged, StoreError
from flows.store import Store
from flows.store.append import append
from flows.store.batch import Membership
from flows.store.runs import begin_run, end_run
from tests.store.samples import NOON, batch, claimed, link, new_article, new_revision


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration beside a published store of three articles."""
    base = tmp_path_factory.mktemp("home")
    folder = base / "config"
    folder.mkdir()
    for name in ("dateline.toml", "sources.toml"):
        (folder / name).write_text("")
    store = Store(base / "data/dateline.duckdb", base / "data/.dateline", lambda: NOON)
    store.prepare()
    told = (Membership(article_id="bbb", story_id="aaa", copy_of="aaa", copy_kind=CopyKind.SAME),)
    with store.turn() as con:
        append(
            con,
            batch(
                new_article(
                    "aaa", "The peace plan was read.", read={"title": "Evil \x1b[2J title"}
                ),
                new_article(
                    "bbb",
                    "The peace plan was read twice.",
                    read={"published_alternatives": (claimed(NOON - timedelta(days=9)),)},
                ),
                new_article("ccc", "=1+1 rain", read={"title": "=cmd()"}),
                memberships=told,
                links=(link("aaa", "bbb"),),
            ),
        )
        append(con, batch(revisions=(new_revision("aaa", "The peace plan was dropped."),)))
    store.publish()
    return folder


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(dateline, [*words, "--config", str(config)], catch_exceptions=False)


def test_search_prints_the_best_first_with_its_snippet(config: Path) -> None:
    lines = run(config, "search", "plan dropped").output.splitlines()
    assert lines[0].split() == ["aaa", "2023-02-24", "The", "Daily"]
    assert lines[2].strip() == "The peace plan was dropped."


def test_search_takes_a_word_not_wanted_as_a_word(config: Path) -> None:
    found = json.loads(run(config, "search", "plan", "-twice", "--json").output)
    assert [hit["article_id"] for hit in found] == ["aaa"]


@pytest.mark.parametrize("word", ["-chant", "-5", "-和"])
def test_no_word_that_is_not_wanted_is_an_option(config: Path, word: str) -> None:
    found = json.loads(run(config, "search", "dropped", word, "--json").output)
    assert [hit["article_id"] for hit in found] == ["aaa"]


def test_search_knows_its_options_beside_words_not_wanted(config: Path) -> None:
    assert run(config, "search", "plan", "-twice", "-h").output.startswith("Usage:")
    words = ["search", "--json", "--config", str(config), "--", "plan", "-twice"]
    found = json.loads(CliRunner().invoke(dateline, words, catch_exceptions=False).output)
    assert [hit["article_id"] for hit in found] == ["aaa"]


def test_a_misspelt_option_is_no_word_to_search_for(config: Path) -> None:
    done = run(config, "search", "plan", "--mots", "3")
    assert (done.exit_code, "No such option" in done.output) == (2, True)


def test_words_are_utf_8_whatever_the_locale_took_them_for(config: Path) -> None:
    for words in (("search", "dropp\udcc3\udca9d plan"), ("sql", "select '\udcff'")):
        assert run(config, *words).exit_code == 0
    with pytest.raises(StoreError, match="no article"):
        run(config, "show", "\udcff")


def test_search_says_when_nothing_is_found(config: Path) -> None:
    assert run(config, "search", "absent").output == "No article has these words.\n"


def test_no_title_acts_on_the_terminal(config: Path) -> None:
    for words in (("search", "plan"), ("show", "aaa"), ("sql", "select title from articles")):
        assert "\x1b" not in run(config, *words).output
    printed = run(config, "sql", "select title from articles", "--csv").output
    assert "\x1b" not in printed


def test_show_and_why_tell_what_was_claimed_otherwise(config: Path) -> None:
    (url,) = json.loads(
        run(config, "sql", "select url from articles where article_id = 'bbb'", "--json").output
    )[0].values()
    for words in (("show", "bbb"), ("why", url)):
        lines = run(config, *words).output.splitlines()
        (told,) = (line for line in lines if "otherwise" in line)
        assert "2023-02-15" in told
        assert "from " in told


def test_why_names_what_is_no_url(config: Path) -> None:
    done = run(config, "why", "daily.test/1")
    assert (done.exit_code, "'daily.test/1' is no http(s) URL" in done.output) == (2, True)


def test_show_prints_the_article_its_change_and_its_copies(config: Path) -> None:
    printed = run(config, "show", "aa").output
    assert "The peace plan was dropped." in printed
    assert "{-read.-} {+dropped.+}" in printed
    assert "Copies and originals" in printed
    assert "Revision 2, seen 2023-02-24 13:00Z" in printed


def test_show_gives_everything_as_json(config: Path) -> None:
    shown = json.loads(run(config, "show", "bbb", "--json").output)
    assert shown["article"]["copy_of"] == "aaa"
    assert [row["revision"] for row in shown["revisions"]] == [1]
    assert [row["article_id"] for row in shown["copies"]] == ["aaa"]
    assert [row["kind"] for row in shown["links"]] == ["same"]


def test_show_explains_an_unknown_id(config: Path) -> None:
    with pytest.raises(StoreError, match="no article 'zzz'"):
        run(config, "show", "zzz")


def test_sql_prints_a_table_csv_or_json(config: Path) -> None:
    query = "select article_id, word_count from articles order by 1"
    assert run(config, "sql", query).output.splitlines()[-1] == "3 rows"
    assert json.loads(run(config, "sql", query, "--json").output)[0] == {
        "article_id": "aaa",
        "word_count": 5,
    }
    rows = list(csv.reader(io.StringIO(run(config, "sql", query, "--csv").output)))
    assert rows[:2] == [["article_id", "word_count"], ["aaa", "5"]]


def test_sql_prints_rows_too_wide_for_a_table_one_by_one(config: Path) -> None:
    lines = run(config, "sql", "from articles order by article_id").output.splitlines()
    assert lines[:2] == ["row 1", "  article_id              aaa"]
    assert [line.split() for line in lines if line.startswith("  copy_of")][1] == ["copy_of", "aaa"]
    assert lines[-1] == "3 rows"


def test_no_column_of_json_is_lost_to_another_of_its_name(config: Path) -> None:
    printed = run(config, "sql", "select 1 as a, 2 as a, 3 as b", "--json").output
    assert json.loads(printed) == [{"a": 1, "a_1": 2, "b": 3}]


def test_csv_holds_lists_as_json_and_numbers_as_numbers(config: Path) -> None:
    query = "select -1.5 as less, [timestamptz '2023-02-24 00:00:00+00'] as times, {'a': '='} as s"
    rows = list(csv.reader(io.StringIO(run(config, "sql", query, "--csv").output)))
    assert rows[1] == ["-1.5", '["2023-02-24 00:00:00+00:00"]', '{"a": "="}']


def test_csv_holds_no_formula(config: Path) -> None:
    query = "select title from articles where article_id = 'ccc'"
    assert run(config, "sql", query, "--csv").output == '"title"\n"\'=cmd()"\n'


def test_sql_refuses_to_write(config: Path) -> None:
    with pytest.raises(QueryRefused):
        run(config, "sql", "delete from kept.readings")


def test_export_chooses_its_format_by_the_name(config: Path, tmp_path: Path) -> None:
    printed = run(config, "export", str(tmp_path / "all.jsonl"), "--view", "revisions").output
    assert printed.startswith("4 rows of revisions")
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 4


def test_check_finds_a_sound_store_sound(config: Path) -> None:
    done = run(config, "check")
    assert (done.exit_code, "BROKEN" in done.output) == (0, False), done.output


def test_check_fails_for_a_damaged_store(config: Path, tmp_path: Path) -> None:
    shutil.copytree(config.parent, tmp_path / "home")
    path = tmp_path / "home/data/dateline.duckdb"
    path.write_bytes(path.read_bytes()[:-300_000])
    done = run(tmp_path / "home/config", "check")
    assert (done.exit_code, "BROKEN" in done.output) == (1, True)


@pytest.mark.parametrize(
    "words", [("search", "plan"), ("show", "aaa"), ("status",), ("why", "http://a.test/1")]
)
def test_a_damaged_store_is_a_sentence(
    config: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    shutil.copytree(config.parent, tmp_path / "home")
    path = tmp_path / "home/data/dateline.duckdb"
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreDamaged, match="is damaged"):
        run(tmp_path / "home/config", *words)


def test_a_file_of_other_tables_is_a_sentence(config: Path, tmp_path: Path) -> None:
    shutil.copytree(config, tmp_path / "config")
    other = Store(tmp_path / "other.duckdb", tmp_path / ".other", lambda: NOON)
    other.prepare()
    with other.turn() as con:
        con.execute("drop view articles")
    other.publish()
    (tmp_path / "config/dateline.toml").write_text("[store]\npath = 'other.duckdb'\n")
    with pytest.raises(StoreError, match="has not the views of this version"):
        run(tmp_path / "config", "status")


@pytest.mark.parametrize("command", ["search", "show", "sql", "export", "check"])
def test_reading_commands_load_nothing_heavy(command: str) -> None:
    module = "query" if command in ("search", "show", "sql") else command
    code = (
        f"import sys, flows.cli.{module}; "
        "print([name for name in ('prefect', 'trafilatura', 'pyarrow', 'numpy', 'pandas') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"


def test_status_begins_with_whether_the_schedule_is_alive(config: Path) -> None:
    result = CliRunner().invoke(dateline, ["status", "--config", str(config)])

    assert result.output.startswith("No pass has ended yet.\n")


def test_status_takes_the_last_pass_from_the_store_where_none_was_noted(
    config: Path, tmp_path: Path
) -> None:
    shutil.copytree(config, tmp_path / "config")
    store = Store(tmp_path / "data/dateline.duckdb", tmp_path / "data/.dateline", lambda: NOON)
    store.prepare()
    report = RunReport(
        run_id="r1", kind="monitor", state=RunState.COMPLETED, started_at=NOON, finished_at=NOON
    )
    with store.turn() as con:
        begin_run(con, "r1", "monitor", NOON, 1, "here")
        end_run(con, report)
    store.publish()

    result = CliRunner().invoke(dateline, ["status", "--config", str(tmp_path / "config")])

    assert result.output.startswith(f"The last pass ended {NOON:%Y-%m-%d %H:%M}Z, ")
