"""The plan of a backfill: which cells a range of days has, and what working through them costs.

Pure; refuses to know providers' insides and the store.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flows.core import Gap, GapCause


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A closed range of UTC days, `since` to `until`, both included."""

    since: date
    until: date

    @property
    def days(self) -> tuple[date, ...]:
        """Every day of the range, in order."""
        count = (self.until - self.since).days + 1
        return tuple(self.since + timedelta(days=number) for number in range(count))

    @property
    def begins_at(self) -> datetime:
        """The first instant of the first day."""
        return datetime.combine(self.since, time(), UTC)

    @property
    def ends_at(self) -> datetime:
        """The first instant after the last day."""
        return datetime.combine(self.until, time(), UTC) + timedelta(days=1)

    def gap(self, source_id: str) -> Gap:
        """The range as a gap of a source, to be repaired."""
        return Gap(
            source_id=source_id,
            since=self.begins_at,
            until=self.ends_at - timedelta(microseconds=1),
            cause=GapCause.NOT_LOOKED,
        )


def stretches(days: Iterable[date]) -> tuple[Window, ...]:
    """Days as runs of neighbours, in order: what can be asked for at once.

    >>> [len(w.days) for w in stretches([date(2023, 1, 31), date(2023, 2, 1), date(2023, 2, 3)])]
    [2, 1]
    """
    found: list[Window] = []
    for day in sorted(set(days)):
        if found and day - found[-1].until == timedelta(days=1):
            found[-1] = Window(since=found[-1].since, until=day)
        else:
            found.append(Window(since=day, until=day))
    return tuple(found)


def by_month(days: Iterable[date]) -> tuple[Window, ...]:
    """Days as runs of neighbours, none longer than its month: what is lost when one is broken off.

    >>> [str(w.since) for w in by_month([date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29)])]
    ['2024-01-31', '2024-02-01', '2024-02-29']
    """
    months: dict[tuple[int, int], list[date]] = {}
    for day in sorted(set(days)):
        months.setdefault((day.year, day.month), []).append(day)
    return tuple(window for month in months.values() for window in stretches(month))


def halves(window: Window) -> tuple[Window, ...]:
    """The two halves of a window of several days; none of one day."""
    count = len(window.days)
    if count == 1:
        return ()
    middle = window.since + timedelta(days=count // 2)
    return (
        Window(since=window.since, until=middle - timedelta(days=1)),
        Window(since=middle, until=window.until),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What listing a provider's open cells costs. What is found has to be fetched on top of it."""

    provider: str
    cells: int
    requests: int
    bytes: int
    seconds: float
