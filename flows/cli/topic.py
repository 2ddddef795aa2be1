"""`dateline topic …`: try the rules on a text, measure them on labels; audit and label the store.

Reads files and the published store and prints; what a judgement is, `flows.topic` decides.

What `dateline topic eval` prints: tables of quality, calibration and mistakes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from flows.cli.backfill import Day, check_order
from flows.cli.main import config_option, json_option
from flows.cli.published import published_rows
from flows.cli.topic_review import audit, label
from flows.core import Article
from flows.core.carriers import link_target
from flows.core.errors import ConfigurationError, Problem
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line, print_table, shown
from flows.core.urls import url_key
from flows.topic import judge, load_topic
from flows.topic.evaluating import (
    Judged,
    Quality,
    calibration,
    judged_labels,
    language_of,
    quality,
    quality_by,
    week_of,
    worst_mistakes,
)
from flows.topic.judging import explained, matched_terms
from flows.topic.labels import plain_article, read_labels, rows_of
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


_LONGEST_TITLE = 200  # letters; a longer first line of a file is its text
_TEXTS = (".txt", ".json", ".jsonl", ".ndjson", ".md")  # a word ending so was meant as a file
_STORED = "select title, text, language from articles where url = ? or canonical_url = ? limit 1"
_CLAIMED = """
select claimed_title as title, claimed_summary as text, null as language from sightings
where url_key = ? order by seen_at desc limit 1
"""


@click.group()
def topic() -> None:
    """Try, measure and improve the topic's rules (config/topic.toml)."""


@topic.command()
@click.argument("what")
@click.option("--language", help="Language of the text, such as pl; else it shows by itself.")
@config_option
@json_option
def test(config_dir: Path, what: str, language: str | None, as_json: bool) -> None:
    """Judge WHAT and say why: a FILE (text, JSON or JSON Lines), a URL the store knows, or a TEXT.

    Lines of JSON hold title, text (or summary), language. In a text file, a short first line
    followed by an empty one is the title.
    """
    rules = load_topic(config_dir / "topic.toml")
    judgements = [(one, judge(one, rules)) for one in _articles(what, language, config_dir)]
    if as_json:
        print_json(
            [
                {
                    "title": one.title,
                    "verdict": judgement.verdict,
                    "relevance": judgement.relevance,
                    "matched_terms": matched_terms(judgement),
                    "matches": [asdict(match) for match in judgement.matches],
                    "contributions": [asdict(given) for given in judgement.contributions],
                    "rules_version": judgement.rules_version,
                }
                for one, judgement in judgements
            ]
        )
        return
    for one, judgement in judgements:
        print_line(shown(one.title) or "(no title)")
        for line in explained(judgement):
            print_line(f"  {line}")


@topic.command("eval")
@click.argument(
    "labels", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False
)
@click.option("--since", type=Day(), help="First day of the labels to measure on.")
@click.option("--until", type=Day(), help="Last day of the labels to measure on.")
@click.option("--mistakes", default=10, show_default=True, type=click.IntRange(0),
              help="How many mistakes to list.")  # fmt: skip
@config_option
@json_option
def evaluate(
    config_dir: Path,
    labels: Path | None,
    since: date | None,
    until: date | None,
    mistakes: int,
    as_json: bool,
) -> None:
    """Measure the rules on LABELS: precision, recall, calibration, the worst mistakes.

    LABELS are JSON Lines with label (2 about the topic, 1 beside it, 0 off it), title, summary or
    text, language, day; without it, the labels given with `dateline topic label`.
    """
    rules = load_topic(config_dir / "topic.toml")
    check_order(since, until)
    path = labels or load_settings(config_dir).labels_path
    if not path.exists():
        raise click.UsageError(
            "no labels were given yet: `dateline topic label` asks for some, or name a file"
        )
    first, last = str(since or ""), str(until or "9999")
    chosen = [one for one in read_labels(path) if first <= one.day <= last]
    if not chosen:
        raise click.UsageError("no label lies in these days")
    result = evaluation(judged_labels(chosen, rules), mistakes)
    if as_json:
        print_json({"rules_version": rules.version, **result})
        return
    print_line(f"{rules.name}, rules {rules.version}, {len(chosen)} labels of {path.name}")
    print_evaluation(result)


topic.add_command(audit)
topic.add_command(label)


def _articles(what: str, language: str | None, config_dir: Path) -> Iterator[Article]:
    if what.startswith(("http://", "https://")):
        yield _of_url(what, config_dir)
    elif (path := Path(what)).suffix and len(what) < 1000 and path.is_file():
        yield from _of_file(path, language)
    elif path.suffix.lower() in _TEXTS and not any(map(str.isspace, what)):
        raise click.UsageError(f"there is no file {what}")
    else:
        yield plain_article(what, "", language)


def _of_file(path: Path, language: str | None) -> Iterator[Article]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix in (".json", ".jsonl", ".ndjson"):
            for title, body, stated in rows_of(text):
                yield plain_article(title, body, language or stated)
            return
    except (OSError, ValueError) as error:
        problem = Problem(path=path, what=f"cannot be read: {error}")
        raise ConfigurationError((problem,)) from error
    first, _, rest = text.strip().partition("\n\n")
    if rest and "\n" not in first and len(first) <= _LONGEST_TITLE:
        yield plain_article(first, rest.strip(), language)
    else:
        yield plain_article(None, text.strip(), language)


def _of_url(url: str, config_dir: Path) -> Article:
    """An article the store keeps, or what a source claimed of one it does not."""
    address = link_target(url)
    if address is None:
        raise click.BadParameter("is no http(s) URL", param_hint="WHAT")
    settings = load_settings(config_dir)
    rows = published_rows(settings, _STORED, (address, address))
    rows = rows or published_rows(settings, _CLAIMED, (url_key(address),))
    if not rows:
        raise click.UsageError(
            f"the store knows no {address}; save its text to a file and test that"
        )
    return plain_article(rows[0]["title"], rows[0]["text"] or "", rows[0]["language"])
