"""`dateline topic audit`, `label` and `test URL` on a real published store."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from flows.cli.topic import topic
from flows.core import Verdict
from flows.store import Store
from flows.store.append import append
from flows.store.batch import Ended
from flows.store.candidates import sight
from flows.topic.labels import read_labels
from tests.store.samples import NOON, batch, candidate, ended, judgement, new_article
from tests.topic.writing import topic_file

TOPIC = topic_file('[groups.a]\nany = ["harvest"]')


@pytest.fixture(scope="session")
def harvests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three articles on harvests kept, one borderline; two candidates left out, one like them."""
    base = tmp_path_factory.mktemp("harvests")
    folder = base / "config"
    folder.mkdir()
    (folder / "topic.toml").write_text(TOPIC)
    (folder / "dateline.toml").write_text('[store]\npath = "dateline.duckdb"\n')
    (folder / "sources.toml").write_text("")
    store = Store(base / "dateline.duckdb", base / ".dateline", lambda: NOON)
    store.prepare()
    kept = [
        new_article(
            crop, f"Granaries fill as the harvest of {crop} ends.", read={"title": f"{crop} is in"}
        )
        for crop in ("wheat", "barley", "maize")
    ]
    doubtful = new_article(
        "hops", "A harvest?", read={"title": "Hops"}, judgement=judgement(Verdict.BORDERLINE, 0.4)
    )
    left_out = {"rye": "Granaries fill with rye", "match": "The match was lost"}
    with store.turn() as con:
        claims = [candidate(name, claimed_title=title) for name, title in left_out.items()]
        sight(con, "run-1", claims)
        endings: tuple[Ended, ...] = tuple(ended(name, relevance=0.1) for name in left_out)
        append(con, batch(*kept, doubtful, endings=endings))
    store.publish()
    return base


@pytest.fixture
def config(tmp_path: Path, harvests: Path) -> Path:
    """A copy of the harvests for each test."""
    shutil.copytree(harvests, tmp_path, dirs_exist_ok=True)
    return tmp_path / "config"


def run(config: Path, *arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(
        topic, [*arguments, "--config", str(config)], input=answers, catch_exceptions=False
    )


def test_an_audit_lists_what_was_decided_and_what_may_be_missing(config: Path) -> None:
    found = json.loads(run(config, "audit", "--json").output)
    assert len(found["kept"]) == 3
    assert [one["title"] for one in found["borderline"]] == ["Hops"]
    assert found["most_similar_rejected"][0]["title"] == "Granaries fill with rye"
    words = {one["term"] for one in found["lost_terms"]}
    assert "granaries" in words
    assert "harvest" not in words


@pytest.mark.parametrize("command", ["audit", "label"])
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--since", "yesterday"), "'yesterday' is no day of the calendar"),
        (("--since", "2024-01-02", "--until", "2024-01-01"), "lies before --since 2024-01-02"),
        (("--count", "-3"), "-3 is not in the range"),
    ],
)
def test_days_and_counts_that_are_none_are_wrong_usage(
    config: Path, command: str, options: tuple[str, ...], said: str
) -> None:
    done = run(config, command, *options)
    assert (done.exit_code, said in done.output) == (2, True), done.output


def test_an_audit_of_days_without_articles_is_empty(config: Path) -> None:
    assert "0 kept, 0 borderline, 0 rejected" in run(
        config, "audit", "--since", "2024-01-01"
    ).output  # fmt: skip


def test_labels_are_asked_for_where_the_rules_are_least_sure(config: Path) -> None:
    printed = run(config, "label", answers="1\n2\nq\n").output
    given = read_labels(config.parent / "topic_labels.jsonl")
    assert [(one.title, one.label) for one in given] == [("Hops", 1), ("barley is in", 2)]
    assert "2 labels added" in printed


def test_what_has_a_label_is_not_asked_again(config: Path) -> None:
    run(config, "label", answers="1\nq\n")
    assert "Hops" not in run(config, "label", answers="q\n").output


def test_the_labels_given_are_what_eval_measures_by_default(config: Path) -> None:
    run(config, "label", answers="2\nq\n")
    assert json.loads(run(config, "eval", "--json").output)["all"]["about"] == 1


def test_a_stored_url_is_judged_by_its_text(config: Path) -> None:
    (shown,) = json.loads(run(config, "test", "https://daily.test/wheat", "--json").output)
    assert (shown["title"], shown["matched_terms"]) == ("wheat is in", ["harvest"])


def test_a_url_left_out_is_judged_by_what_its_source_claimed(config: Path) -> None:
    (shown,) = json.loads(run(config, "test", "https://daily.test/rye", "--json").output)
    assert (shown["title"], shown["verdict"]) == ("Granaries fill with rye", "off_topic")


def test_an_unknown_url_says_what_to_do(config: Path) -> None:
    assert "save its text to a file" in run(config, "test", "https://daily.test/no").output
