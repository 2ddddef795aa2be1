"""Text that must not be lost, and text that nobody sees: the ways pages set their paragraphs."""

import json

import pytest

from flows.core import Article
from flows.extraction import Hints
from flows.extraction.article import read_page
from tests.extraction.pages import page

NAME = "China offers twelve points to end the war"
TEXT = (
    "China set out a position of twelve points on the war in Ukraine on Friday and called for a "
    "ceasefire and for direct talks, one year after the fighting began.",
    "The paper, which the foreign ministry put on its site in the morning, says that the "
    "sovereignty of all countries must be respected and that no nuclear weapons may be used.",
    "Officials in Brussels answered with caution and said that the proposal named no aggressor, "
    "while a spokesman in Kyiv welcomed the parts about territory and grain exports.",
    "Diplomats who follow the file said that Beijing would send an envoy to five capitals in the "
    "coming weeks, among them Warsaw, Berlin and Paris, before any meeting of leaders.",
    "Analysts were divided over whether the mediation could bring the sides to one table, since "
    "neither has given up its aims and the front has hardly moved since the autumn.",
    "The government in Moscow said it shared many of the considerations, but that it saw no "
    "conditions for a settlement at this time and would go on with its operation.",
)


def _read(body: str, head: str = "") -> Article:
    html = (
        f'<!doctype html><html lang="en"><head><title>{NAME} - The Ledger</title>'
        '<meta property="article:published_time" content="2023-02-24T09:30:00Z">'
        f"{head}</head><body><nav><a href='/'>Home</a> <a href='/world'>World</a></nav>"
        f"<h1>{NAME}</h1>{body}<footer><p>About us. Terms of use. Contact.</p></footer></body>"
    )
    read = read_page(page(html), Hints())
    assert isinstance(read, Article)
    return read


def _p(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _in_second(tag: str) -> str:
    second = TEXT[1].replace("foreign ministry", f"<{tag}>foreign ministry</{tag}>")
    return f"<article>{_p(TEXT[0], second, *TEXT[2:])}</article>"


@pytest.mark.parametrize(
    "body",
    [
        *map(_in_second, ("button", "label", "time", "output", "object", "a")),
        _p(*TEXT[:2]) + f"<ul><li>{TEXT[2]}</li><li>{TEXT[3]}</li></ul>" + _p(*TEXT[4:]),
        f"<article>{_p(TEXT[0])}<p><a href='/a'><b>{TEXT[1]}</b></a></p>{_p(*TEXT[2:])}</article>",
        f"<article>{_p(TEXT[0])}<p><a href='/a'>{TEXT[1]}</a></p>{_p(*TEXT[2:])}</article>",
        "<pre>" + "\n\n".join(TEXT) + "</pre>",
        "<div class='story'>" + "<br><br>".join(TEXT) + "</div>",
        "<div class='story'>" + "".join(
            text if n % 2 == 0 else f"<p>{text}</p>" for n, text in enumerate(TEXT)
        ) + "</div>",
        "<article>" + "".join(
            f"<p>{text}</p>" if n % 2 == 0 else text for n, text in enumerate(TEXT)
        ) + "</article>",
        f"<article><div class=lead>{TEXT[0]}</div>{_p(*TEXT[1:])}</article>",
        f"<center>{_p(*TEXT)}</center>",
        "<div id='text'>" + "".join(f"<div>{text}</div>" for text in TEXT) + "</div>",
        f"<form action='/'>{_p(*TEXT)}</form>",
    ],
)  # fmt: skip
def test_no_paragraph_is_lost_by_how_it_is_set(body: str) -> None:
    assert _read(body).text == "\n\n".join(TEXT)


@pytest.mark.parametrize(
    "unseen",
    [
        f"<div class='pull-quote'>{_p(TEXT[1])}</div>",
        f"<p hidden>{TEXT[1]}</p>",
        f"<aside class='pullquote'><p>{TEXT[1]}</p></aside>",
        "<p style='visibility:hidden'>This text was made for the crawlers of search engines and "
        "is not shown to any reader of it at all.</p>",
        "<span class='sr-only'>Opens in a new window, for those who listen to the page.</span>",
    ],
)
def test_what_nobody_reads_or_reads_twice_is_no_text(unseen: str) -> None:
    body = f"<article>{_p(*TEXT[:3])}{unseen}{_p(*TEXT[3:])}</article>"
    assert _read(body).text == "\n\n".join(TEXT)


def test_a_text_that_stands_only_in_a_script_is_read_from_there() -> None:
    state = json.dumps({"props": {"pageProps": {"article": {"body": _p(*TEXT)}}}})
    script = f'<script id="__NEXT_DATA__" type="application/json">{state}</script>'
    read = _read(f"<div id='__next'><article>{_p(TEXT[0])}</article></div>{script}")
    assert (read.text, read.extractor) == ("\n\n".join(TEXT), "script")


def test_json_ld_that_goes_on_where_the_teaser_ends_is_the_text() -> None:
    node = {"@type": "NewsArticle", "headline": NAME, "articleBody": "\n\n".join(TEXT)}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    read = _read(f"<article>{_p(*TEXT[:3])}</article>", head)
    assert (read.text, read.extractor) == ("\n\n".join(TEXT), "json_ld")


def test_json_ld_with_another_text_is_not_believed() -> None:
    node = {"@type": "NewsArticle", "headline": NAME, "articleBody": "Our newsletter. " * 200}
    head = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    assert _read(f"<article>{_p(*TEXT)}</article>", head).text == "\n\n".join(TEXT)


NEXT = (
    "Farmers in the north said on Friday that the harvest would be late this year, after a spring "
    "in which it had hardly rained on the plains behind the hills for nine weeks.",
    "The ministry of agriculture has set up a fund for those who lose more than half of their "
    "wheat, and asks the villages to send in what they have counted before the end of June.",
    "Bakers in the capital do not think that bread will cost more before the autumn comes, as the "
    "mills have bought their grain at the old price and the silos near the port are full.",
)


@pytest.mark.parametrize(
    "following",
    [
        f"<article><h1>A late harvest</h1>{_p(*NEXT)}</article>",
        f"<section><article><h2>A late harvest</h2>{_p(*NEXT)}</article></section>",
    ],
)
def test_the_next_story_on_the_page_is_another_text(following: str) -> None:
    body = f"<main><article>{_p(*TEXT)}</article>{following}</main>"
    assert _read(body).text == "\n\n".join(TEXT)
