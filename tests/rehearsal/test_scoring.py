from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from flows.rehearsal.expected import expect
from flows.rehearsal.observed import ArticleRow, CheckRow, GapRow, Observed, SkipRow
from flows.rehearsal.reprint import outlets_with_reprints
from flows.rehearsal.score import Score, score
from tests.rehearsal.perfect import perfect, run
from tests.rehearsal.places import SEEDS

SEED_TEXTS = {path.name: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")}
EXPECTED = expect(outlets_with_reprints(SEEDS))
PERFECT = perfect(EXPECTED, SEED_TEXTS)
LONDON = "london-cautious-on-beijing-paper"


def _score(observed: Observed) -> Score:
    return score(EXPECTED, observed, SEED_TEXTS)


def _broken_rules(observed: Observed) -> set[str]:
    return {check.rule for check in _score(observed).differences}


def _with(part: str, **fields: Any) -> Observed:
    """The perfect rows, with `fields` of the one article whose URL holds `part` changed."""

    def change(row: ArticleRow) -> ArticleRow:
        return replace(row, **fields) if row.url is not None and part in row.url else row

    return replace(PERFECT, articles=tuple(change(row) for row in PERFECT.articles))


def _without(part: str) -> Observed:
    rows = tuple(row for row in PERFECT.articles if part not in (row.url or ""))
    return replace(PERFECT, articles=rows)


def test_rows_as_expected_score_one() -> None:
    assert [str(check) for check in _score(PERFECT).differences] == []
    assert _score(PERFECT).share == 1.0


def test_an_article_that_is_not_there_is_a_difference_and_says_its_fate() -> None:
    (url,) = [u for piece in EXPECTED.kept for u in piece.urls if LONDON in u]
    observed = replace(
        _without(LONDON), skips=(*PERFECT.skips, SkipRow(url=url, reason="off_topic"))
    )
    (check,) = _score(observed).differences
    assert (check.rule, check.got) == ("found", "skipped: off_topic")


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"title": "The Harbour Courier"}, "title"),
        ({"text": "Something else."}, "whole text"),
        ({"published_precision": "day"}, "day only"),
        ({"published_at": None}, "published"),
        ({"language": "fr"}, "language"),
        ({"authors": ("Staff",)}, "authors"),
        ({"free_to_read": False}, "free to read"),
        ({"revisions": 1}, "revisions"),
        ({"story_id": "seed:000_8a67bef3e646ac09.txt"}, "apart"),
    ],
)
def test_each_field_that_differs_breaks_its_rule(fields: dict[str, Any], rule: str) -> None:
    assert rule in _broken_rules(_with(LONDON, **fields))


def test_furniture_in_the_text_breaks_its_rule() -> None:
    (row,) = [row for row in PERFECT.articles if LONDON in (row.url or "")]
    text = row.text + "\n\nSign up for our morning newsletter and never miss a headline."
    assert _broken_rules(_with(LONDON, text=text)) == {"no furniture"}


def _doubled(observed: Observed) -> Observed:
    twin = next(row for row in observed.articles if LONDON in (row.url or ""))
    return replace(
        observed, articles=(*observed.articles, replace(twin, article_id="x", story_id="x"))
    )


def _off_topic_kept(observed: Observed) -> Observed:
    first = observed.articles[-1]
    url = next(left.url for left in EXPECTED.left)
    row = replace(first, article_id="y", story_id="y", url=url)
    return replace(observed, articles=(*observed.articles, row))


def _stranger(observed: Observed) -> Observed:
    row = replace(observed.articles[-1], article_id="z", story_id="z", url="http://x.test/")
    return replace(observed, articles=(*observed.articles, row))


def _wrong_reason(observed: Observed) -> Observed:
    first, *others = observed.skips
    return replace(observed, skips=(replace(first, reason="reader_crashed"), *others))


def _unbalanced(observed: Observed) -> Observed:
    return replace(observed, runs=(run(stored=0, candidates=3),))


def _stored_again(observed: Observed) -> Observed:
    return replace(observed, runs=(run(stored=1),))


def _without_gap(observed: Observed) -> Observed:
    return replace(observed, gaps=())


def _gap_left_open(observed: Observed) -> Observed:
    gap = GapRow(source_id="rolling_bulletin", cause="rolled_over")
    return replace(observed, gaps=(*observed.gaps, gap))


def _failing_source(observed: Observed) -> Observed:
    check = CheckRow(source_id="meridian_press", status="failed", rolled_over=False)
    return replace(observed, checks=(*observed.checks, check))


def _unseen(observed: Observed) -> Observed:
    return replace(observed, sightings=())


def _seedless(observed: Observed) -> Observed:
    rows = tuple(row for row in observed.articles if row.origin != "seed")
    return replace(observed, articles=rows)


@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (_doubled, "once"),
        (_off_topic_kept, "kept out"),
        (_stranger, "nothing else"),
        (_wrong_reason, "reason"),
        (_unbalanced, "balanced"),
        (_stored_again, "nothing new is nothing"),
        (_without_gap, "gap open"),
        (_gap_left_open, "gap open"),
        (_failing_source, "source status"),
        (_unseen, "seen by each source"),
        (_seedless, "seeds"),
    ],
)
def test_each_broken_promise_is_named(spoil: Callable[[Observed], Observed], rule: str) -> None:
    assert rule in _broken_rules(spoil(PERFECT))


def test_a_copy_left_in_a_story_of_its_own_is_named() -> None:
    observed = _with("beijing-lists-terms", story_id="own", copy_of=None, copy_kind=None)
    assert _broken_rules(observed) == {"same story", "copy of", "copy kind"}


def test_the_score_counts_by_rule() -> None:
    rules = {rule: (hold, made) for rule, hold, made in _score(_without(LONDON)).by_rule()}
    assert rules["found"] == (len(EXPECTED.kept) - 1, len(EXPECTED.kept))
