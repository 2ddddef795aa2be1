"""The Wayback Machine's index and the addresses of its captures."""

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from flows.discovery import (
    Capture,
    Captures,
    Unreadable,
    capture_address,
    capture_of,
    cdx_query,
    parse_cdx,
)

AT = datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC)


def test_an_answer_is_a_capture_a_line_and_a_key_after_an_empty_line() -> None:
    body = (
        b"20240229235958 https://daily.test/a-b-c?x=1 text/html\n"
        b"20240301000000 http://daily.test:80/d text/html\n\n"
        b"test%2Cdaily%29%2Fd+20240301000000%21\n"
    )

    assert parse_cdx(body) == Captures(
        captures=(
            Capture(url="https://daily.test/a-b-c?x=1", captured_at=AT),
            Capture(url="http://daily.test:80/d", captured_at=datetime(2024, 3, 1, tzinfo=UTC)),
        ),
        resume_key="test%2Cdaily%29%2Fd+20240301000000%21",
    )


def test_an_empty_answer_has_no_capture_and_no_key() -> None:
    assert parse_cdx(b"") == Captures(captures=())


def test_an_error_in_words_is_no_list_of_captures() -> None:
    said = parse_cdx(b"org.archive.util.io.RuntimeIOException: Blocked Site Error\n")

    assert isinstance(said, Unreadable)
    assert "Blocked Site Error" in said.problem


def test_a_host_is_asked_with_all_below_it_and_only_for_pages() -> None:
    query = cdx_query("daily.test", AT, AT, whole_host=True, resume_key="test%2Ck+1")

    fields = parse_qsl(urlsplit(query).query)
    assert {("matchType", "domain"), ("resumeKey", "test,k 1")} <= set(fields)
    assert [value for name, value in fields if name == "filter"] == [
        "statuscode:200",
        "mimetype:text/html",
    ]


def test_a_capture_is_fetched_as_it_was_archived() -> None:
    address = capture_address("https://daily.test/a?b=c", AT)

    assert address == "https://web.archive.org/web/20240229235958id_/https://daily.test/a?b=c"
    assert capture_of(address) == Capture(url="https://daily.test/a?b=c", captured_at=AT)


def test_an_address_whose_slashes_were_joined_names_the_same_capture() -> None:
    joined = "https://web.archive.org/web/20240229235958id_/https:/daily.test/a"

    assert capture_of(joined) == Capture(url="https://daily.test/a", captured_at=AT)
    assert capture_of("https://web.archive.org/about") is None
