"""One lane per host: who asks next, on which connection.

Within this process the candidates of a host stand in one queue, so that a slow host delays only
its own; between processes `memory` gives the turns. Refuses to know what is asked.

Cookies of one request and its redirects: enough for a site that sets one and leads back.

Decides what is kept and sent back, as RFC 6265 has it: to the host that set it, or, where it says
`Domain`, to all hosts below a name that is no public suffix, so that a sign-on host serves its
site and nobody sets a cookie for `co.uk` or `github.io`. Nothing outlives the request, no two
requests share anything, and the jar is bounded. A request takes seconds, so that a cookie is either
expired when it comes, which takes it back, or kept to the end.

The list of suffixes is publicsuffix.org's, as the package `tld` ships it; no network is asked.
"""

import asyncio
import ipaddress
import random
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

from flows.fetch.addresses import Guard
from flows.fetch.host_state import HostMemory, Turn
from flows.fetch.transport import Line

# Between looks at a turn another process holds: a turn is rarely shorter than a round trip.
_LOOK_SECONDS = 0.2
_LEASE_MARGIN_SECONDS = 5.0  # for what follows a deadline: closing, decoding, writing the archive


class Lane:
    """What belongs to one host for one run."""

    def __init__(self, host: str, at_once: int) -> None:
        self.host = host
        self.crawl_delay_seconds = 0.0
        self.least_pace_seconds = 0.0  # what a service asks for elsewhere than in robots.txt
        self.queue = asyncio.Semaphore(at_once)
        self.next_at = 0.0  # monotonic; what this process knows, to sleep before it asks
        self.idle: deque[Line] = deque()


class Visit:
    """A turn at a host. `answered_at` is set when the answer's head has come; `is_unseen` when no
    connection came about, so that the host knows nothing of the turn."""

    def __init__(self, lane: Lane, turn: Turn) -> None:
        self.lane = lane
        self.turn = turn
        self.answered_at: float | None = None
        self.is_unseen = False


