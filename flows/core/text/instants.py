"""A claimed time as machines write it → an instant, with its precision and whose zone it is.

Decides what one string says; refuses to know which string to believe. Reads ISO 8601 and its
relatives, RFC 5322 and 850 dates, epoch seconds and milliseconds, `YYYYMMDD…`, in any script's
digits and in the calendars of `calendars`. Numeric dates whose order is not certain (`02/11/2026`)
are refused rather than guessed.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flows.core import ClaimedTime, Precision, Zone
from flows.core.text.calendars import ascii_digits, common_day, without_eras
from flows.core.text.cleaning import clean_line
from flows.core.text.written_dates import written_dates

# The web's first news pages; a page "published" before it is an archive's or a mistake.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
# Clocks and time zones differ: a claim up to a day ahead of the fetch may be honest.
SLACK = timedelta(hours=26)

# an offset, after a name or alone ("UTC+8", "GMT-0500"); a name; a place ("Europe/Kyiv")
_WHERE = (
    r"(?P<z>(?:UTC|GMT)?\s?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)"
    r"|(?-i:[A-Z][a-z]+(?:/[A-Z][A-Za-z_]+){1,2})|[A-Z]{1,5}\b)?"
)
_ISO = re.compile(
    r"(?P<y>\d{4})[-/.] ?(?P<m>\d{1,2})[-/.] ?(?P<d>\d{1,2})(?!\d)\.?"
    r"(?:[T ,]+(?:[a-z]{2,3}[., ]+)?(?P<h>\d{1,2})[:.](?P<min>\d{2})"
    rf"(?:[:.](?P<s>\d{{2}})(?:[.,:]\d+)?)?\s*(?P<half>[ap]m)?\s*\(?{_WHERE})?",
    re.I,
)
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
    r"(?:[T ]?(?P<h>\d\d):?(?P<min>\d\d):?(?P<s>\d\d)?\s*(?P<z>Z|[+-]\d{2}:?\d{2})?)?\s*"
)
_HAN = re.compile(
    r"(?P<y>\d{4})\s*[年년]\s*(?P<m>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일号]?"
    r"(?:\D{0,6}?(?P<half>[上下]午|午[前後]|오[전후])?\s*(?P<h>\d{1,2})[:：时時點点시]\s*(?P<min>\d{2}))?"
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
# Fri Apr 28 19:20:36 CEST 2023: ctime(3), and Java's Date.toString with a zone
_CTIME = re.compile(
    r"[A-Z][a-z]{2} (?P<mon>[A-Z][a-z]{2}) +(?P<d>\d{1,2}) (?P<h>\d\d):(?P<min>\d\d):(?P<s>\d\d)"
    r"(?: (?P<z>[A-Z]{1,5}|(?:GMT)?[+-]\d{2}:?\d{2}))? (?P<y>\d{4})"
)
_JAVASCRIPT = re.compile(
    r"(?:[A-Z][a-z]{2,8},? )?(?P<mon>[A-Z][a-z]{2,8})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})"
    r"(?:,? (?:at |- )?(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?\s*(?P<half>[AaPp]\.?[Mm])?"
    rf"\.?\s*{_WHERE})?"
)
_AFTERNOON = frozenset({"下午", "午後", "오후"})
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
# Zone names that mean one offset to every reader (RFC 5322's, and the unambiguous rest)
_OFFSETS = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "EST": -300, "EDT": -240, "CDT": -300,
    "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "CET": 60, "CEST": 120, "MEZ": 60,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "JST": 540, "KST": 540, "HKT": 480,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "SAST": 120, "SGT": 480, "WIB": 420,
    "BST": 60, "WEST": 60, "WAT": 60, "CAT": 120, "EAT": 180, "TRT": 180, "TSI": 180, "PKT": 300,
    "NPT": 345, "ICT": 420, "MYT": 480, "PHT": 480, "WITA": 480, "WIT": 540, "ACST": 570,
    "BRT": -180, "ART": -180, "COT": -300, "PET": -300, "AKST": -540, "AKDT": -480, "HST": -600,
}  # fmt: skip
# EST-like names written all the year by sites that mean Eastern time, and the like, stay as said.
# Names that change with the season
_PLACES = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
           "PT": "America/Los_Angeles"}  # fmt: skip


def read_time(raw: str, origin: str, zone: str | None, latest: datetime) -> ClaimedTime | None:
    """What `raw` claims, or None where it is unreadable, before 1990 or after `latest`.

    `zone` is the source's IANA zone, for times that carry none; without it they are taken as UTC
    and say so.
    """
    fields = _fields(raw)
    if fields is None:
        return None
    try:
        claimed = _claimed(fields, origin, zone, clean_line(raw, 80))
    except (ValueError, OverflowError):
        return None
    return claimed if EARLIEST <= claimed.at <= latest + SLACK else None


def as_claimed(time: ClaimedTime) -> datetime:
    """`time` in the offset it was claimed in, so that its day is the day the publisher wrote.

    Where the source's zone was applied, or none was stated, this is `time.at` as it is.
    """
    fields = _fields(time.raw)
    stated = _stated(fields.get("z")) if fields is not None and time.zone is Zone.STATED else None
    return time.at.astimezone(stated) if stated is not None else time.at


class _Fields(dict[str, str | None]):
    """The named parts of a match."""


def _fields(raw: str) -> _Fields | None:
    text = without_eras(ascii_digits(" ".join(raw.split())[:80]))
    if _EPOCH.fullmatch(text):
        at = datetime.fromtimestamp(int(text[:10]), UTC)
        return _Fields(y=str(at.year), m=str(at.month), d=str(at.day), h=str(at.hour),
                       min=str(at.minute), s=str(at.second), z="Z")  # fmt: skip
    for pattern in (_ISO, _HAN):
        found = pattern.match(text)
        if found is not None:
            return _Fields(found.groupdict())
    found = _COMPACT.fullmatch(text)
    if found is not None:
        return _Fields(found.groupdict())
    return _javascript(text) or _rfc5322(text) or _written(text)


def _written(text: str) -> _Fields | None:
    """A date in words, as `time` elements without attribute and odd meta tags hold it."""
    for date in written_dates(text, month_first=None):
        found = _ISO.match(date.text)
        return _Fields(found.groupdict()) if found is not None else None
    return None


def _rfc5322(text: str) -> _Fields | None:
    read = parsedate_tz(text)
    if read is None or read[0] < 1990 or not re.search(r"\d:\d", text):
        return None
    year, month, day, hour, minute, second, *_, offset = read
    if not re.search(r"\d{4}", text):
        return None
    zone = None if offset is None else f"{'-' if offset < 0 else '+'}{abs(offset) // 3600:02d}{abs(offset) // 60 % 60:02d}"  # fmt: skip  # noqa: E501
    return _Fields(y=str(year), m=str(month), d=str(day), h=str(hour), min=str(minute),
                   s=str(second), z=zone)  # fmt: skip


def _javascript(text: str) -> _Fields | None:
    found = _CTIME.fullmatch(text) or _JAVASCRIPT.match(text)
    if found is None or found["mon"][:3].lower() not in _MONTHS:
        return None
    return _Fields(found.groupdict(), m=str(_MONTHS[found["mon"][:3].lower()]))


def _claimed(fields: _Fields, origin: str, zone: str | None, raw: str) -> ClaimedTime:
    year, month, day = common_day(*(int(fields[key] or 0) for key in ("y", "m", "d")))
    if not fields.get("h"):
        at = datetime(year, month, day, tzinfo=UTC)
        return ClaimedTime(at=at, precision=Precision.DAY, origin=origin, zone=Zone.NONE, raw=raw)
    hour, minute, second = (int(fields.get(key) or 0) for key in ("h", "min", "s"))
    half = (fields.get("half") or "").lower()
    if half:
        hour = hour % 12 + (12 if half[0] == "p" or half in _AFTERNOON else 0)
    stated = _stated(fields.get("z"))
    if stated is None and hour == minute == second == 0:  # a database's way to write a day
        at = datetime(year, month, day, tzinfo=UTC)
        return ClaimedTime(at=at, precision=Precision.DAY, origin=origin, zone=Zone.NONE, raw=raw)
    where, whose = (stated, Zone.STATED) if stated else _of_source(zone)
    local = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=where)
    if hour == 24:
        local += timedelta(days=1)
    return ClaimedTime(
        at=local.astimezone(UTC),
        precision=Precision.SECOND if fields.get("s") else Precision.MINUTE,
        origin=origin,
        zone=whose,
        raw=raw,
    )


def _stated(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if "/" in name or name.upper() in _PLACES:
        return _zone(_PLACES.get(name.upper(), name))
    name = name.upper().replace("−", "-")
    if name in _OFFSETS:
        return timezone(timedelta(minutes=_OFFSETS[name]))
    found = re.fullmatch(r"(?:UTC|GMT)? ?([+-])(\d{1,2}):?(\d{2})?", name)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    if minutes > 14 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _of_source(zone: str | None) -> tuple[tzinfo, Zone]:
    found = _zone(zone) if zone is not None else None
    return (found, Zone.SOURCE) if found is not None else (UTC, Zone.UTC_ASSUMED)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
