"""Common Crawl's lists of files, and which of them hold the days asked."""

import gzip
from datetime import UTC, date, datetime

import pytest

from flows.discovery import Unreadable, WarcFile, files_holding, months_of, parse_paths


def named(stamp: str, serial: int) -> str:
    return f"crawl-data/CC-NEWS/{stamp[:4]}/{stamp[4:6]}/CC-NEWS-{stamp}-{serial:05}.warc.gz"


LIST = "\n".join(
    [named("20240229120000", 2), named("20240228235000", 1), named("20240301001500", 3)]
)


def test_a_list_is_read_in_the_order_the_files_were_begun() -> None:
    files = parse_paths(gzip.compress(LIST.encode()))

    assert not isinstance(files, Unreadable)
    assert [file.begun_at for file in files] == [
        datetime(2024, 2, 28, 23, 50, tzinfo=UTC),
        datetime(2024, 2, 29, 12, tzinfo=UTC),
        datetime(2024, 3, 1, 0, 15, tzinfo=UTC),
    ]


def test_a_list_that_is_cut_off_is_none() -> None:
    cut = parse_paths(gzip.compress(LIST.encode())[:-10])

    assert isinstance(cut, Unreadable)


def test_a_page_instead_of_a_list_is_none() -> None:
    assert isinstance(parse_paths(b"<html>not here</html>"), Unreadable)


def test_a_day_lies_in_the_files_begun_on_it_and_the_last_one_before() -> None:
    files = parse_paths(LIST.encode())
    assert not isinstance(files, Unreadable)

    held: tuple[WarcFile, ...] = files_holding(files, date(2024, 2, 29), date(2024, 2, 29))

    assert [file.path[-12:-8] for file in held] == ["0001", "0002"]


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2024, 1, 31), date(2024, 2, 1), ["2024-01", "2024-02"]),
        (date(2024, 1, 31), date(2024, 4, 30), ["2024-01", "2024-02", "2024-03", "2024-04"]),
        (date(2023, 12, 31), date(2023, 12, 31), ["2023-12"]),
        (date(2023, 1, 1), date(2023, 12, 31), [f"2023-{month:02}" for month in range(1, 13)]),
    ],
)
def test_every_month_a_range_touches_is_listed(since: date, until: date, months: list[str]) -> None:
    assert [f"{month:%Y-%m}" for month in months_of(since, until)] == months


def test_a_file_begun_at_no_time_there_is_makes_no_list() -> None:
    found = parse_paths(b"crawl-data/CC-NEWS/2023/02/CC-NEWS-20231341000000-00001.warc.gz\n")

    assert isinstance(found, Unreadable)
