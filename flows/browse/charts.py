"""Numbers → where bars, strips and dots of a chart lie: our own small drawing, without scripts.

Decides scales, steps and colours' numbers; the templates write the SVG. Altair's Vega-Lite would
bring 60 MB and 500 KB a page for bars; this is what it would have drawn.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import log1p

from flows.store.browsing.listing import Days
from flows.store.browsing.watched import Calendar
from flows.store.query import Row

WIDTH, HEIGHT = 720, 150
_FOOT, _SIDE = 18, 30  # room for the days below and the numbers beside
_KINDS = 7  # colours that can be told apart; the eighth is for all others
OTHERS = "others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One piece of a bar: `tone` counts colours from 0."""

    y: float
    height: float
    tone: int
    kind: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A day (week, month) and its pieces, from the foot up."""

    x: float
    width: float
    first: date
    last: date
    total: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart of stacked bars. `ticks`: (y, number); `labels`: (x, day)."""

    bars: tuple[Bar, ...]
    kinds: tuple[tuple[str, int, int], ...]  # name, tone, articles
    ticks: tuple[tuple[float, int], ...]
    labels: tuple[tuple[float, date], ...]
    step: str


def bars(days: Days) -> Bars:
    """The bars of some days, the commonest kinds in colours of their own."""
    totals: Counter[str] = Counter()
    for (_, kind), count in days.counts.items():
        totals[kind] += count
    named = [kind for kind, _ in sorted(totals.items(), key=lambda one: (-one[1], one[0]))]
    tones = {kind: place for place, kind in enumerate(named[:_KINDS])}
    starts = _starts(days)
    heights = {start: Counter[int]() for start in starts}
    for (start, kind), count in days.counts.items():
        heights[start][tones.get(kind, _KINDS)] += count
    most = max(sum(parts.values()) for parts in heights.values())
    tick = _tick(most)
    top = max(tick * -(-most // tick), 1)
    scale = (HEIGHT - _FOOT - 8) / top
    width = (WIDTH - _SIDE) / len(starts)
    legend = [(kind, tones[kind], totals[kind]) for kind in named[:_KINDS]]
    if len(named) > _KINDS:
        legend.append((OTHERS, _KINDS, sum(totals[kind] for kind in named[_KINDS:])))
    names = {tone: kind for kind, tone, _ in legend}
    every = max(1, -(-len(starts) // 8))
    return Bars(
        bars=tuple(
            _bar(_SIDE + place * width, width, start, _end(start, days.step), heights[start],
                 scale, names)
            for place, start in enumerate(starts)
        ),
        kinds=tuple(legend),
        ticks=tuple(
            (round(HEIGHT - _FOOT - number * scale, 1), number)
            for number in range(0, top + 1, tick)
        ),
        labels=tuple(
            (round(_SIDE + (place + 0.5) * width, 1), start)
            for place, start in enumerate(starts)
            if place % every == 0
        ),
        step=days.step,
    )  # fmt: skip


def _bar(
    x: float, width: float, first: date, last: date, counts: Counter[int], scale: float,
    names: Mapping[int, str],
) -> Bar:  # fmt: skip
    parts: list[Part] = []
    y = float(HEIGHT - _FOOT)
    for tone in sorted(counts):
        height = counts[tone] * scale
        y -= height
        parts.append(
            Part(y=round(y, 1), height=round(height, 1), tone=tone, kind=names[tone],
                 count=counts[tone])
        )  # fmt: skip
    wide = min(width - min(2.0, width * 0.15), 40.0)
    return Bar(
        x=round(x + (width - wide) / 2, 1),
        width=round(wide, 1),
        first=first,
        last=last,
        total=sum(counts.values()),
        parts=tuple(parts),
    )


def _starts(days: Days) -> list[date]:
    """Every day, week or month from the first to the last, also those of nothing."""
    starts = [days.first]
    while starts[-1] < days.last:
        starts.append(_end(starts[-1], days.step) + timedelta(days=1))
    return starts


def _end(start: date, step: str) -> date:
    if step == "month":
        following = start.replace(day=1) + timedelta(days=32)
        return following.replace(day=1) - timedelta(days=1)
    return start + timedelta(days=6 if step == "week" else 0)


def _tick(most: int) -> int:
    """The least of 1, 2, 5, 10, 20, … that makes at most five lines."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if most <= step * times * 5:
                return step * times
        step *= 10


# What a day of a source can be, in the order of the legend; "" is a day nobody asked it
STATES = ("covered", "partial", "missed", "repaired", "undecided", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Days in a row of one state: drawn as one rectangle. `days` counts them, from day `start`."""

    start: int
    days: int
    state: str
    reason: str


def runs(calendar: Calendar, source_id: str) -> tuple[Run, ...]:
    """A source's days as runs of equal state and reason."""
    found: list[Run] = []
    for place in range((calendar.last - calendar.first).days + 1):
        row = calendar.states.get((source_id, calendar.first + timedelta(days=place)))
        state, reason = _state(row)
        if found and (found[-1].state, found[-1].reason) == (state, reason):
            before = found.pop()
            place = before.start
            days = before.days + 1
        else:
            days = 1
        found.append(Run(start=place, days=days, state=state, reason=reason))
    return tuple(run for run in found if run.state)


def _state(row: Row | None) -> tuple[str, str]:
    if row is None:
        return "", ""
    return str(row["state"] or "undecided"), str(row["reason"] or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """An article of a story: `x` from 0 to 1 is the logarithm of minutes after the first."""

    x: float
    row: Row


def spread(rows: Sequence[Row]) -> tuple[Dot, ...]:
    """How a text spread: each article by its time after the first, early minutes drawn wide."""
    instants = [row["moment"] for row in rows if isinstance(row["moment"], datetime)]
    if not instants:
        return ()
    first = min(instants)
    widest = log1p(max((at - first).total_seconds() / 60 for at in instants)) or 1.0
    dots = []
    for row in rows:
        at = row["moment"]
        assert isinstance(at, datetime)
        dots.append(Dot(x=round(log1p((at - first).total_seconds() / 60) / widest, 4), row=row))
    return tuple(dots)
