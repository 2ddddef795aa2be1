"""Our reader and its peers behind one signature, each loaded only where it is installed.

Peers are called as their documentation says, offline: what would fetch fails at once.
"""

import importlib
import importlib.metadata
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flows.core import Article, Page, Precision
from flows.core.text.dates import as_claimed
from flows.extraction import Hints
from flows.extraction.article import read_page
from flows.extraction.block_model import BlockModel
from tests.benchmarks.reading_gold import Reading

Reader = Callable[[Page], Reading]


def readers() -> Iterator[tuple[str, str]]:
    """Each reader's name with the module it needs."""
    yield from (
        ("dateline", "flows.extraction"),
        ("trafilatura", "trafilatura"),
        ("newspaper4k", "newspaper"),
        ("news-please", "newsplease"),
        ("readability-lxml", "readability"),
        ("resiliparse", "resiliparse"),
    )


def version_of(name: str) -> str | None:
    """The installed version of a reader, or None if it is not installed here."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def load_reader(name: str) -> Reader | None:
    """The reader of that name, or None if it is not installed here."""
    socket.socket.connect = _refused  # type: ignore[method-assign]  # nothing may leave
    try:
        importlib.import_module(dict(readers())[name])
    except ImportError:
        return None
    return {
        "dateline": dateline,
        "trafilatura": _trafilatura(),
        "newspaper4k": newspaper4k,
        "news-please": news_please,
        "readability-lxml": readability,
        "resiliparse": resiliparse,
    }[name]


def _refused(*_: Any) -> None:
    raise OSError("a benchmark asks nobody")


def dateline(page: Page, model: BlockModel | None = None) -> Reading:
    read = read_page(page, Hints(), model)
    if not isinstance(read, Article):
        return Reading(refused=read.reason.value)
    time = read.published
    return Reading(
        title=read.title,
        authors=read.authors,
        day=as_claimed(time).date().isoformat() if time else None,
        at=time.at if time and time.precision is not Precision.DAY else None,
        text=read.text,
        reader=read.extractor,
        form=read.form,
    )


def _trafilatura() -> Reader:
    from trafilatura import bare_extraction

    def read(page: Page) -> Reading:
        document: Any = bare_extraction(page.body, url=page.url, with_metadata=True)
        if document is None:
            return Reading()
        return Reading(
            title=document.title,
            authors=tuple((document.author or "").split("; ")) if document.author else (),
            day=document.date,
            text=document.text or "",
        )

    return read


def newspaper4k(page: Page) -> Reading:
    import newspaper

    article = newspaper.Article(page.url, fetch_images=False)
    article.download(input_html=_text(page))
    article.parse()
    at = article.publish_date
    return Reading(
        title=article.title,
        authors=tuple(article.authors),
        day=at.date().isoformat() if at else None,
        at=at if at is not None and at.tzinfo else None,
        text=article.text or "",
    )


def news_please(page: Page) -> Reading:
    from newsplease import NewsPlease

    article = NewsPlease.from_html(_text(page), url=page.url, fetch_images=False)
    at: datetime | None = article.date_publish
    return Reading(
        title=article.title,
        authors=tuple(article.authors or ()),
        day=at.date().isoformat() if at else None,
        text=article.maintext or "",
    )


def readability(page: Page) -> Reading:
    from lxml.html import fromstring
    from readability import Document

    document = Document(_text(page))
    summary = fromstring(document.summary())
    return Reading(title=document.short_title(), text="\n".join(map(str, summary.itertext())))


def resiliparse(page: Page) -> Reading:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(_text(page))
    return Reading(title=tree.title, text=extract_plain_text(tree, main_content=True))


def _text(page: Page) -> str:
    return page.body.decode("utf-8", "replace")
