"""Where in a TOML file a key or a string stands, as line and column counted from 1.

`tomllib` tells no positions. This looks for headers and keys in the text as people write them and
gives None where it finds nothing; it decides nothing about meaning.
"""

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")

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
