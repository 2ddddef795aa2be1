"""Judged again, an article is judged with all it was judged with at first."""

import asyncio
from pathlib import Path

import pytest

from flows.core import Page
from flows.core.settings import Settings
from flows.pipeline.append import Kept, append_outcomes
from flows.pipeline.redecide import Change, run_redecide
from flows.pipeline.run import Run
from flows.store import open_published
from tests.dedup.texts import WIRE
from tests.opened import DAILY, TOPIC, during, settings_in
from tests.store.samples import NOON, article, candidate, claimed, judgement, later

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


def _outlet(name: str, title: str, hour: int) -> Kept:
    url = f"http://{name}.test/strike"
    return Kept(
        candidate=candidate(name, url=url, url_key=url[7:]),
        page=Page(
            url=url, requested_url=url, status=200, headers=(), body=b"", fetched_at=NOON,
            media_type="text/html",
        ),
        article=article(
            WIRE, url=url, outlet=name, title=title, published=claimed(later(hours=hour))
        ),
        judgement=judgement(),
        source=None,
    )  # fmt: skip


def _copies(settings: Settings) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(
            "select a.outlet, o.outlet, count(*) over () from articles a "
            "left join articles o on o.article_id = a.copy_of order by 1"
        ).fetchall()


def test_an_original_that_leaves_the_topic_is_nobodys_original_until_it_comes_back(
    settings: Settings,
) -> None:
    came = [
        _outlet("first", "The captains stay ashore", -3),
        _outlet("second", "Ferry strike goes on", -2),
        _outlet("third", "No ferry again", -1),
    ]

    async def store(run: Run) -> None:
        await run.sight([one.candidate for one in came])
        await append_outcomes(run, came)

    during(settings, store)
    assert _copies(settings) == [("first", None, 3), ("second", "first", 3), ("third", "first", 3)]

    settings.topic_path.write_text(TOPIC + "\n# again\n", encoding="utf-8")
    asyncio.run(run_redecide(settings, clock=lambda: later(days=1)))
    assert _copies(settings) == [("second", None, 2), ("third", "second", 2)]

    everything = TOPIC.replace('any = ["ferry"]', 'any = ["ferry", "captains"]')
    settings.topic_path.write_text(everything, encoding="utf-8")
    asyncio.run(run_redecide(settings, clock=lambda: later(days=2)))
    assert _copies(settings) == [("first", None, 3), ("second", "first", 3), ("third", "first", 3)]
