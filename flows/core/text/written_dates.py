"""A date as people write it, in words or digits → `YYYY-MM-DD[ HH:MM[:SS]]`, for `instants`.

Decides where day, month, year and time of day stand in a line, and which dates the line itself
calls those of a change; refuses to guess the order of day and month without being told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.core.text.calendars import ascii_digits, common_day, without_eras
from flows.core.text.months import month_named, one_spelling

# of the common era, of Buddha's, of Persia's
_YEAR = r"(?P<y>(?:19|20)\d\d|25[3-9]\d|1[34]\d\d)(?!\d)"
# any script: vowel signs of Thai or Hindi are no letters to `\w`
_NAME = r"(?P<name>[^\W\d_][^\s\d,;:|()\[\]<>–—-]{1,18}(?:-[^\W\d_]{4,8})?)"
_OF = r"\s*(?:de\s|del\s|d['’]|of\s|في\s|ngày\s|tháng\s)?\s*"
_DAYS = (
    re.compile(rf"(?<!\d){_YEAR}\s?(?P<sep>[-/.])\s?(?P<m>\d\d?)\s?[-/.]\s?(?P<d>\d\d?)(?!\d)"),
    re.compile(rf"{_YEAR}\s?[年년]\s?(?P<m>\d\d?)\s?[月월]\s?(?P<d>\d\d?)"),
    re.compile(
        rf"(?<![\d:.])(?P<d>\d\d?)(?:st|nd|rd|th|er|º|ª|ος|η|-?(?:a|e|го|те|ти))?[-.,]?{_OF}"
        rf"{_NAME}[-.,]?{_OF}(?:năm\s|พ\.ศ\.\s?|ค\.ศ\.\s?)?['’]?{_YEAR}",
        re.I,
    ),
    re.compile(rf"{_NAME}\s+(?P<d>\d\d?)(?:st|nd|rd|th)?\s*(?:,|de\s|del\s)?\s*{_YEAR}", re.I),
    re.compile(r"(?<!\d)(?P<d>\d\d?)\s?tháng\s?(?P<m>\d\d?),?\s?(?:năm\s)?" + _YEAR, re.I),
    re.compile(
        rf"(?<!\d){_YEAR}(?:\.|-?(?:ko|eko)|\s?(?:m\.|gada|г\.|оны))?,?\s{_NAME}\s?(?P<d>\d\d?)(?!\d)"
    ),
    re.compile(rf"(?<!\d){_YEAR}\.?\s?(?:gada)\s(?P<d>\d\d?)\.\s{_NAME}"),
    re.compile(rf"(?<![\d.])(?P<d>\d\d?)\s?(?P<sep>[./-])\s?(?P<m>\d\d?)\s?(?P=sep)\s?{_YEAR}"),
    re.compile(r"(?<![\d.])(?P<d>\d\d?)(?P<sep>\.)(?P<m>\d\d?)\.(?P<y>[0-3]\d)(?![\d.])"),
)
_TIME = (
    r"(?<![\d:])(?P<h>[01]?\d|2[0-3])\s?(?:[:.h時时點点시]|uhr\s)\s?(?P<min>[0-5]\d)"
    r"(?::(?P<s>[0-5]\d))?(?!\d)"
)
_ZONE = (
    r"(?P<zone>(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d\d)?\b"
    r"|\b(?:GMT|UTC|E[SD]?T|C[SD]?T|P[SD]?T|CES?T|MES?Z|BST|EES?T|JST|KST|MSK|SAST|AES?T|AEDT|WAT"
    r"|EAT|CAT|PKT|WIB|SGT|HKT)\b)"
)
_HALVES = r"[ap]\.?\s?m\b\.?|[pμπ]\.?[μm]\.?|[صم](?![\w])|مساء\w?|صباحا?\w?|[بق]\.ظ|ÖS|ÖÖ"
_CLOCK = re.compile(
    rf"(?P<before>上午|下午|午前|午後|오전|오후|ÖS|ÖÖ)?\s?{_TIME}분?\s*(?P<half>{_HALVES})?\s*\(?{_ZONE}?",
    re.I,
)
_CLOCK_BEFORE = re.compile(
    rf"{_TIME}\s*(?P<half>[ap]\.?m\b\.?)?\s*{_ZONE}?[\s,|·–-]*(?:on\s|,)?"
    r"(?:[^\W\d_]{2,12}[.,]?\s)?$",
    re.I,
)
_AFTERNOON = re.compile(r"p|μ\.?μ|م|ب\.ظ|下午|午後|오후|ös", re.I)
_CHANGED = re.compile(
    r"updat|modif|revis|edited|aktuali[sz]|zuletzt|geändert|bearbeitet|mis\w? à jour|màj\b|"
    r"actuali[sz]|atualiz|aggiorn|bijgewerkt|gewijzigd|oppdat|uppdat|opdat|endret|ændret|ändrad|päivit|muokat|"
    r"změn|frissít|módosít|обнов|оновл|измен|змін|güncel|ενημ|τροποπ|更新|修改|修正|수정|업데이트|"
    r"تحد[يی]ث|تعد[يی]ل|عُدل|به.?روز|ویرایش|עודכן|अपडेट|संशोधित|แก้ไข|อัปเดต|อัพเดต|cập nhật|diperbarui|"
    r"dikemas|diubah|atnaujin|atjaunin|uuendatud|ažurir|posodob",
    re.I,
)
MAX_LABEL_CHARS = 30  # what stands before a date to say what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDate:
    """A date found in a line; `changed` where the line calls it the date of a change."""

    text: str
    changed: bool


def written_dates(line: str, *, month_first: bool | None) -> Iterator[WrittenDate]:
    """The dates of `line` by the first way of writing that fits.

    `month_first`: whether 2/11 is the eleventh of February; None refuses such a date.
    """
    line = one_spelling(without_eras(ascii_digits(line)))
    for pattern in _DAYS:
        end, dates = 0, []
        for found in pattern.finditer(line):
            day = _day(found, month_first=month_first)
            if day is not None:
                before = line[max(end, found.start() - MAX_LABEL_CHARS) : found.start()]
                dates.append(
                    WrittenDate(
                        text=day + _clock(before, line[found.end() : found.end() + 40]),
                        changed=says_changed(before),
                    )
                )
                end = found.end()
        if dates:
            yield from dates
            return


def says_changed(label: str) -> bool:
    """Whether a label before a date calls it the date of a change."""
    return _CHANGED.search(label) is not None


def _day(found: re.Match[str], *, month_first: bool | None) -> str | None:
    parts = found.groupdict()
    month = int(parts["m"]) if parts.get("m") else month_named(parts["name"])
    year, day = int(parts["y"]), int(parts["d"])
    if month is None:
        return None
    if parts.get("sep") and found.start("y") > found.start("d"):
        slashed = parts["sep"] == "/" and month <= 12 and day <= 12 and month != day
        if slashed and month_first is None:
            return None
        if month > 12 or (slashed and month_first):
            month, day = day, month
    try:
        year, month, day = common_day(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
    if not (year >= 1900 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    return f"{year}-{month:02d}-{day:02d}"


def _clock(before: str, rest: str) -> str:
    changed = _CHANGED.search(rest)
    found = _CLOCK.search(rest[: changed.start()] if changed else rest)
    found = found or _CLOCK_BEFORE.search(before)
    if found is None:
        return ""
    parts = found.groupdict()
    half = parts.get("half") or parts.get("before")
    return (
        f" {int(found['h']):02d}:{found['min']}"
        + (f":{found['s']}" if found["s"] else "")
        + (f" {'p' if _AFTERNOON.search(half) else 'a'}m" if half else "")
        + (f" {found['zone'].strip()}" if found["zone"] else "")
    )
