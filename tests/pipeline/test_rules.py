"""A run on a store that older rules filled finds what it would have found with its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.core.settings import Settings
from flows.pipeline.append import Kept, append_outcomes
from flows.pipeline.run import RULES, Run
from flows.store import open_published
from flows.store.connections import open_working
from tests.dedup.texts import WIRE, opening
from tests.opened import during, settings_in
from tests.pipeline.test_append import kept
from tests.store.samples import later


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def told(number: int, text: str) -> Kept:
    made = kept(number)
    article = replace(made.article, text=text, title=f"Title {number}", outlet=f"Paper {number}")
    return replace(made, article=article)


def put(settings: Settings, outcome: Kept, hours: int = 0) -> None:
    async def work(run: Run) -> None:
        await run.sight([outcome.candidate])
        await append_outcomes(run, [outcome])

    during(settings, work, at=later(hours=hours))


def test_a_copy_of_an_article_fingerprinted_by_older_rules_is_tied_to_it(
    settings: Settings,
) -> None:
    put(settings, told(1, WIRE))
    with open_working(settings.state_dir / "work.duckdb") as con:
        con.execute(
            "update kept.fingerprints set print = doc"
        )  # as rules did that hashed otherwise
        con.execute("insert into kept.rules values ('prints', 'fp-1', null)")
    put(settings, told(2, opening(WIRE, 4)), hours=1)
    with open_published(settings.store.path) as con:
        stories = con.execute("select articles from stories").fetchall()
        versions = con.execute("select version from kept.rules where what = 'prints'").fetchall()
    assert stories == [(2,)]
    assert versions[-1] == (RULES.prints,)
    assert (settings.state_dir / f"work.duckdb.before-{RULES.prints}").exists()
