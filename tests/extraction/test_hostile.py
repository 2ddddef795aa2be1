"""Whatever a page puts into its fields, every string that leaves the reader is clean and short."""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core import Article, ClaimedTime, Skipped
from flows.core.text.cleaning import MAX_NAME_CHARS, MAX_TITLE_CHARS
from flows.core.urls import url_key
from flows.extraction import Hints
from flows.extraction.article import read_page
from flows.pipeline.identity import named_keys
from tests.extraction.pages import PARAGRAPHS, article_html, json_ld, page

NASTY = (
    "nul\x00 bell\x07 \x1b[31mred\x1b]0;owned\x07 c1\x9b31m",
    "\u202egnp.exe\u202c \u2066isolate\u2069 \ufeffmark \ufffe\uffff",
    "lone \ud800 surrogate \udfff",
    "<script>alert(1)</script><img src=x onerror=alert(1)>China",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "line\r\nbreak\u2028and\u2029more\x85",
    "A" * 1_000_000,
    "<a " * 100_000,
    "&amp;" * 200_000,
    " - " * 100_000,
    "Jane Doe, " * 50_000,
    "@" * 200_000,
    "e\u0301" * 100_000,
    "=HYPERLINK(\"http://x\")",
    "{{ title }}",
    "1" * 5_000,
)  # fmt: skip
_NEVER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def _hostile(text: str) -> str:
    """A page that says `text` in every field a witness reads."""
    linked = {
        "@type": "NewsArticle", "headline": text, "datePublished": f"2023-02-24T01:00:00Z{text}",
        "dateModified": f"2023-02-25{text}", "author": [{"@type": "Person", "name": text}, text],
        "publisher": {"name": text}, "articleSection": text, "keywords": [text, text],
        "image": text, "inLanguage": text, "description": text, "articleBody": text, "url": text,
    }  # fmt: skip
    said = escape(text.encode("utf-8", "replace").decode())
    head = json_ld(json.dumps(linked).replace("</", "<\\/")) + "".join(
        f'<meta property="{name}" content="{said}">'
        for name in ("og:title", "og:site_name", "article:author", "article:section", "og:url",
                     "article:published_time", "keywords", "og:image", "og:locale")
    )  # fmt: skip
    before = f"<p class='byline'>By {said}</p><time datetime='{said}'>{said}</time>"
    return article_html(head, title=said[:5_000], before=before, paragraphs=(*PARAGRAPHS, said))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, ClaimedTime | Article | Skipped):
        for field in dataclasses.fields(value):
            yield from _strings(getattr(value, field.name))


def _read(text: str) -> Article | Skipped:
    return read_page(page(_hostile(text).encode("utf-8", "replace")), Hints(claimed_title=text))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_what_is_kept_is_clean_and_short(text: str) -> None:
    read = _read(text)
    for string in _strings(read):
        assert _NEVER.search(string.replace("\n", "")) is None
        string.encode()
    assert isinstance(read, Article)
    assert len(read.title or "") <= MAX_TITLE_CHARS
    assert all(len(name) <= MAX_NAME_CHARS for name in (*read.authors, *read.agencies, *read.tags))
    assert len(read.section or "") <= MAX_TITLE_CHARS
    assert "<script" not in (read.title or "")
    assert "<img" not in " ".join(read.authors)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(codec=None), max_size=60))
def test_any_text_at_all_is_read_without_raising(text: str) -> None:
    for string in _strings(_read(text)):
        assert _NEVER.search(string.replace("\n", "")) is None
        string.encode()


def test_a_time_keeps_its_words_without_what_could_act() -> None:
    read = _read("\x1b[31m\u202e")
    assert isinstance(read, Article)
    assert read.published is not None
    assert read.published.at == datetime(2023, 2, 24, 1, tzinfo=UTC)
    assert read.published.raw == "2023-02-24T01:00:00Z[31m"


@pytest.mark.parametrize(
    "canonical",
    [
        "https://256.1../", "https://a..b/", "https://[::1", "https://" + "m." * 900 + "test/",
        "https://www.google.com/amp/s/256.1../x", "https://\u202e/", "//", "\0",
    ],
)  # fmt: skip
def test_an_odd_canonical_address_harms_no_article(canonical: str) -> None:
    html = article_html(f'<link rel="canonical" href="{escape(canonical)}">')
    reading = read_page(page(html), Hints())
    assert isinstance(reading, Article)
    assert reading.url is not None
    keys = named_keys(reading.url, reading)
    assert set(keys) <= {url_key(reading.url), url_key(reading.canonical_url or reading.url)}
