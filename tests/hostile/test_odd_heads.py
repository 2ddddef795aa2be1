"""Answers whose heads are odd: read as browsers and curl read them, or refused with what is odd."""

import asyncio
import gzip
from pathlib import Path

import pytest

from flows.core import Page, Reason, Skipped
from flows.fetch.client import Web
from tests.hostile.server import HTML, Behaviour, Hostile, in_turn, says, sends
from tests.hostile.test_throttling import run, skip

_LENGTH = b"Content-Length: %d\r\n" % len(HTML)
_TYPE = b"Content-Type: text/html\r\n"


def _head(*lines: bytes, status: bytes = b"HTTP/1.1 200 OK\r\n") -> bytes:
    return status + b"".join(lines) + b"\r\n"


def _chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


READ: dict[str, bytes] = {
    "slash-in-a-name": _head(_TYPE, b"get-ban-to-cache/x.php: userdata\r\n", _LENGTH) + HTML,
    "space-in-a-name": _head(_TYPE, b"X Powered By: PHP\r\n", _LENGTH) + HTML,
    "no-colon": _head(_TYPE, b"Warning\r\n", _LENGTH) + HTML,
    "no-name": _head(_TYPE, b": x\r\n", _LENGTH) + HTML,
    "name-in-cyrillic": _head(_TYPE, "Тип: да\r\n".encode("cp1251"), _LENGTH) + HTML,
    "php-warning": _head(b"<br />\r\n<b>Notice</b>:  Undefined x in <b>/a.php</b>\r\n", _TYPE,
                         _LENGTH) + HTML,
    "space-before-colon": _head(b"Content-Type : text/html\r\n", _LENGTH) + HTML,
    "folded": _head(b"Content-Type: text/html;\r\n\tcharset=utf-8\r\n", _LENGTH) + HTML,
    "bare-lf": _head(_TYPE, _LENGTH).replace(b"\r\n", b"\n") + HTML,
    "nul-in-a-value": _head(_TYPE, b"X-A: a\0b\r\n", _LENGTH) + HTML,
    "form-feed-in-a-value": _head(_TYPE, b"X-A: a\x0cb\r\n", _LENGTH) + HTML,
    "length-twice-alike": _head(_TYPE, _LENGTH, _LENGTH) + HTML,
    "length-listed-twice": _head(_TYPE, b"Content-Length: %d, %d\r\n" % ((len(HTML),) * 2)) + HTML,
    "length-and-chunks": _head(_TYPE, b"Content-Length: 7\r\nTransfer-Encoding: chunked\r\n")
                         + _chunked(HTML),
    "chunks-then-length": _head(_TYPE, b"Transfer-Encoding: chunked\r\nContent-Length: 7\r\n")
                          + _chunked(HTML),
    "chunked-twice": _head(_TYPE, b"Transfer-Encoding: chunked\r\n" * 2) + _chunked(HTML),
    "coded-for-the-way": _head(_TYPE, b"Transfer-Encoding: gzip, chunked\r\n")
                         + _chunked(gzip.compress(HTML)),
    "identity": _head(_TYPE, b"Transfer-Encoding: identity\r\n", _LENGTH) + HTML,
    "no-reason": _head(_TYPE, _LENGTH, status=b"HTTP/1.1 200\r\n") + HTML,
    "two-spaces": _head(_TYPE, _LENGTH, status=b"HTTP/1.1  200  OK\r\n") + HTML,
    "lower-case": _head(_TYPE, _LENGTH, status=b"http/1.1 200 ok\r\n") + HTML,
    "http-2": _head(_TYPE, _LENGTH, status=b"HTTP/2 200\r\n") + HTML,
    "blank-lines-first": b"\r\n\r\n" + _head(_TYPE, _LENGTH) + HTML,
    "hints-first": b"HTTP/1.1 103 x\r\nA b: c\r\n\r\n" + _head(_TYPE, _LENGTH) + HTML,
    "type-with-comma": _head(b"Content-Type: text/html, charset=utf-8\r\n", _LENGTH) + HTML,
    "type-twice": _head(b"Content-Type: text/html;charset=utf-8,text/html\r\n", _LENGTH) + HTML,
    "type-in-two-headers": _head(b"Content-Type: none\r\n", _TYPE, _LENGTH) + HTML,
    "type-with-blank": _head(b"Content-Type: text/html charset=utf-8\r\n", _LENGTH) + HTML,
    "empty-type": _head(b"Content-Type:\r\n", _LENGTH) + HTML,
    "type-that-is-none": _head(b"Content-Type: html\r\n", _LENGTH) + HTML,
    "coding-utf-8": _head(_TYPE, b"Content-Encoding: utf-8\r\n", _LENGTH) + HTML,
    "coding-none": _head(_TYPE, b"Content-Encoding: none\r\n", _LENGTH) + HTML,
    "coding-identity": _head(_TYPE, b"Content-Encoding: identity\r\n", _LENGTH) + HTML,
}  # fmt: skip

