"""How far back a listing provably reaches: its entries → whether nothing can lie beyond it.

Decides when entries from before a window prove that the window is listed whole. One old entry
proves nothing: feeds pin items, and sitemaps that drop articles after two days keep pages of years
ago. Refuses to know how the listing was fetched.

Archives by date: `…/{year}/{month}/{day}` in a source's `repairs` → the addresses of a window.

Decides which addresses hold a stretch of time, and what one of them vouches for; refuses to ask.

The year, month or day an address is named for: `…/sitemap-2023-02.xml`, `/2023/02/24/`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from flows.core import ClaimedTime, Source
from flows.discovery.candidates import claim_of
from flows.discovery.listing import Listing

_IN_ORDER = frozenset({"rss", "atom", "json_feed", "wordpress"})
# Entries that must stand beyond the window at the end of a feed. Pinned items stand at its top;
# a feed sorted by date has one or two of them at its end. Unmeasured.
_AT_THE_END = 3
# A longer pause than this many of the listing's own is no pause: older entries were dropped.
_PAUSES = 4
_DAY = timedelta(days=1)


def reaches_back_to(listing: Listing, since: datetime, source: Source, *, now: datetime) -> bool:
    """Whether `listing` goes on beyond `since`: a feed in its own order, a sitemap by its pace."""
    claims = [claim_of(entry, source, now) for entry in listing.entries]
    instants = [claim.at for claim in claims if isinstance(claim, ClaimedTime)]
    if listing.form in _IN_ORDER:
        return _ends_before(instants, since)
    return _goes_on_before(sorted(instants), since)


def _ends_before(instants: Sequence[datetime], since: datetime) -> bool:
    """Newest first: whether the last entries lie beyond, in a short feed half of it."""
    last = min(_AT_THE_END, (len(instants) + 1) // 2)
    return bool(instants) and all(at <= since for at in instants[-last:])


def _goes_on_before(instants: Sequence[datetime], since: datetime) -> bool:
    """Oldest first: whether the newest entry beyond lies no further off than a pause."""
    beyond = [at for at in instants if at <= since]
    within = [at for at in instants if at > since]
    if not beyond or not within:
        return bool(beyond)
    paced = within if len(within) > 1 else beyond
    longest = max((later - earlier for earlier, later in pairwise(paced)), default=_DAY)
    return since - beyond[-1] <= max(_DAY, _PAUSES * longest)


# A repair asks no more addresses than these: seven weeks of days, four years of months
MAX_ADDRESSES = 50


_PLACES = (("{year}", "%Y"), ("{month}", "%m"), ("{day}", "%d"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The addresses to ask for a window. `left`: how many more it would take.

    `by_date`: each is made for its day, month or year, so that the file itself is the whole of it;
    `by_day`: so is a page of links, which for a longer time may go on on other pages.
    """

    urls: tuple[str, ...]
    by_date: bool = False
    by_day: bool = False
    left: int = 0


def archive_of(address: str, since: datetime, until: datetime, timezone: str) -> Archive:
    """The addresses that hold `since` to `until`, both aware.

    Days are those of UTC and of `timezone`, an IANA name: nobody says which of them a publisher
    files its articles by.
    """
    # configured URLs were made safe to request, which writes braces as %7B and %7D
    pattern = address.replace("%7B", "{").replace("%7D", "}")
    if not any(place in pattern for place, _ in _PLACES):
        return Archive(urls=(address,))
    filled = dict.fromkeys(_filled(pattern, day) for day in _days(since, until, timezone))
    urls = tuple(filled)
    return Archive(
        urls=urls[:MAX_ADDRESSES],
        by_date=True,
        by_day="{day}" in pattern,
        left=max(0, len(urls) - MAX_ADDRESSES),
    )


def _days(since: datetime, until: datetime, timezone: str) -> list[date]:
    zones = (UTC, ZoneInfo(timezone))
    first = min(since.astimezone(zone).date() for zone in zones)
    last = max(until.astimezone(zone).date() for zone in zones)
    return [first + n * _DAY for n in range((last - first).days + 1)]


def _filled(pattern: str, day: date) -> str:
    for place, form in _PLACES:
        pattern = pattern.replace(place, day.strftime(form))
    return pattern


_ANY_ZONE = timedelta(days=1)
_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
# A day as articles' addresses have it, by digits or by the English name of the month
_PERIODS_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d{2})[-_/.]?(0[1-9]|1[0-2])[-_/.]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
# … or as the head of a long number: `AB20261128000100`
_STAMP = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{4,12}(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED_DAY = re.compile(
    rf"(?<!\d)((?:19|20)\d{{2}})[-_/.]({'|'.join(_MONTHS)})[a-z]*[-_/.](\d{{1,2}})(?!\d)",
    re.IGNORECASE,
)
_MONTH = re.compile(r"/((?:19|20)\d{2})[-_/]?(0[1-9]|1[0-2])(?=/)")


def end_of_period_in_url(url: str) -> datetime | None:
    """The end (UTC, exclusive, a day late for every zone) of the last year, month or day named.

    `…/sitemap-2023-02.xml` → 2 March 2023; None when the path names none.
    """
    period = _period(url)
    return period[1] + _ANY_ZONE if period is not None else None


def begin_of_period_in_url(url: str) -> datetime | None:
    """The begin (UTC, a day early for every zone) of the last year, month or day named."""
    period = _period(url)
    return period[0] - _ANY_ZONE if period is not None else None


def _period(url: str) -> tuple[datetime, datetime] | None:
    periods = list(_PERIOD.finditer(url.partition("://")[2].partition("/")[2]))
    if not periods:
        return None
    found = periods[-1]
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None
    if day:
        return start, start + timedelta(days=1)
    if month:
        return start, (start + timedelta(days=31)).replace(day=1)
    return start, datetime(year + 1, 1, 1, tzinfo=UTC)


def end_of_day_in_url(url: str, *, now: datetime) -> datetime | None:
    """The end, `now` at the latest, of the day or month the path of an article is dated with.

    `/2026/11/28/`, `/202611/28/`, `t20261128_1.html`, `/2026/nov/28/`; of a month alone
    (`/202611/`) its last day. A year alone is a title's. None without any, and
    for what has not begun.
    """
    path = url.partition("://")[2].partition("/")[2].partition("?")[0]
    found = _PERIODS_DAY.search(path) or _STAMP.search(path) or _NAMED_DAY.search(path)
    found = found or _MONTH.search("/" + path)
    if found is None:
        return None
    year, month, *day = found.groups()
    try:
        number = int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1
        start = datetime(int(year), number, int(day[0]) if day else 1, tzinfo=UTC)
    except ValueError:
        return None
    end = start + timedelta(days=1) if day else (start + timedelta(days=31)).replace(day=1)
    return min(end, now) if start <= now + _ANY_ZONE else None
