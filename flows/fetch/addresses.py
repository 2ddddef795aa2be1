"""Which addresses may be connected to: the check between a name and a socket.

Decides, for a host and port, the addresses a connection may be made to, or that there are none.
Names resolve through the system's resolver; every answer must be public, since a name with one
private address is a name under attack (DNS rebinding), and the caller connects to the very
addresses returned here, never to the name. Refuses to know HTTP.

The tables are the IANA special-purpose registries (RFC 6890 and its updates), written out because
`ipaddress.is_global` of Python 3.11 lets 12 of 37 forms through that lead inside: multicast,
NAT64 and 6to4 wrappings of loopback, IPv4-compatible and site-local IPv6 among them.
"""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from flows.core import Reason
from flows.core.host_names import ascii_host
from flows.fetch.failure import NotFetched, Unreachable, name_in_words

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str], Awaitable[tuple[str, ...]]]

_INSIDE_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # all that is handed out today (RFC 4291, 2.4)
_INSIDE_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address
# So many names in a row without any answer, and no name server is there: further names are not
# asked for a moment. Each costs the resolver's patience, 10 s by default, of one of our threads.
_UNANSWERED_NAMES = 4
_SILENT_SECONDS = 5.0
_MOST_ADDRESSES = 4  # of a name tried in turn; 50 A records must not become 50 connects


_NO_ANSWER = socket.gaierror(socket.EAI_AGAIN, "")


def is_public(address: Address) -> bool:
    """Whether `address` is on the public internet; wrapped IPv4 is judged by what it wraps."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _INSIDE_V4)
    inner = _unwrapped(address)
    if inner is not None:
        return is_public(inner)
    return address in _GLOBAL_V6 and not any(address in network for network in _INSIDE_V6)


def _unwrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vetted:
    """What may be connected to for one host and port: addresses in the order to try, and a port."""

    addresses: tuple[str, ...]
    port: int


class Guard:
    """Vets hosts against the networks and ports allowed.

    `allow_networks` (CIDR) lifts the refusal of address and port for what lies inside.
    `resolve` answers for names as a hosts file would: name → "address:port", which stands for
    the ports 80 and 443 of that name. `resolver` is the seam for tests; the system's by default.
    """

    def __init__(
        self,
        *,
        allow_networks: tuple[str, ...] = (),
        allow_ports: tuple[int, ...] = (80, 443),
        resolve: dict[str, str] | None = None,
        resolver: Resolver | None = None,
    ) -> None:
        self._networks = tuple(ipaddress.ip_network(network) for network in allow_networks)
        self._ports = frozenset(allow_ports)
        self._fixed = {ascii_host(name): _endpoint(to) for name, to in (resolve or {}).items()}
        # Threads of our own: asyncio's default pool has six on two cores, and six dead names
        # would stop every other host for the resolver's patience. As many as hosts are asked at
        # once by default: without a network 217 names took 40 s with 16, 21 s with 32.
        self._threads = ThreadPoolExecutor(32, thread_name_prefix="resolve")
        self._unanswered = 0
        self._silent_until = 0.0
        self._resolver = resolver or self._system_resolver

    def close(self) -> None:
        """Give the threads back; a lookup under way ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def answers_for(self, host: str) -> bool:
        """Whether `resolve` names this host, so that no proxy is asked for it."""
        return host.lower() in self._fixed

    def check(self, host: str, port: int) -> None:
        """Refuse, without a lookup, what can be refused: for hops that a proxy resolves.

        Raises `NotFetched` with `refused_address` or `refused_url`.
        """
        literal = _literal(host)
        if literal is not None:
            self._admitted(host, (literal,), port)
        elif _is_local_name(host):
            raise NotFetched(Reason.REFUSED_ADDRESS, f"{host} is a name of this machine")
        elif port not in self._ports:
            raise NotFetched(Reason.REFUSED_URL, f"port {port} of {host} is not in allow_ports")

    async def vet(self, host: str, port: int) -> Vetted:
        """The addresses of `host` that may be connected to.

        Raises `NotFetched`: `dns` when the name has none, `refused_address` when any of them is
        not public and not allowed, `refused_url` for a port that is not allowed.
        """
        fixed = self._fixed.get(host.lower())
        if fixed is not None and port in (80, 443):
            address, port = fixed
            found: tuple[Address, ...] = (address,)
        else:
            found = await self._found(host)
        self._admitted(host, found, port)
        return Vetted(addresses=tuple(str(one) for one in found[:_MOST_ADDRESSES]), port=port)

    async def _found(self, host: str) -> tuple[Address, ...]:
        literal = _literal(host)
        if literal is not None:
            return (literal,)
        if time.monotonic() < self._silent_until:
            raise Unreachable(Reason.DNS, name_in_words(host, _NO_ANSWER))
        try:
            names = await self._resolver(host)
            self._unanswered = 0
        except (OSError, UnicodeError) as error:  # UnicodeError: labels idna refuses
            self._count(error)
            raise Unreachable(Reason.DNS, name_in_words(host, error)) from error
        if not names:
            raise Unreachable(Reason.DNS, f"{host} has no address")
        return tuple(ipaddress.ip_address(name.partition("%")[0]) for name in names)

    def _count(self, error: Exception) -> None:
        """Count names nobody answered for; that a name is not there is an answer."""
        if not isinstance(error, socket.gaierror) or error.errno != socket.EAI_AGAIN:
            self._unanswered = 0
            return
        self._unanswered += 1
        if self._unanswered >= _UNANSWERED_NAMES:
            self._silent_until = time.monotonic() + _SILENT_SECONDS

    def _admitted(self, host: str, found: tuple[Address, ...], port: int) -> None:
        outside = [one for one in found if not self._is_allowed(one)]
        for address in outside:
            if not is_public(address):
                raise NotFetched(
                    Reason.REFUSED_ADDRESS, f"{host} leads to {address}, which is not public"
                )
        if outside and port not in self._ports:
            raise NotFetched(Reason.REFUSED_URL, f"port {port} of {host} is not in allow_ports")

    def _is_allowed(self, address: Address) -> bool:
        inner = _unwrapped(address) if isinstance(address, ipaddress.IPv6Address) else None
        judged = inner or address
        return any(judged in network for network in self._networks)

    async def _system_resolver(self, host: str) -> tuple[str, ...]:
        loop = asyncio.get_running_loop()
        answers = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        )
        return tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _endpoint(text: str) -> tuple[Address, int]:
    """ "address:port" or "[address]:port"; ValueError for anything else."""
    address, _, port = text.rpartition(":")
    return ipaddress.ip_address(address.strip("[]")), int(port)


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _is_local_name(host: str) -> bool:
    name = host.lower().rstrip(".")
    return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
