"""Which requests the server of `dateline serve` answers, by their headers alone."""

import asyncio
from typing import Any

import pytest

from flows.operations.serve.gate import Gate, is_here, refusal

HERE = (b"host", b"127.0.0.1:4200")
OTHERS = "This server answers its own pages only."
ELSEWHERE = "This server answers to loopback names only."


@pytest.mark.parametrize(
    "host", [b"127.0.0.1:4200", b"localhost:4300", b"LOCALHOST", b"[::1]:4200", b"127.0.0.2"]
)
def test_loopback_names_are_this_machine_at_any_port(host: bytes) -> None:
    assert is_here(host)


@pytest.mark.parametrize(
    "host",
    [
        b"", b"evil.test", b"evil.test:4200", b"127.0.0.1.evil.test", b"localhost.evil.test",
        b"127.0.0.1:4200@evil.test", b"evil.test#127.0.0.1", b"0.0.0.0:4200", b"192.168.0.2:4200",
        b"[::1", b"127.0.0.1, evil.test", b"2130706433", b"\xff\xfe",
    ],
)  # fmt: skip
def test_any_other_name_is_not(host: bytes) -> None:
    assert not is_here(host)


@pytest.mark.parametrize(
    ("headers", "method", "why"),
    [
        ([HERE], "POST", None),  # a program: the secret decides
        ([], "GET", ELSEWHERE),
        ([HERE, (b"host", b"evil.test")], "GET", ELSEWHERE),
        ([(b"host", b"rebound.test:4200")], "GET", ELSEWHERE),
        ([HERE, (b"origin", b"http://127.0.0.1:4200")], "POST", None),
        ([HERE, (b"origin", b"http://127.0.0.1:8000")], "POST", OTHERS),
        ([HERE, (b"origin", b"https://127.0.0.1:4200")], "POST", OTHERS),
        ([HERE, (b"origin", b"http://evil.test")], "OPTIONS", OTHERS),
        ([HERE, (b"origin", b"null")], "POST", OTHERS),
        ([HERE, (b"origin", b"null"), (b"origin", b"http://127.0.0.1:4200")], "POST", OTHERS),
        ([HERE, (b"sec-fetch-site", b"cross-site")], "GET", OTHERS),
        ([HERE, (b"sec-fetch-site", b"same-site")], "GET", OTHERS),
        ([HERE, (b"sec-fetch-site", b"none")], "GET", None),
        ([HERE, (b"sec-fetch-site", b"same-origin")], "PATCH", None),
    ],
)
def test_a_request_is_for_this_machine_and_from_no_other_site(
    headers: list[tuple[bytes, bytes]], method: str, why: str | None
) -> None:
    assert refusal(headers, method) == why


def test_a_link_elsewhere_may_open_a_page_and_a_form_elsewhere_may_send_nothing() -> None:
    followed = [HERE, (b"sec-fetch-site", b"cross-site"), (b"sec-fetch-mode", b"navigate")]

    assert refusal(followed, "GET") is None
    assert refusal(followed, "POST") == OTHERS


def _answer(
    headers: list[tuple[bytes, bytes]], kind: str = "http"
) -> tuple[list[dict[str, Any]], bool]:
    """What is sent for a request with these headers, and whether the application was asked."""
    sent: list[dict[str, Any]] = []
    asked: list[str] = []

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        asked.append(scope["type"])
        open_to_all = [(b"Access-Control-Allow-Origin", b"*"), (b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": open_to_all})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "method": "GET", "headers": headers}
    asyncio.run(Gate(application)(scope, receive, send))
    return sent, bool(asked)


def test_every_answer_forbids_to_ask_others_and_lets_no_other_site_read() -> None:
    ((start,), asked) = _answer([HERE])
    headers = dict(start["headers"])

    assert asked
    assert b"default-src 'none'" in headers[b"content-security-policy"]
    assert b"connect-src 'self' ws://127.0.0.1:4200;" in headers[b"content-security-policy"]
    assert headers[b"x-dns-prefetch-control"] == b"off"
    assert headers[b"content-type"] == b"text/html"
    assert not [name for name in headers if name.lower().startswith(b"access-control")]


def test_what_is_refused_never_reaches_prefect() -> None:
    (sent, asked) = _answer([(b"host", b"evil.test")])

    assert (sent[0]["status"], asked) == (403, False)


def test_a_socket_from_another_site_is_closed_before_it_opens() -> None:
    (sent, asked) = _answer([HERE, (b"origin", b"http://evil.test")], "websocket")

    assert (sent, asked) == (
        [{"type": "websocket.close", "code": 1008, "reason": OTHERS}],
        False,
    )
