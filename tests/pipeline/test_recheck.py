"""Looking again without a network uses up no look, and forgets nothing a source claimed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.archive.archive import archived_pages
from flows.core import RunReport
from flows.core.settings import Settings, load_settings
from flows.pipeline.recheck import run_recheck
from flows.pipeline.stages import run_monitor
from flows.rehearsal.loopback import Answer, Loopback, Request
from flows.store import Connection, open_published
from tests.opened import during
from tests.scheduling.place import News, configure

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PUBLISHED = b"<pubDate>Sun, 01 Mar 2026 07:30:00 GMT</pubDate>"


def rechecked(settings: Settings, at: datetime) -> RunReport:
    return asyncio.run(run_recheck(settings, clock=lambda: at))


def test_a_look_that_reached_nobody_is_tried_again_and_one_answered_is_not(tmp_path: Path) -> None:
    with Loopback(News()) as web:
        online = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(online, clock=lambda: NOON))

    offline = rechecked(online, NOON + timedelta(hours=2))
    assert (offline.candidates, dict(offline.skips)) == (2, {"connect": 2})

    with Loopback(News()) as web:
        online = load_settings(configure(tmp_path, web, 15))
        again = rechecked(online, NOON + timedelta(hours=3))
        later = rechecked(online, NOON + timedelta(hours=4))
    assert (again.candidates, again.known, later.candidates) == (2, 2, 0)


class Dated(News):
    """Its feed dates the articles and their pages do not; later they are another text."""

    def __init__(self) -> None:
        super().__init__()
        self.edited = False

    def __call__(self, request: Request) -> Answer:
        answer = super().__call__(request)
        body = answer.body.replace(b"</link></item>", b"</link>" + PUBLISHED + b"</item>")
        body = body.replace(
            b'<meta property="article:published_time" content="2026-03-01T0', b"<!--"
        )
        body = body.replace(b'8:00:00Z">', b"-->")
        if self.edited:
            body = body.replace(b"eight countries", b"nine countries")
        return replace(answer, body=body)


def test_an_edited_article_keeps_the_time_its_feed_claimed(tmp_path: Path) -> None:
    news = Dated()
    with Loopback(news) as web:
        settings = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(settings, clock=lambda: NOON))
        news.edited = True
        assert rechecked(settings, NOON + timedelta(hours=2)).revised == 2
    with open_published(settings.store.path) as published:
        query = "select distinct revisions, published_at, published_origin from articles"
        told = published.execute(f"{query} where origin <> 'seed'").fetchall()
    assert told == [(2, datetime(2026, 3, 1, 7, 30, tzinfo=UTC), "feed")]


class Tagged(News):
    """Its pages have an ETag that it knows again."""

    def __call__(self, request: Request) -> Answer:
        answer = super().__call__(request)
        if "talks" not in request.target:
            return answer
        tag = ("ETag", '"one"')
        if request.headers.get("if-none-match") == '"one"':
            return Answer(status=304)
        return replace(answer, headers=(*answer.headers, tag))


def test_what_its_server_says_is_unchanged_is_known_and_not_archived(tmp_path: Path) -> None:
    with Loopback(Tagged()) as web:
        settings = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(settings, clock=lambda: NOON))
        rechecked(settings, NOON + timedelta(hours=2))
        kept = len(list(archived_pages(settings.archive.path)))
        looks = [rechecked(settings, NOON + timedelta(hours=hours)) for hours in (9, 30)]
    assert [(look.known, look.skipped) for look in looks] == [(2, 0), (2, 0)]
    assert len(list(archived_pages(settings.archive.path))) == kept


GRAIN = """<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>Grain ships left Odesa on Sunday while China's 12-point position paper on the war in Ukraine
was read aloud in the harbour office, where captains asked what a ceasefire would mean.</p>
<p>Insurers doubled their prices on Friday. Beijing's mediation in Ukraine has not moved them, said
a broker in London, who counts nineteen hulls that wait for a word from Moscow and from Kyiv.</p>
<p>The next convoy is to sail on Tuesday{more}, weather and mine sweepers permitting.</p>
</article></body></html>"""
PAINTERS = """<html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>Forty painters put up their easels along the old canal on Sunday and would not be moved by the
rain, which began before noon and went on until the lamps were lit.</p>
<p>The oldest of them, who has come for thirty years, sold three views of the lock to a family of
rowers, and gave a fourth to the keeper, who has never liked any of them.</p>
<p>The best pictures will hang in the library until the end of April, when the school needs the
walls again for its own.</p></article></body></html>"""


class Moving(News):
    """Its second article is of grain; later the first one's address shows `moved`."""

    moved: Answer | None = None
    more = ""

    def __call__(self, request: Request) -> Answer:
        if request.target == "/talks-1" and self.moved is not None:
            return self.moved
        if request.target != "/talks-2":
            return super().__call__(request)
        return page(GRAIN.format(title="Grain ships wait for a word from China", more=self.more))


