"""What one time says that a page claims."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import ClaimedTime, Precision, Zone
from flows.core.text.dates import as_claimed, read_time

LATEST = datetime(2023, 3, 1, tzinfo=UTC)


def _read(raw: str, zone: str | None = None) -> ClaimedTime | None:
    time = read_time(
        raw,
        origin="meta",
        now=LATEST,
        ahead=timedelta(hours=26),
        timezone=zone,
        amid_words=True,
    )
    return time if isinstance(time, ClaimedTime) else None


def _at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("2023-02-24T09:00:00+08:00", _at(2023, 2, 24, 1)),
        ("2023-02-24T01:00:00.123Z", _at(2023, 2, 24, 1)),
        ("2023-02-24T01:00:0Z", _at(2023, 2, 24, 1)),
        ("2023-02-24T1:0:0Z", _at(2023, 2, 24, 1)),
        ("2023-02-24 09:00:0 +08:00", _at(2023, 2, 24, 1)),
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
    time = _read(raw)
    assert time is not None
    assert (time.at, time.zone) == (at, Zone.STATED)


@pytest.mark.parametrize("raw", ["2023-02-24", "20230224", "2023年2月24日", "2023-02-24 00:00:00"])
def test_a_day_has_the_precision_of_a_day(raw: str) -> None:
    time = _read(raw, "Asia/Shanghai")
    assert time is not None
    assert (time.at, time.precision, time.zone) == (_at(2023, 2, 24), Precision.DAY, Zone.NONE)


@pytest.mark.parametrize(
    "raw",
    ["2999-01-01T00:00:00Z", "1793-01-21T10:22:00Z", "0001-01-01T00:00:00Z", "2023-02-31",
     "2023-13-01", "4 months ago", "02/01/2023", "", "{{ date }}", "9" * 80],
)  # fmt: skip
def test_the_impossible_and_the_uncertain_are_refused(raw: str) -> None:
    assert _read(raw) is None


def test_a_time_without_zone_anywhere_says_that_utc_was_assumed() -> None:
    time = _read("2023-02-24 09:00")
    assert time is not None
    assert (time.at, time.precision, time.zone) == (
        _at(2023, 2, 24, 9),
        Precision.MINUTE,
        Zone.UTC_ASSUMED,
    )


def test_the_day_the_publisher_wrote_can_be_told() -> None:
    time = _read("2023-02-24T02:00:00+08:00")
    assert time is not None
    assert (time.at.day, as_claimed(time).day) == (23, 24)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_times(raw: str) -> None:
    time = _read(raw, "Europe/Kyiv")
    assert time is None or time.at.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1991, 1, 1), max_value=datetime(2023, 2, 27)))  # noqa: DTZ001
def test_what_we_write_we_read(moment: datetime) -> None:
    at = moment.replace(tzinfo=UTC, microsecond=0)
    time = _read(at.isoformat())
    assert time is not None
    assert time.at == at


@pytest.mark.parametrize(
    ("raw", "zone", "at"),
    [
        # a named zone is the one named, whatever the source's
        ("Fri, 24 Feb 2023 10:00:00 MSK", "Asia/Shanghai", _at(2023, 2, 24, 7)),
        ("Fri, 24 Feb 2023 10:00:00 CET", "Asia/Shanghai", _at(2023, 2, 24, 9)),
        ("2023-02-24 10:00 JST", "Europe/London", _at(2023, 2, 24, 1)),
        ("24 Feb 2023 10:00 北京时间", None, _at(2023, 2, 24, 2)),
        # one of several meanings is the source's
        ("Fri, 24 Feb 2023 10:00:00 CST", "Asia/Shanghai", _at(2023, 2, 24, 2)),
        ("Fri, 24 Feb 2023 10:00:00 CST", "America/Chicago", _at(2023, 2, 24, 16)),
        ("Fri, 24 Feb 2023 10:00:00 IST", "Asia/Kolkata", _at(2023, 2, 24, 4, 30)),
        ("Fri, 24 Feb 2023 10:00:00 IST", "Asia/Jerusalem", _at(2023, 2, 24, 8)),
        ("Fri, 24 Feb 2023 10:00:00 BST", "Asia/Dhaka", _at(2023, 2, 24, 4)),
        # none: the source's own
        ("Fri, 24 Feb 2023 10:00:00", "Asia/Shanghai", _at(2023, 2, 24, 2)),
        ("2023-02-24T23:15:0Z", "Asia/Shanghai", _at(2023, 2, 24, 23, 15)),
    ],
)
def test_a_zone_is_the_one_written_or_else_the_sources(
    raw: str, zone: str | None, at: datetime
) -> None:
    time = _read(raw, zone)
    assert time is not None
    assert time.at == at
