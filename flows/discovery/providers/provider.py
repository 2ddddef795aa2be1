"""What a provider of the past is: the seam between the plan and whoever lists old articles.

Whose article a URL is: the hosts of the sources asked, for providers that list the whole world.

Decides which hosts belong to a source and which sources a URL belongs to. Pure.

The day a URL names, and whether that rules out the days asked. Pure.
"""

from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from flows.core import Candidate, Page, Skipped, Source, Validators
from flows.core.backfills import Window
from flows.core.text.url_days import days_in
from flows.core.urls import fetch_url, host_of
from flows.discovery import Entry, Reading

# One cell of a provider: source_id and UTC day
Place = tuple[str, date]


class Web(Protocol):
    """What providers need of the network (`flows.fetch.client.Web`)."""

    async def get(
        self,
        url: str,
        *,
        kind: Literal["page", "feed"] = "page",
        validators: Validators | None = None,
        max_bytes: int | None = None,
        span: tuple[int, int] | None = None,
    ) -> Page | Skipped: ...

    def slow_down(self, host: str, seconds: float) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One source, the hosts its articles lie on (of one that lists the world's press: those of all
    outlets), and the days asked of it."""

    source: Source
    days: tuple[date, ...]
    hosts: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Its cells."""
        return tuple((self.source.source_id, day) for day in self.days)


def within(asked: Iterable[Asked], window: Window) -> tuple[Asked, ...]:
    """What of `asked` lies in a window; sources without a day in it fall out."""
    parts = (
        replace(one, days=tuple(day for day in one.days if window.since <= day <= window.until))
        for one in asked
    )
    return tuple(part for part in parts if part.days)


def places_on(asked: Iterable[Asked], day: date) -> frozenset[Place]:
    """The cells of one day."""
    return frozenset((one.source.source_id, day) for one in asked if day in one.days)


def reasons(places: Iterable[Place], reason: str) -> Mapping[Place, str]:
    """The same reason for each cell."""
    return dict.fromkeys(places, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a provider lists at one go. `name` is what an operator sees."""

    name: str
    asked: tuple[Asked, ...]

    @property
    def places(self) -> tuple[Place, ...]:
        """Every cell of the job."""
        return tuple(place for one in self.asked for place in one.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some of what a job finds, small enough to be held, and the cells that are read with it.

    `pages` came with the listing, by url_key; `bring` fetches others from where they are kept, and
    answers None for what is to be asked of its own URL. `days`: the day a candidate counts for,
    where its claim names none. `done`, `failed` (why) and `impossible` (why, and nothing will ever
    change it) end cells; each cell of a job ends in exactly one of its parts.
    """

    candidates: tuple[Candidate, ...] = ()
    pages: Mapping[str, Page] = field(default_factory=dict)
    bring: Callable[[Candidate], Awaitable[Page | Skipped | None]] | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    done: frozenset[Place] = frozenset()
    failed: Mapping[Place, str] = field(default_factory=dict)
    impossible: Mapping[Place, str] = field(default_factory=dict)

    @property
    def is_brought(self) -> bool:
        """Whether its pages come from elsewhere than their URLs."""
        return bool(self.pages) or self.bring is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What listing costs: requests, the most of them to one host, bytes; before any page."""

    requests: int
    to_one_host: int
    bytes: int = 0
    least_pace_seconds: float = 0.0


class Provider(Protocol):
    """Someone who can list articles of past days.

    `sees_all`: a day done holds everything its source published, not only what a third party
    happened to see of it.
    """

    @property
    def name(self) -> str: ...

    @property
    def sees_all(self) -> bool: ...

    def refuses(self, source: Source, day: date, today: date) -> str | None:
        """Why this provider can never see `day` of `source`; None if it can."""
        ...

    def cost(self, asked: Sequence[Asked]) -> Cost:
        """What listing `asked` will cost."""
        ...

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """The work, parted as this provider does it best."""
        ...

    def work(
        self, job: Job, web: Web, now: datetime, reading: Reading
    ) -> AsyncGenerator[Part, None]:
        """List what `job` asks for, part by part; `reading` parses what came from outside."""
        ...


# Kinds that list other people's articles: no host is theirs
_WITHOUT_HOST = frozenset({"google_news", "gdelt"})
# Names before a domain that speak of a machine, not of an outlet
_MACHINES = ("www.", "feeds.", "feed.", "rss.", "m.")
# A host counts as a source's when at least this share of what it listed lay there: feeds link to
# partners now and then. Unmeasured.
_LEAST_SHARE = 0.2


def has_no_host(source: Source) -> str | None:
    """Why nobody can tell which URLs of the world are this source's; None if one can."""
    if source.kind in _WITHOUT_HOST:
        return "lists articles of many outlets: no host is its own"
    return None


def hosts_of(source: Source, seen: Mapping[str, int]) -> tuple[str, ...]:
    """The hosts of a source's articles: of its own addresses, and those it was seen to list.

    `seen`: host → URLs listed.
    """
    if has_no_host(source) is not None:
        return ()
    total = sum(seen.values())
    hosts = {_outlet(host_of(url)): None for url in (source.url, *source.repairs)}
    hosts |= {_outlet(host): None for host, count in seen.items() if count >= total * _LEAST_SHARE}
    return tuple(hosts)


def _outlet(host: str) -> str:
    host = host.partition(":")[0]
    for machine in _MACHINES:
        if host.startswith(machine) and host.count(".") > 1:
            return host.removeprefix(machine)
    return host


class Outlets:
    """Finds the sources of a URL by its host; `edition.cnn.com` is of `cnn.com`."""

    def __init__(self, asked: Iterable[Asked]) -> None:
        self._sources: dict[str, list[Source]] = {}
        for one in asked:
            for host in one.hosts:
                self._sources.setdefault(host, []).append(one.source)

    @property
    def hosts(self) -> frozenset[str]:
        """Every host of the sources."""
        return frozenset(self._sources)

    def sources_of(self, url: str) -> Sequence[Source]:
        """The sources whose host `url` lies on; of nested hosts the nearest."""
        host = host_of(fetch_url(url) or "").partition(":")[0]
        while host:
            if host in self._sources:
                return self._sources[host]
            host = host.partition(".")[2]
        return ()

    def by_source(self, entries: Iterable[Entry]) -> list[tuple[Source, tuple[Entry, ...]]]:
        """Entries parted by the sources they belong to."""
        parted: dict[str, tuple[Source, list[Entry]]] = {}
        for entry in entries:
            url = fetch_url(entry.link or "")
            for source in self.sources_of(url) if url else ():
                parted.setdefault(source.source_id, (source, []))[1].append(entry)
        return [(source, tuple(found)) for source, found in parted.values()]


# Publishers date by their own zone, and capture follows publication
_SLACK = timedelta(days=1)


def url_day(url: str) -> date | None:
    """The day in the path of `url`; None where there is none, or several that differ."""
    days = set()
    for text in days_in(url):
        try:
            days.add(date.fromisoformat(text))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


def may_belong(url: str, days: Collection[date]) -> bool:
    """Whether nothing in `url` says that it is of another day than `days`, give or take one."""
    day = url_day(url)
    if day is None:
        return True
    return any(neighbour in days for neighbour in (day, day - _SLACK, day + _SLACK))
