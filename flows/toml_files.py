"""TOML files → tables, and where in the file a key stands, so that a problem can name its line."""

import re
import tomllib
from pathlib import Path
from typing import Any

from flows.errors import Problem


def read_toml(path: Path, problems: list[Problem]) -> tuple[str, dict[str, Any] | None]:
    """The text of `path` and its tables; None with a problem added if it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a mark at the beginning
    except FileNotFoundError:
        problems.append(Problem(path=path, what="is missing; --config names the folder it is in"))
        return "", None
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(path=path, what=f"cannot be read: {error}"))
        return "", None
    tables = parse_toml(text, path)
    if isinstance(tables, Problem):
        problems.append(tables)
        return text, None
    return text, tables


def parse_toml(text: str, path: Path) -> dict[str, Any] | Problem:
    """The tables of `text`, or what is wrong with it and where; `path` is only named."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        what = re.sub(r" \(at .*\)$", "", str(error))
        return Problem(path=path, what=f"no valid TOML: {what}", line=line, column=column)


def line_of(text: str, loc: list[str], start: int | None = None) -> int | None:
    """The 1-based line where the key of `loc` is set.

    `start` is the line of the header of the table the key stands in; without it the first name of
    `loc` is the table (or, alone, a table or a top-level key). Falls back to the header's line.
    """
    lines = text.splitlines()
    names = [part for part in loc if not part.isdigit()]
    if start is not None or not names:
        return _line_in_table(lines, names, start or 0) or start
    headers = _headers(lines, names[0])
    if not headers:
        return _line_in_table(lines, names, 0)
    found = (_line_in_table(lines, names[1:], header) for header in headers)
    return next((line for line in found if line is not None), headers[0])


def _headers(lines: list[str], name: str) -> list[int]:
    """The lines that open a table called `name`, or one inside it."""
    header = re.compile(rf"\s*\[+\s*['\"]?{re.escape(name)}['\"]?\s*[\].]")
    return [number for number, line in enumerate(lines, 1) if header.match(line)]


def _line_in_table(lines: list[str], names: list[str], start: int) -> int | None:
    """The line below the header at `start` that sets the first of `names`."""
    if not names:
        return None
    key = re.compile(rf"\s*['\"]?{re.escape(names[0])}['\"]?\s*[=.]")
    for number, line in enumerate(lines[start:], start + 1):
        if key.match(line):
            return number
        if re.match(r"\s*\[", line):
            return None
    return None
