"""What `dateline topic eval` prints: tables of quality, calibration and mistakes."""

from collections.abc import Sequence
from typing import Any

from flows.terminal import print_line, print_table
from flows.topic.evaluating import (
    Judged,
    Quality,
    calibration,
    language_of,
    quality,
    quality_by,
    week_of,
    worst_mistakes,
)
from flows.topic.opinion import LEAST_LABELS, learn_opinion, opinions_across

_COLUMNS = (
    "", "#about", "#kept", "#+borderline", "#recall", "#+borderline", "#off", "#kept falsely",
    "#precision", "#+borderline", "#beside", "#kept",
)  # fmt: skip


def evaluation(judged: Sequence[Judged], mistakes: int) -> dict[str, Any]:
    """Everything measured, as plain values: `all`, `by_language`, `by_week`, `calibration`,
    `second_opinion` (None with too few labels) and `mistakes`."""
    return {
        "all": _numbers(quality(judged)),
        "by_language": [_numbers(one) for one in quality_by(judged, language_of)],
        "by_week": [_numbers(one) for one in quality_by(judged, week_of)],
        "calibration": [
            {"from": one.low, "to": one.high, "articles": one.articles,
             "said": round(one.said, 3), "found": round(one.found, 3)}
            for one in calibration(judged)
        ],
        "second_opinion": _second_opinion(judged),
        "mistakes": [
            {
                "label": one.labelled.label,
                "verdict": one.judgement.verdict,
                "relevance": one.judgement.relevance,
                "language": one.labelled.language,
                "title": one.labelled.title,
            }
            for one in worst_mistakes(judged, mistakes)
        ],
    }  # fmt: skip


def print_evaluation(result: dict[str, Any]) -> None:
    """The same as tables."""
    parts = [result["all"], *result["by_language"], *result["by_week"]]
    print_table(_COLUMNS, [list(part.values()) for part in parts])
    print_line()
    print_table(
        ("relevance", "#articles", "#said", "#found"),
        [
            (f"{row['from']:.2f}–{row['to']:.2f}", row["articles"], row["said"], row["found"])
            for row in result["calibration"]
        ],
        title="Calibration (a label 1 counts as half)",
    )
    print_line()
    opinion = result["second_opinion"]
    if opinion is None:
        print_line(f"Second opinion: needs {LEAST_LABELS} labels of 2 and 0, with 20 of each.")
    else:
        print_line(
            "Second opinion (learned from the other labels): "
            f"recall {opinion['recall']}, precision {opinion['precision']}; "
            f"of the rules' misses it would find {opinion['finds']}"
        )
    print_line()
    print_table(
        ("label", "verdict", "#relevance", "language", "title"),
        [list(row.values()) for row in result["mistakes"]],
        title="Worst mistakes",
    )


def _numbers(one: Quality) -> dict[str, Any]:
    return {
        "part": one.name,
        "about": one.about,
        "about_kept": one.about_kept,
        "about_stored": one.about_stored,
        "recall": round(one.recall, 3),
        "stored_recall": round(one.stored_recall, 3),
        "off": one.off,
        "off_kept": one.off_kept,
        "precision": round(one.precision, 3),
        "stored_precision": round(one.stored_precision, 3),
        "beside": one.beside,
        "beside_kept": one.beside_kept,
    }


def _second_opinion(judged: Sequence[Judged]) -> dict[str, Any] | None:
    labels = [one.labelled for one in judged]
    if learn_opinion(labels) is None:
        return None
    said = [likely >= 0.5 for likely in opinions_across(labels)]
    about = [yes for yes, one in zip(said, labels, strict=True) if one.label == 2]
    off = [yes for yes, one in zip(said, labels, strict=True) if one.label == 0]
    missed = [
        yes
        for yes, one in zip(said, judged, strict=True)
        if one.labelled.label == 2 and not one.is_kept
    ]
    return {
        "recall": round(sum(about) / max(1, len(about)), 3),
        "precision": round(sum(about) / max(1, sum(about) + sum(off)), 3),
        "finds": f"{sum(missed)} of {len(missed)}",
    }
