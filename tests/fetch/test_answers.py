import pytest

from flows.core import Reason
from flows.fetch.failure import NotFetched
from flows.fetch.response import (
    BodyPlan,
    body_plan,
    check_page,
    check_status,
    content_type,
    redirect_target,
)

HTML = b"<!doctype html><html><body><p>They met.</p></body></html>"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text/html", ("text/html", None)),
        ("Text/HTML; charset=UTF-8", ("text/html", "utf-8")),
        ("text/html;charset='windows-1251'", ("text/html", "windows-1251")),
        ('text/html; boundary=x; charset="gb2312"; a', ("text/html", "gb2312")),
        ("text/html; charset=", ("text/html", None)),
        ("", (None, None)),
        (";;;", (None, None)),
    ],
)
def test_a_content_type_names_type_and_charset(
    value: str, expected: tuple[str | None, str | None]
) -> None:
    assert content_type((("content-type", value),)) == expected


def test_a_missing_content_type_names_nothing() -> None:
    assert content_type(()) == (None, None)


def test_only_a_redirect_with_a_location_is_one() -> None:
    location = (("location", "/b"),)
    assert redirect_target(302, location) == "/b"
    assert redirect_target(302, ()) is None
    assert redirect_target(200, location) is None
    assert redirect_target(304, location) is None


def test_a_picture_is_not_downloaded_to_be_refused() -> None:
    headers = (("content-type", "image/jpeg"), ("content-length", "9000000"))
    assert body_plan(200, headers, is_page=True, max_bytes=99).max_bytes == 0


def test_of_an_error_page_a_glance_is_enough() -> None:
    assert body_plan(404, (), is_page=True, max_bytes=10**7) == BodyPlan(max_bytes=65536, cut=True)


def test_what_announces_too_much_is_not_begun() -> None:
    with pytest.raises(NotFetched) as failed:
        body_plan(200, (("content-length", "100"),), is_page=False, max_bytes=99)
    assert failed.value.reason is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("status", "has_retry_after", "reason"),
    [
        (500, True, Reason.HTTP_500),
        (503, True, Reason.THROTTLED),
        (503, False, Reason.HTTP_500),
        (429, False, Reason.THROTTLED),
        (408, False, Reason.TIMEOUT),
        (425, False, Reason.HTTP_500),
        (599, False, Reason.HTTP_500),
        (206, False, Reason.PROTOCOL_ERROR),
    ],
)
def test_a_status_stands_for_one_reason(status: int, has_retry_after: bool, reason: Reason) -> None:
    with pytest.raises(NotFetched) as failed:
        check_status(status, has_retry_after=has_retry_after, is_conditional=False)
    assert (failed.value.reason, failed.value.http_status) == (reason, status)


def test_a_304_is_an_answer_only_to_a_condition() -> None:
    check_status(304, has_retry_after=False, is_conditional=True)
    with pytest.raises(NotFetched):
        check_status(304, has_retry_after=False, is_conditional=False)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/html", HTML),
        ("text/html", b"Just words under the name of HTML."),
        ("application/xhtml+xml", b'<?xml version="1.0"?><html xmlns="x"></html>'),
        ("text/plain", HTML),
        ("application/octet-stream", HTML),
        ("application/xml", b"<?xml version='1.0'?>\n<!DOCTYPE html><html>"),
        (None, b"\xef\xbb\xbf\n\n  " + HTML),
        (None, HTML.decode().encode("utf-16")),
        ("text/html", b"<!-- <rss> once stood here --><html><body>"),
    ],
)
def test_html_is_known_by_its_type_or_its_bytes(kind: str | None, body: bytes) -> None:
    check_page((("content-type", kind),) if kind else (), body)


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("text/plain", b"only words", Reason.NOT_HTML),
        ("application/json", b"{}", Reason.NOT_HTML),
        ("text/css", b"<p>", Reason.NOT_HTML),
        ("application/rss+xml", b"<rss>", Reason.NOT_HTML),
        ("text/html", b'<?xml version="1.0"?><feed xmlns="x">', Reason.NOT_HTML),
        (None, b"PK\x03\x04", Reason.NOT_HTML),
        ("text/html", b"\xff\xd8\xff\xe0\x00\x10JFIF", Reason.MEDIA),
        ("text/html", b"\x00\x00\x00 ftypisom", Reason.MEDIA),
        ("video/mp4", HTML, Reason.MEDIA),
        ("application/pdf", b"", Reason.PDF),
        ("text/html", b"\n%PDF-1.4", Reason.PDF),
        ("text/html", b" \r\n\t\0", Reason.EMPTY),
    ],
)
def test_what_is_no_html_has_a_reason_of_its_own(
    kind: str | None, body: bytes, reason: Reason
) -> None:
    with pytest.raises(NotFetched) as failed:
        check_page((("content-type", kind),) if kind else (), body)
    assert failed.value.reason is reason
