"""A members' page under every address of an outlet: passes over it, in whatever order it lists."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.core import RunReport
from flows.core.settings import Settings, load_settings
from flows.pipeline.stages import run_monitor
from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request
from flows.store import open_published
from flows.store.check import check_store

PROJECT = Path(__file__).parents[2]
HOST = "daily.test"
NOW = datetime(2023, 3, 1, 12, tzinfo=UTC)
TITLES = {
    "kyiv-answers-beijing-envoy-coldly": "Kyiv answers Beijing's envoy coldly",
    "grain-ships-wait-for-a-word-from-china": "Grain ships wait for a word from China",
    "brussels-doubts-the-twelve-points": "Brussels doubts the twelve points",
    "moscow-thanks-its-eastern-neighbour": "Moscow thanks its eastern neighbour",
}
# The members' page has the day's headlines on it, and so is on the topic.
WALL = (
    "<!doctype html><html lang='en'><head><title>Members first</title></head><body><article>"
    "<h1>Members first</h1>"
    "<p>This part of the paper is for those who carry it: eleven thousand households so far.</p>"
    "<p>Today they learn what China's 12-point peace plan would mean for the war in Ukraine.</p>"
    "<p>They hear from Kyiv and from Moscow how Beijing's mediation in Ukraine is received.</p>"
    "</article></body></html>"
)


@dataclass
class Outlet:
    """A feed that lists `listed`, in order, and pages behind a wall until it is `open`."""

    listed: list[str] = field(default_factory=list)
    open: bool = False

    def answer(self, request: Request) -> Answer:
        slug = request.target.rpartition("/")[2]
        if slug == "feed.json":
            return _answer(json.dumps(self._feed()), "application/feed+json")
        if slug not in TITLES:
            return Answer(status=404)
        return _answer(_story(TITLES[slug]) if self.open else WALL, "text/html; charset=utf-8")

    def _feed(self) -> dict[str, object]:
        items = [{"id": slug, "url": f"http://{HOST}/{slug}", "title": TITLES[slug]}
                 for slug in self.listed]  # fmt: skip
        return {"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": items}


def _answer(body: str, kind: str) -> Answer:
    return Answer(headers=(("Content-Type", kind),), body=body.encode())


def _story(title: str) -> str:
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head><body><article>"
        f"<h1>{title}</h1><p>{title}: so it was said on Tuesday of China's 12-point peace plan for "
        f"the war in Ukraine.</p><p>Asked whether {title.lower()}, an envoy of Beijing spoke of "
        "mediation and of patience with Moscow and with Kyiv.</p><p>The position paper of China "
        f"on Ukraine will be spoken of again when {title.lower()} once more.</p></article></body>"
        "</html>"
    )


@pytest.fixture
def outlet() -> Outlet:
    return Outlet()


@pytest.fixture
def settings(outlet: Outlet, tmp_path: Path) -> Iterator[Settings]:
    with Loopback(outlet.answer) as web:
        config = write_configuration(
            tmp_path,
            sources=[
                SourceEntry(
                    source_id="daily", outlet="Daily", kind="feed", url=f"http://{HOST}/feed.json"
                )
            ],
            resolve={HOST: web.address},
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )
        yield load_settings(config)


def _pass(settings: Settings, day: int) -> RunReport:
    at = NOW + timedelta(days=day)
    return asyncio.run(run_monitor(settings, clock=lambda: at, all_sources=True))


def _rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(query).fetchall()


def _titles(settings: Settings) -> set[object]:
    rows = _rows(settings, "select title from articles where origin = 'monitor'")
    return {title for (title,) in rows}


@pytest.mark.parametrize(
    ("first", "backwards"),
    [(1, False), (2, True), (4, False)],
    ids=["one first", "two first, backwards", "all at once"],
)
def test_behind_the_wall_nothing_is_an_article_and_nothing_is_lost(
    first: int, backwards: bool, outlet: Outlet, settings: Settings
) -> None:
    slugs = list(reversed(TITLES)) if backwards else list(TITLES)
    outlet.listed = slugs[:first]
    reports = [_pass(settings, 0)]
    outlet.listed = slugs
    reports.append(_pass(settings, 1))
    assert _titles(settings) == set()
    waiting = _rows(settings, "select count(distinct url) from skips where retry_at is not null "
                    "and reason = 'repeated_text'")  # fmt: skip
    assert waiting == [(len(TITLES),)]

    outlet.open = True
    reports.append(_pass(settings, 10))
    assert _titles(settings) == set(TITLES.values())
    assert all(report.balanced for report in reports)
    assert [one.rule for one in check_store(settings.store.path) if not one.holds] == []
