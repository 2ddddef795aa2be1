"""TOML files → tables, and where in the file a key stands, so that a problem can name its line.

Where in a TOML file a key or a string stands, as line and column counted from 1.

`tomllib` tells no positions. This looks for headers and keys in the text as people write them and
gives None where it finds nothing; it decides nothing about meaning.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from flows.core.errors import Problem

# The names of a table as Python writes them: one may be a secret that stands where no name should
_NAMES = re.compile(r"\((['\"]).*\)")


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
        what = re.sub(r" \(at [^()]*\)$", "", str(error))
        what = _NAMES.sub("a table", what)
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


_HEADER = re.compile(r"\s*+(\[\[?)\s*+([^\[\]]+?)\s*+\]\]?\s*(?:#.*)?$")

Place = tuple[int, int]


class Source:
    """The lines of one TOML file, by table. The n-th `[[name]]` is the table `("name", "n")`."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._headers: dict[tuple[str, ...], int] = {(): 0}
        arrays: dict[str, int] = {}
        for number, line in enumerate(self._lines, 1):
            header = _HEADER.match(line)
            if header is None:
                continue
            path = tuple(part.strip().strip("\"'") for part in header[2].split("."))
            if header[1] == "[[":
                arrays[path[0]] = arrays.get(path[0], -1) + 1
                path = (*path, str(arrays[path[0]]))
            self._headers.setdefault(path, number)

    def header(self, table: tuple[str, ...]) -> Place | None:
        """Where a table begins."""
        line = self._headers.get(table)
        return (line, 1) if line else None

    def key(self, table: tuple[str, ...], key: str) -> Place | None:
        """Where a key of a table is set; else the table's header."""
        wanted = re.compile(rf"\s*(['\"]?){re.escape(key)}\1\s*=")
        for number, line in self._of(table):
            found = wanted.match(line)
            if found:
                return number, len(line) - len(line.lstrip()) + 1
        return self.header(table)

    def string(self, table: tuple[str, ...], key: str, value: str, offset: int) -> Place | None:
        """Where character `offset` of a string stands, in the list that is set as `key`."""
        start = self.key(table, key)
        for number, line in self._of(table):
            if start is None or number < start[0]:
                continue
            for quoted in (f'"{value}"', f"'{value}'"):
                column = line.find(quoted)
                if column >= 0:
                    return number, column + 2 + offset
        return start

    def _of(self, table: tuple[str, ...]) -> list[tuple[int, str]]:
        first = self._headers.get(table)
        if first is None:
            return []
        lines: list[tuple[int, str]] = []
        for number, line in enumerate(self._lines[first:], first + 1):
            if _HEADER.match(line):
                break
            lines.append((number, line))
        return lines
