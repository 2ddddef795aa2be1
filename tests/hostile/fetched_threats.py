"""Threats 1 to 13 and 31 to 42: time, size, codings, redirects, types, manners, framing."""

import asyncio
import gzip
from collections.abc import Awaitable
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

from flows.core import Page, Reason, Skipped
from flows.core.times import utc_now
from flows.fetch.client import Web
from tests.hostile.server import (
    HTML,
    Behaviour,
    Hostile,
    answer,
    drips,
    floods,
    in_turn,
    says,
    sends,
)
from tests.hostile.threats import (
    MAX_BYTES,
    Register,
    at_bad,
    ended,
    page,
    reason,
    skip,
    without_growing,
)

FETCHED = Register()

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_ZEROS = bytes(16_000_000)
_PACKED = {
    "gzip": gzip.compress(_ZEROS) * 64,
    "br": brotli.compress(_ZEROS * 16, quality=1),
    "zstd": zstandard.compress(_ZEROS) * 64,
}
_SHORT = 0.5  # seconds of deadline where the deadline is what is tried


def _coded(coding: str, body: bytes) -> Behaviour:
    return says(body=body, headers=[("Content-Encoding", coding)])


def _to(location: str) -> Behaviour:
    return says(302, b"", headers=[("Location", location)])


def _times_out(behaviour: Behaviour, folder: Path) -> None:
    """At the deadline, with another host undisturbed, and with the client fit for more."""

    async def scenario() -> tuple[list[Page | Skipped], Page | Skipped, Page | Skipped]:
        async with (
            Hostile({"bad": behaviour, "good": says()}) as server,
            server.web(folder, timeout_seconds=_SHORT) as web,
        ):
            bad = [asyncio.create_task(web.get(f"http://bad.test/{n}")) for n in range(3)]
            meanwhile = await web.get("http://good.test/")
            assert not bad[0].done()
            outcomes = list(await asyncio.gather(*bad))
            return outcomes, meanwhile, await web.get("http://good.test/again")

    outcomes, meanwhile, after = asyncio.run(scenario())
    assert {skip(one).reason for one in outcomes} <= {Reason.TIMEOUT, Reason.CONNECT}
    assert skip(outcomes[0]).reason is Reason.TIMEOUT
    page(meanwhile)
    page(after)


