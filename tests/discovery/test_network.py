"""A listing that is too much for its worker ends one look, and no other."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from flows.core import Look, LookStatus, Reason, Source, SourceMemory
from flows.core.workers.pool import Workers
from flows.discovery import Answer, Listing, Unreadable, in_workers, look
from tests.discovery.support import FEED, NOW, TableWeb, rss

HEALTHY = Answer(kind="feed", url=FEED, body=rss(range(30)))
# feedparser looks for an address in an author by a pattern that goes over it many times
AUTHOR = rss(range(1)).replace(b"</item>", b"<author>" + b"a" * 400_000 + b"</author></item>")
LIMIT = 1.0


async def _looked(workers: Workers, **bodies: bytes) -> dict[str, Look]:
    """A look at each source, all at once."""
    urls = {name: f"https://{name}.test/feed.xml" for name in bodies}
    web = TableWeb({urls[name]: body for name, body in bodies.items()})
    reading = in_workers(workers)

    async def one(name: str) -> Look:
        source = Source(source_id=name, outlet=name, kind="feed", url=urls[name])
        memory = SourceMemory(source_id=name)
        return await look(source, web, memory, now=NOW, reading=reading)

    return dict(zip(bodies, await asyncio.gather(*map(one, bodies)), strict=True))


HOSTILE = {
    "an author without end": AUTHOR,
    "a title of half a tag": rss(range(1)).replace(
        b"<title>", b"<title><![CDATA[" + b"<!" * 200_000
    ),
    "a feed in a feed in a feed": b"<rss>" + b"<channel><item>" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_feed_ends_within_its_time_and_disturbs_no_other(name: str) -> None:
    async def scenario() -> tuple[dict[str, Look], float]:
        async with Workers(2, LIMIT) as workers:
            await asyncio.gather(*(workers_warm(workers) for _ in range(2)))
            begun = time.monotonic()
            looks = await _looked(workers, bad=HOSTILE[name], good=HEALTHY.body)
            return looks, time.monotonic() - begun

    looks, seconds = asyncio.run(asyncio.wait_for(scenario(), 120))
    assert looks["good"].status is LookStatus.OK
    assert looks["bad"].status in (LookStatus.FAILED, LookStatus.OK, LookStatus.EMPTY)
    assert seconds < 30  # of a minute and more in a thread; generous, machines are shared


async def workers_warm(workers: Workers) -> None:
    assert isinstance(await in_workers(workers)(HEALTHY), Listing)


def test_a_look_says_that_its_listing_took_too_long() -> None:
    async def scenario() -> Look:
        async with Workers(1, LIMIT) as workers:
            await workers_warm(workers)
            return (await _looked(workers, bad=AUTHOR))["bad"]

    seen = asyncio.run(asyncio.wait_for(scenario(), 120))
    assert (seen.status, seen.reason) == (LookStatus.FAILED, Reason.READER_TIMEOUT)
    assert seen.error == "reader_timeout: no answer in 1 s"
    assert seen.suggestion is None
    assert seen.memory.failures == 1.0 or seen.memory.failures == 0.5


def test_the_first_listing_of_a_worker_has_no_more_time_than_any_other() -> None:
    async def scenario() -> tuple[Look, float]:
        async with Workers(1, LIMIT) as workers:
            begun = time.monotonic()
            return (await _looked(workers, bad=AUTHOR))["bad"], time.monotonic() - begun

    seen, seconds = asyncio.run(asyncio.wait_for(scenario(), 120))
    assert seen.reason is Reason.READER_TIMEOUT
    assert seconds < 60  # of which all but one are the worker's start


def test_every_kind_of_answer_comes_back_from_a_worker_as_from_a_thread() -> None:
    kinds = {
        "feed": HEALTHY,
        "front": replace(HEALTHY, kind="front", body=b"<html><link rel=feed href=/f>"),
        "robots": replace(HEALTHY, kind="robots", body=b"Sitemap: https://daily.test/s.xml"),
        "gdelt_articles": replace(HEALTHY, kind="gdelt_articles", body=b'{"articles": []}'),
        "gdelt_table": replace(HEALTHY, kind="gdelt_table", body=b"PK"),
    }

    async def scenario() -> list[Listing | Unreadable]:
        async with Workers(1, 20) as workers:
            return [await in_workers(workers)(answer) for answer in kinds.values()]

    feed, front, robots, articles, table = asyncio.run(scenario())
    assert isinstance(feed, Listing)
    assert len(feed.entries) == 30
    assert isinstance(front, Unreadable)
    assert front.points_to == ("https://daily.test/f",)
    assert isinstance(robots, Unreadable)
    assert robots.points_to == ("https://daily.test/s.xml",)
    assert isinstance(articles, Listing)
    assert table == Unreadable(problem="no GDELT file name")


def test_what_is_unchanged_starts_no_worker() -> None:
    async def scenario() -> int:
        async with Workers(2, 20) as workers:
            seen = (await _looked(workers, a=HEALTHY.body))["a"]
            before = workers.started
            web = TableWeb({"https://a.test/feed.xml": HEALTHY.body})
            source = Source(source_id="a", outlet="a", kind="feed", url="https://a.test/feed.xml")
            again = await look(source, web, seen.memory, now=NOW, reading=in_workers(workers))
            assert again.status is LookStatus.UNCHANGED
            return workers.started - before

    assert asyncio.run(scenario()) == 0


_PROGRAM = """
import asyncio, sys
from flows.cli.options import until_stopped
from flows.discovery import in_workers
from flows.core.workers.pool import Workers
from tests.discovery.test_network import AUTHOR, _looked, workers_warm

async def main():
    async with Workers(1, 600) as workers:
        await workers_warm(workers)
        looking = asyncio.create_task(_looked(workers, bad=AUTHOR))
        while not workers.busy:
            await asyncio.sleep(0)
        print("under way", flush=True)
        await looking

until_stopped(main())
"""


def test_a_program_in_the_middle_of_a_hostile_feed_is_stopped_by_sigterm() -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    try:
        assert program.stdout is not None
        assert program.stdout.readline() == b"under way\n"
        os.kill(program.pid, signal.SIGTERM)
        assert program.wait(60) != 0
    finally:
        program.kill()
        program.wait()
        assert program.stdout is not None
        program.stdout.close()
