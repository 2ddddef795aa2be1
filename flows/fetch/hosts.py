"""One lane per host: who asks next, on which connection, with which cookies.

Within this process the candidates of a host stand in one queue, so that a slow host delays only
its own; between processes `memory` gives the turns. Refuses to know what is asked.

Cookies of one host for one run: enough for a site that sets one and redirects to itself.

Decides what is kept and sent back; nothing is shared between hosts and nothing is stored. The
standard jar keeps whatever a server sends; this one is bounded.
"""

import asyncio
import random
import ssl
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from flows.fetch.addresses import Guard
from flows.fetch.host_state import HostMemory, Turn
from flows.fetch.transport import Line

_MOST_COOKIES = 50  # what RFC 6265, 6.1 asks a client to keep per domain
_LONGEST_COOKIE = 4096  # bytes of name and value, same place


class Cookies:
    """The cookies one host has set."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[str, bool]] = {}

    def take(self, set_cookie: list[str], *, secure: bool) -> None:
        """Keep what the answer's Set-Cookie headers say; an expired one is dropped."""
        for header in set_cookie:
            pair, *attributes = header.split(";")
            name, equals, value = (part.strip() for part in pair.partition("="))
            if not equals or not name or not _fits(pair):
                continue
            marks = {mark.strip().lower() for mark in attributes}
            if "max-age=0" in marks or any(mark.startswith("max-age=-") for mark in marks):
                self._values.pop(name, None)
            elif secure or "secure" not in marks:
                self._values[name] = (value, "secure" in marks)
        while len(self._values) > _MOST_COOKIES:
            del self._values[next(iter(self._values))]

    def header(self, *, secure: bool) -> str | None:
        """The Cookie header to send, None when there is nothing to say."""
        pairs = [f"{name}={value}" for name, (value, only) in self._values.items()
                 if secure or not only]  # fmt: skip
        return "; ".join(pairs) or None


def _fits(pair: str) -> bool:
    return len(pair) <= _LONGEST_COOKIE and pair.isascii() and pair.isprintable()


# Between looks at a turn another process holds: a turn is rarely shorter than a round trip.
_LOOK_SECONDS = 0.2
_LEASE_MARGIN_SECONDS = 5.0  # for what follows a deadline: closing, decoding, writing the archive


class Lane:
    """What belongs to one host for one run."""

    def __init__(self, host: str, at_once: int) -> None:
        self.host = host
        self.cookies = Cookies()
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
