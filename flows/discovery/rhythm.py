"""How often a source brings something new: looks and dates → rates.

Decides the expected number of new items per minute, by hour of day; refuses to know what is made
of it (`schedule` plans looks by it, `flows.coverage` finds silence by it).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

_HOURS = 24
_DAY_MINUTES = 1440.0

# Looks older than this say little about today; a week holds every weekday once.
MEMORY_DAYS = 7
# Older looks are merged by the hour, so a week of ten-minute looks is 168 pairs, not 1,008.
_WHOLE_FOR = timedelta(hours=6)
_HOUR = timedelta(hours=1)
# Minutes of the overall rate mixed into each hour's own, so that one quiet night is no proof.
_HOUR_PRIOR_MINUTES = 60.0
# Minutes of the listing's own dates mixed in: half a day of watching outweighs them.
_DATES_PRIOR_MINUTES = 720.0

Looks = Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """New items per minute: `by_hour` (UTC, 24 values) and overall; `looks` behind it."""

    per_minute: float
    by_hour: tuple[float, ...]
    looks: int

    def at(self, instant: datetime) -> float:
        """The rate in the hour of `instant`."""
        return self.by_hour[instant.astimezone(UTC).hour]

    def expected(self, since: datetime, until: datetime) -> float:
        """How many new items [since, until) is likely to bring."""
        days, rest = divmod(max(0.0, (until - since).total_seconds()), 86_400)
        expected = days * sum(self.by_hour) * 60
        end = until.timestamp()
        return expected + sum(
            self.by_hour[hour] * minutes for hour, minutes in _hours(end - rest, end)
        )


def rhythm(looks: Looks, claimed: Sequence[datetime] = (), *, now: datetime) -> Rhythm:
    """What `looks` (time, new items since the look before; oldest first) and dates suggest.

    `claimed` are the claimed times of the newest listing: they stand in until there are looks.
    """
    seen, watched = [0.0] * _HOURS, [0.0] * _HOURS
    times = [(at.timestamp(), new) for at, new in looks]
    for (before, _), (at, new) in pairwise(times):
        minutes = (at - before) / 60
        if not 0 < minutes <= MEMORY_DAYS * _DAY_MINUTES:
            continue
        for hour, length in _hours(before, at):
            seen[hour] += new * length / minutes
            watched[hour] += length
    overall = _overall(sum(seen), sum(watched), _rate_of_dates(claimed, now))
    by_hour = tuple(
        (seen[hour] + overall * _HOUR_PRIOR_MINUTES) / (watched[hour] + _HOUR_PRIOR_MINUTES)
        for hour in range(_HOURS)
    )
    return Rhythm(per_minute=overall, by_hour=by_hour, looks=max(0, len(looks) - 1))


def _overall(seen: float, watched: float, dates: float | None) -> float:
    if dates is None:
        # One item in a day is assumed of a source nobody knows anything about
        return (seen + 1.0) / (watched + _DAY_MINUTES)
    return (seen + dates * _DATES_PRIOR_MINUTES) / (watched + _DATES_PRIOR_MINUTES)


def _rate_of_dates(claimed: Sequence[datetime], now: datetime) -> float | None:
    """Items per minute over the span of the newest listing, up to now."""
    dated = sorted(at for at in claimed if at <= now)
    if len(dated) < 2:
        return None
    # Pinned items are old and few: the newer three quarters tell the rate
    recent = dated[len(dated) // 4 :]
    minutes = (now - recent[0]).total_seconds() / 60
    return len(recent) / max(minutes, 10.0)


def remembered(looks: Looks, at: datetime, new: int) -> tuple[tuple[datetime, int], ...]:
    """`looks` with one more, older ones merged by the hour, those beyond a week forgotten."""
    kept: list[tuple[datetime, int]] = []
    oldest, whole_since = at - timedelta(days=MEMORY_DAYS), at - _WHOLE_FOR
    for then, count in [*looks, (at, new)]:
        if then < oldest:
            continue
        merges = (
            len(kept) > 1
            and then < whole_since
            and kept[-1][0].hour == then.hour
            and then - kept[-1][0] < _HOUR
        )
        if merges:
            count += kept.pop()[1]
        kept.append((then, count))
    return tuple(kept)


def _hours(since: float, until: float) -> list[tuple[int, float]]:
    """(hour of day in UTC, minutes of it) along [since, until), in seconds since 1970."""
    if since // 3600 == until // 3600:  # most looks
        return [(int(since // 3600) % _HOURS, (until - since) / 60)]
    parts: list[tuple[int, float]] = []
    while since < until:
        end = min(until, (since // 3600 + 1) * 3600)
        parts.append((int(since // 3600) % _HOURS, (end - since) / 60))
        since = end
    return parts
