import pytest
from lxml import html

from flows.browse.archived import harmless_page
from flows.core import Page
from tests.store.samples import NOON

_ACTING = (
    "<script>alert(1)</script>",
    "<img src='https://evil.test/x.png' onerror='alert(1)' srcset='https://evil.test/y.png 2x'>",
    "<link rel=preconnect href='https://evil.test'>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<base href='https://evil.test/'>",
    "<iframe src='https://evil.test'></iframe>",
    "<form action='https://evil.test'><button formaction='https://evil.test'>x</button></form>",
    "<a href='javascript:alert(1)' ping='https://evil.test' target=_top>a</a>",
    "<a href=' data:text/html,x'>b</a>",
    "<svg onload='alert(1)'><script>alert(1)</script><a xlink:href='javascript:a()'>c</a></svg>",
    "<object data='https://evil.test'></object><embed src='https://evil.test'>",
    "<body background='https://evil.test/b.png' onload='alert(1)'>",
    "<style>@import 'https://evil.test/t.css'; p { background: url(https://evil.test/b) }</style>",
    "<style>p { background: u\\72l(https://evil.test/b) }</style>",
    "<p style='background: URL(https://evil.test/b)'>styled</p>",
    "<video poster='https://evil.test'><source src='https://evil.test'></video>",
)


def _page(body: str | bytes) -> Page:
    content = body.encode() if isinstance(body, str) else body
    return Page(
        requested_url="https://daily.test/a", url="https://daily.test/a", status=200,
        fetched_at=NOON, headers=(), body=content, media_type="text/html",
    )  # fmt: skip


@pytest.mark.parametrize("acting", _ACTING)
def test_nothing_of_an_archived_page_runs_or_is_fetched(acting: str) -> None:
    shown = harmless_page(_page(f"<html><body><p>Read me.</p>{acting}</body></html>")).decode()
    tree = html.document_fromstring(shown)
    assert "Read me." in str(tree.xpath("string()"))
    assert "alert" not in shown
    assert "evil.test" not in shown
    assert "data:" not in shown


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"<!--", b"<html>", b"\xed\xa0\x80"])
def test_a_page_that_is_none_is_said_to_show_nothing(body: bytes) -> None:
    assert harmless_page(_page(body)).startswith(b"<!doctype html>")


def test_links_to_other_pages_stay_to_be_read() -> None:
    shown = harmless_page(_page("<p><a href='https://daily.test/b'>b</a></p>"))
    assert b'href="https://daily.test/b"' in shown
