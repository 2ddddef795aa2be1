"""What comes back from hosts that behave, and from those that behave oddly but well enough."""

import asyncio
import gzip
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard

from flows.archive.archive import Archive, read_archived
from flows.core import Page, Reason, Redirect, Skipped, Validators
from flows.core.times import utc_now
from flows.fetch.client import Web
from tests.hostile.server import HTML, Asked, Hostile, Writer, answer, in_turn, says, sends
from tests.hostile.test_throttling import run, skip


def _page(ended: Page | Skipped) -> Page:
    assert isinstance(ended, Page), ended
    return ended


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(HTML)),
        ("x-gzip", gzip.compress(HTML)),
        ("GZIP", gzip.compress(HTML[:30]) + gzip.compress(HTML[30:]) + b"\0\0"),
        ("deflate", zlib.compress(HTML)),
        ("deflate", zlib.compress(HTML, wbits=-15)),
        ("br", brotli.compress(HTML)),
        ("zstd", zstandard.compress(HTML)),
        ("zstd", zstandard.compress(HTML[:30]) + zstandard.compress(HTML[30:])),
        ("deflate, gzip", gzip.compress(zlib.compress(HTML))),
        ("br, gzip, identity", gzip.compress(brotli.compress(HTML))),
        ("utf-8", HTML),
        ("", gzip.compress(HTML)),
    ],
    ids=["gzip", "x-gzip", "members and padding", "zlib", "bare deflate", "brotli", "zstd",
         "zstd frames", "chain", "chain of three", "no coding at all", "undeclared"],
)  # fmt: skip
def test_a_body_is_decoded_from_its_codings(coding: str, body: bytes, tmp_path: Path) -> None:
    headers = [("Content-Encoding", coding)] if coding else []
    ended, _ = run(
        {"a": says(body=body, headers=headers)}, tmp_path, lambda web: web.get("http://a.test/")
    )
    assert _page(ended).body == HTML


def test_a_page_tells_what_the_server_said(tmp_path: Path) -> None:
    headers = [("ETag", 'W/"7"'), ("Last-Modified", "Sat, 25 Feb 2023 10:00:00 GMT")]
    hosts = {
        "a": says(301, b"", headers=[("Location", "http://b.test/story?id=1")]),
        "b": says(headers=headers, kind="text/html; Charset='UTF-8'"),
    }
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/story"))
    page = _page(ended)
    assert (page.requested_url, page.url) == ("http://a.test/story", "http://b.test/story?id=1")
    assert page.redirects == (Redirect(url="http://a.test/story", status=301),)
    assert page.validators == Validators(
        etag='W/"7"', last_modified="Sat, 25 Feb 2023 10:00:00 GMT"
    )
    assert (page.media_type, page.charset, page.status) == ("text/html", "utf-8", 200)


def test_a_page_is_archived_as_it_was_returned(tmp_path: Path) -> None:
    async def scenario() -> Page | Skipped:
        with Archive(tmp_path / "archive", "run", utc_now) as archive:
            async with (
                Hostile({"a": says()}) as server,
                server.web(tmp_path, archive=archive) as web,
            ):
                return await web.get("http://a.test/")

    page = _page(asyncio.run(scenario()))
    assert page.archive_ref is not None
    assert read_archived(tmp_path / "archive", page.archive_ref) == page


def test_a_conditional_feed_request_sends_validators_back_verbatim(tmp_path: Path) -> None:
    validators = Validators(etag='W/"odd,one"', last_modified="yesterday-ish")
    ended, server = run(
        {"a": says(304, b"")},
        tmp_path,
        lambda web: web.get("http://a.test/feed", kind="feed", validators=validators),
    )
    assert (_page(ended).status, _page(ended).body) == (304, b"")
    sent = server.asked("a")[0].headers
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"odd,one"', "yesterday-ish")


def test_validators_stay_behind_when_a_redirect_leaves_the_host(tmp_path: Path) -> None:
    hosts = {"a": says(302, b"", headers=[("Location", "http://b.test/feed")]), "b": says()}
    _, server = run(
        hosts,
        tmp_path,
        lambda web: web.get("http://a.test/", kind="feed", validators=Validators(etag='"1"')),
    )
    assert "if-none-match" in server.asked("a")[0].headers
    assert "if-none-match" not in server.asked("b")[0].headers


@pytest.mark.parametrize("kind", ["application/rss+xml", "application/json", None, "image/png"])
def test_a_feed_may_be_of_any_media_type(kind: str | None, tmp_path: Path) -> None:
    ended, _ = run(
        {"a": says(body=b"<rss/>", kind=kind)},
        tmp_path,
        lambda web: web.get("http://a.test/feed", kind="feed"),
    )
    assert _page(ended).body == b"<rss/>"