DOUBTFUL: dict[str, tuple[bytes, str]] = {
    "lengths-differ": (_head(_TYPE, _LENGTH, b"Content-Length: 7\r\n"), "differ"),
    "listed-lengths-differ": (_head(_TYPE, b"Content-Length: 7, 8\r\n"), "differ"),
    "length-of-words": (_head(_TYPE, b"Content-Length: many\r\n"), "'many'"),
    "unknown-coding": (_head(_TYPE, b"Transfer-Encoding: cow\r\n", _LENGTH), "'cow'"),
    "chunked-not-last": (_head(_TYPE, b"Transfer-Encoding: chunked, gzip\r\n"), "'chunked, gzip'"),
}


@pytest.mark.parametrize("name", READ)
def test_an_oddity_that_is_safe_costs_no_page(name: str, tmp_path: Path) -> None:
    behaviour = sends(READ[name], then_close=False)
    ended, server = run({"a": behaviour}, tmp_path, lambda web: web.get("http://a.test/"))
    assert isinstance(ended, Page), ended
    assert ended.body == HTML
    assert ended.media_type in ("text/html", None)
    assert len(server.asked("a")) == 1


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_body_without_a_sure_end_is_refused_once_and_said(name: str, tmp_path: Path) -> None:
    head, said = DOUBTFUL[name]
    ended, server = run(
        {"a": sends(head + HTML, then_close=False)}, tmp_path, lambda web: web.get("http://a.test/")
    )
    assert skip(ended).reason is Reason.PROTOCOL_ERROR
    assert said in skip(ended).detail
    assert len(server.asked("a")) == 1


@pytest.mark.parametrize(
    "name", [name for name in [*READ, *DOUBTFUL] if name != "coded-for-the-way"]
)
def test_a_robots_file_with_it_does_not_close_its_origin(name: str, tmp_path: Path) -> None:
    rules = b"User-agent: *\nDisallow: /private/\n".ljust(len(HTML), b"\n")
    raw = READ[name] if name in READ else DOUBTFUL[name][0] + HTML
    robots = sends(raw.replace(HTML, rules))

    async def both(web: Web) -> tuple[Page | Skipped, Page | Skipped]:
        return await web.get("http://a.test/private/x"), await web.get("http://a.test/x")

    (private, public), _ = run({"a": says()}, tmp_path, both, robots={"a": robots})
    assert isinstance(public, Page), public
    if name in READ:
        assert skip(private).reason is Reason.ROBOTS


def test_a_redirect_in_doubt_is_followed(tmp_path: Path) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: -1\r\n\r\n"
    hosts = {"a": in_turn(sends(moved, then_close=False), says())}
    ended, _ = run(hosts, tmp_path, lambda web: web.get("http://a.test/a"))
    assert isinstance(ended, Page), ended
    assert ended.url == "http://a.test/b"


def _connections(tmp_path: Path, behaviour: Behaviour) -> int:
    async def scenario() -> int:
        async with Hostile({"a": behaviour}) as server, server.web(tmp_path) as web:
            for path in ("/1", "/2", "/3"):
                assert isinstance(await web.get(f"http://a.test{path}"), Page)
            return server.connections

    return asyncio.run(scenario())


def test_no_second_answer_follows_a_repaired_one_on_its_connection(tmp_path: Path) -> None:
    """Whoever could add a line to one answer could add a whole answer behind it."""
    sound = ("type", "empty", "coding-", "no-reason", "hints-first")
    odd = [name for name in READ if not name.startswith(sound)]
    for name in odd:
        folder = tmp_path / name
        folder.mkdir()
        behaviour = sends(READ[name], then_close=False)
        # one for robots.txt and the first page, then one for each page
        assert _connections(folder, behaviour) == 3, name


def test_a_smuggled_second_answer_is_never_read(tmp_path: Path) -> None:
    forged = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\nforged"
    body = b"0\r\n\r\n" + forged
    head = _head(_TYPE, b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % len(body))
    hosts = {"a": in_turn(sends(head + body, then_close=False), says())}

    async def two(web: Web) -> list[Page | Skipped]:
        return [await web.get(f"http://a.test/{path}") for path in "12"]

    (first, second), _ = run(hosts, tmp_path, two)
    assert skip(first).reason is Reason.EMPTY
    assert isinstance(second, Page)
    assert second.body == HTML
