"""A regular expression → long texts made of its own literals, to try it on."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from re import _constants as codes  # type: ignore[attr-defined]  # the parser's own words
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LONG = 100_000
SHORT = 4_000
_MOST_UNITS = 14
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1", codes.CATEGORY_SPACE: " ", codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_DIGIT: "a", codes.CATEGORY_NOT_SPACE: "a", codes.CATEGORY_NOT_WORD: " ",
}  # fmt: skip
_STRANGERS = "a1 \n<>=\"'-._/é中"


def texts_for(pattern: re.Pattern[Any]) -> Iterator[tuple[Any, Any]]:
    """Texts of `SHORT` and of `LONG` characters: each of the pattern's units over and over, two in
    turn, and the beginning of a match followed by one of them without end; all as bytes for a
    pattern of bytes."""
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    units = list(islice(dict.fromkeys(_units(tree)), _MOST_UNITS)) or ["a"]
    beginnings = list(dict.fromkeys(_beginnings(tree)))
    built: dict[tuple[str, str], None] = dict.fromkeys(("", unit) for unit in units)
    built |= dict.fromkeys(("", a + b) for a, b in product(units[:5], units[:5]) if a != b)
    built |= dict.fromkeys(product(beginnings[:12], units[:4]))
    built |= dict.fromkeys(("", beginning + units[0]) for beginning in beginnings[:12])
    for beginning, unit in built:
        for end in ("", "\x00"):
            short, long = (beginning + _filled(unit, length) + end for length in (SHORT, LONG))
            yield _as(pattern, short), _as(pattern, long)


def _as(pattern: re.Pattern[Any], text: str) -> Any:
    return text.encode("utf-8", "replace") if isinstance(pattern.pattern, bytes) else text


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _units(tree: Iterable[Any]) -> Iterator[str]:
    """Runs of literals and one character of each class, innermost too."""
    run = ""
    for code, value in tree:
        if code is codes.LITERAL:
            run += chr(value)
            continue
        if run:
            yield run
            run = ""
        yield from _units_within(code, value)
    if run:
        yield run


def _units_within(code: Any, value: Any) -> Iterator[str]:
    if code is codes.IN:
        yield from _members(value)
    elif code is codes.ANY:
        yield "a"
    elif code is codes.NOT_LITERAL:
        yield _stranger([(codes.LITERAL, value)])
    else:
        for below in _below(code, value):
            yield from _units(below)
            example = _example(below)
            if example:
                yield example


def _below(code: Any, value: Any) -> Sequence[Any]:
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [value[2]]
    if code is codes.SUBPATTERN:
        return [value[3]]
    if code is codes.BRANCH:
        return list(value[1])
    if code is codes.ATOMIC_GROUP:
        return [value]
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [value[1]]
    return []


def _members(members: Sequence[Any]) -> list[str]:
    if members and members[0][0] is codes.NEGATE:
        return [_stranger(members[1:])]
    found = []
    for code, value in members:
        if code is codes.LITERAL:
            found.append(chr(value))
        elif code is codes.RANGE:
            found.append(chr(value[0]))
        elif code is codes.CATEGORY:
            found.append(_CATEGORIES.get(value, "a"))
            found += ["\n"] if value is codes.CATEGORY_SPACE else []
    return found


def _stranger(members: Sequence[Any]) -> str:
    """A character that is none of `members`."""
    taken = {chr(value) for code, value in members if code is codes.LITERAL}
    spaces = any(value is codes.CATEGORY_SPACE for _, value in members)
    free = (one for one in _STRANGERS if one not in taken and not (spaces and one.isspace()))
    return next(free, "~")


def _example(tree: Iterable[Any]) -> str:
    """A short match, as far as one can be seen."""
    return "".join(_short(code, value) for code, value in tree)


def _short(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(int(value))
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return _example(value[2]) * max(1, min(int(value[0]), 20))
    if code in (codes.ASSERT, codes.ASSERT_NOT, codes.AT):
        return ""
    if code in (codes.IN, codes.ANY, codes.NOT_LITERAL):
        return next(_units_within(code, value), "")
    below = _below(code, value)
    return _example(below[0]) if below else ""


def _beginnings(tree: Iterable[Any]) -> Iterator[str]:
    said = ""
    for code, value in tree:
        said += _short(code, value)
        yield said[:2_000]
