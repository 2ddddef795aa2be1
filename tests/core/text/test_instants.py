"""What one claimed time says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Precision, Zone
from flows.core.text.instants import as_claimed, read_time

LATEST = datetime(2023, 3, 1, tzinfo=UTC)


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2023-02-24T09:00:00+08:00", _at(2023, 2, 24, 1)),
        ("2023-02-24T01:00:00.123Z", _at(2023, 2, 24, 1)),
        ("2023-02-24T09:00+0800", _at(2023, 2, 24, 1)),
        ("20230224T010000Z", _at(2023, 2, 24, 1)),
        ("Fri, 24 Feb 2023 01:00:00 GMT", _at(2023, 2, 24, 1)),
        ("Fri, 24 Feb 2023 09:00:00 +0800", _at(2023, 2, 24, 1)),
        ("Fri Feb 24 02:00:00 CET 2023", _at(2023, 2, 24, 1)),
        ("February 24, 2023 1:00 AM UTC", _at(2023, 2, 24, 1)),
        ("1677200400", _at(2023, 2, 24, 1)),
        ("1677200400000", _at(2023, 2, 24, 1)),
        ("2023-02-23T24:00:00Z", _at(2023, 2, 24)),
    ],
)
def test_what_machines_write_is_read(raw: str, at: datetime) -> None:
    time = read_time(raw, "meta", None, LATEST)
    assert time is not None
    assert (time.at, time.zone) == (at, Zone.STATED)


@pytest.mark.parametrize("raw", ["2023-02-24", "20230224", "2023年2月24日", "2023-02-24 00:00:00"])
def test_a_day_has_the_precision_of_a_day(raw: str) -> None:
    time = read_time(raw, "meta", "Asia/Shanghai", LATEST)
    assert time is not None
    assert (time.at, time.precision, time.zone) == (_at(2023, 2, 24), Precision.DAY, Zone.NONE)


@pytest.mark.parametrize(
    "raw",
    ["2999-01-01T00:00:00Z", "1793-01-21T10:22:00Z", "0001-01-01T00:00:00Z", "2023-02-31",
     "2023-13-01", "4 months ago", "02/11/2023", "", "{{ date }}", "9" * 80],
)  # fmt: skip
def test_the_impossible_and_the_uncertain_are_refused(raw: str) -> None:
    assert read_time(raw, "meta", None, LATEST) is None


def test_a_time_without_zone_anywhere_says_that_utc_was_assumed() -> None:
    time = read_time("2023-02-24 09:00", "meta", None, LATEST)
    assert time is not None
    assert (time.at, time.precision, time.zone) == (
        _at(2023, 2, 24, 9),
        Precision.MINUTE,
        Zone.UTC_ASSUMED,
    )


def test_the_day_the_publisher_wrote_can_be_told() -> None:
    time = read_time("2023-02-24T02:00:00+08:00", "meta", None, LATEST)
    assert time is not None
    assert (time.at.day, as_claimed(time).day) == (23, 24)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_times(raw: str) -> None:
    time = read_time(raw, "meta", "Europe/Kyiv", LATEST)
    assert time is None or time.at.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2023, 2, 27)))  # noqa: DTZ001
def test_what_we_write_we_read(moment: datetime) -> None:
    at = moment.replace(tzinfo=UTC, microsecond=0)
    time = read_time(at.isoformat(), "meta", None, LATEST)
    assert time is not None
    assert time.at == at
