"""Names that lead inside, and servers that are not who they say."""

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from flows.core import Page, Reason, Skipped
from tests.hostile.server import Hostile, says
from tests.hostile.test_throttling import skip

CA = trustme.CA()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' authority is the one that SSL_CERT_FILE names."""
    path = tmp_path / "authority.pem"
    CA.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))


def _server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _https(tls: ssl.SSLContext, state_dir: Path) -> Page | Skipped:
    async def scenario() -> Page | Skipped:
        async with Hostile({"a": says()}, tls=tls) as server, server.web(state_dir) as web:
            return await web.get("https://a.test/")

    return asyncio.run(scenario())


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_a_trusted_authority_is_believed(tmp_path: Path) -> None:
    assert isinstance(_https(_server_context(CA.issue_cert("a.test")), tmp_path), Page)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("certificate", "detail"),
    [
        (CA.issue_cert("other.test"), "Hostname mismatch"),
        (CA.issue_cert("a.test", not_before=datetime(2020, 1, 1, tzinfo=UTC),
                       not_after=datetime(2021, 1, 1, tzinfo=UTC)), "expired"),
        (trustme.CA().issue_cert("a.test"), "unable to get local issuer"),
    ],
    ids=["wrong name", "expired", "unknown authority"],
)  # fmt: skip
def test_a_certificate_that_does_not_hold_ends_the_request(
    certificate: trustme.LeafCert, detail: str, tmp_path: Path
) -> None:
    ended = skip(_https(_server_context(certificate), tmp_path))
    assert ended.reason is Reason.TLS
    assert detail in ended.detail


def test_the_systems_store_is_asked_when_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)

    async def scenario() -> Page | Skipped:
        tls = _server_context(CA.issue_cert("a.test"))
        async with (
            Hostile({"a": says()}, tls=tls) as server,
            server.web(tmp_path, trust_store="system") as web,
        ):
            return await web.get("https://a.test/")

    assert skip(asyncio.run(scenario())).reason is Reason.TLS


def test_a_handshake_that_never_comes_ends_at_the_deadline(tmp_path: Path) -> None:
    async def scenario() -> Page | Skipped:
        async with (
            Hostile({"a": says()}) as server,  # speaks plain HTTP, and waits for a request
            server.web(tmp_path, timeout_seconds=0.5) as web,
        ):
            return await web.get("https://a.test/")

    ended = skip(asyncio.run(scenario()))
    assert (ended.reason, "timeout" in ended.detail) == (Reason.ROBOTS, True)


def _resolved(state_dir: Path, *answers: tuple[str, ...]) -> list[Page | Skipped]:
    """One request per answer of the resolver, each on a new connection."""
    left = list(answers)

    async def resolver(_: str) -> tuple[str, ...]:
        return left.pop(0)

    async def scenario() -> list[Page | Skipped]:
        closes = says(headers=[("Connection", "close")])
        async with Hostile({"a": closes}, robots={"a": closes}) as server:
            settings = {"resolver": resolver, "resolve": {}, "allow_networks": ("127.0.0.1/32",)}
            async with server.web(state_dir, **settings) as web:
                url = f"http://a.test:{server.port}/"
                return [await web.get(url) for _ in answers[1:]]  # the first is for robots.txt

    return asyncio.run(scenario())


def test_a_name_that_moves_inside_between_requests_is_refused(tmp_path: Path) -> None:
    first, second = _resolved(tmp_path, ("127.0.0.1",), ("127.0.0.1",), ("10.0.0.1",))
    assert isinstance(first, Page)
    assert skip(second).reason is Reason.REFUSED_ADDRESS


def test_a_name_with_one_inner_address_among_outer_ones_is_refused(tmp_path: Path) -> None:
    first, second = _resolved(tmp_path, ("127.0.0.1",), ("127.0.0.1",), ("127.0.0.1", "10.0.0.1"))
    assert isinstance(first, Page)
    assert skip(second).reason is Reason.REFUSED_ADDRESS


def test_an_address_that_does_not_answer_gives_way_to_the_next(tmp_path: Path) -> None:
    both = ("::1", "127.0.0.1")  # the server listens on the second only

    async def resolver(_: str) -> tuple[str, ...]:
        return both

    async def scenario() -> Page | Skipped:
        async with Hostile({"a": says()}) as server:
            settings = {"resolver": resolver, "resolve": {},
                        "allow_networks": ("127.0.0.1/32", "::1/128")}  # fmt: skip
            async with server.web(tmp_path, **settings) as web:
                return await web.get(f"http://a.test:{server.port}/")

    assert isinstance(asyncio.run(scenario()), Page)
