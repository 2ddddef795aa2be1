"""What a provider of the past is: the seam between the plan and whoever lists old articles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from flows.discovery import Web
from flows.records import Candidate, Page, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One source and the days asked of it."""

    source: Source
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a provider lists at one go. `name` is what an operator sees."""

    name: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What one job found. `pages` holds pages that came with the listing, by url_key.

    `failed`: (source_id, day) → why that day is not complete; every other day asked is done.
    """

    candidates: tuple[Candidate, ...]
    pages: Mapping[str, Page] = field(default_factory=dict)
    failed: Mapping[tuple[str, date], str] = field(default_factory=dict)


class Provider(Protocol):
    """Someone who can list articles of past days.

    `requests_a_cell` is what listing one day of one source costs, for the estimate.
    """

    name: str
    requests_a_cell: float

    def refuses(self, source: Source) -> str | None:
        """Why this provider can never see `source`; None if it can."""
        ...

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """The work, parted as this provider does it best."""
        ...

    async def work(self, job: Job, web: Web, now: datetime) -> Listed:
        """List what `job` asks for."""
        ...
