# ruff: noqa: E501  a line of HTML stays whole
"""Shapes of pages from the wild that no gold holds: how bylines, headlines, fronts and walls vary."""

import pytest

from flows.core import Article, Reason, Skipped
from flows.extraction import Hints
from flows.extraction.article import read_page
from tests.extraction.pages import PARAGRAPHS, article_html, json_ld, page

URL = "https://daily.test/world/paper-of-twelve-points"


def _article(html: str, url: str = URL) -> Article:
    read = read_page(page(html, url), Hints())
    assert isinstance(read, Article), read
    return read


def _reason(html: str, url: str = URL) -> Reason:
    read = read_page(page(html, url), Hints())
    assert isinstance(read, Skipped), read.title
    return read.reason


@pytest.mark.parametrize(
    ("line", "people", "agencies"),
    [
        ("By Jane Doe and John Roe for Reuters", ("Jane Doe", "John Roe"), ("Reuters",)),
        ("By Jane Doe in Kyiv, John Roe in Beijing and agencies", ("Jane Doe", "John Roe"), ()),
        ("AFP, Staff writer", ("AFP",), ("AFP",)),
        ("Jane Doe, Diplomatic Correspondent", ("Jane Doe",), ()),
        ("Jane Doe @janedoe", ("Jane Doe",), ()),
        ("Jane Doe jane@daily.test", ("Jane Doe",), ()),
        ("Von Jane Doe und Max Müller, Kiew", ("Jane Doe", "Max Müller"), ()),
        ("Por Juana Pérez, corresponsal en Kiev", ("Juana Pérez",), ()),
        ("Le Quotidien avec AFP", ("Le Quotidien",), ("AFP",)),
        ("Autor: Jan Kowalski / PAP", ("Jan Kowalski",), ("PAP",)),
        ("Автор: Иван Иванов", ("Иван Иванов",), ()),
        ("كتب: محمد علي", ("محمد علي",), ()),
        ("记者 王小明 李娜 北京报道", ("王小明", "李娜"), ()),
        ("本报记者 王小明", ("王小明",), ()),
        ("北京＝山田太郎", ("山田太郎",), ()),
        ("홍길동 기자 hong@daily.test", ("홍길동",), ()),
    ],
)
def test_bylines_of_many_countries_name_people(
    line: str, people: tuple[str, ...], agencies: tuple[str, ...]
) -> None:
    read = _article(article_html(before=f'<p class="byline">{line}</p>'))
    assert (read.authors, read.agencies) == (people, agencies)


def test_a_label_may_stand_before_names_in_elements_of_their_own() -> None:
    before = "<div><span>By:</span> <a href='/j'>Jane Doe</a>, <a href='/r'>John Roe</a></div>"
    assert _article(article_html(before=before)).authors == ("Jane Doe", "John Roe")


def test_links_to_pages_about_authors_are_a_byline() -> None:
    links = "<a href='/authors/jane-doe'>Jane Doe</a> and <a href='/authors/john-roe'>John Roe</a>"
    subject = "<p>What <a href='/people/max-poe'>Max Poe</a> said</p>"
    assert _article(article_html(before=subject + f"<div>{links}</div>")).authors == (
        "Jane Doe",
        "John Roe",
    )


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe on 24 February 2023, 9:30",
        "Jane Doe February 24, 2023",
        "Written by Jane Doe in Kyiv on 24 February 2023. 51 comments",
        "Jane Doe · 8 min read",
    ],
)
def test_a_byline_ends_where_its_date_begins(line: str) -> None:
    assert _article(article_html(before=f"<p class='byline'>{line}</p>")).authors == ("Jane Doe",)


def test_the_old_microformat_is_read() -> None:
    before = (
        "<span class='author vcard'><span class='fn'>Jane Doe</span></span>"
        "<abbr class='published' title='2023-02-24T01:00:00Z'>last Friday</abbr>"
    )
    read = _article(article_html(before=before))
    assert read.authors == ("Jane Doe",)
    assert read.published is not None
    assert read.published.raw.startswith("2023-02-24")


def test_a_headline_is_no_logo() -> None:
    html = article_html().replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    html = html.replace("<body>", "<body><h1><a href='/'>The Daily Test</a></h1>")
    assert _article(html).title == "China publishes twelve points"


def test_times_are_saved_from_broken_json() -> None:
    broken = '{"@type":"NewsArticle","headline":"a "quoted" word","datePublished":"2023-02-24T01:00:00Z"}'
    read = _article(article_html(json_ld(broken)))
    assert read.published is not None
    assert (read.published.origin, read.published.raw) == ("json_ld", "2023-02-24T01:00:00Z")


def test_a_walled_part_makes_a_page_not_free() -> None:
    walled = (
        '{"@type":"NewsArticle","headline":"China publishes twelve points","hasPart":'
        '{"@type":"WebPageElement","isAccessibleForFree":false,"cssSelector":".rest"}}'
    )
    assert not _article(article_html(json_ld(walled), paragraphs=PARAGRAPHS[:1])).free_to_read


@pytest.mark.parametrize("lang", ["en", "de", "zh", "ar"])
def test_a_front_of_dated_cards_is_one(lang: str) -> None:
    cards = "".join(
        f"<article><h2><a href='/o/{number}'>Story {number}: what was said in Beijing today</a></h2>"
        f"<p>Number {number}. {PARAGRAPHS[number % 3]}</p><time datetime='2023-02-2{number % 9}'>x</time></article>"
        for number in range(12)
    )
    html = f"<html lang='{lang}'><head><title>World</title></head><body><h1>World</h1>{cards}</body></html>"
    assert _reason(html, "https://daily.test/world/") is Reason.SECTION_FRONT


def test_an_article_before_a_list_of_cards_is_one() -> None:
    cards = "".join(
        f"<div class='card'><h3><a href='/o/{number}'>Story {number}: what was said in Beijing</a></h3>"
        f"<p>Number {number}. {PARAGRAPHS[number % 3]}</p></div>"
        for number in range(12)
    )
    read = _article(article_html(after=f"<section>{cards}</section>"))
    assert read.lede == PARAGRAPHS[0]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Page not found", "Sorry, the page you are looking for could not be found. It may have been moved or deleted. Try searching for it, or go back home."),
        ("404 - Seite nicht gefunden", "Die von Ihnen aufgerufene Seite konnte leider nicht gefunden werden. Möglicherweise wurde sie verschoben oder gelöscht. Bitte nutzen Sie die Suche."),
        ("Page introuvable", "La page que vous recherchez est introuvable. Elle a peut-être été déplacée ou supprimée. Utilisez la recherche ou revenez à la page d’accueil."),
        ("页面不存在", "您访问的页面不存在或已被删除，请检查您输入的网址是否正确，或返回首页继续浏览其他新闻内容，感谢您的理解。"),
    ],
)  # fmt: skip
def test_a_page_that_says_it_is_not_there_is_not(title: str, text: str) -> None:
    html = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    assert _reason(html) is Reason.HTTP_404


def test_an_article_about_404_is_one() -> None:
    head = json_ld('{"@type":"NewsArticle","headline":"Page not found: a history"}')
    read = _article(article_html(head, title="Page not found: a history"))
    assert read.title == "Page not found: a history"
