"""Archives by date: `…/{year}/{month}/{day}` in a source's `repairs` → the addresses of a window.

Decides which addresses hold a stretch of time, and what one of them vouches for; refuses to ask.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

# A repair asks no more addresses than these: seven weeks of days, four years of months
MAX_ADDRESSES = 50

_DAY = timedelta(days=1)
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
