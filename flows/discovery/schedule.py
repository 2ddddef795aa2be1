"""When a source is looked at next: rhythm, advice, failures → an instant.

Decides intervals, backoff and when a request is made without conditions; refuses to look, and
never switches a source off.

With requests in total fixed, the mean delay of items is least when each interval is proportional
to one over the root of the source's rate (Lagrange on Σ λT/2 subject to Σ 1/T).

How often a source brings something new: looks and dates → rates.

Decides the expected number of new items per minute, by hour of day; refuses to know what is made
of it (`schedule` plans looks by it, `flows.discovery.expectation` finds silence by it).

Whether a source that answers has stopped: its newest item is too old for its own rhythm.

Decides how new the newest item of a listing is, by every witness there is, how long that excuses a
source that brings nothing newer, and what a source without any date is called. `sources check` and
every look of a run ask here. Refuses to know how a source was asked.

Feeds that were abandoned go on answering for years, and some look alive: a generator stamps each
item with the time of the build, a sitemap gives today as `lastmod` of every page. So an item is as
old as its oldest witness: the date claimed, or the day in its address.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from flows.core import (
    Candidate,
    ClaimedTime,
    LookStatus,
    Precision,
    Reason,
    Source,
    SourceMemory,
    Validators,
)
from flows.discovery.candidates import claimed_instant
from flows.discovery.ways_back import end_of_day_in_url

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


# A source with one new item an hour is looked at every 30 minutes: T = EFFORT / √λ, in minutes.
EFFORT = 30 / math.sqrt(60)

# Share of a listing's length that may be new between two looks before items are at risk: bursts
# of twice the rate of the hour still leave an overlap.
_SAFE_SHARE = 0.4

# A server's advice (ttl, sy:, max-age) is followed up to this; some feeds advise a week and publish
# hourly.
_MAX_ADVISED_MINUTES = 1440

# Every ninth request goes without conditions: Media Cloud keeps conditional requests off because
# servers answer 304 for changed feeds; one in nine costs little and finds them out.
CONDITIONAL_IN_A_ROW = 8

# Weights proven on 180,000 feeds (Media Cloud rss-fetcher, fetcher/tasks.py)
_HARD, _SOFT, _DNS = 1.0, 0.5, 0.25
_HARD_REASONS = frozenset(
    {
        Reason.HTTP_GONE, Reason.HTTP_400, Reason.HTTP_401, Reason.HTTP_403, Reason.HTTP_451,
        Reason.ROBOTS, Reason.REFUSED_ADDRESS, Reason.REFUSED_URL, Reason.TOO_MANY_REDIRECTS,
        Reason.NOT_A_LISTING, Reason.LOGIN_WALL, Reason.PAYWALL,
    }
)  # fmt: skip
_DAY = timedelta(days=1)
# Another run may have looked since this one began; a run that takes longer is none. Unmeasured.
_CLOCKS_DIFFER = timedelta(hours=12)
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_MONTH = timedelta(days=30)
# After a month of daily tries the wait grows by a day a failure, up to a month.
_MANY_FAILURES = 30.0
_UNKNOWN_MINUTES = 60.0

# A permanent redirect is believed after this many looks in a row; temporary outages of a site
# answer 301 to their front page for hours (miniflux #1387).
MOVED_AFTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What an answer says about time. `items`: entries listed; `claimed`: their claimed times."""

    items: int = 0
    claimed: Sequence[datetime] = ()
    max_age_minutes: int | None = None
    rolled_over: bool = False


def planned(
    memory: SourceMemory, source: Source, advice: Advice, *, now: datetime, effort: float = EFFORT
) -> SourceMemory:
    """`memory` after an answer, with interval and next due time; failures are forgotten."""
    minutes = interval_minutes(memory, source, advice, now=now, effort=effort)
    return replace(
        memory,
        interval_minutes=minutes,
        next_due_at=now + timedelta(minutes=minutes),
        failures=0.0,
    )


