"""Which articles are lists and live blogs, and which only look like them."""

from dataclasses import replace

import pytest

from flows.extraction.forms import Layout, form_of
from tests.extraction.pages import PARAGRAPHS

REPORT = Layout(
    title="China publishes twelve points",
    url="https://daily.test/world/paper-of-twelve-points",
    paragraphs=PARAGRAPHS,
    headings=frozenset(),
    points=frozenset(),
    moments=1,
    live=False,
)
ITEM = "The paper asks both sides to stop shooting, to talk, and to let the grain leave the ports."


def _headed(*headings: str, item: str = ITEM) -> Layout:
    paragraphs = tuple(text for heading in headings for text in (heading, item))
    return replace(REPORT, paragraphs=paragraphs, headings=frozenset(headings))


def test_running_text_is_an_article() -> None:
    assert form_of(REPORT) == "article"


@pytest.mark.parametrize(
    "headings",
    [
        ("1. Talks", "2. Grain", "3. Prisoners"),
        ("3) Talks", "2) Grain", "1) Prisoners"),
        ("١. محادثات", "٢. حبوب", "٣. أسرى"),
        ("Talks", "Grain", "Prisoners", "Sanctions", "Plants", "Aid"),
    ],
    ids=["upwards", "downwards", "Arabic digits", "many and short"],
)
def test_headed_items_make_a_list(headings: tuple[str, ...]) -> None:
    assert form_of(_headed(*headings)) == "list"


def test_a_headline_that_promises_as_many_things_makes_a_list() -> None:
    layout = _headed("Talks", "Grain", "Prisoners", "Sanctions", "Plants", item=ITEM * 6)
    assert form_of(layout) == "article"
    assert form_of(replace(layout, title="5 things to know about the paper")) == "list"


@pytest.mark.parametrize("title", ["4 suspects held", "12 dead in fire", "Up 5 % in May"])
def test_other_numbers_promise_nothing(title: str) -> None:
    assert form_of(replace(_headed("Talks", "Grain", "Aid", "Law"), title=title)) == "article"


def test_points_make_a_list_where_they_are_most_of_the_text() -> None:
    points = tuple(f"{ITEM} Point {number}." for number in range(6))
    layout = replace(REPORT, paragraphs=(PARAGRAPHS[0], *points), points=frozenset(points))
    assert form_of(layout) == "list"
    assert form_of(replace(layout, paragraphs=(*PARAGRAPHS * 3, *points))) == "article"


def test_subheadings_of_a_report_make_none() -> None:
    assert form_of(_headed(*"abcdefg", item=" ".join(PARAGRAPHS) * 2)) == "article"


def test_questions_and_answers_make_none() -> None:
    assert form_of(_headed(*(f"What is {letter}?" for letter in "abcdefg"))) == "article"


def test_a_live_blog_says_so_in_its_mark_up_or_proves_it_by_its_times() -> None:
    called = replace(REPORT, title="Talks: live updates", moments=5)
    assert form_of(replace(REPORT, live=True)) == "live"
    assert form_of(called) == "live"
    assert form_of(replace(called, moments=2)) == "article"
    assert form_of(replace(called, title="Talks alive, delivery near")) == "article"
