"""The day many publishers write into an article's address."""

import re

# /2023/02/24/, /2023-02-24-, /20230224/, 2023/feb/24; a month alone is no day
_SPLIT = re.compile(
    r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)"
)
_NAMED = re.compile(
    r"/((?:19|20)\d\d)/(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*/(\d{1,2})(?!\d)",
    re.I,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


def days_in(url: str) -> tuple[str, ...]:
    """Days the path of `url` names, written `YYYY-MM-DD`."""
    path = url.split("?", 1)[0]
    days = [f"{y}-{m}-{d}" for y, m, d in _SPLIT.findall(path)]
    days += [
        f"{y}-{_MONTHS.index(m.lower()) + 1:02d}-{int(d):02d}" for y, m, d in _NAMED.findall(path)
    ]
    return tuple(days)
