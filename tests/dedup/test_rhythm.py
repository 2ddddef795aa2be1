"""When an article is looked at again."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.dedup import next_recheck

SEEN = datetime(2023, 2, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("checked_after", "due_after"),
    [
        (timedelta(0), timedelta(hours=1)),
        (timedelta(hours=1), timedelta(hours=6)),
        (timedelta(hours=6, minutes=5), timedelta(days=1)),
        (timedelta(days=1), timedelta(days=3)),
        (timedelta(days=3, hours=2), timedelta(days=10)),
        (timedelta(days=10), None),
    ],
)
def test_looks_grow_apart_with_age(checked_after: timedelta, due_after: timedelta | None) -> None:
    due = next_recheck(SEEN, SEEN + checked_after)
    assert due == (None if due_after is None else SEEN + due_after)


def test_an_article_never_looked_at_again_is_due_after_an_hour() -> None:
    assert next_recheck(SEEN) == SEEN + timedelta(hours=1)


def test_missed_looks_are_not_made_up_for() -> None:
    assert next_recheck(SEEN, SEEN + timedelta(days=2)) == SEEN + timedelta(days=3)


def test_an_article_old_when_first_seen_is_left_in_peace() -> None:
    assert next_recheck(SEEN, None, SEEN - timedelta(days=11)) is None
    assert next_recheck(SEEN, None, SEEN - timedelta(days=2)) == SEEN + timedelta(hours=1)
