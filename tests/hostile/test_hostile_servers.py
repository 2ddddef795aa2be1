"""Each way a server can misbehave ends in bounded time, with the reason an analyst understands."""

import asyncio
import gzip
import zlib
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard

from flows.core import Page, Reason, Skipped
from tests.hostile.server import (
    HTML,
    Behaviour,
    Hostile,
    answer,
    drips,
    floods,
    resets,
    says,
    sends,
)

MAX_BYTES = 1_000_000
PATIENT_SECONDS = 5.0  # far more than any case takes that is not about time
_ZEROS = bytes(16_000_000)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def _coded(coding: str, body: bytes) -> Behaviour:
    return says(body=body, headers=[("Content-Encoding", coding)])


def _raw_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(body) + deflater.flush()


def _redirects(location: str, status: int = 302) -> Behaviour:
    return says(status, b"", headers=[("Location", location)])


REFUSED_TARGETS = {
    "loopback": "http://127.0.0.2/",
    "hexadecimal": "http://0x7f.2/",
    "decimal": "http://2130706434/",
    "octal": "http://0177.0.0.2/",
    "ipv6-loopback": "http://[::1]/",
    "mapped": "http://[::ffff:10.0.0.1]/",
    "nat64": "http://[64:ff9b::7f00:2]/",
    "6to4": "http://[2002:7f00:2::]/",
    "compatible": "http://[::127.0.0.2]/",
    "link-local": "http://[fe80::1]/",
    "unique-local": "http://[fd00::1]/",
    "private": "http://10.0.0.1/",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "carrier": "http://100.64.0.1/",
    "unspecified": "http://0.0.0.0/",
    "multicast": "http://224.0.0.1/",
}
REFUSED_SCHEMES = {
    "file": "file:///etc/passwd",
    "javascript": "javascript:alert(1)",
    "data": "data:text/html,x",
    "ftp": "ftp://example.org/",
    "credentials": "http://user:word@example.org/",
}

