"""A wall that many URLs of a host show ends as no article, whichever of its pages came first."""

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest

from flows.core import Article, Ending, Page, Reason, Skipped, Stage
from flows.core.settings import Settings
from flows.pipeline.append import Kept, Left, append_outcomes
from flows.pipeline.host_repeats import meet, page_as_met
from flows.pipeline.run import Run
from flows.store import open_published
from flows.store.candidates import open_candidates
from flows.store.check import check_store
from tests.opened import during, settings_in
from tests.store.samples import NOON, article, candidate, judgement, later

WALL = "\n\n".join(
    (
        "Members of the Daily read on here, and with them the friends they bring along.",
        "Inside today: the ferry strike ends, the harbour is dredged, the old pier is saved.",
        "A ferry for the islands, three letters about bridges and the crossword of the week.",
    )
)
PROMISED = (
    "Ferry strike ends after nine days",
    "Harbour to be dredged before autumn storms",
    "Old pier saved by a single vote",
    "Islands get a second boat at last",
)
STORY = "\n\n".join(
    (
        "The captains voted to end their strike on Friday, nine days after it had begun.",
        "Ferries will leave on time again from Monday, the company said in a short note.",
        "Islanders who had waited for flour and post lined the quay and sang in the rain.",
        "Neither side would say what had been promised about the night boats in winter.",
    )
)


def _url(title: str) -> str:
    return f"http://daily.test/{title.lower().replace(' ', '-')}"


def _kept(title: str, text: str = WALL, *, heading: str = "Members read on") -> Kept:
    url = _url(title)
    return Kept(
        candidate=candidate(title, url=url, url_key=url[7:], claimed_title=title),
        page=_page(url),
        article=article(text, url=url, title=heading, title_origin="h1"),
        judgement=judgement(),
        source=None,
    )


def _off_topic(title: str) -> Left:
    kept = _kept(title)
    skipped = Skipped(stage=Stage.JUDGE, reason=Reason.OFF_TOPIC)
    return Left(candidate=kept.candidate, skipped=skipped, article=kept.article)


def _page(url: str) -> Page:
    return Page(
        requested_url=url, url=url, status=200, fetched_at=NOON, headers=(), body=b"",
        media_type="text/html",
    )  # fmt: skip


def _run(settings: Settings, batches: Sequence[Sequence[Kept | Left]], day: int = 0) -> None:
    """One run in which the outcomes come, batch by batch."""

    async def work(run: Run) -> None:
        for outcomes in batches:
            await run.sight([one.candidate for one in outcomes], eager=True)
            await append_outcomes(run, outcomes)

    during(settings, work, at=later(days=day))


def _due(settings: Settings, day: int) -> set[str]:
    async def work(run: Run) -> set[str]:
        taken = await run.clerk.do(lambda con: open_candidates(con, run.run_id, run.started_at))
        run.tally.candidates += len(taken)
        return {one.claimed_title or "" for one in taken}

    return during(settings, work, at=later(days=day))


