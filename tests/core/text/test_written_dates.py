# ruff: noqa: E501  many languages a row
"""Dates as people write them, in many languages."""

import pytest

from flows.core.text.written_dates import written_dates


def _read(line: str, *, month_first: bool | None = False) -> list[tuple[str, bool]]:
    return [(date.text, date.changed) for date in written_dates(line, month_first=month_first)]


@pytest.mark.parametrize(
    "line",
    [
        "24 February 2023", "Feb. 24th, 2023", "24-Feb-2023", "24 février 2023", "24 de febrero de 2023",
        "24. Februar 2023", "24 febbraio 2023", "24 DE FEVEREIRO DE 2023", "24 februari 2023",
        "24. februar 2023", "24 lutego 2023", "24. února 2023", "24. februára 2023", "2023. február 24.",
        "24 februarie 2023", "24. helmikuuta 2023", "24. veebruar 2023", "2023 m. vasario 24 d.",
        "2023. gada 24. februāris", "24. veljače 2023.", "24. februarja 2023", "24 Şubat 2023 Cuma",
        "24 февраля 2023 г.", "24 лютого 2023", "24 лютага 2023", "24 февруари 2023", "24. фебруар 2023",
        "24 Φεβρουαρίου 2023", "24 თებერვალი 2023", "24 فبراير 2023", "٢٤ شباط/فبراير ٢٠٢٣",
        "24 فيفري 2023", "۲۴ فوریه ۲۰۲۳", "۵ اسفند ۱۴۰۱", "24 فروری 2023", "24 בפברואר 2023",
        "२४ फ़रवरी २०२३", "২৪ ফেব্রুয়ারি ২০২৩", "24 பிப்ரவரி 2023", "24 กุมภาพันธ์ 2566", "24 ก.พ. 2566",
        "ngày 24 tháng 2 năm 2023", "24 Februari 2023", "Pebrero 24, 2023", "24 Chwefror 2023",
        "2023年2月24日", "令和5年2月24日", "2023년 2월 24일", "2023. 2. 24.", "24.02.2023", "24/02/2023",
    ],
)  # fmt: skip
def test_a_day_is_read_in_any_language(line: str) -> None:
    assert _read(line) == [("2023-02-24", False)]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("February 24, 2023 at 4:45 p.m. ET", "2023-02-24 04:45 pm ET"),
        ("Published 10:30 GMT, 24 February 2023", "2023-02-24 10:30 GMT"),
        ("24 février 2023 à 10h30", "2023-02-24 10:30"),
        ("24.2.2023 klo 10.30", "2023-02-24 10:30"),
        ("2023年2月24日 下午3时15分", "2023-02-24 03:15 pm"),
        ("2023. 2. 24. 오후 3:15", "2023-02-24 03:15 pm"),
        ("٢٤ فبراير ٢٠٢٣ - ١٠:٣٠ م", "2023-02-24 10:30 pm"),
        ("5 اسفند 1401 - 09:08 ب.ظ", "2023-02-24 09:08 pm"),
        ("24/2/2023, 10:30 (GMT+7)", "2023-02-24 10:30 GMT+7"),
    ],
)
def test_the_time_of_day_is_read_with_its_half_and_zone(line: str, read: str) -> None:
    assert _read(line) == [(read, False)]


@pytest.mark.parametrize(
    "line",
    ["Updated: 24 February 2023", "Zuletzt aktualisiert am 24. Februar 2023", "更新日：2023年2月24日",
     "Mis à jour le 24 février 2023", "آخر تحديث: 24 فبراير 2023", "Обновлено 24 февраля 2023"],
)  # fmt: skip
def test_a_date_of_change_is_called_one(line: str) -> None:
    assert _read(line) == [("2023-02-24", True)]


def test_a_line_may_hold_both() -> None:
    line = "Published: 24 February 2023 | Updated: 1 March 2023 10:30"
    assert _read(line) == [("2023-02-24", False), ("2023-03-01 10:30", True)]


def test_an_order_of_day_and_month_that_nothing_tells_is_refused() -> None:
    assert _read("02/11/2023", month_first=None) == []
    assert _read("02/24/2023", month_first=None) == [("2023-02-24", False)]
    assert _read("02/02/2023", month_first=None) == [("2023-02-02", False)]


@pytest.mark.parametrize("line", ["May 2023", "4 months ago", "31 tables 2023", "Vol. 24 No. 2"])
def test_what_is_no_day_is_none(line: str) -> None:
    assert _read(line) == []