CASES: dict[str, tuple[Behaviour, Reason]] = {
    # time
    "never-answers": (drips(b"", b""), Reason.TIMEOUT),
    "slow-headers": (drips(b"HTTP/1.1 200 OK\r\nX-A: ", b"a"), Reason.TIMEOUT),
    "slow-body": (drips(_HEAD + b"Content-Length: 90000\r\n\r\n", b"a"), Reason.TIMEOUT),
    # size
    "endless-body": (floods(_HEAD + b"\r\n", b"a" * 65536), Reason.TOO_LARGE),
    "endless-chunks": (floods(_CHUNKED, b"1000\r\n" + b"a" * 4096 + b"\r\n"), Reason.TOO_LARGE),
    "endless-crumbs": (floods(_CHUNKED, b"1\r\na\r\n" * 999), Reason.PROTOCOL_ERROR),
    "endless-hints": (floods(b"", b"HTTP/1.1 103 Soon\r\n\r\n" * 99), Reason.PROTOCOL_ERROR),
    "endless-header": (floods(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 65536), Reason.PROTOCOL_ERROR),
    "endless-headers": (floods(b"HTTP/1.1 200 OK\r\n", b"X: a\r\n" * 999), Reason.PROTOCOL_ERROR),
    "endless-trailers": (floods(_CHUNKED + b"0\r\n", b"X: a\r\n" * 999), Reason.PROTOCOL_ERROR),
    "fifty-megabytes": (floods(_HEAD + b"Content-Length: 50000000\r\n\r\n", b"a" * 65536),
                        Reason.TOO_LARGE),
    # codings
    "bomb-gzip": (_coded("gzip", gzip.compress(_ZEROS)), Reason.TOO_LARGE),
    "bomb-deflate": (_coded("deflate", zlib.compress(_ZEROS)), Reason.TOO_LARGE),
    "bomb-bare-deflate": (_coded("deflate", _raw_deflate(_ZEROS)), Reason.TOO_LARGE),
    "bomb-brotli": (_coded("br", brotli.compress(_ZEROS, quality=1)), Reason.TOO_LARGE),
    "bomb-zstd": (_coded("zstd", zstandard.compress(_ZEROS)), Reason.TOO_LARGE),
    "bomb-in-bomb": (_coded("gzip, gzip", gzip.compress(gzip.compress(_ZEROS))), Reason.TOO_LARGE),
    "bomb-undeclared": (says(body=gzip.compress(_ZEROS)), Reason.TOO_LARGE),
    "ten-codings": (_coded(", ".join(["gzip"] * 10), b"x"), Reason.DECODE_ERROR),
    "truncated-gzip": (_coded("gzip", gzip.compress(HTML)[:-9]), Reason.DECODE_ERROR),
    "truncated-brotli": (_coded("br", brotli.compress(HTML)[:-2]), Reason.DECODE_ERROR),
    "truncated-zstd": (_coded("zstd", zstandard.compress(HTML)[:-2]), Reason.DECODE_ERROR),
    "truncated-deflate": (_coded("deflate", zlib.compress(HTML)[:-3]), Reason.DECODE_ERROR),
    "wrong-checksum": (_coded("gzip", gzip.compress(HTML)[:-8] + b"00000000"), Reason.DECODE_ERROR),
    "gzip-that-is-none": (_coded("gzip", HTML), Reason.DECODE_ERROR),
    # framing
    "length-too-long": (sends(answer(length=len(HTML) + 9)), Reason.PROTOCOL_ERROR),
    "length-twice": (says(headers=[("Content-Length", "7")]), Reason.PROTOCOL_ERROR),
    "length-negative": (says(length=-1), Reason.PROTOCOL_ERROR),
    "length-and-chunks": (says(headers=[("Transfer-Encoding", "chunked")]), Reason.PROTOCOL_ERROR),
    "truncated-chunks": (sends(_CHUNKED + b"ff\r\nabc"), Reason.PROTOCOL_ERROR),
    "bad-chunk-size": (sends(_CHUNKED + b"zz\r\nabc"), Reason.PROTOCOL_ERROR),
    "reset-in-body": (resets(_HEAD + b"Content-Length: 900\r\n\r\nabc"), Reason.PROTOCOL_ERROR),
    "closes-at-once": (sends(b""), Reason.CONNECT),
    "no-http": (sends(b"SSH-2.0-OpenSSH_9.9\r\n"), Reason.PROTOCOL_ERROR),
    "switches-protocols": (sends(b"HTTP/1.1 101 Sure\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
                           Reason.PROTOCOL_ERROR),
    # redirects
    "redirect-loop": (_redirects("/again"), Reason.TOO_MANY_REDIRECTS),
    "redirect-to-nowhere": (says(302, b""), Reason.PROTOCOL_ERROR),
    **{f"to-{name}": (_redirects(url), Reason.REFUSED_ADDRESS)
       for name, url in REFUSED_TARGETS.items()},
    **{f"to-{name}": (_redirects(url), Reason.REFUSED_URL)
       for name, url in REFUSED_SCHEMES.items()},
    # what is no article
    "picture": (says(body=b"\x89PNG\r\n\x1a\n" + bytes(99), kind="image/png"), Reason.MEDIA),
    "picture-as-html": (says(body=b"\x89PNG\r\n\x1a\n" + bytes(99)), Reason.MEDIA),
    "pdf": (says(body=b"%PDF-1.7 ...", kind="application/pdf"), Reason.PDF),
    "pdf-as-html": (says(body=b"%PDF-1.7 ..."), Reason.PDF),
    "json": (says(body=b'{"a": 1}', kind="application/json"), Reason.NOT_HTML),
    "feed": (says(body=b'<?xml version="1.0"?><rss version="2.0"></rss>', kind="text/xml"),
             Reason.NOT_HTML),
    "nothing": (says(body=b" \r\n"), Reason.EMPTY),
    "no-content": (sends(b"HTTP/1.1 204 No Content\r\n\r\n"), Reason.EMPTY),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_it_ends_with_its_reason(name: str, tmp_path: Path) -> None:
    behaviour, reason = CASES[name]

    async def scenario() -> Page | Skipped:
        async with (
            Hostile({"bad": behaviour}) as server,
            server.web(
                tmp_path,
                timeout_seconds=0.5 if reason is Reason.TIMEOUT else PATIENT_SECONDS,
                max_bytes=MAX_BYTES,
                allow_networks=("127.0.0.1/32",),
            ) as web,
        ):
            return await web.get("http://bad.test/story")

    ended = asyncio.run(scenario())
    assert isinstance(ended, Skipped), ended
    assert (ended.reason, ended.archive_ref) == (reason, None), ended


def test_all_of_them_at_once_leave_healthy_hosts_alone(tmp_path: Path) -> None:
    healthy = {f"good{number}": says() for number in range(20)}
    bad = {name: behaviour for name, (behaviour, _) in CASES.items()}

    async def scenario() -> tuple[list[Page | Skipped], list[Page | Skipped], int]:
        async with (
            Hostile(bad | healthy) as server,
            server.web(
                tmp_path,
                timeout_seconds=PATIENT_SECONDS,
                max_bytes=MAX_BYTES,
                hosts_at_once=200,
                allow_networks=("127.0.0.1/32",),
            ) as web,
        ):
            others = [asyncio.create_task(web.get(f"http://{name}.test/")) for name in bad]
            well = await asyncio.gather(*(web.get(f"http://{name}.test/") for name in healthy))
            assert not others[0].done()  # it never answers
            ended = await asyncio.gather(*others)
            well += await asyncio.gather(*(web.get(f"http://{name}.test/2") for name in healthy))
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            clients = {task for task in tasks if "Hostile" not in repr(task.get_coro())}
            return ended, well, len(clients)

    ended, well, left_over = asyncio.run(scenario())
    reasons = [one.reason if isinstance(one, Skipped) else None for one in ended]
    assert dict(zip(bad, reasons, strict=True)) == {name: why for name, (_, why) in CASES.items()}
    assert all(isinstance(one, Page) for one in well)
    assert left_over == 0
