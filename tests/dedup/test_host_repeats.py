"""What the pages of a host repeat is told from what its articles say."""

from itertools import permutations

import pytest

from flows.core import EndCount, MetPage
from flows.dedup.host_repeats import (
    met_page,
    repeated_ends,
    repeated_lines,
    walls,
    without_lines,
)
from tests.dedup.texts import ELSEWHERE, WIRE

BOX = "Every morning at six: the five stories that matter, sent to you by our night desk."
PITCH = "You have read three of your free stories for this month, so here is our best offer."
PROMISES = {
    "harbour": "harbour dredged before autumn storms",
    "orchestra": "musicians play unpaid until Christmas",
    "glacier": "ice retreats faster than feared",
}
SUBJECTS = ("harbour", "orchestra", "glacier", "parliament", "bakery", "airport")


def page(slug: str, text: str, *, title: str | None = None, claimed: str | None = None) -> MetPage:
    url = f"https://www.daily.test/{slug}"
    return met_page(url, url[12:], url, claimed, title, text, text_print=str(hash(text)))


def slug(promise: str) -> str:
    return promise.lower().replace(" ", "-")


def story(subject: str, *extra: str) -> str:
    lines = (
        f"The {subject} was the talk of the town on Friday, when the council met for hours.",
        f"Nobody had seen the {subject} in such a state, said the oldest of the councillors.",
        f"A vote on the {subject} was put off until the money for it can be found.",
    )
    return "\n\n".join((*lines, *extra))


def articles(*extra: str, of: tuple[str, ...] = SUBJECTS) -> list[MetPage]:
    return [page(f"council-puts-off-{s}-vote", story(s, *extra), title=f"No {s} vote")
            for s in of]  # fmt: skip


def test_a_line_on_three_articles_is_the_hosts() -> None:
    repeated = repeated_lines(articles(BOX, of=SUBJECTS[:3]))
    assert without_lines(story("harbour", BOX), repeated) == story("harbour").replace("\n\n", "\n")


def test_a_line_on_two_articles_is_theirs() -> None:
    assert repeated_lines(articles(BOX, of=SUBJECTS[:2]) + articles(of=SUBJECTS[2:])) == frozenset()


def test_a_line_on_few_of_many_articles_is_theirs() -> None:
    many = [page(f"report-number-{n}-on-nothing", f"Nothing happened in district {n} today.",
                 title=f"District {n}") for n in range(40)]  # fmt: skip
    assert repeated_lines(articles(BOX, of=SUBJECTS[:3]) + many) == frozenset()


def test_forms_of_one_article_repeat_nothing() -> None:
    forms = [page(f"{way}a-day-at-the-harbour", WIRE, title="A day at the harbour")
             for way in ("", "print/", "news/", "amp/now/")]  # fmt: skip
    assert repeated_lines(forms) == frozenset()


def test_versions_of_one_story_under_new_headlines_repeat_nothing() -> None:
    versions = [page(f"version-{n}-of-{s}-news", f"{WIRE}\n\nAnd on the {s} side, nothing new.",
                     title=f"Now the {s} is in doubt") for n, s in enumerate(SUBJECTS)]  # fmt: skip
    assert repeated_lines(versions) == frozenset()


def test_instalments_under_one_title_repeat_nothing() -> None:
    daily = [page(f"briefing-of-the-day-{s}", story(s, BOX), title="The briefing of the day")
             for s in SUBJECTS]  # fmt: skip
    assert repeated_lines(daily) == frozenset()


def test_the_order_of_pages_does_not_matter() -> None:
    found = {repeated_lines(order) for order in permutations(articles(BOX, of=SUBJECTS[:4]))}
    assert len(found) == 1


def test_a_text_of_nothing_else_keeps_its_lines() -> None:
    repeated = repeated_lines(articles(BOX, PITCH))
    assert without_lines(f"{BOX}\n{PITCH}", repeated) == f"{BOX}\n{PITCH}"


def test_one_text_under_three_promises_is_a_wall() -> None:
    met = [page(slug(promise), WIRE, title="Read on") for promise in PROMISES.values()]
    assert walls(met) == (frozenset(one.url_key for one in met),)


def test_two_promises_are_a_changed_headline() -> None:
    met = [page(slug(promise), WIRE, title="Read on") for promise in PROMISES.values()]
    assert walls(met[:2]) == ()


def test_a_wall_that_tells_the_time_is_one() -> None:
    lines = WIRE.split("\n")
    met = [page(slug(promise), "\n".join((*lines, f"It is {n} o'clock.")), title="Read on")
           for n, promise in enumerate(PROMISES.values())]  # fmt: skip
    assert len(walls(met)) == 1


def test_a_long_document_printed_under_three_headlines_is_none() -> None:
    long = "\n\n".join(f"{WIRE} ({n})" for n in range(6))
    met = [page(slug(promise), long, title=promise) for promise in PROMISES.values()]
    assert walls(met) == ()


def test_a_pitch_under_the_articles_own_headlines_is_a_wall() -> None:
    met = [page(slug(promise), PITCH, title=promise) for promise in PROMISES.values()]
    assert len(walls(met)) == 1


def test_a_section_in_the_address_promises_nothing() -> None:
    met = [page(f"all-the-world-news/{n}{n}{n}.html", WIRE) for n in range(1, 5)]
    assert walls(met) == ()


@pytest.mark.parametrize(("pages", "found"), [(5, 0), (6, 1)])
def test_numbers_alone_promise_less(pages: int, found: int) -> None:
    met = [page(f"news/{4000 + n}.html", WIRE) for n in range(pages)]
    assert len(walls(met)) == found


def test_titles_tell_apart_what_addresses_do_not() -> None:
    met = [page(f"all-the-world-news/{4000 + n}.html", WIRE, claimed=promise)
           for n, promise in enumerate(PROMISES.values())]  # fmt: skip
    assert len(walls(met)) == 1


def test_articles_that_share_nothing_are_no_wall() -> None:
    assert walls([*articles(BOX), page("elsewhere-on-that-day", ELSEWHERE)]) == ()


def test_most_titles_of_a_host_end_with_its_name() -> None:
    counts = [
        EndCount(host="daily.test", end="Daily", titles=9, titles_of_host=10),
        EndCount(host="daily.test", end="World", titles=4, titles_of_host=10),
        EndCount(host="young.test", end="Young", titles=2, titles_of_host=2),
    ]
    assert repeated_ends(counts) == {"daily.test": ("Daily",)}
