"""Labels × topic → how well the rules do: precision, recall, calibration, worst mistakes.

Label 2 is what must be found, label 0 what must be left; label 1 lies between and is left out of
both. Pure; refuses to know files.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flows.core import Judgement, Verdict
from flows.topic.judging import judge
from flows.topic.labels import ABOUT, BESIDE, OFF, Labelled
from flows.topic.rules import Topic

_BINS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0001)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A label beside the rules' judgement."""

    labelled: Labelled
    judgement: Judgement

    @property
    def is_kept(self) -> bool:
        return self.judgement.verdict is Verdict.ON_TOPIC

    @property
    def is_stored(self) -> bool:
        return self.judgement.verdict is not Verdict.OFF_TOPIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Counts over some labels. `kept`: on topic; `stored`: on topic or borderline."""

    name: str
    about: int
    about_kept: int
    about_stored: int
    off: int
    off_kept: int
    off_stored: int
    beside: int
    beside_kept: int

    @property
    def precision(self) -> float:
        return _share(self.about_kept, self.about_kept + self.off_kept)

    @property
    def recall(self) -> float:
        return _share(self.about_kept, self.about)

    @property
    def stored_precision(self) -> float:
        return _share(self.about_stored, self.about_stored + self.off_stored)

    @property
    def stored_recall(self) -> float:
        return _share(self.about_stored, self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Of the articles with a relevance in [low, high): how relevant they were said to be, and
    which share was (label 1 counts as half)."""

    low: float
    high: float
    articles: int
    said: float
    found: float


def judged_labels(labels: Iterable[Labelled], topic: Topic) -> list[Judged]:
    """Judge each labelled article by its title and text."""
    return [Judged(labelled=one, judgement=judge(one.article, topic)) for one in labels]


def quality(judged: Iterable[Judged], name: str = "all") -> Quality:
    """Count what was found, left and taken falsely."""
    rows = list(judged)
    about = [row for row in rows if row.labelled.label == ABOUT]
    off = [row for row in rows if row.labelled.label == OFF]
    beside = [row for row in rows if row.labelled.label == BESIDE]
    return Quality(
        name=name,
        about=len(about),
        about_kept=sum(row.is_kept for row in about),
        about_stored=sum(row.is_stored for row in about),
        off=len(off),
        off_kept=sum(row.is_kept for row in off),
        off_stored=sum(row.is_stored for row in off),
        beside=len(beside),
        beside_kept=sum(row.is_kept for row in beside),
    )


def quality_by(judged: Sequence[Judged], part: Callable[[Labelled], str]) -> list[Quality]:
    """Quality of each part, in the parts' order: by language, by week, …"""
    names = sorted({part(row.labelled) for row in judged})
    return [quality((row for row in judged if part(row.labelled) == name), name) for name in names]


def language_of(labelled: Labelled) -> str:
    return labelled.language or "unknown"


def week_of(labelled: Labelled) -> str:
    """ISO week, such as 2023-W09; `undated` without a day."""
    try:
        year, week, _ = date.fromisoformat(labelled.day).isocalendar()
    except ValueError:
        return "undated"
    return f"{year}-W{week:02}"


def calibration(judged: Iterable[Judged]) -> list[CalibrationBin]:
    """Said against found, by bins of relevance; empty bins are left out."""
    rows = [(row.judgement.relevance, row.labelled.label / ABOUT) for row in judged]
    bins = []
    for low, high in pairwise(_BINS):
        inside = [row for row in rows if low <= row[0] < high]
        if inside:
            said = sum(relevance for relevance, _ in inside) / len(inside)
            found = sum(label for _, label in inside) / len(inside)
            bins.append(
                CalibrationBin(
                    low=low, high=min(high, 1.0), articles=len(inside), said=said, found=found
                )
            )
    return bins


def worst_mistakes(judged: Iterable[Judged], count: int) -> list[Judged]:
    """Labels 2 that were not kept and 0 that were, the surest mistake first."""
    wrong = [
        row
        for row in judged
        if (row.labelled.label == ABOUT and not row.is_kept)
        or (row.labelled.label == OFF and row.is_kept)
    ]
    wrong.sort(key=lambda row: -abs(row.labelled.label / ABOUT - row.judgement.relevance))
    return wrong[:count]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
