"""What a person sees: tables, JSON, progress — with nothing from the web able to act on it.

Decides how values are shown; refuses to know where they come from. Every string printed passes
`shown`, which takes away control and bidirectional characters.
"""

import json
import math
import re
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import Any, Protocol

from rich.cells import cell_len
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

# C0 and C1 controls but newline and tab, bidi marks, embeddings, overrides and isolates, the line
# and paragraph separators, byte-order marks, lone surrogates (which no terminal can be sent)
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

# A narrower column is read letter by letter; 120 columns hold eight of these
_LEAST_WIDTH = 12

# What is done sooner needs no line in a log
_QUIET_SECONDS = 2.0


def shown(value: object) -> str:
    """`value` as text that can do nothing to a terminal."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%SZ" if value.second else "%Y-%m-%d %H:%MZ")
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:.1f}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {shown(item)}" for name, item in value.items())
    return _ACTING.sub("", str(value))


def print_line(text: str = "", *, error: bool = False) -> None:
    """One line of plain text."""
    print(_ACTING.sub("", text), file=sys.stderr if error else sys.stdout)


def print_json(value: object) -> None:
    """One JSON document; instants as RFC 3339, non-ASCII as it is, what could act escaped.

    A number that is none, or infinite, is null: JSON has no word for it.
    """
    try:
        written = json.dumps(value, ensure_ascii=False, indent=2, default=_plain, allow_nan=False)
    except ValueError:
        written = json.dumps(_finite(value), ensure_ascii=False, indent=2, default=_plain)
    print(_ACTING.sub(lambda acting: f"\\u{ord(acting[0]):04x}", written))


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None
) -> None:
    """A table as wide as its terminal; columns named `#…` are numbers, set to the right.

    Where the terminal is too narrow its lines go on in the next: cut, 76 items would be 7.
    """
    listed = list(rows)
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for place, column in enumerate(columns):
        number = column.startswith("#")
        table.add_column(
            Text(shown(column.removeprefix("#"))),
            justify="right" if number else "left",
            overflow="fold",
            no_wrap=_is_kept_whole(place, column),
        )
    for row in listed:
        table.add_row(*(Text(shown(cell)) for cell in row))
    screen = console()
    screen.width = max(screen.width, _least_width(columns, listed))
    screen.print(table)


def fits(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bool:
    """Whether a table of these can be read: none of its columns is squeezed or left out."""
    return _least_width(columns, rows) <= console().width


def _least_width(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> int:
    needed = -2  # two blanks between columns
    for place, column in enumerate(columns):
        cells = (shown(row[place]).split("\n") for row in rows)
        longest = max(map(cell_len, [column, *chain.from_iterable(cells)]))
        needed += 2 + (longest if _is_kept_whole(place, column) else min(longest, _LEAST_WIDTH))
    return needed


def _is_kept_whole(place: int, column: str) -> bool:
    return place == 0 or column.startswith("#") or column.endswith("_at")


def print_records(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Row after row, a line for each column."""
    longest = max(map(len, columns), default=0)
    for number, row in enumerate(rows, 1):
        print_line(f"row {number}")
        for column, cell in zip(columns, row, strict=True):
            print_line(f"  {shown(column):<{longest}}  {' '.join(shown(cell).split())}".rstrip())


def console() -> Console:
    """Standard output; 120 columns wide where it is no terminal."""
    is_terminal = sys.stdout is not None and sys.stdout.isatty()  # None: closed by who started us
    width = None if is_terminal else 120
    return Console(width=width, highlight=False, markup=False)


class Bar(Protocol):
    """Progress of something long."""

    def advance(self, steps: int = 1) -> None: ...
    def total(self, steps: int) -> None: ...


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Bar]:
    """A bar with the time left on a terminal; a plain line now and then elsewhere, on stderr."""
    if sys.stderr.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
            yield _TerminalBar(bars, bars.add_task(what, total=total))
    else:
        yield _PlainBar(what, total)


class _Rate(ProgressColumn):
    """How many a minute, and when the last will be done."""

    def render(self, task: Task) -> Text:
        done_in = task.time_remaining
        return Text("" if not task.speed or done_in is None else _pace(task.speed, done_in))


def _pace(a_second: float, seconds_left: float) -> str:
    at = time.strftime("%H:%MZ", time.gmtime(time.time() + seconds_left))
    days = f" in {seconds_left / 86_400:.0f} days" if seconds_left > 86_400 else ""
    return f"{a_second * 60:.3g} a minute, done at about {at}{days}"


class _TerminalBar:
    def __init__(self, bars: Progress, task: Any) -> None:
        self._bars = bars
        self._task = task

    def advance(self, steps: int = 1) -> None:
        self._bars.advance(self._task, steps)

    def total(self, steps: int) -> None:
        self._bars.update(self._task, total=steps)


class _PlainBar:
    """Says something at each tenth of the way, and not every moment, so that a log stays short."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._said = 0
        self._begun = self._said_at = time.monotonic()

    def advance(self, steps: int = 1) -> None:
        self._done += steps
        now = time.monotonic()
        quiet = now - self._said_at < _QUIET_SECONDS
        if self._total and not quiet and self._done * 10 // self._total > self._said:
            self._said_at = now
            self._said = self._done * 10 // self._total
            a_second = self._done / max(now - self._begun, 0.001)
            pace = _pace(a_second, (self._total - self._done) / a_second)
            line = f"{self._what}: {self._done} of {self._total}, {pace}"
            print(line, file=sys.stderr, flush=True)

    def total(self, steps: int) -> None:
        self._total = steps


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {name: _finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
