"""Common Crawl's news crawl: its monthly lists of WARC files: bytes → files with their times.

Decides which months have to be listed for a range of days and which files hold them; refuses to
fetch and to read WARC. A file is named for the second in which the crawler began it, so a day's
pages lie in the files begun on it and in the last one begun before.
"""

import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flows.discovery.listing import Unreadable

CC_NEWS = "https://data.commoncrawl.org/"
# The crawl began in August 2016 (commoncrawl.org, "News Dataset Available")
FIRST_MONTH = date(2016, 8, 1)

_FILE = re.compile(r"CC-NEWS-(\d{14})-\d+\.warc\.gz$")
_MOST_LIST_BYTES = 5_000_000  # a month has some 600 files, 50 KB of names


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcFile:
    """One file of the crawl and when it was begun."""

    path: str
    begun_at: datetime


def month_list(month: date, *, base: str = CC_NEWS) -> str:
    """The address of the list of a month's files."""
    return f"{base}crawl-data/CC-NEWS/{month:%Y/%m}/warc.paths.gz"


def months_of(since: date, until: date) -> tuple[date, ...]:
    """The first days of every month that a range touches, both ends included.

    >>> [str(month) for month in months_of(date(2023, 12, 31), date(2024, 2, 29))]
    ['2023-12-01', '2024-01-01', '2024-02-01']
    """
    numbers = range(since.year * 12 + since.month - 1, until.year * 12 + until.month)
    return tuple(date(number // 12, number % 12 + 1, 1) for number in numbers)


def parse_paths(body: bytes) -> tuple[WarcFile, ...] | Unreadable:
    """Read a month's list, gzipped or not; the files in the order they were begun."""
    try:
        text = _inflated(body).decode("ascii", errors="replace")
    except (EOFError, zlib.error) as error:
        return Unreadable(problem=f"no whole list of files: {error}")
    files = []
    for line in text.split():
        named = _FILE.search(line)
        if named is None:
            return Unreadable(problem=f"no list of WARC files: {line[:100]}")
        try:
            begun_at = datetime.strptime(named[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return Unreadable(problem=f"a file begun at no time there is: {line[:100]}")
        files.append(WarcFile(path=line, begun_at=begun_at))
    return tuple(sorted(files, key=lambda file: (file.begun_at, file.path)))


def files_holding(files: Iterable[WarcFile], since: date, until: date) -> tuple[WarcFile, ...]:
    """The files that can hold pages crawled on the days from `since` to `until`, both included."""
    begins_at = datetime(since.year, since.month, since.day, tzinfo=UTC)
    last = until + timedelta(days=1)
    ends_at = datetime(last.year, last.month, last.day, tzinfo=UTC)
    ordered: Sequence[WarcFile] = sorted(files, key=lambda file: (file.begun_at, file.path))
    before = [file for file in ordered if file.begun_at < begins_at]
    return (*before[-1:], *(f for f in ordered if begins_at <= f.begun_at < ends_at))


def _inflated(body: bytes) -> bytes:
    if body[:2] != b"\x1f\x8b":
        return body
    stream = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    whole = stream.decompress(body, _MOST_LIST_BYTES)
    if not stream.eof:
        raise EOFError("it is cut off, or far longer than a month's list")
    return whole
