"""May this URL be asked for: robots.txt fetched once a day and origin, shared by all processes.

Decides when to ask again and with what to stand in; what the file says is for `flows.robots`.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from flows import robots
from flows.clock import Clock
from flows.fetching import manners
from flows.fetching.exchange import Answer
from flows.fetching.failure import NotFetched
from flows.fetching.memory import HostMemory, KeptRobots
from flows.records import Reason
from flows.robots import Robots, RobotsStatus, Rules

_MOST_PARSED = 512  # origins; a parsed group takes some 20 KB
_MAX_AGE = re.compile(r"(?:^|,)\s*max-age\s*=\s*(\d{1,9})")
# With these the page itself would end in the same way, and says more than "robots".
_SPEAKS_FOR_ITSELF = frozenset(
    {Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.REFUSED_ADDRESS, Reason.REFUSED_URL}
)
_EVERYTHING = Rules("")


@dataclass(slots=True)
class _Known:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    robots: Robots | None = None
    rules: Rules = _EVERYTHING


class Permission:
    """Answers for URLs. `ask` fetches one robots.txt, redirects followed, pace kept."""

    def __init__(
        self,
        memory: HostMemory,
        *,
        token: str,
        clock: Clock,
        ask: Callable[[str], Awaitable[Answer]],
    ) -> None:
        self._memory = memory
        self._token = token
        self._clock = clock
        self._ask = ask
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def rules(self, url: str) -> Rules:
        """The rules for the origin of `url`, asked for if need be.

        Raises `NotFetched`: `robots` when all is forbidden for a while, or what kept the host from
        being reached at all.
        """
        origin = "/".join(url.split("/", 3)[:3])
        known = self._known.setdefault(origin, _Known())
        self._known.move_to_end(origin)
        async with known.lock:  # the first candidate of a host asks, the others wait
            now = self._clock()
            if known.robots is None or known.robots.fresh_until <= now:
                await self._learn(origin, known)
        self._forget_oldest()
        assert known.robots is not None
        if known.robots.status is RobotsStatus.UNREACHABLE:
            until = known.robots.fresh_until
            raise NotFetched(
                Reason.ROBOTS,
                f"{known.robots.detail}; all of {origin} is left alone until {until:%F %H:%MZ}",
                retry_after=max(until - now, timedelta()),
            )
        return known.rules

    async def _learn(self, origin: str, known: _Known) -> None:
        kept = _as_robots(self._memory.robots_of(origin))
        if kept is None or kept.fresh_until <= self._clock():
            kept = robots.standing(kept, await self._asked(origin))
            self._memory.keep_robots(origin, _as_kept(kept))
        known.robots = kept
        known.rules = Rules(kept.rules) if kept.status is RobotsStatus.RULES else _EVERYTHING

    async def _asked(self, origin: str) -> Robots:
        try:
            answer = await self._ask(f"{origin}/robots.txt")
        except NotFetched as failure:
            if failure.reason in _SPEAKS_FOR_ITSELF:
                raise
            if failure.reason is Reason.TOO_MANY_REDIRECTS:  # RFC 9309, 2.3.1.2: as if absent
                return robots.answered(404, b"", token=self._token, now=self._clock())
            detail = f"robots.txt: {failure.reason} {failure.detail}".strip()
            return robots.unreachable(detail, now=self._clock())
        return self._understood(answer)

    def _understood(self, answer: Answer) -> Robots:
        now = self._clock()
        if answer.status in (429, 503):
            asked = manners.retry_after(answer.get("retry-after"), now=now)
            return robots.unreachable(
                f"robots.txt answered {answer.status}", now=now, retry_in=asked
            )
        age = _MAX_AGE.search(answer.get("cache-control") or "")
        return robots.answered(
            answer.status,
            answer.body,
            token=self._token,
            now=now,
            max_age=timedelta(seconds=int(age[1])) if age else None,
        )

    def _forget_oldest(self) -> None:
        while len(self._known) > _MOST_PARSED:
            self._known.popitem(last=False)


def _as_robots(kept: KeptRobots | None) -> Robots | None:
    if kept is None:
        return None
    status = RobotsStatus(kept.status)
    is_rules = status is RobotsStatus.RULES
    return Robots(
        status=status,
        fetched_at=kept.fetched_at,
        fresh_until=kept.fresh_until,
        rules=kept.rules if is_rules else "",
        detail="" if is_rules else kept.rules,
    )


def _as_kept(known: Robots) -> KeptRobots:
    return KeptRobots(
        fetched_at=known.fetched_at,
        fresh_until=known.fresh_until,
        status=known.status,
        rules=known.rules or known.detail,
    )
