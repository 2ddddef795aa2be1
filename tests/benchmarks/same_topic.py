"""Five thousand different articles of the same topic and the same days, made to look alike.

Each is one real feed entry's headline and summary, followed by summaries of other entries of its
day that other articles quote, too, and by its source's background paragraph of the week: as wire
stories repeat quotations and background. A tenth are instalments of daily series, which carry half
of the day before. Any two are different articles; every tie `same` between them is a false merge.
"""

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENTRIES = Path(__file__).parents[2] / "../shared/data/feeds/entries_2023-02-01_2023-03-12.jsonl.gz"

_TOPIC = re.compile(
    r"ukrain|russia|china|beijing|putin|zelensk|kyiv|xi jinping|moscow|nato|rosj|chin[yaą]|kijów",
    re.IGNORECASE,
)
_LEAST_SUMMARY = 12
_SERIES = 12
_LEAST_DAY = 40  # entries to quote from; of fewer, two articles by chance quote the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One made article. `day` is that of its entry."""

    name: str
    title: str
    text: str
    language: str
    outlet: str
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    title: str
    summary: str
    source: str
    language: str
    day: str


def same_topic_articles(count: int, dice: random.Random) -> list[Made]:
    """`count` articles; fewer when the entries do not give as many."""
    entries = list(_entries())
    by_day: dict[tuple[str, str], list[_Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.language, entry.day].append(entry)
    backgrounds = _backgrounds(entries, dice)
    dice.shuffle(entries)
    made: list[Made] = []
    for number, entry in enumerate(entries):
        if len(made) == count - count // 10:
            break
        day = [other for other in by_day[entry.language, entry.day] if other is not entry]
        if len(day) < _LEAST_DAY:
            continue
        quoted = [other.summary for other in dice.sample(day, 5)]
        background = backgrounds[entry.source, _week(entry.day)]
        parts = [entry.summary, *quoted[:3], background, *quoted[3:]]
        made.append(_made(f"made{number}", entry, entry.title, parts))
    return made + list(_series(by_day, dice, count - len(made)))


def _series(
    by_day: dict[tuple[str, str], list[_Entry]], dice: random.Random, count: int
) -> Iterator[Made]:
    """Daily briefings: each day carries half of the day before."""
    days = sorted(day for language, day in by_day if language.startswith("en-US"))
    number = 0
    for series in range(_SERIES * 4):
        carried: list[str] = []
        for place, day in enumerate(days):
            entries = by_day["en-US", day]
            if len(entries) < 8 or number == count:
                continue
            fresh = [entry.summary for entry in dice.sample(entries, 4)]
            title = f"War in Ukraine: what we know on day {343 + place} from desk {series}"
            entry = entries[0]
            yield _made(f"series{number}", entry, title, [*fresh, *carried])
            carried = fresh
            number += 1


def _made(name: str, entry: _Entry, title: str, parts: list[str]) -> Made:
    return Made(
        name=name,
        title=title,
        text="\n\n".join(parts),
        language=entry.language,
        outlet=entry.source,
        day=entry.day,
    )


def _backgrounds(entries: list[_Entry], dice: random.Random) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        found[entry.source, _week(entry.day)].append(entry.summary)
    return {
        key: " ".join(dice.sample(summaries, min(2, len(summaries))))
        for key, summaries in found.items()
    }


def _week(day: str) -> str:
    return f"{day[:7]}-{int(day[8:]) // 7}"


def _entries() -> Iterator[_Entry]:
    """Entries on the topic, one per headline and per summary."""
    seen: set[str] = set()
    with gzip.open(ENTRIES, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            title, summary = (row["title"] or "").strip(), _plain(row["description"] or "")
            enough = len(summary.split()) >= _LEAST_SUMMARY
            if not enough or not _TOPIC.search(f"{title} {summary}") or {title, summary} & seen:
                continue
            seen |= {title, summary}
            yield _Entry(
                title=title,
                summary=" ".join(summary.split()[:90]),
                source=row["source"],
                language=row["language"] or "",
                day=row["day"],
            )


def _plain(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())