def test_a_short_content_length_is_taken_at_its_word(tmp_path: Path) -> None:
    hosts = {"a": sends(answer(length=40))}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/"))
    assert _page(ended).body == HTML[:40]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html><body><p>\0\0 nul \0</p>", "text/html"),
        (b"<div>" * 100_000, "text/html"),
        ("<html><p>Мир".encode("cp1251"), "text/html; charset=utf-8"),
        ("<html><p>Мир".encode("utf-16"), "text/html"),
        (b"<html><p>" + "Мир".encode() + "Мир".encode("cp1251"), "text/html; charset=nonsense"),
        (b"<!DOCTYPE html><p>typed vaguely", "text/plain"),
        (b"\xef\xbb\xbf<html><p>not typed", None),
    ],
    ids=["nul", "nested", "wrong charset", "utf-16", "mixed", "text/plain", "untyped"],
)
def test_odd_html_is_left_to_the_reader(body: bytes, kind: str | None, tmp_path: Path) -> None:
    hosts = {"a": says(body=body, kind=kind)}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/"))
    assert _page(ended).body == body


def test_the_user_agent_names_program_and_contact(tmp_path: Path) -> None:
    async def scenario() -> Hostile:
        async with (
            Hostile({"a": says()}) as server,
            server.web(tmp_path, user_agent="Daily/2", contact="desk@example.org") as web,
        ):
            await web.get("http://a.test/")
            return server

    sent = {one.headers["user-agent"] for one in asyncio.run(scenario()).log}
    assert sent == {"Daily/2 (+desk@example.org)"}


def test_a_cookie_set_on_a_redirect_to_itself_is_sent_back(tmp_path: Path) -> None:
    bake = says(302, b"", headers=[("Location", "/"), ("Set-Cookie", "seen=1; Path=/")])
    ended, server = run(
        {"a": in_turn(bake, says())}, tmp_path, lambda web: web.get("http://a.test/")
    )
    assert isinstance(ended, Page)
    assert [one.headers.get("cookie") for one in server.asked("a")] == [None, "seen=1"]


def test_no_cookie_reaches_another_host(tmp_path: Path) -> None:
    away = [("Location", "http://b.test/"), ("Set-Cookie", "a=1; Domain=test")]
    hosts = {"a": says(302, b"", headers=away), "b": says()}
    _, server = run(hosts, tmp_path, lambda web: web.get("http://a.test/"))
    assert "cookie" not in server.asked("b")[0].headers


def test_connections_are_reused_within_a_host(tmp_path: Path) -> None:
    async def ask(web: Web) -> None:
        for number in range(10):
            _page(await web.get(f"http://a.test/{number}"))

    _, server = run({"a": says()}, tmp_path, ask)
    assert server.connections == 1


def test_a_redirect_without_end_stops_after_ten(tmp_path: Path) -> None:
    async def onward(asked: Asked, writer: Writer) -> None:
        step = int(asked.path.strip("/") or 0) + 1
        writer.write(answer(302, b"", headers=[("Location", f"/{step}")]))

    ended, server = run({"a": onward}, tmp_path, lambda web: web.get("http://a.test/0"))
    assert skip(ended).reason is Reason.TOO_MANY_REDIRECTS
    assert len(server.asked("a")) == 11


@pytest.mark.parametrize(
    "url",
    ["ftp://a.test/", "http://u:p@a.test/", "http://a.test/\r\nX: 1", "/story", "", "http://"],
)
def test_what_is_no_web_address_is_refused_unasked(url: str, tmp_path: Path) -> None:
    ended, server = run({"a": says()}, tmp_path, lambda web: web.get(url))
    assert skip(ended).reason is Reason.REFUSED_URL
    assert server.log == []


def test_a_cookie_of_a_sign_on_host_is_sent_back_to_its_site(tmp_path: Path) -> None:
    async def www(asked: Asked, writer: Writer) -> None:
        has_signed_on = asked.headers.get("cookie") == "sess=1"
        there = [("Location", "http://sso.a.test/set")]
        writer.write(answer() if has_signed_on else answer(302, b"", headers=there))

    back = [("Location", "http://www.a.test/n/1"), ("Set-Cookie", "sess=1; Domain=.a.test; Path=/")]
    hosts = {"www.a": www, "sso.a": says(302, b"", headers=back)}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://www.a.test/n/1"))
    assert _page(ended).body == HTML


def test_a_site_may_send_round_for_each_of_its_cookies(tmp_path: Path) -> None:
    """The same two URLs twice are no loop while each time another cookie is sent along."""

    async def www(asked: Asked, writer: Writer) -> None:
        sent = asked.headers.get("cookie", "")
        there = [("Location", f"http://sso.a.test/{'2' if '1=' in sent else '1'}")]
        writer.write(answer() if "2=" in sent else answer(302, b"", headers=there))

    async def sso(asked: Asked, writer: Writer) -> None:
        baked = [("Set-Cookie", f"{asked.path[1:]}=x; Domain=a.test; Path=/")]
        there = [("Location", "http://www.a.test/")]
        writer.write(answer(302, b"", headers=there + baked))

    ended, _ = run(
        {"www.a": www, "sso.a": sso}, tmp_path, lambda web: web.get("http://www.a.test/")
    )
    assert _page(ended).body == HTML


def test_no_cookie_of_one_request_goes_along_with_the_next(tmp_path: Path) -> None:
    async def two(web: Web) -> None:
        _page(await web.get("http://a.test/1"))
        _page(await web.get("http://a.test/2"))

    hosts = {"a": says(headers=[("Set-Cookie", "seen=1; Path=/")])}
    _, server = run(hosts, tmp_path, two)
    assert [one.headers.get("cookie") for one in server.asked("a")] == [None, None]
