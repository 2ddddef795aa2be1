from datetime import UTC, datetime, timedelta

import pytest

from flows.browse.diffs import line_pair, pairs
from flows.browse.words import after, marked, moment, short
from flows.topic.marking import Marker

NOON = datetime(2023, 2, 24, 12, tzinfo=UTC)


def test_a_day_is_never_shown_as_a_time() -> None:
    assert moment(NOON, "day") == "2023-02-24"
    assert moment(NOON, "second") == "2023-02-24 12:00 UTC"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "at once"), (5, "+5 min"), (185, "+3 h 05"), (3000, "+2 d 2 h"), (-90, "−1 h 30")],
)
def test_how_long_after_is_said_in_the_unit_that_fits(minutes: int, said: str) -> None:
    assert after(NOON, NOON + timedelta(minutes=minutes)) == said


@pytest.mark.parametrize("text", ["x" * 1_000_000, "word " * 300_000, "字" * 500_000])
def test_a_text_of_any_length_is_short_when_short_is_asked(text: str) -> None:
    assert len(short(text)) <= 242


def test_terms_and_evidence_are_marked_and_all_else_is_escaped() -> None:
    shown = marked(
        "The <b>peace plan</b> & more.", Marker(["peace plan"]), ["peace plan</b> & more."]
    )
    assert "<b>" not in shown
    assert '<mark title="peace plan">peace plan</mark>' in shown
    assert '<span class="evidence">&lt;/b&gt; &amp; more.</span>' in shown


def test_a_paragraph_added_and_one_rewritten_stand_beside_what_they_replace() -> None:
    found = pairs("One.\n\nTwo two.\n\nThree.", "One.\n\nTwo too.\n\nNew.\n\nThree.")
    assert [pair.changed for pair in found] == [False, True, True, False]
    assert [run.text.strip() for run in found[1].before if run.kind == "removed"] == ["two."]
    assert found[2].before == ()


def test_two_long_texts_are_compared_without_waiting() -> None:
    old, new = "word " * 12_000, "term " * 12_000
    (pair,) = pairs(old, new)
    assert [run.kind for run in pair.both] == ["removed", "added"]


def test_headlines_without_words_are_compared_too() -> None:
    assert not line_pair(None, "").changed
    assert line_pair(None, "A title").changed
