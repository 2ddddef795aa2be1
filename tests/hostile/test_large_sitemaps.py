"""Sitemaps as large as their protocol allows are read over real sockets; larger ones say so."""

import gzip
from pathlib import Path

import pytest

from flows.core import Look, LookStatus, Reason, Source, SourceMemory
from flows.discovery import look
from flows.fetch.client import Web
from tests.discovery.support import NOW
from tests.hostile.server import Behaviour, Hostile, floods, in_turn, says
from tests.hostile.threats import at_bad

_XML = "application/xml"
_PICTURES = "".join(
    f"<image:image><image:loc>http://bad.test/{n}.jpg</image:loc></image:image>" for n in range(4)
)

_LONG = f"<x>{'a' * 3_000}</x>"  # 4,000 URLs with it have 12 MB


def _sitemap(urls: int, *, more: str = _PICTURES) -> bytes:
    listed = "".join(
        f"<url><loc>http://bad.test/{number}</loc><lastmod>2026-11-21</lastmod>{more}</url>"
        for number in range(urls)
    )
    return f'<urlset xmlns:image="urn:i">{listed}</urlset>'.encode()


def _looked(
    folder: Path, behaviour: Behaviour, kind: str = "sitemap", path: str = "/s.xml"
) -> tuple[Look, Hostile]:
    source = Source(source_id="bad", outlet="Bad", kind=kind, url=f"http://bad.test{path}")

    async def ask(web: Web) -> Look:
        return await look(source, web, SourceMemory(source_id="bad"), now=NOW)

    return at_bad(behaviour, folder, ask, timeout_seconds=30.0, clock=lambda: NOW)


def test_fifty_thousand_urls_with_pictures_are_read(tmp_path: Path) -> None:
    body = _sitemap(50_000)
    assert 15_000_000 < len(body) < 52_428_800

    seen, _ = _looked(tmp_path, says(body=body, kind=_XML))

    assert (seen.status, seen.error, seen.items) == (LookStatus.UNDATED, None, 50_000)


@pytest.mark.parametrize("coding", ["gzip", ""], ids=["coded", "a packed file"])
def test_the_limit_is_of_what_is_unpacked(coding: str, tmp_path: Path) -> None:
    packed = gzip.compress(_sitemap(4_000, more=_LONG), 1)
    headers = [("Content-Encoding", coding)] if coding else []

    seen, _ = _looked(tmp_path, says(body=packed, kind=_XML, headers=headers))

    assert (seen.status, seen.error, seen.items) == (LookStatus.UNDATED, None, 4_000)


def test_of_more_urls_the_first_fifty_thousand_are_read_and_the_rest_counted(
    tmp_path: Path,
) -> None:
    seen, _ = _looked(tmp_path, says(body=_sitemap(50_007, more=""), kind=_XML))

    assert seen.items == 50_000 + 7
    assert dict(seen.problems)["beyond_limit"] >= 7
    assert "7 more than 50,000 URLs" in (seen.error or "")


def test_a_packed_file_that_is_larger_says_what_is_missing(tmp_path: Path) -> None:
    body = _sitemap(1_000, more="").removesuffix(b"</urlset>") + b" " * 52_428_800
    seen, _ = _looked(tmp_path, says(body=gzip.compress(body, 1), kind="application/gzip"))

    assert seen.items == 1_000
    assert "larger than 52,428,800 bytes" in (seen.error or "")


@pytest.mark.parametrize("kind", ["sitemap", "feed"])
def test_what_is_too_large_for_its_kind_is_not_begun(kind: str, tmp_path: Path) -> None:
    length = 52_428_801 if kind == "sitemap" else 10_000_001
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n"
    seen, _ = _looked(tmp_path, floods(head.encode(), b"<url></url>" * 5_000), kind)

    assert (seen.status, seen.reason) == (LookStatus.FAILED, Reason.TOO_LARGE)
    assert f"announces {length:,} bytes" in (seen.error or "")


def test_a_file_below_an_index_may_be_as_large(tmp_path: Path) -> None:
    index = b"<sitemapindex><sitemap><loc>/part.xml</loc></sitemap></sitemapindex>"
    hosts = in_turn(says(body=index, kind=_XML), says(body=_sitemap(4_000, more=_LONG), kind=_XML))

    seen, server = _looked(tmp_path, hosts)

    assert [one.path for one in server.asked("bad")] == ["/s.xml", "/part.xml"]
    assert (seen.status, seen.error, seen.items) == (LookStatus.UNDATED, None, 4_000)


def test_a_source_may_be_called_a_sitemap_by_its_address_only(tmp_path: Path) -> None:
    large = says(body=_sitemap(4_000, more=_LONG), kind=_XML)

    seen, _ = _looked(tmp_path, large, kind="feed", path="/News-Sitemap.xml")

    assert (seen.status, seen.error, seen.items) == (LookStatus.UNDATED, None, 4_000)
