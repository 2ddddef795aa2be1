"""Looking again without a network uses up no look, and forgets nothing a source claimed."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.archive import archived_pages
from flows.collect import run_monitor
from flows.rechecking import run_recheck
from flows.records import RunReport
from flows.rehearsal.loopback import Answer, Loopback, Request
from flows.settings import Settings, load_settings
from flows.store import open_published
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
