"""Times as somebody claimed them, with how finely, by whom, and in whose zone.

The one place that reads the time: flows and commands pass the clock down.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Precision(StrEnum):
    """How finely a claimed time was given."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class Zone(StrEnum):
    """Whose word the UTC offset of a claimed time is."""

    STATED = "stated"  # the text carried an offset or an unambiguous zone
    SOURCE = "source"  # the source's configured zone was applied
    NONE = "none"  # a day without a time of day: no zone was needed
    UTC_ASSUMED = "utc_assumed"  # no zone anywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTime:
    """An instant as someone claimed it.

    `at` is aware UTC. With precision DAY it is midnight UTC of the calendar day that was claimed,
    in whatever zone the claim was made. `origin` names the witness: `feed`, `sitemap`, `json_ld`,
    `meta`, `microdata`, `time_tag`, `url`, `text`, `htmldate`, `seed`, …
    """

    at: datetime
    precision: Precision
    origin: str
    zone: Zone
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadTime:
    """A claimed time that could not be believed or read, and why."""

    raw: str
    origin: str
    problem: str


Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current instant, aware, in UTC."""
    return datetime.now(UTC)
