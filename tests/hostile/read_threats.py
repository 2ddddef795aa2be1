"""Threats 43 to 50: what a page may hold."""

import asyncio
from functools import cache
from pathlib import Path

from flows.core import Article, Page, Reason, Skipped
from flows.extraction import Hints
from flows.extraction.article import read_page
from flows.extraction.pool import Readers
from tests.extraction.pages import article_html
from tests.extraction.pages import page as page_of
from tests.hostile.server import floods, says
from tests.hostile.threats import Register, ended, page, reason, without_growing

READ = Register()

_RUSSIAN = (
    "Китай призвал обе стороны прекратить огонь и вернуться за стол переговоров без условий.",
    "В документе двенадцать пунктов, первый из которых говорит о суверенитете всех стран.",
    "В Киеве ответили, что изучат текст внимательно, а в Москве назвали его полезным шагом.",
)


def _russian(charset: str, *, said: str = "", declared: str | None = None) -> bytes:
    meta = f'<meta charset="{declared}">' if declared else ""
    return article_html(meta + said, paragraphs=_RUSSIAN, lang="ru").encode(charset)


def _reads(folder: Path, body: bytes, kind: str) -> Article:
    came = page(ended(says(body=body, kind=kind), folder))
    article = read_page(came, Hints())
    assert isinstance(article, Article), article
    return article


@READ.of(43)
def wrong_charset(folder: Path) -> None:
    body = _russian("cp1251", declared="windows-1251")
    assert _RUSSIAN[0] in _reads(folder, body, "text/html").text
    body = _russian("utf-8", declared="utf-8")
    assert _RUSSIAN[0] in _reads(folder, body, "text/html; charset=iso-8859-1").text


@READ.of(44)
def utf_16(folder: Path) -> None:
    assert _RUSSIAN[0] in _reads(folder, _russian("utf-16"), "text/html").text


@READ.of(45)
def charset_that_does_not_exist(folder: Path) -> None:
    body = _russian("utf-8", declared="x-nonsense")
    assert _RUSSIAN[0] in _reads(folder, body, "text/html; charset=x-nonsense").text


@READ.of(46)
def nul_and_mixed_charsets(folder: Path) -> None:
    whole = _russian("utf-8", declared="utf-8")
    mixed = whole.replace(b"</p>", b"\0</p>", 1) + "Китай".encode("cp1251")
    article = _reads(folder, mixed, "text/html; charset=utf-8")
    assert _RUSSIAN[0] in article.text
    assert "\0" not in article.text


@cache
def _in_the_pool() -> tuple[Article | Skipped, ...]:
    """Nested elements and paragraphs without end, one worker, and a page after each."""
    nested = b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000
    paragraphs = b"<p>dates of war and of peace</p>" * 100_000
    sound = page_of(article_html())
    pages = (nested, paragraphs)

    async def read() -> tuple[Article | Skipped, ...]:
        async with Readers(1, 3.0) as readers:
            await readers.read(sound, Hints())  # the first page waits for its worker to start
            asked: list[Page] = [one for body in pages for one in (page_of(body), sound)]
            return tuple([await readers.read(one, Hints()) for one in asked])

    return asyncio.run(read())


def _ends(outcome: Article | Skipped, after: Article | Skipped) -> None:
    """Read by a plainer extractor, or given up; the pool goes on."""
    assert isinstance(after, Article)
    if isinstance(outcome, Article):
        assert outcome.extractor == "resiliparse"
    else:
        assert outcome.reason in {Reason.READER_LIMIT, Reason.READER_TIMEOUT, Reason.NO_TEXT,
                                  Reason.READER_CRASHED, Reason.TOO_SHORT}  # fmt: skip


@READ.of(47)
def hundred_thousand_nested_elements(folder: Path) -> None:  # noqa: ARG001
    _ends(*_in_the_pool()[:2])


@READ.of(48)
def hundred_thousand_paragraphs(folder: Path) -> None:  # noqa: ARG001
    _ends(*_in_the_pool()[2:])


def flooded_html(folder: Path) -> Reason | None:
    """How a request for HTML of 50 MB and more ends."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    return reason(floods(head, b"<p>war and peace</p>" * 3_000), folder)


@READ.of(49)
def page_of_fifty_megabytes(folder: Path) -> None:
    assert without_growing(flooded_html, folder) is Reason.TOO_LARGE


@READ.of(50)
def script_of_twenty_megabytes(folder: Path) -> None:
    script = f"<script>{'var peace = 12;' * 1_400_000}</script>"
    body = article_html(before=script).encode()
    assert reason(says(body=body), folder, max_bytes=10_000_000) is Reason.TOO_LARGE
    article = _reads_whole(body)
    assert isinstance(article, Article)
    assert "peace = 12" not in article.text


def _reads_whole(body: bytes) -> Article | Skipped:
    async def read() -> Article | Skipped:
        async with Readers(1, 20.0) as readers:
            return await readers.read(page_of(body), Hints())

    return asyncio.run(read())
