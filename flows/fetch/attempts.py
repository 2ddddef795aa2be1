"""One URL asked once or a few times: whose turn, on which line, what is remembered of the outcome.

Decides the order of holds, turns and tries; how long each lasts is for `manners`. Follows no
redirect and reads no robots.txt; `flows.fetch.client` does, hop by hop.
"""

import asyncio
import random
import time
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from flows.core import Reason
from flows.core.times import Clock
from flows.core.urls import host_of
from flows.fetch import backoff as manners
from flows.fetch import request as errands
from flows.fetch.addresses import Guard
from flows.fetch.backoff import Patience
from flows.fetch.failure import NotFetched, Unreachable
from flows.fetch.host_state import Hold, HostMemory
from flows.fetch.hosts import Lanes, Visit
from flows.fetch.request import Errand
from flows.fetch.response import Answer
from flows.fetch.transport import Proxies

_THE_HOST = "host"  # the kind of a hold that speaks of the host as a whole
_DEFAULT_PORTS = {"http": 80, "https": 443}


class HeldBack(NotFetched):
    """Nothing was asked: the host is to be left alone for longer than anyone waits here."""


class Asker:
    """Asks hosts, in turn and with patience."""

    def __init__(
        self,
        lanes: Lanes,
        memory: HostMemory,
        guard: Guard,
        proxies: Proxies,
        *,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._lanes = lanes
        self._memory = memory
        self._guard = guard
        self._proxies = proxies
        self._clock = clock
        self._patience = patience
        self._chance = random.Random()

    async def ask(self, errand: Errand) -> Answer:
        """The answer to `errand.url`, tried again where that may help. Raises `NotFetched`."""
        tried = 0
        while True:
            tried += 1
            try:
                return await self._once(errand)
            except HeldBack:
                raise
            except NotFetched as failure:
                is_over = tried >= self._patience.tries or errand.is_short_of_time
                if is_over or not _worth_retrying(failure):
                    raise
                if failure.reason is not Reason.THROTTLED:  # that one waits as its hold says
                    pause = manners.pause_seconds(tried, self._patience, chance=self._chance)
                    await asyncio.sleep(pause)

    async def _once(self, errand: Errand) -> Answer:
        lane = self._lanes.lane(host_of(errand.url))
        holds = partial(self._wait_for_holds, lane.host, errand.kind)
        async with self._lanes.visit(lane, before=holds) as visit:
            try:
                answer = await self._exchange(visit, errand)
                errand.check(answer)
            except NotFetched as failure:
                answered = visit.answered_at is not None
                self._remember(lane.host, errand.kind, failure, answered=answered)
                raise
            self._forgive(lane.host, errand.kind)
            return answer

    async def _exchange(self, visit: Visit, errand: Errand) -> Answer:
        proxy = self._proxy(errand.url)
        line = await self._lanes.line(visit.lane, proxy)
        started = time.monotonic()
        try:
            answer = await line.ask(
                errand.url,
                errands.with_cookies(errand),
                errand.plan,
                deadline_seconds=max(0.0, errand.left_seconds),
            )
        except BaseException:
            visit.is_unseen = not line.has_met_host
            await line.close()
            raise
        finally:
            spent = time.monotonic() - started
            errand.left_seconds -= spent
            errand.elapsed_seconds += spent
        visit.answered_at = answer.answered_at
        errand.cookies.take(errand.url, answer.all("set-cookie"), now=self._clock())
        await self._lanes.keep(visit.lane, line)
        return answer

    def _proxy(self, url: str) -> str | None:
        """The proxy to go through; what it would be asked for is checked as far as it can be."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._guard.answers_for(host):
            return None
        proxy = self._proxies.proxy_for(url)
        if proxy is not None:
            self._guard.check(host, parts.port or _DEFAULT_PORTS[parts.scheme])
        return proxy

    async def _wait_for_holds(self, host: str, kind: str) -> None:
        """Wait for what stands against asking, up to the patience; beyond it, raise `HeldBack`.

        Done at the head of the host's queue, so that what stands behind learns it without a turn.
        """
        now = self._clock()
        holds = self._memory.standing(host, (kind, _THE_HOST))
        standing = [hold for hold in holds if hold.until > now]
        if not standing:
            return
        hold = max(standing, key=lambda one: one.until)
        wait = (hold.until - now).total_seconds()
        if wait > self._patience.wait_seconds:
            raise HeldBack(
                hold.reason,
                f"{host} is left alone until {hold.until:%F %H:%MZ}: {_said_of(hold)}",
                retry_after=timedelta(seconds=wait),
            )
        await asyncio.sleep(wait)

    def _remember(self, host: str, kind: str, failure: NotFetched, *, answered: bool) -> None:
        """Hold what is to be left alone after `failure`; an answer of any kind clears the host."""
        if failure.reason is Reason.THROTTLED:
            in_a_row = self._in_a_row(host, kind) + 1
            seconds = manners.throttle_seconds(failure.retry_after, in_a_row)
            failure.retry_after = timedelta(seconds=seconds)
            self._hold(host, kind, seconds, in_a_row, failure.reason)
        elif manners.is_host_trouble(failure.reason):
            in_a_row = self._in_a_row(host, _THE_HOST) + 1
            seconds = manners.trouble_seconds(in_a_row)
            self._hold(host, _THE_HOST, seconds, in_a_row, failure.reason)
        elif answered:
            self._forgive(host, kind)

    def _in_a_row(self, host: str, kind: str) -> int:
        hold = self._memory.hold_of(host, kind)
        return 0 if hold is None else hold.in_a_row

    def _hold(self, host: str, kind: str, seconds: float, in_a_row: int, reason: Reason) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        self._memory.hold(host, kind, Hold(until=until, in_a_row=in_a_row, reason=reason))

    def _forgive(self, host: str, kind: str) -> None:
        if self._memory.standing(host, (kind, _THE_HOST)):
            for one in (kind, _THE_HOST):
                self._memory.release(host, one)


def _said_of(hold: Hold) -> str:
    if hold.in_a_row == 1:
        return f"the last request ended with '{hold.reason}'"
    return f"the last {hold.in_a_row} requests ended with '{hold.reason}'"


def _worth_retrying(failure: NotFetched) -> bool:
    """A whole answer with a strange status will be as strange the next time, and a network that is
    not there as absent."""
    if isinstance(failure, Unreachable):
        return False
    is_strange = failure.reason is Reason.PROTOCOL_ERROR and failure.http_status is not None
    return manners.worth_retrying(failure.reason) and not is_strange
