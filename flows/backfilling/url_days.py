"""The day a URL names, and whether that rules out the days asked. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from flows.reading.url_dates import url_dates

# Publishers date by their own zone, and capture follows publication
_SLACK = timedelta(days=1)


def url_day(url: str) -> date | None:
    """The day in the path of `url`; None where there is none, or several that differ."""
    days = set()
    for text in url_dates(url).published:
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
