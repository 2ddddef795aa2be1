"""The plan of a backfill: which cells a range of days has, and what working through them costs.

Pure; refuses to know providers' insides and the store.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flows.records import Gap, GapCause


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is ahead: open cells by provider, requests to list them, seconds at the pace given.

    Fetching what is found comes on top: how much that is, only listing tells.
    """

    cells: tuple[tuple[str, int], ...]
    requests: int
    seconds: float


def estimate(
    open_cells: Sequence[tuple[str, str, date]], costs: dict[str, float], pace_seconds: float
) -> Estimate:
    """`open_cells` as (provider, source_id, day); `costs`: requests a cell by provider.

    Hosts are asked side by side, so the longest provider's requests to one source decide.
    """
    by_provider = Counter(provider for provider, _, _ in open_cells)
    by_source = Counter((provider, source_id) for provider, source_id, _ in open_cells)
    requests = sum(costs[provider] * count for provider, count in by_provider.items())
    longest = max((costs[p] * count for (p, _), count in by_source.items()), default=0.0)
    return Estimate(
        cells=tuple(sorted(by_provider.items())),
        requests=round(requests),
        seconds=longest * pace_seconds,
    )