def _rows(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(query).fetchall()


def _articles(settings: Settings) -> list[tuple[object, ...]]:
    return _rows(settings, "select title, text from articles order by title")


def _sound(settings: Settings) -> bool:
    return all(finding.holds for finding in check_store(settings.store.path))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.mark.parametrize(
    "order", [*permutations(PROMISED[:3])], ids=lambda order: order[0][:5] + order[1][:5]
)
def test_a_wall_under_three_urls_leaves_no_article_in_whatever_order_it_comes(
    order: tuple[str, ...], settings: Settings
) -> None:
    _run(settings, [[_kept(title)] for title in order])
    assert _articles(settings) == []
    assert _due(settings, 30) == set(order)
    assert _sound(settings)


@pytest.mark.parametrize("first", [1, 2])
def test_a_wall_that_shows_itself_in_a_later_run_is_taken_back(
    first: int, settings: Settings
) -> None:
    _run(settings, [[_kept(title) for title in PROMISED[:first]]])
    assert len(_articles(settings)) == 1
    _run(settings, [[_kept(title)] for title in PROMISED[first:]], day=1)
    assert _articles(settings) == []
    assert _due(settings, 30) == set(PROMISED)
    assert _sound(settings)


def test_three_in_one_batch_are_never_stored(settings: Settings) -> None:
    _run(settings, [[_kept(title) for title in PROMISED[:3]]])
    assert _rows(settings, "select count(*) from kept.readings") == [(0,)]
    assert _rows(settings, "select distinct stage, reason from skips") == [
        ("compare", "repeated_text")
    ]


def test_pages_off_the_topic_are_witnesses_and_come_back_too(settings: Settings) -> None:
    _run(settings, [[_off_topic(PROMISED[0]), _off_topic(PROMISED[1])], [_kept(PROMISED[2])]])
    assert _articles(settings) == []
    assert _due(settings, 30) == set(PROMISED[:3])


def test_what_was_taken_back_is_told(settings: Settings) -> None:
    _run(settings, [[_kept(title)] for title in PROMISED[:3]])
    key = _url(PROMISED[0])[7:]
    told = _rows(
        settings,
        "select ending, reason, detail from kept.endings "
        f"where key = md5_number_lower('{key}') order by rowid",
    )
    detail = "daily.test gives this text under 3 URLs that promise different articles"
    assert told == [("stored", None, None), ("withdrawn", "repeated_text", detail)]


def test_the_article_behind_the_wall_is_stored_when_it_shows(settings: Settings) -> None:
    _run(settings, [[_kept(title)] for title in PROMISED[:3]])
    _run(settings, [[_kept(PROMISED[0], STORY, heading=PROMISED[0])]], day=2)
    assert _articles(settings) == [(PROMISED[0], STORY)]
    assert _rows(settings, "select count(*) from warnings") == [(0,)]
    assert _sound(settings)


def test_a_wall_told_by_a_second_look_is_fetched_again_there_too(settings: Settings) -> None:
    first, *others = PROMISED[:3]
    _run(settings, [[_kept(first)]])

    async def forgotten(run: Run) -> None:  # as a host's oldest pages are
        await run.clerk.do(lambda con: con.execute("delete from kept.met_pages"))

    during(settings, forgotten)
    _run(settings, [[_off_topic(title)] for title in others], day=1)

    async def second_look(run: Run) -> None:
        page = page_as_met(_kept(first).article, _kept(first).candidate)
        assert page is not None
        await run.clerk.do(lambda con: meet(con, run.run_id, [page], NOON, second_look=True))

    during(settings, second_look, at=later(days=2))
    assert _articles(settings) == []
    assert _due(settings, 30) == {first, *others}


def test_before_it_showed_itself_the_store_thought_otherwise(settings: Settings) -> None:
    _run(settings, [[_kept(PROMISED[0])]])
    _run(settings, [[_kept(title)] for title in PROMISED[1:]], day=1)
    then = "timestamptz '2023-02-24 18:00:00+00'"
    assert _rows(settings, f"select text from articles_as_of({then})") == [(WALL,)]


def test_a_wall_before_a_stored_article_is_no_revision_of_it(settings: Settings) -> None:
    titles = PROMISED[:3]
    stories = [STORY.replace("captains", f"captains of line {n}") for n in range(3)]
    stored = [_kept(t, s, heading=t) for t, s in zip(titles, stories, strict=True)]
    _run(settings, [stored])
    before = _articles(settings)
    _run(settings, [[_kept(title, heading=title)] for title in titles], day=1)
    assert _articles(settings) == before
    assert _due(settings, 30) == set()
    assert _rows(settings, "select distinct revisions from articles") == [(1,)]
    assert _sound(settings)


def test_a_copy_of_what_was_on_the_wall_is_an_original_again(settings: Settings) -> None:
    elsewhere = Kept(
        candidate=candidate("x", url="http://other.test/x", url_key="other.test/x"),
        page=_page("http://other.test/x"),
        article=article(WALL + "\n\n" + STORY, url="http://other.test/x", outlet="Other",
                        title="Ferries"),
        judgement=judgement(),
        source=None,
    )  # fmt: skip
    _run(settings, [[_kept(PROMISED[0])], [elsewhere]])
    assert _rows(settings, "select count(*) from links") != [(0,)]
    _run(settings, [[_kept(title)] for title in PROMISED[1:]], day=1)
    assert _rows(settings, "select title, copy_of, story_id = article_id from articles") == [
        ("Ferries", None, True)
    ]
    assert _rows(settings, "select count(*) from links") == [(0,)]
    assert _sound(settings)


def test_one_article_under_many_addresses_is_no_wall(settings: Settings) -> None:
    title = PROMISED[0]
    slug = _url(title).rpartition("/")[2]
    urls = [
        _url(title),
        _url(title) + "?page=print",
        f"http://daily.test/amp/news/{slug}",
        f"http://m.daily.test/{slug}.html",
    ]
    kept = [
        Kept(
            candidate=candidate(url, url=url, url_key=url[7:], claimed_title=said),
            page=_page(url),
            article=article(STORY, url=url, title=title, title_origin="h1"),
            judgement=judgement(),
            source=None,
        )
        for url, said in zip(urls, (title, None, "Strike over", None), strict=True)
    ]
    _run(settings, [[one] for one in kept])
    assert _articles(settings) == [(title, STORY)]


def test_every_candidate_has_one_ending_a_run(settings: Settings) -> None:
    _run(settings, [[_kept(title)] for title in PROMISED])
    endings = _rows(settings, "select ending, count(*) from kept.endings group by 1 order by 1")
    assert endings == [
        (Ending.KNOWN.value, 1), (Ending.SKIPPED.value, 2), (Ending.STORED.value, 1),
        ("withdrawn", 2),
    ]  # fmt: skip
    assert isinstance(_kept(PROMISED[0]).article, Article)
