"""Hosts whose names hurt parsers: symbols are asked like any host, names nobody has are skipped."""

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme

from flows.core import Page, Reason, Skipped
from tests.hostile.server import Behaviour, Hostile, says
from tests.hostile.threats import page, skip

# The name as it is written in links, and as it is asked for
SYMBOLS = (
    ("☃.net", "xn--n3h.net"),
    ("💩.la", "xn--ls8h.la"),
    ("≠.test", "xn--1ch.test"),
    ("i❤️news.test", "xn--inews-102c.test"),
    ("faß.de", "xn--fa-hia.de"),
    ("новости.test", "xn--b1amnebsh.test"),
    ("中国新闻.test", "xn--fiqs8stwm660c.test"),
    ("a_b.test", "a_b.test"),
)
NO_NAMES = (
    "256.1..", "256.1.", "a..b.test", "...", "1.2.3.4.5", "foo.0x1", "a" * 64 + ".test",
    ".".join(["a"] * 128), "xn--a\u200db.test", "a\u202eb.test", "aא.test", "a%00b.test",
    "[::1%25eth0]", "[1.2.3.4]", "%", "a b.test", "\ud800.test",
)  # fmt: skip


def _asked(
    url: str,
    folder: Path,
    hosts: dict[str, Behaviour],
    resolve: tuple[str, ...],
    tls: ssl.SSLContext | None = None,
) -> tuple[Page | Skipped, Hostile]:
    async def scenario() -> tuple[Page | Skipped, Hostile]:
        async with Hostile(hosts, tls=tls) as server:
            known = dict.fromkeys(resolve, f"127.0.0.1:{server.port}")
            async with server.web(folder, resolve=known) as web:
                return await web.get(url), server

    return asyncio.run(scenario())


@pytest.mark.parametrize(("written", "asked"), SYMBOLS)
def test_a_name_browsers_ask_for_is_asked_for(written: str, asked: str, tmp_path: Path) -> None:
    hosts = {asked.removesuffix(".test"): says()}
    outcome, server = _asked(f"http://{written}/x", tmp_path, hosts, (asked,))
    assert page(outcome).url == f"http://{asked}/x"
    assert {one.host for one in server.log} == {asked}


def test_a_symbol_in_the_hosts_file_of_the_settings_is_found(tmp_path: Path) -> None:
    outcome, _ = _asked("http://xn--n3h.net/", tmp_path, {"xn--n3h.net": says()}, ("☃.net",))
    assert page(outcome).status == 200


def test_a_name_of_a_symbol_is_checked_against_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # by its common name: the `idna` of the test's library refuses the name as an identity, too
    authority.issue_cert(common_name="xn--n3h.net").configure_cert(context)
    hosts = {"xn--n3h.net": says()}
    outcome, _ = _asked("https://☃.net/x", tmp_path, hosts, ("xn--n3h.net",), tls=context)
    assert page(outcome).url == "https://xn--n3h.net/x"


def test_a_redirect_to_a_symbol_is_followed(tmp_path: Path) -> None:
    moved = says(302, headers=[("Location", "http://xn--n3h.net/there")])
    hosts = {"a": moved, "xn--n3h.net": says()}
    outcome, _ = _asked("http://a.test/", tmp_path, hosts, ("a.test", "xn--n3h.net"))
    assert page(outcome).url == "http://xn--n3h.net/there"


@pytest.mark.parametrize("host", NO_NAMES)
def test_a_host_no_rule_allows_is_one_skip_before_any_request(host: str, tmp_path: Path) -> None:
    outcome, server = _asked(f"http://{host}/x", tmp_path, {"a": says()}, ("a.test",))
    assert skip(outcome).reason is Reason.REFUSED_URL
    assert server.log == []


@pytest.mark.parametrize("host", [one for one in NO_NAMES if one.isascii()])
def test_a_redirect_to_a_host_no_rule_allows_ends_as_that(host: str, tmp_path: Path) -> None:
    moved = says(302, headers=[("Location", f"http://{host}/x")])
    outcome, _ = _asked("http://a.test/", tmp_path, {"a": moved}, ("a.test",))
    assert skip(outcome).reason is Reason.REFUSED_URL


# Names the URL standard lets pass and `idna` refuses: whatever httpx says of them, one skip
@pytest.mark.parametrize(
    "host", ["xn--a.test", "xn--", "xn--zz--.test", "-a-.test", "*.test", "a'b!c.test", "xn--9a.x"]
)
def test_a_host_only_the_dns_can_judge_ends_as_its_answer(host: str, tmp_path: Path) -> None:
    async def nobody(_: str) -> tuple[str, ...]:
        return ()

    async def scenario() -> Page | Skipped:
        async with Hostile({}) as server, server.web(tmp_path, resolver=nobody) as web:
            return await web.get(f"http://{host}/x")

    assert skip(asyncio.run(scenario())).reason is Reason.DNS
