"""Pages that kill or stall their reader cost one skip; the next page goes on."""

import asyncio
import os
import pickle
import signal

import pytest

from flows.core import Article, Page, Reason, Skipped
from flows.core.workers.pool import understood
from flows.extraction import Hints
from flows.extraction.pool import READ_PAGE, Readers
from tests.extraction.pages import article_html, page

ENDLESS = page("<html><body>" + "<p>dates of war and of peace</p>" * 24_000 + "</body></html>")


def _run(
    *pages: Page, processes: int = 1, timeout: float = 60.0, max_pages: int = 100
) -> list[Article | Skipped]:
    async def read_all() -> list[Article | Skipped]:
        async with Readers(processes, timeout, max_pages=max_pages) as readers:
            return list(await asyncio.gather(*(readers.read(p, Hints()) for p in pages)))

    return asyncio.run(read_all())


def test_pages_come_back_each_as_its_own_article() -> None:
    urls = [f"https://daily.test/world/{number}" for number in range(6)]
    read = _run(*(page(article_html(), url=url) for url in urls), processes=2)
    assert [article.url for article in read if isinstance(article, Article)] == urls


def test_a_recycled_worker_is_followed_by_another() -> None:
    read = _run(*(page(article_html()) for _ in range(3)), max_pages=1)
    assert all(isinstance(article, Article) for article in read)


def test_a_page_that_takes_too_long_costs_one_skip() -> None:
    async def read() -> tuple[Article | Skipped, ...]:
        async with Readers(1, 0.5) as readers:
            warm = await readers.read(page(article_html()), Hints())
            endless = await readers.read(ENDLESS, Hints())
            return warm, endless, await readers.read(page(article_html()), Hints())

    before, endless, after = asyncio.run(read())
    assert isinstance(endless, Skipped)
    assert endless.reason is Reason.READER_TIMEOUT
    assert endless.archive_ref == ENDLESS.archive_ref
    assert isinstance(before, Article)
    assert before == after


def test_a_page_that_kills_its_worker_costs_one_skip() -> None:
    async def read() -> tuple[Article | Skipped, ...]:
        async with Readers(1, 30) as readers:
            await readers.read(page(article_html()), Hints())
            reading = asyncio.create_task(readers.read(ENDLESS, Hints()))
            while not readers.busy:
                await asyncio.sleep(0)
            os.kill(readers.busy[0], signal.SIGKILL)
            return await reading, await readers.read(page(article_html()), Hints())

    crashed, after = asyncio.run(read())
    assert isinstance(crashed, Skipped)
    assert crashed.reason is Reason.READER_CRASHED
    assert isinstance(after, Article)


def test_a_cancelled_page_never_answers_for_the_next() -> None:
    async def read() -> Article | Skipped:
        async with Readers(1, 30) as readers:
            await readers.read(page(article_html()), Hints())
            reading = asyncio.create_task(readers.read(ENDLESS, Hints()))
            await asyncio.sleep(0)
            reading.cancel()
            with pytest.raises(asyncio.CancelledError):
                await reading
            return await readers.read(page(article_html(), url="https://daily.test/next"), Hints())

    after = asyncio.run(read())
    assert isinstance(after, Article)
    assert after.url == "https://daily.test/next"


def test_an_answer_may_hold_nothing_but_an_article_or_a_skip() -> None:
    with pytest.raises(pickle.UnpicklingError, match="os"):
        understood(READ_PAGE, b"cposix\nsystem\n(S'true'\ntR.".replace(b"posix", b"os"))


@pytest.mark.parametrize(
    "malformed", [b"", b"ctoo\n", b"I1\nI2\nI3\n.", b"(I1\n.", b"Inone\n.", b"}I1\nu."]
)
def test_an_answer_that_is_no_pickle_is_the_workers_fault_alone(malformed: bytes) -> None:
    with pytest.raises((pickle.UnpicklingError, EOFError)):
        understood(READ_PAGE, malformed)
