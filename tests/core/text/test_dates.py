"""Claimed dates: every format read right, or unread with a reason; none silently wrong."""

from datetime import UTC, datetime

import pytest

from flows.core import ClaimedTime, Precision, UnreadTime, Zone
from flows.core.text.dates import read_time

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)

SECOND, MINUTE, HOUR, DAY = Precision.SECOND, Precision.MINUTE, Precision.HOUR, Precision.DAY
STATED, SOURCE, ASSUMED, NONE = Zone.STATED, Zone.SOURCE, Zone.UTC_ASSUMED, Zone.NONE

# (as written, zone, language, country) → (UTC, precision, whose word the zone is)
READ = [
    # RFC 822 and its many neighbours
    ("Fri, 24 Feb 2023 10:00:00 GMT", "UTC", "en", None, "2023-02-24T10:00:00", SECOND, STATED),
    ("Fri, 24 Feb 2023 10:00:00 +0800", "UTC", "en", None, "2023-02-24T02:00:00", SECOND, STATED),
    ("Fri, 24 Feb 2023 10:00:00 -0500", "UTC", "en", None, "2023-02-24T15:00:00", SECOND, STATED),
    ("24 Feb 2023 10:00 Z", "UTC", "en", None, "2023-02-24T10:00:00", MINUTE, STATED),
    ("Thu,28 Jul 2022 4:35:5 GMT+9", "UTC", None, None, "2022-07-27T19:35:05", SECOND, STATED),
    ("Fri, 24 Feb 23 10:00:00 GMT", "UTC", "en", None, "2023-02-24T10:00:00", SECOND, STATED),
    ("Friday, 24-Feb-23 10:00:00 GMT", "UTC", "en", None, "2023-02-24T10:00:00", SECOND, STATED),
    ("Fri, 24 February 2023 10:00:00 EST", "UTC", "en", None, "2023-02-24T15:00:00", SECOND,
     STATED),
    ("Fri, 14 Jul 2023 10:00:00 EDT", "UTC", "en", None, "2023-07-14T14:00:00", SECOND, STATED),
    ("Fri, 24 Feb 2023 10:00:00 +0300 (MSK)", "UTC", "ru", None, "2023-02-24T07:00:00", SECOND,
     STATED),
    ("Sat, 07 Sep 2002 0:00:01 GMT", "UTC", "en", None, "2002-09-07T00:00:01", SECOND, STATED),
    # ISO 8601 and RFC 3339
    ("2023-02-24T10:00:00Z", "UTC", None, None, "2023-02-24T10:00:00", SECOND, STATED),
    ("2023-02-24T10:00:00+08:00", "UTC", None, None, "2023-02-24T02:00:00", SECOND, STATED),
    ("2023-02-24T10:00:00.123456-0500", "UTC", None, None, "2023-02-24T15:00:00", SECOND, STATED),
    ("2023-02-24T10:00+02", "UTC", None, None, "2023-02-24T08:00:00", MINUTE, STATED),
    ("2023-02-24T10:00:00", "Asia/Shanghai", "zh", None, "2023-02-24T02:00:00", SECOND, SOURCE),
    ("2023-02-24 10:00:00", "UTC", "en", None, "2023-02-24T10:00:00", SECOND, ASSUMED),
    ("2023-02-24T10Z", "UTC", None, None, "2023-02-24T10:00:00", HOUR, STATED),
    ("2023-02-24T24:00:00Z", "UTC", None, None, "2023-02-25T00:00:00", SECOND, STATED),
    ("2023-02-24T23:59:60Z", "UTC", None, None, "2023-02-24T23:59:59", SECOND, STATED),
    ("20230224T100000Z", "UTC", None, None, "2023-02-24T10:00:00", SECOND, STATED),
    ("20230224100000", "UTC", None, None, "2023-02-24T10:00:00", SECOND, ASSUMED),
    ("20230224", "Asia/Shanghai", None, None, "2023-02-24T00:00:00", DAY, NONE),
    ("2023-02-24", "Asia/Shanghai", "zh", None, "2023-02-24T00:00:00", DAY, NONE),
    ("2566-02-24", "Asia/Bangkok", "th", None, "2023-02-24T00:00:00", DAY, NONE),
    ("1401-12-05 08:00", "Asia/Tehran", "fa", None, "2023-02-24T04:30:00", MINUTE, SOURCE),
    ("令和5年2月24日 10:00", "Asia/Tokyo", "ja", None, "2023-02-24T01:00:00", MINUTE, SOURCE),
    ("2023-02-24T00:00:00", "Asia/Shanghai", "zh", None, "2023-02-24T00:00:00", DAY, NONE),
    ("2023-02-24T00:00:00+08:00", None, "zh", None, "2023-02-23T16:00:00", SECOND, STATED),
    ("2023-02-24 10:00:00 +0000 UTC", "UTC", None, None, "2023-02-24T10:00:00", SECOND, STATED),
    ("2023-02-24T10:00:00+08:00[Asia/Shanghai]", "UTC", None, None, "2023-02-24T02:00:00", SECOND,
     STATED),
    # seconds since 1970
    ("1677204000", "Asia/Shanghai", "zh", None, "2023-02-24T02:00:00", SECOND, STATED),
    ("1677204000000", "UTC", None, None, "2023-02-24T02:00:00", SECOND, STATED),
    # Chinese, Japanese, Korean
    ("2023/02/24 10:00", "Asia/Shanghai", "zh", "CN", "2023-02-24T02:00:00", MINUTE, SOURCE),
    ("2023年02月24日 10:00", "Asia/Shanghai", "zh", "CN", "2023-02-24T02:00:00", MINUTE, SOURCE),
    ("2016/6/29 15:07:41", "Asia/Shanghai", "zh", "CN", "2016-06-29T07:07:41", SECOND, SOURCE),
    ("2023年2月24日", "Asia/Shanghai", "zh", "CN", "2023-02-24T00:00:00", DAY, NONE),
    ("2023年2月24日10时30分", "Asia/Shanghai", "zh", "CN", "2023-02-24T02:30:00", MINUTE, SOURCE),
    ("2023年2月24日 下午3時05分", "Asia/Taipei", "zh", "TW", "2023-02-24T07:05:00", MINUTE, SOURCE),
    ("２０２３年２月２４日（金） 10時00分", "Asia/Tokyo", "ja", "JP", "2023-02-24T01:00:00", MINUTE,
     SOURCE),
    ("2023. 2. 24. 오전 10:00", "Asia/Seoul", "ko", "KR", "2023-02-24T01:00:00", MINUTE, SOURCE),
    ("2023년 2월 24일 오후 3:05", "Asia/Seoul", "ko", "KR", "2023-02-24T06:05:00", MINUTE, SOURCE),
    ("北京时间2023年2月24日10时", "UTC", "zh", None, "2023-02-24T02:00:00", HOUR, STATED),
    # zones written as words
    ("2023-02-24 10:00:00 CST", "Asia/Shanghai", "zh", "CN", "2023-02-24T02:00:00", SECOND,
     STATED),
    ("Fri Feb 24 10:00:00 CST 2023", "UTC", "zh", "CN", "2023-02-24T02:00:00", SECOND, STATED),
    ("Fri, 24 Feb 2023 10:00:00 CST", "America/Chicago", "en", "US", "2023-02-24T16:00:00",
     SECOND, STATED),
    ("Fri Feb 24 2023 10:00:00 GMT+0800 (China Standard Time)", "UTC", None, None,
     "2023-02-24T02:00:00", SECOND, STATED),
    ("Fri, 24 Feb 2023 10:00:00 MSK", "UTC", "ru", None, "2023-02-24T07:00:00", SECOND, STATED),
    ("24 Feb 2023 10:00 EST", "Australia/Sydney", "en", "AU", "2023-02-24T00:00:00", MINUTE,
     STATED),
    ("Fri, 24 Feb 2012 10:00:00 MSK", "UTC", "ru", None, "2012-02-24T06:00:00", SECOND, STATED),
    ("Fri, 24 Feb 2023 10:00:00 IST", "Asia/Kolkata", "en", "IN", "2023-02-24T04:30:00", SECOND,
     STATED),
    ("Fri, 24 Feb 2023 10:00:00 IST", "Asia/Jerusalem", "en", "IL", "2023-02-24T08:00:00", SECOND,
     STATED),
    ("Fri, 14 Jul 2023 10:00:00 BST", "Europe/London", "en", "GB", "2023-07-14T09:00:00", SECOND,
     STATED),
    ("24 Feb 2023 10:00 JST", "UTC", "en", None, "2023-02-24T01:00:00", MINUTE, STATED),
    # European and other languages
    ("24.02.2023 10:00", "Europe/Kyiv", "uk", "UA", "2023-02-24T08:00:00", MINUTE, SOURCE),
    ("24.07.2023 10:00", "Europe/Kyiv", "uk", "UA", "2023-07-24T07:00:00", MINUTE, SOURCE),
    ("24 февраля 2023 г., 10:00", "Europe/Moscow", "ru", "RU", "2023-02-24T07:00:00", MINUTE,
     SOURCE),
    ("пт, 24 фев 2023 10:00:00 +0300", "UTC", "ru", "RU", "2023-02-24T07:00:00", SECOND, STATED),
    ("24 лютого 2023, 10:00", "Europe/Kyiv", "uk", "UA", "2023-02-24T08:00:00", MINUTE, SOURCE),
    ("24 lutego 2023 10:00", "Europe/Warsaw", "pl", "PL", "2023-02-24T09:00:00", MINUTE, SOURCE),
    ("24 listopada 2022", "Europe/Warsaw", "pl", "PL", "2022-11-24T00:00:00", DAY, NONE),
    ("24. února 2023", "Europe/Prague", "cs", "CZ", "2023-02-24T00:00:00", DAY, NONE),
    ("24. Februar 2023, 10.30 Uhr", "Europe/Berlin", "de", "DE", "2023-02-24T09:30:00", MINUTE,
     SOURCE),
    ("24 février 2023 à 10h30", "Europe/Paris", "fr", "FR", "2023-02-24T09:30:00", MINUTE, SOURCE),
    ("24/02/2023 10h30", "Europe/Paris", "fr", "FR", "2023-02-24T09:30:00", MINUTE, SOURCE),
    ("24 de febrero de 2023", "Europe/Madrid", "es", "ES", "2023-02-24T00:00:00", DAY, NONE),
    ("24 de fevereiro de 2023 às 10h30", "America/Sao_Paulo", "pt", "BR", "2023-02-24T13:30:00",
     MINUTE, SOURCE),
    ("2023. február 24., péntek 10:30", "Europe/Budapest", "hu", "HU", "2023-02-24T09:30:00",
     MINUTE, SOURCE),
    ("24 Şubat 2023 Cuma 10:00", "Europe/Istanbul", "tr", "TR", "2023-02-24T07:00:00", MINUTE,
     SOURCE),
    ("٢٤ فبراير ٢٠٢٣ 10:00", "Asia/Beirut", "ar", "LB", "2023-02-24T08:00:00", MINUTE, SOURCE),
    ("24 Februari 2023 10.30 WIB", "UTC", "id", "ID", "2023-02-24T03:30:00", MINUTE, STATED),
    ("ngày 24 tháng 2 năm 2023", "Asia/Ho_Chi_Minh", "vi", "VN", "2023-02-24T00:00:00", DAY, NONE),
    # American
    ("Feb 24, 2023, 10:00 p.m. EST", "UTC", "en", "US", "2023-02-25T03:00:00", MINUTE, STATED),
    ("12:30 AM, February 24th, 2023", "America/New_York", "en", "US", "2023-02-24T05:30:00",
     MINUTE, SOURCE),
    ("02/11/2023", "America/New_York", "en", "US", "2023-02-11T00:00:00", DAY, NONE),
    ("24 Feb 2023 10 AM", "UTC", "en", None, "2023-02-24T10:00:00", HOUR, ASSUMED),
    # day and month settled by what is possible
    ("02/24/2023", "UTC", "en", None, "2023-02-24T00:00:00", DAY, NONE),
    ("02/12/2026", "UTC", "en", None, "2026-02-12T00:00:00", DAY, NONE),
    ("11/02/2023", "Europe/London", "en", "GB", "2023-02-11T00:00:00", DAY, NONE),
    # a zone nobody can read leaves the day
    ("Fri, 24 Feb 2023 10:00:00 CST", "UTC", "en", None, "2023-02-24T00:00:00", DAY, NONE),
    ("Fri, 24 Feb 2023 10:00:00 IST", "UTC", "en", None, "2023-02-24T00:00:00", DAY, NONE),
    ("Fri, 24 Feb 2023 10:00:00 XYZ", "UTC", "en", None, "2023-02-24T00:00:00", DAY, NONE),
    ("Fri, 24 Feb 2023 10:00:00 +9999", "UTC", "en", None, "2023-02-24T00:00:00", DAY, NONE),
]  # fmt: skip

