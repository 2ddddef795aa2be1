"""The year, month or day an address is named for: `…/sitemap-2023-02.xml`, `/2023/02/24/`."""

import re
from datetime import UTC, datetime, timedelta

_PERIOD = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-_/.]?(0[1-9]|1[0-2])(?:[-_/.]?(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)


def end_of_period_in_url(url: str) -> datetime | None:
    """The end (UTC, exclusive, a day late for every zone) of the last year, month or day named.

    `…/sitemap-2023-02.xml` → 2 March 2023; None when the path names none.
    """
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
        return start + timedelta(days=2)
    if month:
        return (start + timedelta(days=31)).replace(day=1) + timedelta(days=1)
    return datetime(year + 1, 1, 2, tzinfo=UTC)
