"""The first claim of a publication stands against what says less, or what cannot be."""

from datetime import UTC, datetime, timedelta

import pytest

from flows.core import ClaimedTime, Precision
from flows.pipeline.publication_time import Publication
from tests.store.samples import NOON, claimed

EIGHT = NOON.replace(hour=8)
DAY = NOON.replace(hour=0)


def known(at: datetime | None, precision: str = "second") -> Publication:
    return Publication(at=at, precision=precision if at else None, first_seen_at=NOON)


@pytest.mark.parametrize(
    "claim",
    [
        None,
        claimed(NOON + timedelta(hours=2)),
        claimed(DAY + timedelta(days=1), Precision.DAY),
        claimed(DAY, Precision.DAY),
    ],
    ids=["none", "after it was seen", "the day after", "its day only"],
)
def test_it_stands_against(claim: ClaimedTime | None) -> None:
    assert known(EIGHT).stands_against(claim)


@pytest.mark.parametrize(
    "claim",
    [
        claimed(EIGHT - timedelta(hours=3)),
        claimed(EIGHT + timedelta(hours=3)),
        claimed(DAY - timedelta(days=4), Precision.DAY),
    ],
    ids=["earlier", "later, but before it was seen", "another day"],
)
def test_a_correction_counts(claim: ClaimedTime) -> None:
    assert not known(EIGHT).stands_against(claim)


def test_any_claim_is_better_than_none() -> None:
    assert not known(None).stands_against(claimed(NOON + timedelta(hours=2)))


def test_a_time_dates_closer_than_the_day_that_stands() -> None:
    assert not known(DAY, "day").stands_against(claimed(EIGHT))


def test_the_same_claim_ahead_of_our_clock_changes_nothing() -> None:
    ahead = NOON + timedelta(minutes=5)
    assert not known(ahead).stands_against(claimed(ahead))


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2023, 2, 23, 11, tzinfo=UTC), True),  # past midnight in Kiribati
        (datetime(2023, 2, 25, 11, tzinfo=UTC), True),  # not yet midnight on Baker Island
        (datetime(2023, 2, 25, 12, tzinfo=UTC), False),
    ],
)
def test_a_day_may_be_any_places_day(at: datetime, day: bool) -> None:
    assert known(at).stands_against(claimed(DAY, Precision.DAY)) is day