def page(body: str) -> Answer:
    return Answer(headers=(("Content-Type", "text/html"),), body=body.encode())


def found(settings: Settings, query: str) -> list[tuple[object, ...]]:
    with open_published(settings.store.path) as published:
        return published.execute(query).fetchall()


def test_an_address_that_leads_to_another_article_edits_that_one(tmp_path: Path) -> None:
    news = Moving()
    with Loopback(news) as web:
        settings = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(settings, clock=lambda: NOON))
        news.more = " or, if the fog stays, on Thursday"
        news.moved = Answer(status=301, headers=(("Location", "/talks-2"),))
        report = rechecked(settings, NOON + timedelta(hours=2))
    assert (report.candidates, report.revised, report.known, report.stored) == (2, 1, 1, 0)
    told = found(settings, "select url, revisions from articles where origin <> 'seed' order by 1")
    assert told == [("http://daily.test/talks-1", 1), ("http://daily.test/talks-2", 2)]


def test_another_article_off_the_topic_in_its_place_is_skipped(tmp_path: Path) -> None:
    news = Moving()
    with Loopback(news) as web:
        settings = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(settings, clock=lambda: NOON))
        news.moved = page(PAINTERS.format(title="Painters stay in the rain"))
        report = rechecked(settings, NOON + timedelta(hours=2))
    assert (report.known, report.stored, dict(report.skips)) == (1, 0, {"off_topic": 1})
    assert found(settings, "select title from revisions where title like 'Painters%'") == []


class Redated(News):
    """Its articles grow; the first then claims the time of the edit, the second none."""

    edited = False

    def __call__(self, request: Request) -> Answer:
        answer = super().__call__(request)
        if not self.edited:
            return answer
        body = answer.body.replace(b"eight countries", b"nine countries")
        new = b"" if request.target == "/talks-2" else b"2026-03-01T13:30:00Z"
        return replace(answer, body=body.replace(b"2026-03-01T08:00:00Z", new))


def test_an_edit_moves_and_loses_no_time_of_publication(tmp_path: Path) -> None:
    news = Redated()
    with Loopback(news) as web:
        settings = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(settings, clock=lambda: NOON))
        news.edited = True
        assert rechecked(settings, NOON + timedelta(hours=2)).revised == 2
    told = found(settings, "select url, published_at, published_precision, published_origin, "
                 "[one.raw for one in published_alternatives] from articles "
                 "where origin <> 'seed' order by url")  # fmt: skip
    eight = datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert told == [
        ("http://daily.test/talks-1", eight, "second", "meta", ["2026-03-01T13:30:00Z"]),
        ("http://daily.test/talks-2", eight, "second", "meta", []),
    ]


def test_what_a_newer_reader_reads_better_is_no_edit_of_the_publishers(tmp_path: Path) -> None:
    with Loopback(News()) as web:
        settings = load_settings(configure(tmp_path, web, 15))
        asyncio.run(run_monitor(settings, clock=lambda: NOON))

        def worse(con: Connection) -> None:
            con.execute(
                "update kept.readings set text = 'A line.', text_print = '', reader_version = '0' "
                "where url is not null"
            )

        during(settings, lambda run: run.clerk.do(worse), at=NOON + timedelta(hours=1))
        report = rechecked(settings, NOON + timedelta(hours=2))
    with open_published(settings.store.path) as published:
        query = "select distinct revisions, text <> 'A line.' from articles"
        told = published.execute(f"{query} where origin <> 'seed'").fetchall()
    assert told == [(1, True)]
    assert report.candidates == sum((report.known, report.revised, report.stored, report.skipped))
