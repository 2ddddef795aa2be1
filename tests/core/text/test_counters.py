"""What a site counts is told from a sentence about a number."""

import pytest

from flows.core.text.boilerplate import is_counter, is_relative_time


@pytest.mark.parametrize(
    "line",
    [
        "758 people have read this story",
        "1.204 Leser haben diesen Beitrag aufgerufen",
        "12 comments",
        "Shares: 1.2K",
        "4 min read",
        "Reading time: 3 minutes",
        "312 次阅读",
    ],
)
def test_a_number_of_readers_or_minutes_is_a_counter(line: str) -> None:
    assert is_counter(line)


@pytest.mark.parametrize(
    "line",
    [
        "758 people have read the petition, the mayor said.",
        "Twelve people shared the prize.",
        "The 12 points were read aloud in parliament",
        "Comments by the minister drew anger",
    ],
)
def test_a_sentence_about_a_number_is_none(line: str) -> None:
    assert not is_counter(line)


@pytest.mark.parametrize(
    ("line", "alone"),
    [("90 minutes ago", True), ("vor 3 Stunden", True), ("It fell 90 minutes ago", False)],
)
def test_how_long_ago_is_a_line_of_its_own(line: str, alone: bool) -> None:
    assert is_relative_time(line) is alone
