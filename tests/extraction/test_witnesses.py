# ruff: noqa: E501  a line of HTML or text stays whole
"""What the smaller witnesses find: meta tags, microdata, headings, bylines, date lines, URLs."""

import pytest
from lxml.html import HtmlElement, document_fromstring

from flows.core.text.months import month_named
from flows.core.urls import site_labels
from flows.extraction.witnesses.bylines import bylines
from flows.extraction.witnesses.claims import Kind
from flows.extraction.witnesses.date_lines import text_dates, url_dates
from flows.extraction.witnesses.headings import headings, time_elements, window_title
from flows.extraction.witnesses.lines import standfirst
from flows.extraction.witnesses.meta_tags import meta_tags
from flows.extraction.witnesses.microdata import microdata
from flows.extraction.witnesses.tags import tags_of
from tests.extraction.pages import PARAGRAPHS, article_html


def _tree(html: str) -> HtmlElement:
    return document_fromstring(html)


def test_meta_names_that_mean_the_same_are_one() -> None:
    tree = _tree(
        '<html><head><meta property="og:title" content="Talks"><meta name="parsely-title" content="X">'
        '<meta name="DC.date.issued" content="2023-02-24"><meta name="author" content="Jane Doe">'
        '<meta property="og:site_name" content="Daily"><link rel="canonical" href="/a"></head></html>'
    )
    meta = meta_tags(tree)
    assert (meta.titles, meta.published) == (("Talks", "X"), ("2023-02-24",))
    assert [credit.name for credit in meta.credits] == ["Jane Doe"]
    assert (meta.site_names, meta.canonical_urls) == (("Daily",), ("/a",))


def test_wordpress_labels_name_the_author() -> None:
    head = '<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Jane Doe">'
    assert [c.name for c in meta_tags(_tree(f"<html><head>{head}</head></html>")).credits] == [
        "Jane Doe"
    ]


def test_content_tier_tells_a_pay_wall() -> None:
    head = '<meta property="article:content_tier" content="locked">'
    assert meta_tags(_tree(f"<html><head>{head}</head></html>")).free_to_read is False


def test_microdata_of_the_article_and_not_of_its_comments() -> None:
    html = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">Talks</h1>'
        '<time itemprop="datePublished" datetime="2023-02-24">today</time>'
        '<span itemprop="author" itemtype="https://schema.org/Person"><b itemprop="name">Jane Doe</b></span>'
        '<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">Troll</span></div></div>'
    )
    micro = microdata(_tree(html))
    assert (micro.titles, micro.published) == (("Talks",), ("2023-02-24",))
    assert [(c.name, c.kind) for c in micro.credits] == [("Jane Doe", Kind.PERSON)]


def test_a_breadcrumbs_h1_is_no_visible_heading() -> None:
    html = "<ul class='breadcrumb'><li><h1>For search engines</h1></li></ul><h1>For readers</h1>"
    assert headings(_tree(html)).titles == ("For readers",)


def test_styles_inside_a_heading_are_not_its_text() -> None:
    assert headings(_tree("<h1><style>.a{}</style>Talks <b>begin</b></h1>")).titles == (
        "Talks begin",
    )


def test_the_window_title_is_the_heads_own() -> None:
    html = "<html><head><title>Talks - Daily</title></head><svg><title>icon</title></svg></html>"
    assert window_title(_tree(html)).titles == ("Talks - Daily",)


def test_time_elements_in_asides_are_not_heard() -> None:
    html = "<aside><time datetime='2020-01-01'></time></aside><time datetime='2023-02-24'></time>"
    assert time_elements(_tree(html)).published == ("2023-02-24",)


@pytest.mark.parametrize(
    "before",
    [
        "<p>By Jane Doe</p>",
        "<a rel='author' href='/j'>Jane Doe</a>",
        "<p class='byline'>Jane Doe</p>",
        "<p>Written by <a href='/j'>Jane Doe</a></p>",
        "<p>Jane Doe | Senior Writer | 24 February 2023</p>",
        "<h3>Author</h3><p>Jane Doe</p>",
    ],
)
def test_bylines_are_seen(before: str) -> None:
    found = bylines(_tree(article_html(before=before))).credits
    assert "Jane Doe" in found[0].name


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("24 February 2023, 09:30", "2023-02-24 09:30"),
        ("Feb. 24, 2023 9:30 p.m. EST", "2023-02-24 09:30 pm EST"),
        ("24. Februar 2023 um 9:30 Uhr", "2023-02-24 09:30"),
        ("24 de febrero de 2023", "2023-02-24"),
        ("24 février 2023 à 09h30", "2023-02-24 09:30"),
        ("24 февраля 2023, 09:30", "2023-02-24 09:30"),
        ("24 лютого 2023", "2023-02-24"),
        ("24.02.2023 09:30", "2023-02-24 09:30"),
        ("Fr 24.02.23 | 09:30 Uhr", "2023-02-24 09:30"),
        ("2023年2月24日 09:30", "2023-02-24 09:30"),
        ("2023/02/24 09:30", "2023-02-24 09:30"),
        ("24 شباط 2023", "2023-02-24"),
    ],
)
def test_date_lines_are_read_in_many_languages(line: str, date: str) -> None:
    tree = _tree(article_html(before=f"<p>{line}</p>"))
    assert text_dates(tree, month_first=False).published == (date,)


def test_month_and_day_are_in_the_languages_order() -> None:
    tree = _tree(article_html(before="<p>02/11/2023</p>"))
    assert text_dates(tree, month_first=True).published == ("2023-02-11",)
    assert text_dates(tree, month_first=False).published == ("2023-11-02",)


