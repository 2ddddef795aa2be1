"""Years and digits that are not written as Gregorian years in ASCII → what they mean.

Decides which calendar a year belongs to where no honest doubt is left; refuses the Islamic lunar
calendar, whose days depend on sightings of the moon. Jalali years by their cycle of 33, which
agrees with the astronomical calendar from 1343 to 1472 (1964 to 2094).
"""

import re
import unicodedata
from datetime import date, timedelta

_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
# Years after Buddha's, as Thai and Lao pages write them: 2533 is 1990
_BUDDHIST = range(2533, 2643)
_JALALI = range(1369, 1473)
# Japan's and Taiwan's years: 令和5年2月24日, 民國112年2月24日
_ERA = re.compile(r"(?P<era>令和|平成|民國|民国)\s*(?P<year>元|\d{1,3})\s*年")
_ERA_BEGINS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
_NOWRUZ = date(1964, 3, 21)  # 1 Farvardin 1343
_LEAP = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # of 33 years; right within 1343–1472


def ascii_digits(text: str) -> str:
    """`text` with the decimal digits of every script as 0–9."""
    if text.isascii():
        return text
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def without_eras(text: str) -> str:
    """`text` with years of Japanese eras and of the Republic of China as years of the common era.

    >>> without_eras("令和5年2月24日")
    '2023年2月24日'
    """
    return _ERA.sub(_common_year, text)


def common_day(year: int, month: int, day: int) -> tuple[int, int, int]:
    """A day as written, in the Gregorian calendar; a Gregorian day stays as it is.

    Raises `ValueError` for a day that the Jalali calendar does not have.
    """
    if year in _BUDDHIST:
        return year - 543, month, day
    if year in _JALALI:
        found = _of_jalali(year, month, day)
        return found.year, found.month, found.day
    return year, month, day


def _common_year(found: re.Match[str]) -> str:
    year = 1 if found["year"] == "元" else int(found["year"])
    return f"{_ERA_BEGINS[found['era']] + year}年"


def _of_jalali(year: int, month: int, day: int) -> date:
    longest = 31 if month <= 6 else 30 if month <= 11 or _is_leap(year) else 29
    if not (1 <= month <= 12 and 1 <= day <= longest):
        raise ValueError(f"no day {day} in month {month} of {year}")
    years = sum(366 if _is_leap(past) else 365 for past in range(1343, year))
    months = 31 * min(month - 1, 6) + 30 * max(month - 7, 0)
    return _NOWRUZ + timedelta(days=years + months + day - 1)


def _is_leap(year: int) -> bool:
    return year % 33 in _LEAP