class Lanes:
    """The lanes of a run, at most `hosts_at_once` of them with a request under way."""

    def __init__(
        self,
        memory: HostMemory,
        guard: Guard,
        tls: ssl.SSLContext,
        *,
        pace_seconds: float,
        per_host: int,
        hosts_at_once: int,
        deadline_seconds: float,
    ) -> None:
        self._memory = memory
        self._guard = guard
        self._tls = tls
        self._pace_seconds = pace_seconds
        self._per_host = per_host
        self._slots = asyncio.Semaphore(hosts_at_once)
        self._most_idle = 2 * hosts_at_once
        self._lease_seconds = deadline_seconds + _LEASE_MARGIN_SECONDS
        self._lanes: dict[str, Lane] = {}
        self._idle: deque[Lane] = deque()  # a lane per idle line, the longest idle first

    def lane(self, host: str) -> Lane:
        """The lane of `host`."""
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = Lane(host, self._per_host)
        return lane

    @asynccontextmanager
    async def visit(
        self, lane: Lane, *, before: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[Visit]:
        """Wait for a turn at the lane's host, and give it back.

        `before` is awaited at the head of the queue and may refuse by raising.

        The pace counts from the answer's head: the server has seen the request by then, so that
        its own log never shows two requests nearer to each other than the pace. A name without an
        address, or a refused connection, is no request: it leaves the pace as it was. How often
        such a host is tried is for its hold.
        """
        async with lane.queue:
            await before()
            pace = max(self._pace_seconds, lane.crawl_delay_seconds, lane.least_pace_seconds)
            visit = Visit(lane, await self._turn(lane, pace))
            try:
                yield visit
            finally:
                self._slots.release()
                if visit.is_unseen:
                    self._memory.return_turn(visit.turn)
                else:
                    lane.next_at = (visit.answered_at or time.monotonic()) + pace
                    self._memory.end_turn(visit.turn, next_at=lane.next_at)

    async def _turn(self, lane: Lane, pace: float) -> Turn:
        """A turn, with one of the slots for requests under way held."""
        wait = lane.next_at - time.monotonic()
        while True:
            if wait > 0:
                await asyncio.sleep(wait)
            await self._slots.acquire()
            try:
                turn = self._memory.take_turn(
                    lane.host,
                    now=time.monotonic(),
                    pace=pace,
                    at_once=self._per_host,
                    lease=self._lease_seconds,
                )
            except BaseException:
                self._slots.release()
                raise
            if isinstance(turn, Turn):
                return turn
            self._slots.release()
            wait = turn or _LOOK_SECONDS * random.uniform(0.5, 1.5)

    async def line(self, lane: Lane, proxy: str | None) -> Line:
        """A line to the lane's host, connected already if one is idle."""
        while lane.idle:
            line = lane.idle.pop()
            self._idle.remove(lane)
            if line.proxy == proxy:
                return line
            await line.close()
        return Line(self._guard, self._tls, proxy=proxy)

    async def keep(self, lane: Lane, line: Line) -> None:
        """Put a line that served well aside; the longest idle of all hosts makes room."""
        if line.is_spent:
            await line.close()
            return
        lane.idle.append(line)
        self._idle.append(lane)
        if len(self._idle) > self._most_idle:
            await self._idle.popleft().idle.popleft().close()

    async def close(self) -> None:
        """Close every idle line."""
        while self._idle:
            await self._idle.popleft().idle.popleft().close()


_MOST_COOKIES = 50  # what RFC 6265, 6.1 asks a client to keep per domain
_LONGEST_COOKIE = 4096  # bytes of name and value, same place
_MOST_SENT = 8_000  # characters in one header: servers refuse lines of more than 8 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """One cookie. `is_host_only`: for `domain` itself, not for the hosts below it."""

    name: str
    value: str
    domain: str
    path: str
    is_host_only: bool
    is_secure: bool

    def is_for(self, host: str, path: str, *, secure: bool) -> bool:
        """Whether it goes along with a request."""
        is_host = host == self.domain or (not self.is_host_only and _is_below(host, self.domain))
        return is_host and _is_path_below(path, self.path) and (secure or not self.is_secure)


class Cookies:
    """The cookies met under way."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], Cookie] = {}

    def take(self, url: str, set_cookie: list[str], *, now: datetime) -> None:
        """Keep what the Set-Cookie headers of an answer of `url` say; what they expire is dropped.

        A cookie that `url` has no right to set is ignored.
        """
        for header in set_cookie:
            cookie, is_over = _read(header, url, now)
            if cookie is None:
                continue
            key = (cookie.name, cookie.domain, cookie.path)
            if is_over:
                self._kept.pop(key, None)
            else:
                self._kept[key] = cookie
        while len(self._kept) > _MOST_COOKIES:
            del self._kept[next(iter(self._kept))]

    def header(self, url: str) -> str | None:
        """The Cookie header for a request of `url`, longer paths first; None: nothing to say."""
        secure, host, path = _where(url)
        fitting = [one for one in self._kept.values() if one.is_for(host, path, secure=secure)]
        said = ""
        for one in sorted(fitting, key=lambda cookie: -len(cookie.path)):
            more = f"{said}; {one.name}={one.value}" if said else f"{one.name}={one.value}"
            said = more if len(more) <= _MOST_SENT else said
        return said or None


def _read(header: str, url: str, now: datetime) -> tuple[Cookie | None, bool]:
    """The cookie a header sets, and whether it only takes one back."""
    pair, *said = header.split(";")
    name, equals, value = (part.strip() for part in pair.partition("="))
    if not equals or not name or not _fits(pair):
        return None, False
    marks = {
        key.strip().lower(): mark.strip() for key, _, mark in (one.partition("=") for one in said)
    }
    secure, host, path = _where(url)
    domain = _domain(marks.get("domain", ""), host)
    if domain is None or ("secure" in marks and not secure):
        return None, False
    asked = marks.get("path", "")
    cookie = Cookie(
        name=name,
        value=value,
        domain=domain or host,
        path=asked if asked.startswith("/") else path.rpartition("/")[0] or "/",
        is_host_only=not domain,
        is_secure="secure" in marks,
    )
    return cookie, _is_over(marks, now)


def _domain(said: str, host: str) -> str | None:
    """The domain to keep a cookie for: empty for `host` alone, None where it is not its own."""
    domain = said.removeprefix(".").lower().rstrip(".")
    if not domain or (domain == host and (_is_address(host) or is_public_suffix(host))):
        return ""
    if domain != host and not _is_below(host, domain):
        return None
    return None if is_public_suffix(domain) else domain


def _is_over(marks: dict[str, str], now: datetime) -> bool:
    """`Max-Age` goes before `Expires` (RFC 6265, 5.3); what cannot be read is not there."""
    age = marks.get("max-age", "")
    if age.removeprefix("-").isdecimal():
        return age.startswith("-") or not age.strip("0")
    try:
        until = parsedate_to_datetime(marks.get("expires", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return False
    return (until if until.tzinfo else until.replace(tzinfo=UTC)) <= now


def _where(url: str) -> tuple[bool, str, str]:
    """Whether `url` is asked for in secret, its host and its path."""
    parts = urlsplit(url)
    return parts.scheme == "https", (parts.hostname or "").rstrip("."), parts.path or "/"


def _is_below(host: str, domain: str) -> bool:
    return host.endswith(f".{domain}") and not _is_address(host)


def _is_path_below(path: str, cookie_path: str) -> bool:
    return path == cookie_path or path.startswith(cookie_path.rstrip("/") + "/")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _fits(pair: str) -> bool:
    return len(pair) <= _LONGEST_COOKIE and pair.isascii() and pair.isprintable()


@lru_cache(maxsize=1_000)
def is_public_suffix(domain: str) -> bool:
    """Whether names directly below `domain` belong to different owners. `domain` in lower case.

    A name of one label is one, listed or not (publicsuffix.org, "the prevailing rule is `*`").
    """
    from tld import get_tld  # loading its list costs 0.1 s, and most runs meet no such cookie

    return "." not in domain or any(
        get_tld(f"http://{name}/", fail_silently=True) == name for name in _spellings(domain)
    )


def _spellings(domain: str) -> set[str]:
    """As it is asked for, and as the list has it, which is in Unicode."""
    try:
        return {domain, domain.encode("ascii").decode("idna")}
    except UnicodeError:
        return {domain}
