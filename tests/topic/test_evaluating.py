"""Measuring the rules on labels."""

import pytest

from flows.topic.evaluating import (
    CalibrationBin,
    Quality,
    calibration,
    judged_labels,
    language_of,
    quality,
    quality_by,
    week_of,
    worst_mistakes,
)
from flows.topic.labels import Labelled
from tests.topic.writing import topic

RULES = topic(
    '[groups.a]\nany = ["yes"]\n[groups.b]\nany = ["maybe"]',
    """
    [[rule]]
    name = "yes"
    all_of = ["a"]
    points = 3
    [[rule]]
    name = "maybe"
    all_of = ["b"]
    points = 1
    """,
)


def labelled(label: int, title: str, language: str = "en", day: str = "2023-03-06") -> Labelled:
    return Labelled(label=label, title=title, text="", language=language, day=day)


JUDGED = judged_labels(
    [
        labelled(2, "yes"),
        labelled(2, "maybe", "pl"),
        labelled(2, "no", "pl", ""),
        labelled(1, "yes"),
        labelled(0, "yes"),
        labelled(0, "maybe"),
        labelled(0, "no"),
    ],
    RULES,
)


def test_what_must_be_found_is_counted_against_what_must_be_left() -> None:
    found = quality(JUDGED)
    assert found == Quality(
        name="all",
        about=3,
        about_kept=1,
        about_stored=2,
        off=3,
        off_kept=1,
        off_stored=2,
        beside=1,
        beside_kept=1,
    )
    assert [found.recall, found.precision] == pytest.approx([1 / 3, 1 / 2])
    assert [found.stored_recall, found.stored_precision] == pytest.approx([2 / 3, 1 / 2])


def test_parts_are_measured_apart() -> None:
    assert [(one.name, one.about) for one in quality_by(JUDGED, language_of)] == [
        ("en", 1),
        ("pl", 2),
    ]
    assert [one.name for one in quality_by(JUDGED, week_of)] == ["2023-W10", "undated"]


def test_nothing_to_count_gives_no_error() -> None:
    assert (quality([]).recall, quality([]).precision) == (0.0, 0.0)


def test_calibration_says_what_share_was_relevant() -> None:
    bins = calibration(judged_labels([labelled(2, "yes"), labelled(1, "yes")], RULES))
    assert bins == [CalibrationBin(low=0.5, high=0.75, articles=2, said=0.7311, found=0.75)]


def test_the_surest_mistakes_come_first() -> None:
    shown = [(one.labelled.label, one.labelled.title) for one in worst_mistakes(JUDGED, 2)]
    assert shown == [(2, "no"), (2, "maybe")]