def test_a_month_that_languages_disagree_on_is_none() -> None:
    assert (month_named("listopada"), month_named("lipca"), month_named("lipnja")) == (None, 7, 6)


@pytest.mark.parametrize(
    ("url", "days"),
    [
        ("https://d.test/2023/02/24/talks", ("2023-02-24",)),
        ("https://d.test/world/20230224-talks", ("2023-02-24",)),
        ("https://d.test/world/2023/feb/24/talks", ("2023-02-24",)),
        ("https://d.test/world/2023/02/talks", ()),
        ("https://d.test/world/120200622120908039/talks", ()),
        ("https://d.test/world?on=2023-02-24", ()),
    ],
)
def test_days_in_urls_are_whole_days(url: str, days: tuple[str, ...]) -> None:
    assert url_dates(url).published == days


def test_a_site_is_called_by_its_host() -> None:
    assert site_labels("https://www.daily-news.co.uk/a") == ("daily-news.co.uk", "daily-news")


def test_tags_in_one_string_are_several() -> None:
    tree = _tree(
        '<html><head><meta name="keywords" content="China, Ukraine,#peace,China"></head></html>'
    )
    assert tags_of((meta_tags(tree),)) == ("China", "Ukraine", "peace")


def test_a_lede_in_a_box_of_its_own_is_found_by_its_description() -> None:
    lede = "China has put forward a paper of twelve points that asks both sides to stop shooting and to talk, one year on."
    tree = _tree(article_html(before=f"<div class='intro'>{lede}</div>"))
    assert standfirst(tree, (lede[:110] + "…",), PARAGRAPHS) is None or len(lede) >= 120
    longer = lede + " Kyiv wants to read it first."
    tree = _tree(article_html(before=f"<div class='intro'>{longer}</div>"))
    assert standfirst(tree, (longer[:110] + "…",), PARAGRAPHS) == longer
    assert standfirst(tree, (longer,), (longer, *PARAGRAPHS)) is None


@pytest.mark.parametrize(
    "element",
    [
        "<time itemprop='dateModified' datetime='2023-02-26'>26 Feb</time>",
        "<p>Updated: <time datetime='2023-02-26'>26 Feb</time></p>",
        "<p><span>Last updated</span><time datetime='2023-02-26'>26 Feb</time></p>",
        "<time class='entry-date updated' datetime='2023-02-26'>26 Feb</time>",
    ],
)
def test_a_time_element_of_a_change_dates_no_publication(element: str) -> None:
    times = time_elements(_tree(article_html(before=element)))
    assert (times.published, times.modified) == ((), ("2023-02-26",))


def test_a_post_of_a_live_blog_is_no_change() -> None:
    post = "<div class='live-update'><time datetime='2023-02-24T10:00Z'>10:00</time></div>"
    assert time_elements(_tree(article_html(before=post))).published == ("2023-02-24T10:00Z",)


def test_a_visible_date_of_change_dates_no_publication() -> None:
    before = "<p>Published: 24 February 2023</p><div>Updated</div><div>26 February 2023</div>"
    tree = _tree(article_html(before=before))
    assert text_dates(tree, month_first=False).published == ("2023-02-24",)


def test_of_several_articles_marked_up_the_first_with_a_headline_speaks() -> None:
    scope = "itemscope itemtype='https://schema.org/NewsArticle'"
    card = (
        f"<div {scope}><b itemprop='headline'>A storm</b><i itemprop='author'>John Roe</i></div>"
        "<p><span itemprop='author'>Max Poe</span></p>"
    )
    main = (
        f"<article {scope}><h1 itemprop='headline'>Talks</h1><span itemprop='author'>Jane Doe</span>"
        "<meta itemprop='datePublished' content='2023-02-24'></article>"
    )
    claims = microdata(_tree(f"<html><body>{main}{card}</body></html>"))
    assert claims.titles == ("Talks",)
    assert [credit.name for credit in claims.credits] == ["Jane Doe"]
    assert claims.published == ("2023-02-24",)


def test_who_looked_at_a_text_is_in_no_byline() -> None:
    html = article_html(before="<p class='author'>Reviewed by John Roe</p><p>By Jane Doe</p>")
    assert [credit.name for credit in bylines(_tree(html)).credits] == ["By Jane Doe"]


@pytest.mark.parametrize(
    "passing",
    [
        "<p>The paper was put on the site on <time datetime='2019-05-12'>12 May</time> and it says "
        "that talks should begin.</p>",
        "<figure><figcaption>Seen on <time datetime='2019-05-12'>12 May</time></figcaption></figure>",
        "<div class='comments'><time datetime='2019-05-12'>12 May 2019</time></div>",
        "<ul class='related-stories'><li><time datetime='2019-05-12'>12 May</time></li></ul>",
    ],
)
def test_a_time_of_something_else_is_not_heard(passing: str) -> None:
    assert time_elements(_tree(article_html(before=passing))).published == ()


@pytest.mark.parametrize(
    "line",
    [
        "On 12 May 2019 the ministry said that it would send a paper to all of the capitals.",
        "Am 12. Mai 2019 hatte das Ministerium gesagt, dass es ein Papier an alle Staaten schicken will.",
    ],
)
def test_a_date_inside_a_sentence_is_no_date_line(line: str) -> None:
    assert (
        text_dates(_tree(article_html(before=f"<p>{line}</p>")), month_first=False).published == ()
    )
