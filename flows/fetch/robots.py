"""What robots.txt lets us do (RFC 9309): the file's text → rules, an answer's status → a verdict.

Protego matches paths. Picking the group is done here, because there protego fails open on a
byte-order mark and on `User-agent: Name/1.0`, closes groups on lines it does not know, and lets
`User-agent: news` speak to `NewsPipe`. So the group is chosen by whole product token, as 2.2.1
has it, and protego is handed that one group. What is kept between runs is that group only, a
hundredth of some files, and parses in that proportion. Refuses to know how the file is fetched.

May this URL be asked for: robots.txt fetched once a day and origin, shared by all processes.

Decides when to ask again and with what to stand in; what the file says is for `flows.fetch.robots`.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from protego import Protego

from flows.core import Reason
from flows.core.times import Clock
from flows.fetch import backoff as manners
from flows.fetch.failure import NotFetched
from flows.fetch.host_state import HostMemory, KeptRobots
from flows.fetch.response import Answer

# RFC 9309, 2.5: at least 500 KiB are to be parsed; beyond, nothing is.
MAX_ROBOTS_BYTES = 500 * 1024
MAX_ROBOTS_REDIRECTS = 5  # 2.3.1.2: "at least five consecutive redirects"
_FRESH = timedelta(hours=24)  # 2.4: not to be used for longer
_RETRY_AFTER_FAILURE = timedelta(hours=1)  # unmeasured: 24 requests a day to a host in trouble
_STALE_AT_MOST = timedelta(days=30)  # 2.3.1.4: "a reasonably long period of time (e.g., 30 days)"
_LONGEST_CRAWL_DELAY = 60.0  # a bound, or `Crawl-delay: 99999999` would be a Disallow; unmeasured

_TOKEN = re.compile(r"[A-Za-z_-]+")
# What people write for the directives, as in the reference parser.
_AGENT = frozenset({"user-agent", "useragent", "user agent"})
_ALLOW = frozenset({"allow"})
_DISALLOW = frozenset({
    "disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw",
})  # fmt: skip
_DELAY = frozenset({"crawl-delay", "crawldelay", "crawl delay"})


class RobotsStatus(StrEnum):
    """What asking for a robots.txt has come to."""

    RULES = "rules"  # it said something
    ABSENT = "absent"  # 4xx, or more redirects than are to be followed: all is allowed
    UNREACHABLE = "unreachable"  # 5xx, 429, no answer: all is forbidden for a while


@dataclass(frozen=True, slots=True, kw_only=True)
class Robots:
    """One origin's robots.txt as it applies to us. `detail` says why it is unreachable."""

    status: RobotsStatus
    fetched_at: datetime
    fresh_until: datetime
    rules: str = ""
    detail: str = ""


class Rules:
    """The one group that speaks to us, ready to be asked."""

    def __init__(self, rules: str) -> None:
        self._parsed = Protego.parse(rules)

    def allows(self, url: str) -> bool:
        """Whether `url` may be requested."""
        return bool(self._parsed.can_fetch(url, "*"))

    @property
    def crawl_delay_seconds(self) -> float:
        """The pause asked for between requests, bounded; 0 when none is."""
        return min(float(self._parsed.crawl_delay("*") or 0.0), _LONGEST_CRAWL_DELAY)


def product_token(user_agent: str) -> str:
    """The name a User-Agent header goes by in robots.txt: its leading letters, `_` and `-`.

    Asking with the whole header would let `User-agent: bot` match the "/bot" of a contact URL.
    """
    match = _TOKEN.match(user_agent.strip())
    return match[0] if match else user_agent


