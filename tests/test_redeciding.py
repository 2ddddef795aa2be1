"""Judged again, an article is judged with all it was judged with at first."""

import asyncio
from pathlib import Path

import pytest

from flows.appending import Kept, append_outcomes
from flows.records import Page
from flows.redeciding import Change, run_redecide
from flows.running import Run
from flows.settings import Settings
from flows.store import open_published
from tests.opened import DAILY, TOPIC, during, settings_in
from tests.store.samples import NOON, article, candidate, judgement, later

URL = "http://daily.test/strike-ends"
# Another version of the rules, so that all is judged again
RULES = TOPIC.replace("title = 3", "opening = 3")
TEXT = "\n\n".join(
    f"The captains of line {n} voted on Friday to end their strike, nine days after it had begun."
    for n in range(4)
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path, sources=DAILY)


def test_an_article_kept_for_what_its_source_claimed_stays(settings: Settings) -> None:
    kept = Kept(
        candidate=candidate("a", url=URL, url_key=URL[7:], claimed_title="Ferry strike ends"),
        page=Page(
            url=URL, requested_url=URL, status=200, headers=(), body=b"", fetched_at=NOON,
            media_type="text/html",
        ),
        article=article(TEXT, url=URL, title="Strike ends"),
        judgement=judgement(),
        source=None,
    )  # fmt: skip

    async def store(run: Run) -> None:
        await run.sight([kept.candidate])
        await append_outcomes(run, [kept])

    during(settings, store)
    settings.topic_path.write_text(RULES, encoding="utf-8")
    changes: list[Change] = []
    asyncio.run(run_redecide(settings, clock=lambda: later(days=1), tell=changes.append))

    assert changes == []
    with open_published(settings.store.path) as published:
        assert published.execute("select title from articles").fetchall() == [("Strike ends",)]
