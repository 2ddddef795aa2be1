"""A claimed time as a feed, a page or a person writes it → an instant with its precision.

The one reader of written times. Decides by one grammar where year, month, day, time and zone stand:
RFC 5322 and 9110 dates, ISO 8601 and its relatives, ctime, JavaScript's and Java's, epoch seconds
and milliseconds, dates in words, in any script's digits and in the calendars of `calendars`; months
and zones have one table each. Never takes a part that was not written from the calendar on the
wall: a text without year, or whose day and month could change places, is unread and says why. A
midnight to the second without a zone is a database's way to write a day. Refuses to know what the
time will be used for.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.core import ClaimedTime, Precision, UnreadTime, Zone
from flows.core.text.calendars import common_day, without_eras
from flows.core.text.cleaning import clean_line
from flows.core.text.clocks import Clock, clock_in, dotted_clock_in
from flows.core.text.months import month_named
from flows.core.text.written_dates import written_dates
from flows.core.text.zones import place_in, zone_after

# Clocks of publishers run ahead by minutes; more than this is a claim about the future.
SKEW = timedelta(minutes=15)
# A calendar day has begun somewhere 14 hours before it begins in UTC.
_EARLIEST_DAY = timedelta(hours=14)
# The web's first news pages; what is dated before is an archive's or a mistake.
_OLDEST_YEAR = 1990
_MAX_CHARS = 120

_EPOCH = re.compile(r"(\d{10})(\d{3})?(?:\.\d+)?")
_COMPACT = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?:T?\s?(\d{2})(\d{2})(\d{2})?)?(?!\d)"
)
_ISO_HOUR = re.compile(r"(?<=\d)T(\d{2})(?=Z|[+-]\d|$)")
_YMD = re.compile(
    r"(?<!\d)(\d{4})\s?([-/.年년])\s?(\d{1,2})\s?[-/.月월]\s?(\d{1,2})(?!\d)\s?[日號号일]?\.?"
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4})(?!\d)")
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s?tháng\s?(\d{1,2}),?\s?(?:năm\s?)?(\d{4})(?!\d)", re.I)
_WORD = r"(?P<word>[^\d\s,/:()\[\]|–-]{2,24})"
_GAP = r"[\s,./–-]*"
_NAMED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?{_GAP}(?:(?:de|di|of|del)\s+|d')?{_WORD}"
        rf"{_GAP}(?:(?:de|del)\s+)?['’]?(?P<y>\d{{4}}|\d{{2}})(?!\d)",
        rf"(?<![^\s,.(])'?{_WORD}{_GAP}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,.]+(?P<y>\d{{4}})(?!\d)",
        rf"(?<!\d)(?P<y>\d{{4}}){_GAP}(?:m\.\s?)?{_WORD}{_GAP}(?P<d>\d{{1,2}})(?!\d)",
    )
)

# Who writes the month first with slashes; who writes the day first. Canada does both.
_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
_EITHER_FIRST = frozenset({"CA"})
_YEAR_FIRST_LANGUAGES = frozenset({"zh", "ja", "ko", "hu", "mn"})


@dataclass(frozen=True, slots=True)
class _Day:
    year: int
    month: int
    day: int
    rest: str


def read_time(
    raw: str,
    *,
    origin: str,
    now: datetime,
    ahead: timedelta = SKEW,
    timezone: str | None = None,
    language: str | None = None,
    country: str | None = None,
    amid_words: bool = False,
) -> ClaimedTime | UnreadTime:
    """Read one claimed time; `amid_words`: also the first date of a line that says more.

    `timezone` is the source's IANA zone, for times that carry none; without it they are taken as
    UTC and say so. A time whose zone is written but has no single meaning keeps its day only.
    Instants more than `ahead` after `now` (days: than the day's first beginning anywhere) or before
    1990 are not believed.
    """
    shown = clean_line(raw, 200)
    text = _plain(raw)
    home = timezone if timezone is not None and _is_zone(timezone) else "UTC"
    read = _read(text, now, home, language, country)
    if amid_words and isinstance(read, str) and (written := _written(text)) is not None:
        read = _read(written, now, home, language, country)
    if isinstance(read, str):
        return UnreadTime(raw=shown, origin=origin, problem=read)
    at, precision, zone = read
    problem = _implausible(at, precision, now, ahead)
    if problem is not None:
        return UnreadTime(raw=shown, origin=origin, problem=problem)
    return ClaimedTime(at=at, precision=precision, origin=origin, zone=zone, raw=shown)


def as_claimed(time: ClaimedTime) -> datetime:
    """`time` in the offset it was claimed in, so that its day is the day the publisher wrote.

    Where the source's zone was applied, or none was stated, this is `time.at` as it is.
    """
    if time.zone is not Zone.STATED:
        return time.at
    text = _spread(_plain(time.raw))
    clock = clock_in(text) or dotted_clock_in(text)
    known = None if clock is None else _zoned(clock, "UTC", None)[1]
    stated = known or place_in(text)
    return time.at if stated is None else time.at.astimezone(stated)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _written(text: str) -> str | None:
    """A date in words that stands in a longer text, as ISO 8601 writes it."""
    return next((found.text for found in written_dates(text, month_first=None)), None)


def _plain(raw: str) -> str:
    """NFKC, decimal digits of any script as ASCII, signs unified, one space between words."""
    text = unicodedata.normalize("NFKC", raw[: _MAX_CHARS * 4])
    text = "".join(
        str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else char
        for char in text
    )
    text = text.replace("\u2212", "-").replace("\u200f", "").replace("\u200e", "")
    return without_eras(" ".join(text.split()))


_Read = tuple[datetime, Precision, Zone]


def _read(
    text: str, now: datetime, home: str, language: str | None, country: str | None
) -> _Read | str:
    if not text:
        return "empty"
    if len(text) > _MAX_CHARS:
        return "too long for a date"
    if epoch := _EPOCH.fullmatch(text):
        return _epoch(epoch)
    text = _spread(text)
    clock = clock_in(text)
    rest, zone, unclear = (text, None, None) if clock is None else _zoned(clock, home, language)
    day = _day(rest, now, language, country)
    if isinstance(day, str):
        return day
    if clock is None and (clock := dotted_clock_in(day.rest)) is not None:
        leftover, zone, unclear = _zoned(clock, home, language)
        day = _Day(day.year, day.month, day.day, leftover)
    if re.search(r"\d", day.rest):
        return "more numbers in it than a date and a time hold"
    return _assembled(day, clock, zone or place_in(text), unclear, home)


def _epoch(epoch: re.Match[str]) -> _Read:
    at = datetime.fromtimestamp(int(epoch[1]), UTC)
    return at, Precision.SECOND, Zone.STATED


def _spread(text: str) -> str:
    """`20230224T100000Z` → `2023-02-24 10:00:00Z`, `2023-02-24T10Z` → `2023-02-24 10:00h`."""
    if compact := _COMPACT.search(text):
        year, month, day, hour, minute, second = compact.groups()
        clock = "" if hour is None else f" {hour}:{minute}" + (f":{second}" if second else "")
        text = f"{text[: compact.start()]}{year}-{month}-{day}{clock}{text[compact.end() :]}"
    text = _ISO_HOUR.sub(r" \1h ", text)
    return re.sub(r"(?<=\d)[Tt](?=\d{1,2}:)", " ", text)


def _zoned(clock: Clock, home: str, language: str | None) -> tuple[str, tzinfo | None, str | None]:
    """The text without the clock, the zone that stood after it, and its text if unclear."""
    # The year decides only between summer and winter offsets, which _meant looks at both of
    named = zone_after(clock.tail, datetime(2023, 1, 1), home, language)  # noqa: DTZ001
    return f"{clock.head} {named.rest}", named.known, named.unclear


def _day(text: str, now: datetime, language: str | None, country: str | None) -> _Day | str:
    if ymd := _YMD.search(text):
        return _Day(int(ymd[1]), int(ymd[3]), int(ymd[4]), _without(text, ymd))
    if numbers := _NUMBERS.search(text):
        return _ordered(text, numbers, now, language, country)
    if named := _VIETNAMESE.search(text):
        return _Day(int(named[3]), int(named[2]), int(named[1]), _without(text, named))
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            month = month_named(found["word"], language)
            if month is not None:
                year = _full_year(found["y"])
                return _Day(year, month, int(found["d"]), _without(text, found))
    if not re.search(r"\d{4}", text):
        return "no year in it"
    return "no day, month and year that can be told apart"


def _ordered(
    text: str, numbers: re.Match[str], now: datetime, language: str | None, country: str | None
) -> _Day | str:
    """`24.02.2023` has its day first everywhere; with slashes or hyphens it depends on who writes.

    An order that only one reading survives, because the other is no date or lies in the future,
    is no guess.
    """
    first, second, year = int(numbers[1]), int(numbers[3]), int(numbers[4])
    rest = _without(text, numbers)
    day_first, month_first = (_Day(year, second, first, rest), _Day(year, first, second, rest))
    possible = [day for day in (day_first, month_first) if _exists(day, now)]
    if len(possible) == 1 or first == second:
        return possible[0] if possible else day_first
    if numbers[2] == "." or _writes_day_first(language, country):
        return day_first
    if country in _MONTH_FIRST or language == "en-US":
        return month_first
    return "day and month could change places"


def _exists(day: _Day, now: datetime) -> bool:
    try:
        return datetime(day.year, day.month, day.day, tzinfo=UTC) <= now + _EARLIEST_DAY
    except ValueError:
        return False


def _writes_day_first(language: str | None, country: str | None) -> bool:
    main, _, region = (language or "").partition("-")
    place = country or (region if len(region) == 2 else None)
    if place in _MONTH_FIRST or place in _EITHER_FIRST or main in _YEAR_FIRST_LANGUAGES:
        return False
    return place is not None or main not in ("", "en")


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"


def _full_year(text: str) -> int:
    """Two digits as RFC 5322 (4.3) reads them: 00–49 lie in this century."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year < 50 else 1900)


def _assembled(
    day: _Day, clock: Clock | None, zone: tzinfo | None, unclear: str | None, home: str
) -> _Read | str:
    try:
        midnight = datetime(*common_day(day.year, day.month, day.day), tzinfo=UTC)
    except (ValueError, OverflowError):
        return "no such day"
    if clock is None or unclear is not None or (zone is None and _is_midnight(clock)):
        return midnight, Precision.DAY, Zone.NONE
    if clock.hour > 24 or (clock.minute or 0) > 59 or (clock.second or 0) > 60:
        return "no such time of day"
    if clock.hour == 24 and (clock.minute or clock.second):
        return "no such time of day"
    own = zone if zone is not None else ZoneInfo(home)
    wall = midnight.replace(tzinfo=None) + timedelta(
        hours=clock.hour, minutes=clock.minute or 0, seconds=min(clock.second or 0, 59)
    )
    try:
        at = wall.replace(tzinfo=own).astimezone(UTC)
    except OverflowError:
        return "no such day"
    whose = Zone.STATED if zone else Zone.UTC_ASSUMED if home == "UTC" else Zone.SOURCE
    return at, _precision(clock), whose


def _is_midnight(clock: Clock) -> bool:
    return (clock.hour, clock.minute, clock.second or 0) == (0, 0, 0)


def _precision(clock: Clock) -> Precision:
    if clock.second is not None:
        return Precision.SECOND
    return Precision.HOUR if clock.minute is None else Precision.MINUTE


def _implausible(at: datetime, precision: Precision, now: datetime, ahead: timedelta) -> str | None:
    if at.year < _OLDEST_YEAR:
        return f"before {_OLDEST_YEAR}"
    if at > now + (max(_EARLIEST_DAY, ahead) if precision is Precision.DAY else ahead):
        return "in the future of the look"
    return None
