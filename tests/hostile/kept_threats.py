"""Threats 66 to 71: words that act where they are kept or shown, claims about whose page it is."""

import json
from pathlib import Path

from click.testing import CliRunner

from flows.cli.main import dateline
from flows.core import Article, Page
from flows.core.settings import Settings
from flows.core.urls import url_key
from flows.extraction import Hints
from flows.extraction.article import read_page
from flows.pipeline.append import Kept, append_outcomes
from flows.pipeline.run import Run
from flows.store import open_published
from tests.extraction.pages import article_html
from tests.extraction.pages import page as page_of
from tests.hostile.threats import Register
from tests.opened import during, settings_in
from tests.store.samples import candidate, judgement

KEPT = Register()


def _read(head: str = "", title: str = "China publishes twelve points") -> Article:
    article = read_page(page_of(article_html(head, title=title)), Hints())
    assert isinstance(article, Article)
    return article


def _stored(folder: Path, article: Article) -> Settings:
    """A store with what was read, after a run as any other."""
    settings = settings_in(folder)
    came: Page = page_of(article_html())
    kept = Kept(
        candidate=candidate("a", url=came.url, url_key=url_key(came.url)),
        page=came, article=article, judgement=judgement(), source=None,
    )  # fmt: skip

    async def work(run: Run) -> None:
        await run.sight([kept.candidate])
        await append_outcomes(run, [kept])

    during(settings, work)
    return settings


def _says(settings: Settings, *words: str) -> str:
    done = CliRunner().invoke(dateline, [*words, "--config", str(settings.config_dir)])
    assert done.exit_code == 0, done.output
    return done.output


def _titles(settings: Settings) -> list[str]:
    with open_published(settings.store.path) as published:
        return [title for (title,) in published.execute("select title from articles").fetchall()]


@KEPT.of(66)
def sql_in_a_title(folder: Path) -> None:
    title = "Peace'); drop table kept.readings; select ('"
    settings = _stored(folder, _read(title=title))
    assert _titles(settings) == [title]
    _says(settings, "search", title)
    assert _titles(settings) == [title]


@KEPT.of(67)
def formula_in_a_cell(folder: Path) -> None:
    settings = _stored(folder, _read(title='=HYPERLINK("http://evil.test","twelve points")'))
    target = folder / "articles.csv"
    _says(settings, "export", str(target))
    text = target.read_text(encoding="utf-8")
    assert "'=HYPERLINK" in text
    assert ",=" not in text
    assert '"=' not in text


@KEPT.of(68)
def commands_to_a_terminal(folder: Path) -> None:
    said = {
        "@type": "NewsArticle",
        "headline": "China \x1b]0;owned\x07publishes \x9b2Jpoints\u202e",
    }
    head = f'<script type="application/ld+json">{json.dumps(said)}</script>'
    settings = _stored(folder, _read(head, title="China publishes points"))
    shown = _says(settings, "search", "China") + _says(settings, "sql", "from articles")
    assert not any(sign in text for text in (*_titles(settings), shown)
                   for sign in "\x1b\x07\x9b\u202e")  # fmt: skip


@KEPT.of(69)
def script_in_a_title(folder: Path) -> None:
    """Nothing here writes HTML; what stores and prints has no tag left to act elsewhere."""
    title = "&lt;script&gt;alert(1)&lt;/script&gt;China publishes twelve points"
    settings = _stored(folder, _read(title=title))
    assert not any("<script" in text for text in (*_titles(settings), _says(settings, "search",
                                                                            "China")))  # fmt: skip


@KEPT.of(70)
def page_that_calls_itself_anothers(folder: Path) -> None:
    head = (
        '<link rel="canonical" href="https://victim.test/own">'
        '<meta property="og:url" content="https://victim.test/own">'
    )
    article = _read(head)
    assert (article.url, article.canonical_url) == (page_of("").url, "https://victim.test/own")
    settings = _stored(folder, article)
    with open_published(settings.store.path) as published:
        keys = published.execute("select url_key from kept.aliases").fetchall()
        urls = published.execute("select url, canonical_url from articles").fetchall()
    assert keys == [(url_key(page_of("").url),)]
    assert urls == [(page_of("").url, "https://victim.test/own")]


@KEPT.of(71)
def structured_data_without_end(folder: Path) -> None:  # noqa: ARG001
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    wide = json.dumps({"@type": "NewsArticle", "author": [{"name": "A B"}] * 120_000})
    for data in (deep, wide):
        article = _read(f'<script type="application/ld+json">{data}</script>')
        assert article.title == "China publishes twelve points"
        assert len(article.authors) <= 20
