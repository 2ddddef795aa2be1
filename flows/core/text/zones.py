"""What a zone written beside a time means: `CST`, `GMT+8`, `мск`, `北京时间` → an offset from UTC.

Decides by the text, then by the source's own zone where an abbreviation has several meanings;
answers UNCLEAR rather than guessing. Offsets of named zones are taken from the IANA tables for the
day in question, since Moscow was UTC+4 until October 2014 and Turkey has kept +3 since 2016.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

# Abbreviation → offsets it stands for, in minutes. One meaning: believed. Several: the source's
# zone decides, or nobody. RFC 822 knows only the American CST, Chinese media write their own.
_OFFSETS: dict[str, tuple[int, ...]] = {
    "Z": (0,), "UTC": (0,), "GMT": (0,), "UT": (0,), "WET": (0,), "WEST": (60,),
    "CET": (60,), "CEST": (120,), "MEZ": (60,), "MESZ": (120,), "EET": (120,), "EEST": (180,),
    "TRT": (180,), "EAT": (180,), "SAST": (120,), "CAT": (120,), "WAT": (60,),
    "HKT": (480,), "SGT": (480,), "PHT": (480,), "MYT": (480,), "AWST": (480,), "ULAT": (480,),
    "JST": (540,), "KST": (540,), "WIT": (540,), "WITA": (480,), "WIB": (420,), "ICT": (420,),
    "AEST": (600,), "AEDT": (660,), "ACST": (570,), "ACDT": (630,), "NZST": (720,), "NZDT": (780,),
    "PKT": (300,), "UZT": (300,), "NPT": (345,), "MMT": (390,), "IRST": (210,), "IRDT": (270,),
    "EDT": (-240,), "EST": (-300, 600), "CDT": (-300, -240), "MDT": (-360,),
    "PDT": (-420,), "NDT": (-150,), "NST": (-210,), "AKST": (-540,), "HST": (-600,),
    "BRT": (-180,), "ART": (-180,), "CLT": (-240,), "CLST": (-180,), "COT": (-300,), "VET": (-240,),
    "CST": (480, -360, -300), "IST": (330, 120, 60), "BST": (60, 360), "AST": (180, -240),
    "MST": (-420, 480), "PST": (-480, 480), "ADT": (-180, 240), "GST": (240, -120),
    "TSI": (180,), "AKDT": (-480,), "PET": (-300,),
    "SST": (480, -660), "ECT": (-300, -240), "AMT": (240, -240), "IDT": (180,), "PYT": (-240,),
}  # fmt: skip

# Meanings so much commoner than the others that they hold wherever the source's zone says nothing;
# CST, IST, AST and GST have none.
_USUAL = {"EST": -300, "CDT": -300, "MST": -420, "PST": -480, "BST": 60}

# Abbreviations that mean the clock of one place, whatever its offset was that day
_PLACES = {
    "MSK": "Europe/Moscow", "MSD": "Europe/Moscow", "МСК": "Europe/Moscow",
    "ET": "America/New_York", "CT": "America/Chicago",
    "MT": "America/Denver", "PT": "America/Los_Angeles",
    "北京时间": "Asia/Shanghai", "北京時間": "Asia/Shanghai", "台北時間": "Asia/Taipei",
    "香港時間": "Asia/Hong_Kong", "日本時間": "Asia/Tokyo", "ПО МОСКВЕ": "Europe/Moscow",
}  # fmt: skip
_PLACE = re.compile("|".join(sorted(map(re.escape, _PLACES), key=len, reverse=True)))

_NUMERIC = re.compile(
    r"\(?(?:(?:UTC|GMT|UT|МСК)\s*(?P<named>[+-])\s*|(?P<sign>[+-]))"
    r"(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?(?!\d)(?![./-]\d)",
    re.IGNORECASE,
)
_OVERLONG = re.compile(r"\(?(?:UTC|GMT)?[+-]\d", re.IGNORECASE)
_IANA = re.compile(r"\[?([A-Z][A-Za-z_]+/[A-Za-z_]+(?:/[A-Za-z_]+)?)\]?")
_NAME = re.compile(r"\(?([A-Za-zА-Яа-я]{1,5})\b\.?\)?")
_AFTER_OFFSET = re.compile(
    r"\s*(?:\([^)]*\)|\[[^\]]*\]|(?:UTC|GMT|UT|Z|MSK|CST|CET|EET|[A-Z]{3,4})\b)?\)?"
)
# Words after a time that are no zone
_CLOCK_WORDS = frozenset({"uhr", "hrs", "hr", "h", "ч", "г", "o", "am", "pm"})


@dataclass(frozen=True, slots=True)
class Named:
    """What the text said of the zone. `place` when `known`; `rest` is what followed it."""

    known: tzinfo | None
    unclear: str | None
    rest: str


def zone_after(tail: str, wall: datetime, home: str, language: str | None) -> Named:
    """Read the zone at the start of `tail`, the text after a time of day.

    `wall` is the claimed wall-clock time (naive), `home` the source's IANA zone (`UTC`: unknown).
    Neither `known` nor `unclear` set: the text names no zone.
    """
    text = tail.lstrip(" ,;|")
    if place := _PLACE.match(text.upper().lstrip("(")):
        rest = text[place.end() + (1 if text.startswith("(") else 0) :]
        if not re.match(r"\s*[+-]\d", rest):
            return Named(ZoneInfo(_PLACES[place[0]]), None, rest.lstrip(")"))
    if offset := _NUMERIC.match(text):
        return _numeric(offset, text)
    if _OVERLONG.match(text):
        unclear, _, rest = text.partition(" ")
        return Named(None, unclear, rest)
    if (iana := _IANA.match(text)) and (zone := _zone(iana[1])) is not None:
        return Named(zone, None, text[iana.end() :])
    if name := _NAME.match(text):
        return _abbreviated(name, text, wall, home, language)
    return Named(None, None, tail)


def place_in(text: str) -> tzinfo | None:
    """The zone of a phrase such as `北京时间` anywhere in `text`."""
    found = _PLACE.search(text.upper())
    if found is None or found[0].isascii():  # ASCII ones only beside the time
        return None
    return ZoneInfo(_PLACES[found[0]])


def _numeric(offset: re.Match[str], text: str) -> Named:
    hours, minutes = int(offset["hours"]), int(offset["minutes"] or 0)
    rest = text[offset.end() :]
    rest = rest[len((_AFTER_OFFSET.match(rest) or [""])[0]) :]
    if hours > 14 or minutes > 59:
        return Named(None, offset[0], rest)
    delta = timedelta(hours=hours, minutes=minutes)
    if "-" in (offset["named"], offset["sign"]):
        delta = -delta
    if offset[0].upper().lstrip("(").startswith("МСК"):
        delta += timedelta(hours=3)
    return Named(timezone(delta), None, rest)


def _abbreviated(
    name: re.Match[str], text: str, wall: datetime, home: str, language: str | None
) -> Named:
    word, rest = name[1], text[name.end() :]
    meanings = _OFFSETS.get(word.upper()) if word.isupper() or word in ("z", "Utc", "Gmt") else None
    if meanings is None:
        if word.isupper() and word.isascii() and word.lower() not in _CLOCK_WORDS and len(word) > 1:
            return Named(None, word, rest)
        return Named(None, None, text)
    minutes = _meant(word.upper(), meanings, wall, home, language)
    if minutes is None:
        return Named(None, word, rest)
    zone = UTC if minutes == 0 else timezone(timedelta(minutes=minutes))
    return Named(zone, None, rest)


def _meant(
    word: str, meanings: tuple[int, ...], wall: datetime, home: str, language: str | None
) -> int | None:
    if len(meanings) == 1:
        return meanings[0]
    at_home = {
        int(offset.total_seconds()) // 60
        for month in (1, 7)
        if (offset := wall.replace(month=month, day=1, tzinfo=ZoneInfo(home)).utcoffset())
        is not None
    }
    # `CST` in Chicago is its standard time, not Cuba's that equals its summer time
    standard = min(at_home, default=0)
    fitting = [minutes for minutes in meanings if minutes in at_home]
    if home != "UTC" and fitting:
        return standard if standard in fitting else fitting[0]
    if word in _USUAL:
        return _USUAL[word]
    if word == "CST" and (language or "").partition("-")[0] == "zh":
        return 480
    return None


def _zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