def interval_minutes(
    memory: SourceMemory, source: Source, advice: Advice, *, now: datetime, effort: float = EFFORT
) -> float:
    """Minutes until the next look after an answer at `now`."""
    rates = rhythm(memory.recent_looks, advice.claimed, now=now)
    wanted = effort / math.sqrt(max(rates.at(now), 1e-9))
    # The hour ahead may be busier than the hour behind
    ahead = now + timedelta(minutes=min(wanted, 1440.0))
    busier = max(rates.at(ahead), rates.expected(now, ahead) / max(1.0, min(wanted, 1440.0)))
    wanted = min(wanted, max(effort / math.sqrt(max(busier, 1e-9)), wanted / 2))
    wanted = max(wanted, _advised(memory, advice))
    if advice.rolled_over:
        wanted = min(wanted, (memory.interval_minutes or wanted) / 2)
    wanted = min(wanted, _safe(advice, max(rates.by_hour)))
    return min(max(wanted, float(source.min_minutes)), float(source.max_minutes))


def _advised(memory: SourceMemory, advice: Advice) -> float:
    advised = max(memory.advertised_minutes or 0, advice.max_age_minutes or 0)
    return float(min(advised, _MAX_ADVISED_MINUTES))


def _safe(advice: Advice, busiest: float) -> float:
    """The longest interval after which a listing of this length still overlaps; beats advice."""
    if advice.items < 2 or busiest <= 0:
        return math.inf
    return _SAFE_SHARE * advice.items / busiest


def failed(
    memory: SourceMemory,
    source: Source,
    reason: Reason | None,
    *,
    now: datetime,
    retry_after: timedelta | None = None,
) -> SourceMemory:
    """`memory` after a failed look: one more weighted failure, a later due time, never none.

    Waits double with each hard failure up to a day; from 30 failures on they grow to a month. A
    name that was not found mostly says that we have no network: it is asked for again soon.
    """
    failures = memory.failures + weight(reason)
    minutes = memory.interval_minutes or max(_UNKNOWN_MINUTES, float(source.min_minutes))
    if reason is Reason.DNS:
        minutes = float(source.min_minutes)
    wait = min(timedelta(minutes=minutes) * 2 ** min(failures, 12.0), _DAY)
    if failures > _MANY_FAILURES:
        wait = min(_DAY * (failures - _MANY_FAILURES + 1), _MONTH)
    if retry_after is not None:
        wait = max(wait, min(retry_after, _DAY))
    return replace(memory, failures=failures, next_due_at=now + wait, last_look_at=now)


def advised_by(headers: Sequence[tuple[str, str]]) -> int | None:
    """Minutes of `Cache-Control: max-age` (RFC 9111, 5.2.2.1), or None."""
    for name, value in headers:
        if name.lower() == "cache-control" and (found := _MAX_AGE.search(value)):
            return int(found[1]) // 60
    return None


def weight(reason: Reason | None) -> float:
    """How much one failure counts: hard 1, soft ½, DNS ¼."""
    if reason is Reason.DNS:
        return _DNS
    return _HARD if reason in _HARD_REASONS else _SOFT


def is_due(memory: SourceMemory, *, now: datetime) -> bool:
    """Whether a source is looked at in a pass at `now`; a source never looked at is.

    So is one that was looked at after `now`: the clock that wrote its next time was wrong.
    """
    if memory.next_due_at is None or memory.next_due_at <= now:
        return True
    return memory.last_look_at is not None and memory.last_look_at - now > _CLOCKS_DIFFER


def conditions(memory: SourceMemory) -> Validators | None:
    """The validators to send, or None when the next request goes without conditions."""
    if memory.validators_lie or memory.conditional_in_a_row >= CONDITIONAL_IN_A_ROW:
        return None
    return memory.validators if memory.validators != Validators() else None


def address(memory: SourceMemory, source: Source) -> str:
    """The URL to ask: where the source has moved to, once that was seen often enough."""
    if memory.moved_to and memory.moved_times >= MOVED_AFTER:
        return memory.moved_to
    return source.url


