"""What a record says of itself may be anything."""

from datetime import UTC, datetime

import pytest

from flows.archive.pages import decoded_page
from flows.archive.records import Record, decoded, encoded, instant
from flows.core.errors import ArchiveError
from flows.core.text.counts import claimed_count


@pytest.mark.parametrize(
    "date",
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00", "1970-01-01T00:00:00Z", "2201-01-01", "", None, "yesterday",
        "20240229101500", "2024-13-01T00:00:00Z", "²⁰²⁴-01-01", "9" * 5000,
    ],
)  # fmt: skip
def test_a_date_that_cannot_be_is_none(date: str | None) -> None:
    assert instant(date) is None or date == "20240229101500"


def test_a_date_that_can_be_is_an_instant() -> None:
    assert instant("2024-02-29T10:15:00.5Z") == datetime(2024, 2, 29, 10, 15, 0, 500_000, UTC)


@pytest.mark.parametrize("length", ["9" * 5000, "²", "٣", "-1", "", "1e3", "0x10", "1_000"])
def test_a_length_that_is_none_is_an_archive_error(length: str) -> None:
    record = encoded([("WARC-Type", "response")], b"x").replace(
        b"Content-Length: 1", f"Content-Length: {length}".encode()
    )
    with pytest.raises(ArchiveError):
        decoded(record)


@pytest.mark.parametrize(
    ("said", "count"),
    [("7", 7), (" 007\t", 7), ("0" * 5000 + "7", 7), ("9" * 5000, 10**18), ("²", None), ("٣", None),
     ("-1", None), ("+1", None), ("1.0", None), ("1_0", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_claimed_count_is_ascii_digits_or_nothing(said: str | None, count: int | None) -> None:
    assert claimed_count(said) == count


def response(content: bytes) -> Record:
    return Record(fields=(("WARC-Target-URI", "http://a.test/"),), content=content)


@pytest.mark.parametrize("status", ["²⁰⁰", "٢٠٠", "-200", "two", ""])
def test_a_status_that_is_no_number_is_an_archive_error(status: str) -> None:
    with pytest.raises(ArchiveError):
        decoded_page(response(f"HTTP/1.1 {status} OK\r\n\r\n<p>".encode()), None, "")


def test_a_head_in_bare_line_feeds_is_read() -> None:
    page = decoded_page(
        response(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>\r\n\r\n"), None, ""
    )
    assert (page.status, page.media_type, page.body) == (200, "text/html", b"<p>\r\n\r\n")


@pytest.mark.parametrize("seconds", ["soon", "nan", "inf", "-1", "1e999", ""])
def test_a_time_another_tool_says_in_its_own_way_is_no_time(seconds: str) -> None:
    said = Record(fields=(), content=f"elapsed-seconds: {seconds}\r\nredirect: ² x".encode())
    page = decoded_page(response(b"HTTP/1.1 200 OK\r\n\r\n<p>"), said, "")
    assert (page.elapsed_seconds, page.redirects) == (0.0, ())
