"""Titles of a series are told from titles of one story."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.dedup.serials import counted_apart, recurring

MONDAY = datetime(2023, 3, 6, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ukraine war: what we know on day 408", "Ukraine war: what we know on day 409"),
        ("War briefing, 5 March", "War briefing, 6 March"),
        ("Monday's news in five minutes", "Tuesday's news in five minutes"),
        ("Krieg in der Ukraine: Tag 377", "Krieg in der Ukraine: Tag 378"),
        ("Главное за 5 марта 2023", "Главное за 6 марта 2023"),
        ("海峡局势第408天", "海峡局势第409天"),
        ("The long road, part 1", "The long road, part 2"),
    ],
)
def test_titles_that_differ_in_a_date_or_a_count_are_instalments(a: str, b: str) -> None:
    assert counted_apart(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("At least 7 killed in ferry fire", "At least 9 killed in ferry fire"),
        ("China's 12-point plan explained", "China's 10-point plan explained"),
        ("What we know on day 408", "What we know on day 408"),
        ("What we know on day 408", "What they say on day 409"),
        ("Day 408", "Day 409"),
        (None, "What we know on day 409"),
    ],
)
def test_other_titles_are_none(a: str | None, b: str | None) -> None:
    assert not counted_apart(a, b)


def test_a_title_or_column_that_comes_back_another_day_is_a_series() -> None:
    tuesday = MONDAY + timedelta(days=1)
    assert recurring("Morning briefing", "Morning Briefing", MONDAY, tuesday)
    assert recurring("The Evening Report — Talks", "The Evening Report — Grain", MONDAY, tuesday)
    assert not recurring("Morning briefing", "Morning briefing", MONDAY, MONDAY)
    assert not recurring("Talks begin", "Talks end", MONDAY, tuesday)
    assert not recurring(None, None, MONDAY, tuesday)
