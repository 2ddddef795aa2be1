"""Sentences say how many there are of something as people do."""

import pytest

from flows.core.text.cleaning import how_many


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 days of sources"), (1, "1 day of sources"), (1200, "1,200 days of sources")],
)
def test_things_are_named_as_many_as_they_are(count: int, said: str) -> None:
    assert how_many(count, "day of sources", "days of sources") == said


def test_many_have_an_s_unless_told_otherwise() -> None:
    assert how_many(2, "page") == "2 pages"
