"""The time of day in a line, as people and machines write it → hour, minute, second.

Decides where a clock stands and which half of the day it means; refuses to know days and zones.
"""

import re
from dataclasses import dataclass

_CLOCK = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})(?:"
    r":(?P<m>\d{1,2})(?::(?P<s>\d{1,2})(?:[.,]\d{1,9})?)?(?![\d:])"
    r"|\s?[时時点點시]\s?(?:(?P<cm>\d{1,2})\s?[分분]?)?(?:\s?(?P<cs>\d{1,2})\s?[秒초])?"
    r"|\s?h\s?(?P<fm>\d{2})?(?![\w])"
    r"|(?=\s?[ap]\.?m\b\.?)"
    r")",
    re.IGNORECASE,
)
_DOTTED_CLOCK = re.compile(r"(?<![\d.])(?P<h>[01]?\d|2[0-3])\.(?P<m>[0-5]\d)(?![\d.])")
_AFTERNOON = re.compile(
    r"下午|晚上|傍晚|午后|午後|오후|p\.?\s?m\b\.?|μ\.?μ\.?|\bCH\b", re.IGNORECASE
)
_MORNING = re.compile(r"上午|凌晨|早上|清晨|午前|오전|a\.?\s?m\b\.?|π\.?μ\.?|\bSA\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, with the text before and after it. Hours run to 24 (ISO 8601's midnight)."""

    hour: int
    minute: int | None
    second: int | None
    head: str
    tail: str


def clock_in(text: str) -> Clock | None:
    """The first time of day in `text`; None where there is none."""
    found = _CLOCK.search(text)
    if found is None:
        return None
    parts = found.groupdict()
    hour = int(parts["h"])
    minute = _number(parts["m"] or parts["cm"] or parts["fm"])
    second = _number(parts["s"] or parts["cs"])
    head, tail = text[: found.start()], text[found.end() :]
    early, late = _MORNING.search(head), _AFTERNOON.search(head)
    if early or late:
        mark = early or late
        assert mark is not None
        head = head[: mark.start()] + " " + head[mark.end() :]
    else:
        early, late = _MORNING.match(tail.lstrip()), _AFTERNOON.match(tail.lstrip())
        if mark := early or late:
            tail = tail.lstrip()[mark.end() :]
    if late and hour < 12:
        hour += 12
    if early and hour == 12:
        hour = 0
    return Clock(hour, minute, second, head, tail)


def _number(text: str | None) -> int | None:
    return None if text is None else int(text)


def dotted_clock_in(text: str) -> Clock | None:
    """A time written `10.30`: asked for once the day was taken out, which is dotted as well."""
    late = _DOTTED_CLOCK.search(text)
    if late is None:
        return None
    return Clock(int(late["h"]), int(late["m"]), None, text[: late.start()], text[late.end() :])
