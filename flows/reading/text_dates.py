"""The visible date: what stands near the headline, or in elements marked as date.

Decides which visible words are a date line; refuses to know whether to believe it. Asked only where
mark-up names no time.
"""

import re
from collections.abc import Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from flows.reading.claims import Claims
from flows.reading.lines import (
    MAX_LINE_CHARS,
    line_of,
    lines_after_headline,
    outside,
    with_attribute,
)
from flows.reading.months import month_of

_MARK = re.compile(
    r"(?:^|[^a-z])(?:pub\w{0,12}|post(?:ed|-?date|-?time)|article-?(?:date|time)|entry-?date|"
    r"time(?:stamp)?|date(?:line|time|published|-published)?|datum|fecha|tarih|zeit|stand)(?:[^a-z]|$)"
)
_WITH_CLASS = with_attribute("class", within="//body")
_NOT_MARK = re.compile(r"updat|modif|relat|comment|event|expire|copyright|foot|teaser|weather")

_YEAR = r"(?P<y>(?:19|20)\d\d)"
_OF = r"\s*(?:de\s|del\s|of\s|في\s)?\s*"
_CLOCK = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-3])\s?(?:[:.h時时시]|uhr\s)\s?(?P<min>[0-5]\d)"
    r"(?::(?P<s>[0-5]\d))?(?!\d)\s*(?:(?P<half>[ap]\.?\s?m)\b\.?)?",
    re.I,
)
_ZONE = re.compile(
    r"(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d\d)?\b"
    r"|\b(?:GMT|UTC|EST|EDT|CET|CEST|MEZ|MESZ|PST|PDT|JST|MSK|SAST)\b"
)
_DAYS = (
    re.compile(rf"{_YEAR}[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)(?!\d)"),
    re.compile(rf"{_YEAR}\s?[年년]\s?(?P<m>\d\d?)\s?[月월]\s?(?P<d>\d\d?)"),
    re.compile(
        rf"(?<!\d)(?P<d>\d\d?)(?:st|nd|rd|th|er|º|ª)?[.,]?{_OF}"
        rf"(?P<name>[^\W\d_]{{3,14}})[.,]?{_OF}{_YEAR}"
    ),
    re.compile(rf"(?P<name>[^\W\d_]{{3,12}})\.?\s+(?P<d>\d\d?)(?:st|nd|rd|th)?\s*,?\s*{_YEAR}"),
    re.compile(rf"(?<![\d.])(?P<d>\d\d?)(?P<sep>[./-])(?P<m>\d\d?)(?P=sep){_YEAR}"),
    re.compile(
        r"(?<![\d.])(?P<d>\d\d?)(?P<sep>\.)(?P<m>\d\d?)\.(?P<y>[0-3]\d)(?![\d.])"
    ),  # 24.02.23
)


def text_dates(tree: HtmlElement, *, month_first: bool) -> Claims:
    """Dates of date lines, written `YYYY-MM-DD[ HH:MM[:SS]]`, the likeliest first.

    `month_first`: whether the language writes 2/11 for the eleventh of February.
    """
    lines = chain(lines_after_headline(tree), _marked(tree))
    found = (date for line in lines for date in _dates(line, month_first=month_first))
    return Claims(origin="text", published=tuple(dict.fromkeys(islice(found, 3))))


def _marked(tree: HtmlElement) -> Iterator[str]:
    for element in _WITH_CLASS(tree):
        mark = f"{element.get('class')} {element.get('id') or ''}".lower()
        if _MARK.search(mark) and not _NOT_MARK.search(mark) and not outside(element):
            text = line_of(element)
            if 6 <= len(text) <= MAX_LINE_CHARS:
                yield text


def _dates(line: str, *, month_first: bool) -> Iterator[str]:
    for pattern in _DAYS:
        for found in pattern.finditer(line):
            day = _day(found, month_first=month_first)
            if day is not None:
                yield day + _clock(line[found.end() : found.end() + 40])
                return


def _day(found: re.Match[str], *, month_first: bool) -> str | None:
    parts = found.groupdict()
    month = int(parts["m"]) if parts.get("m") else month_of(parts["name"])
    day = int(parts["d"])
    slashed = parts.get("sep") == "/"
    if month is not None and parts.get("sep") and (month > 12 or (slashed and month_first)):
        month, day = day, month
    if month is None or not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    year = parts["y"] if len(parts["y"]) == 4 else f"20{parts['y']}"
    return f"{year}-{month:02d}-{day:02d}"


def _clock(rest: str) -> str:
    found = _CLOCK.search(rest)
    if found is None:
        return ""
    half = found["half"]
    zone = _ZONE.match(rest[found.end() :].strip())
    return (
        f" {int(found['h']):02d}:{found['min']}"
        + (f":{found['s']}" if found["s"] else "")
        + (f" {half[0]}m" if half else "")
        + (f" {zone[0]}" if zone else "")
    )