UNREAD = [
    ("", "empty"),
    ("   ", "empty"),
    ("Fri,24 Feb", "no year in it"),
    ("yesterday", "no year in it"),
    ("2 hours ago", "no year in it"),
    ("昨天 10:00", "no year in it"),
    ("24.2.23", "no year in it"),
    ("02/11/2023", "day and month could change places"),
    ("2023-02", "no day, month and year that can be told apart"),
    ("2023-W08-5", "no day, month and year that can be told apart"),
    ("24 listopad 2022", "no day, month and year that can be told apart"),  # Oct in hr, Nov in pl
    ("2023-02-30", "no such day"),
    ("Fri, 24 Feb 2023 25:00:00 GMT", "no such time of day"),
    ("2999-01-01T00:00:00Z", "in the future of the look"),
    # the Buddhist year
    ("2026-11-21T12:30:00Z", "in the future of the look"),
    ("1793-07-13", "before 1990"),
    ("Thu, 01 Jan 1970 00:00:00 GMT", "before 1990"),
    ("0000-00-00 00:00:00", "no such day"),
    ("24 Feb 2023 – 26 Feb 2023", "more numbers in it than a date and a time hold"),
    ("x" * 200, "too long for a date"),
]


@pytest.mark.parametrize(("raw", "zone", "language", "country", "at", "precision", "whose"), READ)
def test_a_readable_date_is_read_right(
    raw: str,
    zone: str,
    language: str | None,
    country: str | None,
    at: str,
    precision: Precision,
    whose: Zone,
) -> None:
    read = read_time(raw, origin="feed", now=NOW, timezone=zone, language=language, country=country)

    assert isinstance(read, ClaimedTime)
    assert (read.at.isoformat(), read.precision, read.zone) == (f"{at}+00:00", precision, whose)


@pytest.mark.parametrize(("raw", "problem"), UNREAD)
def test_what_cannot_be_read_or_believed_says_why(raw: str, problem: str) -> None:
    read = read_time(raw, origin="feed", now=NOW)

    assert isinstance(read, UnreadTime)
    assert read.problem == problem


def test_the_gold_table_holds_sixty_formats() -> None:
    assert len(READ) >= 60


def test_the_raw_text_is_kept_without_control_characters() -> None:
    read = read_time("24 Feb 2023\x1b[31m", origin="list", now=NOW, language="en")

    assert (read.raw, read.origin) == ("24 Feb 2023[31m", "list")


def test_a_clock_some_minutes_fast_is_believed() -> None:
    read = read_time("2026-11-21T12:10:00Z", origin="feed", now=NOW)

    assert isinstance(read, ClaimedTime)


def test_today_east_of_greenwich_is_no_future() -> None:
    read = read_time("2026-11-22", origin="feed", now=NOW.replace(hour=11))

    assert isinstance(read, ClaimedTime)
