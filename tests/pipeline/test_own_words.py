"""What a host repeats ties no articles together and edits none."""

from dataclasses import replace
from pathlib import Path

import pytest

from flows.core import Page
from flows.core.settings import Settings
from flows.pipeline.append import Kept, append_outcomes
from flows.pipeline.run import Run
from flows.store import open_published
from tests.opened import during, settings_in
from tests.store.samples import NOON, article, candidate, judgement, later

BOX = "\n\n".join(
    (
        "Every morning at six our night desk sends out the five stories that matter most to you.",
        "Some forty thousand people begin their day with it, and you could soon be one of them.",
        "It costs nothing but an address, and you may leave again whenever you feel you must.",
        "Those who prefer the evening can have the same with a drink and two recipes instead.",
    )
)
NAMES = {
    "harbour": ("The harbour is silting up again, the pilots say, and the dredger is broken.",
                "A new one would cost more than the town takes from all its tourists in a year."),
    "orchestra": ("Without a conductor the orchestra played on, and hardly anyone noticed it.",
                  "The second violins had asked for chairs with backs since the spring of 1998."),
    "bakery": ("Two bakers quarrel over a recipe that neither of their grandmothers wrote down.",
               "The court asked for a sample and adjourned until the afternoon to think it over."),
    "glacier": ("The ice has gone back by the length of a bus since the last survey of it.",
                "Shepherds found a wooden ski in the moraine and gave it to the village school."),
    "airport": ("Hares on the runway delayed eleven flights on the busiest morning of the year.",
                "A falconer has been asked in, though hares are said to be too heavy for falcons."),
}  # fmt: skip

HEADLINES = {
    "harbour": "Pilots warn of mud at the quay",
    "orchestra": "Second violins win their chairs",
    "bakery": "Court tastes a disputed cake",
    "glacier": "Old ski found as ice retreats",
    "airport": "Hares hold up eleven flights",
}


def _story(name: str, *extra: str) -> str:
    return "\n\n".join((*NAMES[name], *extra))


def _kept(name: str, text: str) -> Kept:
    url = f"http://daily.test/what-the-{name}-has-come-to"
    return Kept(
        candidate=candidate(name, url=url, url_key=url[7:]),
        page=Page(
            requested_url=url, url=url, status=200, fetched_at=NOON, headers=(), body=b"",
            media_type="text/html",
        ),
        article=article(text, url=url, title=HEADLINES[name]),
        judgement=judgement(),
        source=None,
    )  # fmt: skip


def _run(settings: Settings, outcomes: list[Kept], day: int = 0) -> None:
    async def work(run: Run) -> None:
        for outcome in outcomes:
            await run.sight([outcome.candidate])
            await append_outcomes(run, [outcome])

    during(settings, work, at=later(days=day))


def _told(settings: Settings, page: Page) -> tuple[str, ...]:
    """What a run tells its readers of titles on the page's host."""

    async def work(run: Run) -> tuple[str, ...]:
        return run.ends_on(page)

    return during(settings, work)


def _rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(query).fetchall()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def test_a_newsletter_box_ties_no_articles_once_it_is_known(settings: Settings) -> None:
    _run(settings, [_kept(name, _story(name, BOX)) for name in NAMES])
    tied = {name for row in _rows(settings, "select a, b from links") for name in row}
    # the first four came before anyone could know that the box is the site's
    assert len(tied) <= 4
    assert len(_rows(settings, "select * from articles")) == len(NAMES)


def test_a_newsletter_box_that_came_is_no_edit(settings: Settings) -> None:
    _run(settings, [_kept("harbour", _story("harbour"))])
    others = [name for name in NAMES if name != "harbour"]
    _run(settings, [_kept(name, _story(name, BOX)) for name in others])
    _run(settings, [_kept("harbour", _story("harbour", BOX))], day=1)
    assert _rows(settings, "select max(revisions) from articles") == [(1,)]
    assert len(_rows(settings, "select * from articles")) == len(NAMES)


def test_what_titles_end_with_is_told_to_the_next_run(settings: Settings) -> None:
    outcomes = [_kept(name, _story(name)) for name in NAMES]
    ended = [
        replace(one, article=replace(one.article, title_ends=("The Daily",))) for one in outcomes
    ]
    _run(settings, ended[:2])
    assert _told(settings, ended[0].page) == ()
    _run(settings, ended[2:])
    assert _told(settings, ended[0].page) == ("The Daily",)