# No source is called stale within a week: holidays. A think tank that publishes monthly is stale
# after 45 days, an hourly wire after a week. Of 29 shipped sources that public evidence of 2026
# calls dead, the 14 frozen ones had stood still for months or years, none for less. Measured on the
# last 20 entries of 57 feeds at 466 moments of February and March 2023: 452 fresh; of the 14 stale,
# 4 are one feed's pause of 22 days, 10 are listings of a single item.
_LEAST = timedelta(days=7)
_MOST = timedelta(days=45)
_PAUSES = 4
_UNKNOWN = timedelta(days=30)
# Fewer items may well have appeared at once.
_FEW = 3
# Items of one build carry one time, or times some seconds apart. Unmeasured.
_ONE_BUILD = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """`newest`: the newest item's time as its oldest witness has it, or its day's or month's end.
    `fresh_until`: how long nothing newer is no surprise."""

    newest: datetime
    fresh_until: datetime


def age_of(candidates: Sequence[Candidate], *, now: datetime) -> Age | None:
    """How old a listing is at `now`; None when neither dates nor addresses tell."""
    written = _written(candidates, now)
    witnessed = [
        min(times)
        for one, day in zip(candidates, written, strict=True)
        if (times := [at for at in (claimed_instant(one), day) if at is not None])
    ]
    if not witnessed:
        return None
    age = aged(witnessed)
    of_one_build = not any(written) and _is_one_build(candidates)
    return None if of_one_build and age.fresh_until >= now else age


def aged(times: Sequence[datetime]) -> Age:
    """The age of a listing whose items are of `times`, at least one."""
    distinct = sorted(set(times))
    return Age(newest=distinct[-1], fresh_until=distinct[-1] + _patience(distinct))


def standing(memory: SourceMemory, *, now: datetime) -> LookStatus:
    """`STALE`, `UNDATED` or `OK`: what is known of a source that answered at `now`.

    Who lists something new from look to look is alive without any date.
    """
    if memory.fresh_until is not None:
        return LookStatus.STALE if now > memory.fresh_until else LookStatus.OK
    brings = any(new for _, new in memory.recent_looks[1:])  # the first lists what there was
    return LookStatus.OK if brings else LookStatus.UNDATED


def later(known: datetime | None, age: Age | None) -> datetime | None:
    """`fresh_until` after one more listing: a window with only old items edited takes none back."""
    if age is None:
        return known
    return age.fresh_until if known is None else max(known, age.fresh_until)


def _patience(times: Sequence[datetime]) -> timedelta:
    if len(times) < _FEW:
        return _UNKNOWN
    gaps = sorted(after - before for before, after in pairwise(times))
    # One pinned item of years ago makes one huge gap: the longest is left out of many
    longest = gaps[-2] if len(gaps) > 4 else gaps[-1]
    return min(max(_LEAST, _PAUSES * min(longest, _MOST)), _MOST)


def _written(candidates: Sequence[Candidate], now: datetime) -> list[datetime | None]:
    """The end of the day in each address, where the site dates its addresses.

    Numbers that happen to read as a day are few among the others. One day in every address is a
    folder's name, unless there is nothing else to go by.
    """
    days = [end_of_day_in_url(one.url, now=now) for one in candidates]
    known = [day for day in days if day is not None]
    is_a_folder = len(set(known)) == 1 and len(known) >= _FEW
    if 2 * len(known) < len(days) or (is_a_folder and any(map(claimed_instant, candidates))):
        return [None] * len(days)
    return days


def _is_one_build(candidates: Sequence[Candidate]) -> bool:
    """Whether all items claim one time: that of the file, not theirs.

    A day without a time is the same for all items of a busy day; as a day of change it says that
    the file was made. GDELT's quarters are the clock's.
    """
    claims = [one.claimed_at for one in candidates if isinstance(one.claimed_at, ClaimedTime)]
    told = [
        claim.at
        for claim in claims
        if claim.precision is not Precision.DAY or claim.origin.endswith("_updated")
    ]
    if len(told) < _FEW or len(told) < len(claims) or claims[0].origin == "gdelt_seen":
        return False
    return max(told) - min(told) < _ONE_BUILD