@FETCHED.of(1)
def slow_headers(folder: Path) -> None:
    _times_out(drips(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"), folder)


@FETCHED.of(2)
def slow_body(folder: Path) -> None:
    _times_out(drips(_HEAD + b"Content-Length: 90000\r\n\r\n", b"a"), folder)


@FETCHED.of(3)
def never_answers(folder: Path) -> None:
    _times_out(drips(b"", b""), folder)


def flooded_page(folder: Path, max_bytes: int = MAX_BYTES) -> Reason | None:
    """How a request for a body without end ends."""
    return reason(floods(_HEAD + b"\r\n", b"a" * 65536), folder, max_bytes=max_bytes)


def flooded_chunks(folder: Path, max_bytes: int = MAX_BYTES) -> Reason | None:
    """The same in chunks."""
    endless = floods(_CHUNKED, b"1000\r\n" + b"a" * 4096 + b"\r\n")
    return reason(endless, folder, max_bytes=max_bytes)


@FETCHED.of(4)
def infinite_body(folder: Path) -> None:
    assert without_growing(flooded_page, folder) is Reason.TOO_LARGE


@FETCHED.of(5)
def infinite_chunks(folder: Path) -> None:
    assert without_growing(flooded_chunks, folder) is Reason.TOO_LARGE


def flooded_headers(folder: Path, number: int) -> Reason | None:
    """How a request ends that gets answers before the answer, headers, or trailers without end."""
    start, wave = (
        (b"", b"HTTP/1.1 103 Soon\r\n\r\n" * 99),
        (b"HTTP/1.1 200 OK\r\n", b"X: a\r\n" * 999),
        (_CHUNKED + b"0\r\n", b"X: a\r\n" * 999),
    )[number]
    return reason(floods(start, wave), folder)


@FETCHED.of(6)
def endless_interim_answers_headers_and_trailers(folder: Path) -> None:
    for number in range(3):
        assert without_growing(flooded_headers, folder, number) is Reason.PROTOCOL_ERROR


def bombed(folder: Path, codings: tuple[str, ...], max_bytes: int = MAX_BYTES) -> Reason | None:
    """How a request for a gigabyte of zeros ends; of brotli, which packs tighter, a quarter."""
    body = b""
    for coding in reversed(codings):
        body = _PACKED[coding] if not body else gzip.compress(body)
    return reason(_coded(", ".join(codings), body), folder, max_bytes=max_bytes)


@FETCHED.of(7)
def bombs(folder: Path) -> None:
    for coding in _PACKED:
        assert without_growing(bombed, folder, (coding,)) is Reason.TOO_LARGE


@FETCHED.of(8)
def bomb_in_a_bomb(folder: Path) -> None:
    assert without_growing(bombed, folder, ("gzip", "gzip")) is Reason.TOO_LARGE


@FETCHED.of(9)
def ten_codings(folder: Path) -> None:
    assert reason(_coded(", ".join(["gzip"] * 10), b"x"), folder) is Reason.DECODE_ERROR


@FETCHED.of(10)
def truncated_body(folder: Path) -> None:
    for coding, body in (
        ("gzip", gzip.compress(HTML)[:-9]),
        ("br", brotli.compress(HTML)[:-2]),
        ("zstd", zstandard.compress(HTML)[:-2]),
    ):
        outcome = skip(ended(_coded(coding, body), folder))
        assert (outcome.reason, outcome.archive_ref) == (Reason.DECODE_ERROR, None)


@FETCHED.of(11)
def redirect_loop(folder: Path) -> None:
    assert reason(_to("/again"), folder) is Reason.TOO_MANY_REDIRECTS


@FETCHED.of(12)
def long_chain(folder: Path) -> None:
    """Ten hops are followed, one more is not."""
    hops = [_to(f"/{number}") for number in range(1, 12)]
    assert reason(in_turn(*hops, says()), folder) is Reason.TOO_MANY_REDIRECTS
    page(ended(in_turn(*hops[:10], says()), folder))


@FETCHED.of(13)
def redirect_to_nowhere(folder: Path) -> None:
    outcome = skip(ended(says(302, b""), folder))
    assert (outcome.reason, outcome.http_status) == (Reason.PROTOCOL_ERROR, 302)


@FETCHED.of(31)
def picture_and_pdf(folder: Path) -> None:
    picture, paper = b"\x89PNG\r\n\x1a\n" + bytes(99), b"%PDF-1.7 ..."
    assert reason(says(body=picture, kind="image/png"), folder) is Reason.MEDIA
    assert reason(says(body=picture), folder) is Reason.MEDIA
    assert reason(says(body=paper, kind="application/pdf"), folder) is Reason.PDF
    assert reason(says(body=paper), folder) is Reason.PDF


@FETCHED.of(33)
def feed_as_an_article(folder: Path) -> None:
    feed = b'<?xml version="1.0"?><rss version="2.0"></rss>'
    assert reason(says(body=feed, kind="text/xml"), folder) is Reason.NOT_HTML


def _later(status: int, retry_after: str) -> Behaviour:
    return says(status, b"later", headers=[("Retry-After", retry_after)])


@FETCHED.of(34)
def storm_of_429(folder: Path) -> None:
    def ask(web: Web) -> Awaitable[list[Page | Skipped]]:
        return asyncio.gather(*(web.get(f"http://bad.test/{n}") for n in range(100)))

    outcomes, server = at_bad(_later(429, "3600"), folder, ask)
    assert {skip(one).reason for one in outcomes} == {Reason.THROTTLED}
    assert len(server.asked("bad")) == 1


@FETCHED.of(35)
def unavailable_for_a_while(folder: Path) -> None:
    date = format_datetime(utc_now() + timedelta(hours=2), usegmt=True)
    for number, (said, least, most) in enumerate((("120", 119, 120), (date, 7000, 7200))):
        outcome, server = at_bad(
            _later(503, said), folder / str(number), lambda web: web.get("http://bad.test/")
        )
        waits = skip(outcome).retry_after
        assert waits is not None
        assert least <= waits.total_seconds() <= most
        assert len(server.asked("bad")) == 1


@FETCHED.of(36)
def unavailable_for_ever(folder: Path) -> None:
    outcome = skip(ended(_later(503, "99999999999999999999"), folder))
    assert outcome.retry_after is not None
    assert outcome.retry_after <= timedelta(days=1)


@FETCHED.of(37)
def unavailable_until_the_past(folder: Path) -> None:
    """A negative wait is none: the host is left alone as long as hosts that name none."""
    outcome, server = at_bad(_later(503, "-5"), folder, lambda web: web.get("http://bad.test/"))
    waits = skip(outcome).retry_after
    assert waits is not None
    assert timedelta(0) < waits <= timedelta(minutes=1)
    assert len(server.asked("bad")) <= 3


@FETCHED.of(38)
def lasting_trouble(folder: Path) -> None:
    outcome, server = at_bad(
        says(500, b"no"), folder / "page", lambda web: web.get("http://bad.test/")
    )
    assert skip(outcome).reason is Reason.HTTP_500
    assert len(server.asked("bad")) == 3
    forbids = {"bad": says(503, b"no")}
    outcome, server = at_bad(
        says(), folder / "robots", lambda web: web.get("http://bad.test/"), robots=forbids
    )
    assert (skip(outcome).reason, server.asked("bad")) == (Reason.ROBOTS, [])


@FETCHED.of(39)
def length_too_short(folder: Path) -> None:
    assert page(ended(sends(answer(length=40)), folder)).body == HTML[:40]


@FETCHED.of(40)
def length_too_long_twice_or_negative(folder: Path) -> None:
    for lie in (sends(answer(length=len(HTML) + 9)), says(headers=[("Content-Length", "7")]),
                says(length=-1)):  # fmt: skip
        outcome = skip(ended(lie, folder))
        assert (outcome.reason, outcome.archive_ref) == (Reason.PROTOCOL_ERROR, None)


@FETCHED.of(41)
def truncated_chunks(folder: Path) -> None:
    assert reason(sends(_CHUNKED + b"ff\r\nabc"), folder) is Reason.PROTOCOL_ERROR


@FETCHED.of(42)
def length_and_chunks(folder: Path) -> None:
    both = says(headers=[("Transfer-Encoding", "chunked")])
    assert reason(both, folder) is Reason.PROTOCOL_ERROR