def group_for(token: str, body: bytes) -> str:
    """The rules of `body` that speak to `token`, written as one group for everyone.

    All groups that name the token are one (2.2.1); without any, all groups for `*`. A line that is
    no directive, and a record that is not about access (Sitemap), neither opens nor closes a group.
    """
    named: list[str] = []
    default: list[str] = []
    is_named = has_named = is_default = in_rules = False
    for key, value in _directives(body):
        if key in _AGENT:
            if in_rules:
                is_named = is_default = in_rules = False
            is_default = is_default or value.split(maxsplit=1)[:1] == ["*"]
            agent = _TOKEN.match(value)
            is_named = is_named or (agent is not None and agent[0].lower() == token.lower())
            has_named = has_named or is_named
        elif (line := _rule(key, value)) is not None:
            in_rules = True
            if is_named:
                named.append(line)
            elif is_default:
                default.append(line)
    return "\n".join(["user-agent: *", *(named if has_named else default)])


def _directives(body: bytes) -> Iterator[tuple[str, str]]:
    """Names in lower case and values. By string methods: a pattern may be made to backtrack."""
    text = body[:MAX_ROBOTS_BYTES].decode("utf-8", "replace")
    for line in text.lstrip("\ufeff").replace("\0", "").replace("\r", "\n").split("\n"):
        said = line.partition("#")[0]
        name, colon, value = said.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()
        elif len(words := said.split()) == 2:
            # Who writes `disallow /` wants to disallow; the reference parser reads it so too.
            yield words[0].lower(), words[1]


def _rule(key: str, value: str) -> str | None:
    if key in _ALLOW:
        return f"allow: {value}"
    if key in _DISALLOW:
        return f"disallow: {value}"
    if key in _DELAY:
        return f"crawl-delay: {value}"
    return None


def answered(
    status: int, body: bytes, *, token: str, now: datetime, max_age: timedelta | None = None
) -> Robots:
    """What an answer to /robots.txt means (2.3.1): `status` after redirects, `body` decoded.

    An HTML page in its place holds no directive and so forbids nothing.
    """
    if status == 429 or status >= 500:
        return unreachable(f"robots.txt answered {status}", now=now)
    fresh = min(_FRESH, max_age) if max_age is not None else _FRESH
    until = now + max(fresh, _RETRY_AFTER_FAILURE)  # a max-age of 0 must not ask before every page
    if not 200 <= status < 300:
        return Robots(status=RobotsStatus.ABSENT, fetched_at=now, fresh_until=until)
    return Robots(
        status=RobotsStatus.RULES,
        fetched_at=now,
        fresh_until=until,
        rules=group_for(token, body),
    )


def unreachable(detail: str, *, now: datetime, retry_in: timedelta | None = None) -> Robots:
    """Nothing usable came: all is forbidden until another try (2.3.1.4)."""
    return Robots(
        status=RobotsStatus.UNREACHABLE,
        fetched_at=now,
        fresh_until=now + (retry_in or _RETRY_AFTER_FAILURE),
        detail=detail,
    )


def standing(known: Robots | None, fresh: Robots) -> Robots:
    """What holds after `fresh` was learnt: a known file stands in for an unreachable one.

    It keeps its own date, so that after a month it stands in no longer.
    """
    if fresh.status is not RobotsStatus.UNREACHABLE or known is None:
        return fresh
    is_usable = known.status is not RobotsStatus.UNREACHABLE
    if is_usable and fresh.fetched_at - known.fetched_at <= _STALE_AT_MOST:
        return Robots(
            status=known.status,
            fetched_at=known.fetched_at,
            fresh_until=fresh.fresh_until,
            rules=known.rules,
            detail=fresh.detail,
        )
    return fresh


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
            kept = standing(kept, await self._asked(origin))
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
                return answered(404, b"", token=self._token, now=self._clock())
            detail = f"robots.txt: {failure.reason} {failure.detail}".strip()
            return unreachable(detail, now=self._clock())
        return self._understood(answer)

    def _understood(self, answer: Answer) -> Robots:
        now = self._clock()
        if answer.status in (429, 503):
            asked = manners.retry_after(answer.get("retry-after"), now=now)
            return unreachable(f"robots.txt answered {answer.status}", now=now, retry_in=asked)
        age = _MAX_AGE.search(answer.get("cache-control") or "")
        return answered(
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
