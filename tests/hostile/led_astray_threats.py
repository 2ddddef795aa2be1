"""Threats 14 to 30: addresses, names and certificates that lead elsewhere than they say."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from flows.core import Page, Reason, Skipped
from flows.fetch.addresses import Guard
from flows.fetch.failure import NotFetched
from tests.hostile.server import Behaviour, Hostile, says
from tests.hostile.threats import PATIENT_SECONDS, Register, at_bad, ended, page, reason, skip

LED = Register()

_SHORT = 0.5  # seconds of deadline where the deadline is what is tried


def _to(location: str) -> Behaviour:
    return says(302, b"", headers=[("Location", location)])


def _refuses(folder: Path, *urls: str) -> None:
    """Named by a redirect, and asked for outright: no packet goes there."""
    for url in urls:
        outcome, server = at_bad(_to(url), folder, lambda web: web.get("http://bad.test/story"))
        assert skip(outcome).reason is Reason.REFUSED_ADDRESS, url
        assert {one.host for one in server.log} == {"bad.test"}
        outright, server = at_bad(says(), folder, lambda web, url=url: web.get(url))  # type: ignore[misc]
        assert (skip(outright).reason, server.log) == (Reason.REFUSED_ADDRESS, []), url


@LED.of(14)
def loopback_and_its_name(folder: Path) -> None:
    _refuses(folder, "http://127.0.0.2/")
    with pytest.raises(NotFetched, match="not public"):
        asyncio.run(Guard().vet("localhost", 80))


@LED.of(15)
def loopback_spelt_as_a_number(folder: Path) -> None:
    _refuses(folder, "http://0x7f.2/", "http://2130706434/", "http://0177.0.0.2/")


@LED.of(16)
def loopback_of_ipv6(folder: Path) -> None:
    _refuses(folder, "http://[::1]/")


@LED.of(17)
def private_address_mapped_into_ipv6(folder: Path) -> None:
    _refuses(folder, "http://[::ffff:10.0.0.1]/")


@LED.of(18)
def address_of_a_clouds_secrets(folder: Path) -> None:
    _refuses(folder, "http://169.254.169.254/latest/meta-data/")


@LED.of(19)
def loopback_behind_nat64(folder: Path) -> None:
    _refuses(folder, "http://[64:ff9b::7f00:2]/")


@LED.of(20)
def loopback_behind_6to4(folder: Path) -> None:
    _refuses(folder, "http://[2002:7f00:2::]/")


def _resolved(folder: Path, *answers: tuple[str, ...]) -> list[Page | Skipped]:
    """One request per answer of the resolver but the first, which is for robots.txt."""
    left = list(answers)

    async def resolver(_: str) -> tuple[str, ...]:
        return left.pop(0)

    async def scenario() -> list[Page | Skipped]:
        closes = says(headers=[("Connection", "close")])
        async with Hostile({"bad": closes}, robots={"bad": closes}) as server:
            settings = {"resolver": resolver, "resolve": {}, "allow_networks": ("127.0.0.1/32",)}
            async with server.web(folder, **settings) as web:
                url = f"http://bad.test:{server.port}/"
                return [await web.get(url) for _ in answers[1:]]

    return asyncio.run(scenario())


@LED.of(21)
def name_with_a_private_address_among_others(folder: Path) -> None:
    here = ("127.0.0.1",)
    _, second = _resolved(folder, here, here, ("127.0.0.1", "10.0.0.1"))
    assert skip(second).reason is Reason.REFUSED_ADDRESS


@LED.of(22)
def name_that_moves_inside(folder: Path) -> None:
    first, second = _resolved(folder, ("127.0.0.1",), ("127.0.0.1",), ("10.0.0.1",))
    page(first)
    assert skip(second).reason is Reason.REFUSED_ADDRESS


@LED.of(23)
def name_with_fifty_addresses(folder: Path) -> None:  # noqa: ARG001
    async def resolver(_: str) -> tuple[str, ...]:
        return tuple(f"8.8.8.{number}" for number in range(50))

    vetted = asyncio.run(Guard(resolver=resolver).vet("many.test", 80))
    assert len(vetted.addresses) <= 4


@LED.of(24)
def other_schemes(folder: Path) -> None:
    for url in ("file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "ftp://a.test/"):
        assert reason(_to(url), folder) is Reason.REFUSED_URL, url
        assert reason(says(), folder, url) is Reason.REFUSED_URL, url


@LED.of(25)
def ports_of_other_services(folder: Path) -> None:
    for url in ("http://bad.test:6379/", "http://8.8.8.8:22/"):
        assert reason(_to(url), folder, resolver=_public) is Reason.REFUSED_URL, url


async def _public(_: str) -> tuple[str, ...]:
    return ("8.8.8.8",)


@LED.of(26)
def credentials_in_an_address(folder: Path) -> None:
    """Refused, and never repeated where they could be read."""
    for outcome in (
        ended(_to("http://user:secret@bad.test/"), folder),
        ended(says(), folder, "http://user:secret@bad.test/"),
    ):
        assert skip(outcome).reason is Reason.REFUSED_URL
        assert "secret" not in skip(outcome).detail


_CA = trustme.CA()


def _https(folder: Path, certificate: trustme.LeafCert | None, seconds: float) -> Skipped:
    """How a request to a server with this certificate ended; None: it never shakes hands."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
    authority = folder / "authority.pem"
    _CA.cert_pem.write_to_path(str(authority))

    async def scenario() -> Page | Skipped:
        async with (
            Hostile({"bad": says()}, tls=context) as server,
            server.web(folder, timeout_seconds=seconds) as web,
        ):
            return await web.get("https://bad.test/")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority))
        return skip(asyncio.run(scenario()))


@LED.of(27)
def expired_certificate(folder: Path) -> None:
    begun, over = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    old = _CA.issue_cert("bad.test", not_before=begun, not_after=over)
    assert _https(folder, old, PATIENT_SECONDS).reason is Reason.TLS


@LED.of(28)
def certificate_of_another_host(folder: Path) -> None:
    assert _https(folder, _CA.issue_cert("other.test"), PATIENT_SECONDS).reason is Reason.TLS


@LED.of(29)
def certificate_nobody_signed(folder: Path) -> None:
    own = trustme.CA().issue_cert("bad.test")
    assert _https(folder, own, PATIENT_SECONDS).reason is Reason.TLS


@LED.of(30)
def handshake_that_never_comes(folder: Path) -> None:
    assert "timeout" in _https(folder, None, _SHORT).detail
