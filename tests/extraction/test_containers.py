"""Bodies in several containers, and articles that follow."""

import pytest
from lxml.html import document_fromstring

from flows.extraction.containers import long_paragraphs, whole_of, without_following
from tests.extraction.pages import PARAGRAPHS

MORE = tuple(f"{text} So it was said on day {day}." for day, text in enumerate(PARAGRAPHS))


def _box(paragraphs: tuple[str, ...], mark: str = "chunk") -> str:
    return f"<div class='{mark}'>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</div>"


def _whole(html: str, read: tuple[str, ...]) -> tuple[str, ...] | None:
    return whole_of(long_paragraphs(document_fromstring(html)), read)


def test_a_body_goes_on_in_the_next_container_of_its_kind() -> None:
    read = tuple(text[::-1] for text in PARAGRAPHS)
    html = f"<article>{_box(read)}<aside>Ad</aside>{_box(MORE)}</article>"
    assert _whole(html, read) == (*read, *MORE)


def test_a_container_of_another_kind_is_not_joined() -> None:
    html = f"<article>{_box(PARAGRAPHS)}{_box(MORE, 'comments')}</article>"
    assert _whole(html, PARAGRAPHS) is None


def test_a_container_of_another_article_is_not_joined() -> None:
    html = f"<article>{_box(PARAGRAPHS)}</article><article>{_box(MORE)}</article>"
    assert _whole(html, PARAGRAPHS) is None


@pytest.mark.parametrize("heading", ["h1", "h2"])
def test_the_next_article_of_an_endless_page_is_left_out_with_its_headline(heading: str) -> None:
    other = tuple(text[::-1] for text in PARAGRAPHS)
    head = f"<{heading}>Next</{heading}>"
    html = f"<article>{_box(PARAGRAPHS)}</article><article>{head}{_box(other)}</article>"
    found = long_paragraphs(document_fromstring(html))
    assert without_following(found, (*PARAGRAPHS, "Next", *other)) == PARAGRAPHS


def test_posts_of_a_live_blog_stay() -> None:
    posts = tuple(
        f"{text} It was {hour} o'clock." for hour in range(8, 14) for text in PARAGRAPHS[:1]
    )
    html = "".join(f"<article><h2>Post</h2><p>{text[::-1]}</p></article>" for text in posts)
    read = tuple(text[::-1] for text in posts)
    assert without_following(long_paragraphs(document_fromstring(html)), read) == read
