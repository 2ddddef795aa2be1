"""What a provider of the past is: the seam between the plan and whoever lists old articles."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, Protocol

from flows.backfilling.plan import Window
from flows.records import Candidate, Page, Skipped, Source, Validators

# One cell of a provider: source_id and UTC day
Place = tuple[str, date]


class Web(Protocol):
    """What providers need of the network (`flows.web.Web`)."""

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

    def work(self, job: Job, web: Web, now: datetime) -> AsyncGenerator[Part, None]:
        """List what `job` asks for, part by part."""
        ...
