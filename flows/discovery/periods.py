"""The year, month or day an address is named for: `…/sitemap-2023-02.xml`, `/2023/02/24/`."""

import re
from datetime import UTC, datetime, timedelta

_ANY_ZONE = timedelta(days=1)
_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)


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
