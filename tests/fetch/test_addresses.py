import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

import pytest

from flows.core import Reason
from flows.core.urls import fetch_url, host_of
from flows.fetch.addresses import Guard, Vetted, is_public
from flows.fetch.failure import NotFetched, Unreachable

INSIDE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3", "192.0.0.1",
    "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2001:10::1",
    "2002:7f00:1::", "2002:a00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fec0::1", "ff02::1",
]  # fmt: skip
OUTSIDE = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.255.255", "172.32.0.1", "100.63.255.255",
    "100.128.0.1", "192.0.1.1", "198.17.255.255", "223.255.255.255", "2606:4700::1111",
    "2001:4860:4860::8888", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::808:808",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_special_purpose_addresses_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def _never(_: str) -> Awaitable[tuple[str, ...]]:
    raise AssertionError("nothing was to be resolved")


def _answers(*addresses: str) -> Callable[[str], Awaitable[tuple[str, ...]]]:
    async def resolver(_: str) -> tuple[str, ...]:
        return addresses

    return resolver


def _vet(guard: Guard, host: str, port: int = 80) -> Vetted | Reason:
    try:
        return asyncio.run(guard.vet(host, port))
    except NotFetched as failure:
        return failure.reason
    finally:
        guard.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://0x7f.1/", "http://2130706433/", "http://0177.0.0.1/",
        "http://127.1/", "http://127.0.0.1./", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/", "http://169.254.169.254/", "http://①②⑦.0.0.1/",
        "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    ],
)  # fmt: skip
def test_every_spelling_of_an_inner_address_is_refused_without_a_lookup(url: str) -> None:
    fetchable = fetch_url(url)
    assert fetchable is not None
    host = host_of(fetchable).strip("[]")
    assert _vet(Guard(resolver=_never), host) is Reason.REFUSED_ADDRESS


def test_a_name_is_vetted_by_the_addresses_it_has() -> None:
    guard = Guard(resolver=_answers("8.8.8.8", "2606:4700::1111"))
    assert _vet(guard, "a.test") == Vetted(addresses=("8.8.8.8", "2606:4700::1111"), port=80)


def test_one_inner_address_among_outer_ones_refuses_the_name() -> None:
    assert _vet(Guard(resolver=_answers("8.8.8.8", "10.0.0.1")), "a.test") is Reason.REFUSED_ADDRESS


def test_of_fifty_addresses_four_are_tried() -> None:
    guard = Guard(resolver=_answers(*(f"8.8.8.{number}" for number in range(50))))
    vetted = _vet(guard, "a.test")
    assert isinstance(vetted, Vetted)
    assert len(vetted.addresses) == 4


def test_an_inner_address_after_the_fourth_still_refuses_the_name() -> None:
    addresses = [f"8.8.8.{number}" for number in range(9)] + ["127.0.0.1"]
    assert _vet(Guard(resolver=_answers(*addresses)), "a.test") is Reason.REFUSED_ADDRESS


def test_a_name_without_an_address_is_a_dns_failure() -> None:
    assert _vet(Guard(resolver=_answers()), "a.test") is Reason.DNS


def test_a_lookup_that_fails_is_a_dns_failure() -> None:
    async def resolver(_: str) -> tuple[str, ...]:
        raise socket.gaierror(-2, "Name or service not known")

    assert _vet(Guard(resolver=resolver), "a.test") is Reason.DNS


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (socket.EAI_NONAME, "the name a.test was not found: no such host, or no network"),
        (socket.EAI_AGAIN, "the name a.test could not be asked for: no name server answers"),
    ],
)
def test_why_a_name_leads_nowhere_is_said_in_words(number: int, said: str) -> None:
    async def resolver(_: str) -> tuple[str, ...]:
        raise socket.gaierror(number, "as the system says it")

    with pytest.raises(Unreachable) as failed:
        asyncio.run(Guard(resolver=resolver).vet("a.test", 443))
    assert failed.value.detail == said


@pytest.mark.parametrize(("number", "asked"), [(socket.EAI_AGAIN, 4), (socket.EAI_NONAME, 9)])
def test_without_a_name_server_names_are_not_asked_for_one_by_one(number: int, asked: int) -> None:
    names: list[str] = []

    async def resolver(host: str) -> tuple[str, ...]:
        names.append(host)
        raise socket.gaierror(number, "as the system says it")

    async def scenario() -> None:
        guard = Guard(resolver=resolver)
        for one in range(9):
            with pytest.raises(Unreachable):
                await guard.vet(f"{one}.test", 443)

    asyncio.run(scenario())
    assert len(names) == asked


def test_the_systems_resolver_knows_localhost() -> None:
    assert _vet(Guard(), "localhost") is Reason.REFUSED_ADDRESS


def test_ports_are_bounded() -> None:
    assert _vet(Guard(resolver=_answers("8.8.8.8")), "a.test", 6379) is Reason.REFUSED_URL


def test_an_allowed_network_lifts_the_refusal_of_address_and_port() -> None:
    guard = Guard(allow_networks=("10.1.0.0/16",), resolver=_answers("10.1.2.3"))
    assert _vet(guard, "intranet.test", 8080) == Vetted(addresses=("10.1.2.3",), port=8080)


def test_an_allowed_network_holds_for_its_mapped_form() -> None:
    guard = Guard(allow_networks=("10.1.0.0/16",), resolver=_answers("::ffff:10.1.2.3"))
    assert isinstance(_vet(guard, "intranet.test"), Vetted)


def test_an_allowed_network_allows_nothing_else() -> None:
    guard = Guard(allow_networks=("10.1.0.0/16",), resolver=_answers("10.2.0.1"))
    assert _vet(guard, "intranet.test") is Reason.REFUSED_ADDRESS


def test_resolve_answers_before_the_resolver_and_moves_the_port() -> None:
    guard = Guard(
        allow_networks=("127.0.0.0/8",), resolve={"Daily.test": "127.0.0.1:41000"}, resolver=_never
    )
    assert _vet(guard, "daily.test", 443) == Vetted(addresses=("127.0.0.1",), port=41000)


def test_what_resolve_leads_to_is_vetted_as_well() -> None:
    guard = Guard(resolve={"daily.test": "[::1]:41000"}, resolver=_never)
    assert _vet(guard, "daily.test") is Reason.REFUSED_ADDRESS


@pytest.mark.parametrize(
    ("host", "port", "reason"),
    [
        ("127.0.0.1", 80, Reason.REFUSED_ADDRESS),
        ("::1", 80, Reason.REFUSED_ADDRESS),
        ("localhost", 80, Reason.REFUSED_ADDRESS),
        ("printer.local", 80, Reason.REFUSED_ADDRESS),
        ("a.test", 25, Reason.REFUSED_URL),
    ],
)
def test_what_a_proxy_would_resolve_is_checked_as_far_as_it_is_written(
    host: str, port: int, reason: Reason
) -> None:
    with pytest.raises(NotFetched) as failed:
        Guard(resolver=_never).check(host, port)
    assert failed.value.reason is reason
