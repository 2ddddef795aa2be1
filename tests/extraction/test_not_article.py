# ruff: noqa: E501  a line of HTML or text stays whole
"""Pages that are no articles, each by its own reason."""

from dataclasses import replace

import pytest

from flows.core import Reason
from flows.extraction.not_article import Shape, not_an_article
from tests.extraction.pages import PARAGRAPHS

ARTICLE = Shape(
    url="https://daily.test/world/talks",
    title="Talks begin",
    paragraphs=PARAGRAPHS,
    types=frozenset({"newsarticle"}),
    linked=0.0,
    dated=True,
    passwords=False,
    free_to_read=True,
)
SHORT = (
    "China on Friday called for a ceasefire and published a paper of twelve points on how it sees an end to the war.",
)


def test_an_article_is_one() -> None:
    assert not_an_article(ARTICLE) is None


def test_an_article_about_cookies_is_one() -> None:
    about = (
        *PARAGRAPHS,
        "We value your privacy, the minister said, and asked all to accept cookies.",
    )
    assert not_an_article(replace(ARTICLE, paragraphs=about)) is None


def test_a_login_wall_asks_for_a_password() -> None:
    wall = replace(
        ARTICLE, types=frozenset(), paragraphs=("Please log in to continue.",), passwords=True
    )
    assert not_an_article(wall) is Reason.LOGIN_WALL


def test_a_page_of_links_without_date_is_a_front() -> None:
    front = replace(ARTICLE, types=frozenset(), linked=0.8, dated=False)
    assert not_an_article(front) is Reason.SECTION_FRONT


def test_a_teaser_is_what_its_type_says() -> None:
    teaser = replace(ARTICLE, paragraphs=SHORT)
    assert not_an_article(replace(teaser, types=frozenset({"imagegallery"}))) is Reason.GALLERY
    assert not_an_article(replace(teaser, types=frozenset({"videoobject"}))) is Reason.VIDEO
    assert not_an_article(replace(teaser, types=frozenset({"quiz"}))) is Reason.POLL


def test_an_article_with_a_video_stays_one() -> None:
    types = frozenset({"videoobject", "newsarticle"})
    assert not_an_article(replace(ARTICLE, types=types, paragraphs=SHORT)) is None


def test_next_to_no_words_are_too_short_and_none_are_no_text() -> None:
    assert not_an_article(replace(ARTICLE, paragraphs=("Talks begin.",))) is Reason.TOO_SHORT
    assert not_an_article(replace(ARTICLE, paragraphs=())) is Reason.NO_TEXT


def test_a_pay_wall_without_any_text_is_told_as_such() -> None:
    assert not_an_article(replace(ARTICLE, paragraphs=(), free_to_read=False)) is Reason.PAYWALL


@pytest.mark.parametrize(
    ("types", "url", "article", "reason"),
    [
        ({"discussionforumposting"}, "https://board.test/a", 0.0, Reason.FORUM),
        (set(), "https://board.test/forum/showthread-12", 0.0, Reason.FORUM),
        ({"product"}, "https://shop.test/lamp", 0.0, Reason.PRODUCT),
        (set(), "https://firm.test/services", -2.0, Reason.NO_ARTICLE),
        ({"article"}, "https://firm.test/services", -3.0, Reason.NO_ARTICLE),
        ({"discussionforumposting"}, "https://board.test/a", 4.0, None),
        ({"newsarticle", "product"}, "https://daily.test/forum/lamp", 0.0, None),
        (set(), "https://daily.test/talks", 0.0, None),
        ({"newsarticle"}, "https://daily.test/talks", -2.0, None),
    ],
)
def test_a_page_that_looks_like_no_article_is_what_its_types_and_path_say(
    types: set[str], url: str, article: float, reason: Reason | None
) -> None:
    shape = replace(ARTICLE, types=frozenset(types), url=url, article=article)
    assert not_an_article(shape) is reason
