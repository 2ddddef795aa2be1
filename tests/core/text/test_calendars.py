"""Years of other calendars and digits of other scripts."""

from datetime import UTC, datetime

import pytest

from flows.core import ClaimedTime
from flows.core.text.calendars import ascii_digits, common_day, without_eras
from flows.core.text.dates import read_time


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ((1399, 4, 2), (2020, 6, 22)),
        ((1402, 1, 1), (2023, 3, 21)),
        ((1403, 1, 1), (2024, 3, 20)),
        ((1403, 12, 30), (2025, 3, 20)),
        ((2566, 2, 24), (2023, 2, 24)),
        ((2023, 2, 24), (2023, 2, 24)),
    ],
)
def test_a_day_is_told_in_the_gregorian_calendar(
    written: tuple[int, int, int], meant: tuple[int, int, int]
) -> None:
    assert common_day(*written) == meant


def test_a_day_that_the_calendar_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no day 30 in month 12 of 1402"):
        common_day(1402, 12, 30)


def test_digits_of_every_script_are_read() -> None:
    assert ascii_digits("۱۳۹۹ ٢٤ ๒๕๖๖ २४ ２０") == "1399 24 2566 24 20"


def test_years_of_eras_are_read() -> None:
    assert without_eras("令和元年5月1日、民國112年2月24日") == "2019年5月1日、2023年2月24日"


@pytest.mark.parametrize(
    "raw", ["1401-12-05T04:30:00+03:30", "۱۴۰۱/۱۲/۰۵ ۰۴:۳۰ +0330", "2566-02-24 01:00 UTC"]
)
def test_machines_write_them_too(raw: str) -> None:
    time = read_time(raw, origin="meta", now=datetime(2023, 3, 1, tzinfo=UTC))
    assert isinstance(time, ClaimedTime)
    assert time.at == datetime(2023, 2, 24, 1, tzinfo=UTC)
