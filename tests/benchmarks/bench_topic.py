"""How well and how fast the shipped topic judges.

Quality on 647 labelled feed entries, by their title and summary (label 2 against 0; 1 between),
on the days the rules were tuned on and after; how many of 74,580 other entries of those weeks are
kept; cost of an article of each length, and of two thousand terms against twenty.
Run as `python -m tests.benchmarks.bench_topic`; writes build/bench/topic.json.
"""

import gzip
import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flows.cli.topic import evaluation, print_evaluation
from flows.core import Verdict
from flows.core.terminal import print_line, print_table
from flows.topic import Topic, judge, load_topic, read_topic
from flows.topic.evaluating import judged_labels
from flows.topic.labels import plain_article, read_labels

ROOT = Path(__file__).parents[2]
FEEDS = ROOT / "../shared/data/feeds"
LABELS = FEEDS / "topic_labels.jsonl"
ENTRIES = FEEDS / "entries_2023-02-01_2023-03-12.jsonl.gz"
LAST_TUNED_DAY = "2023-03-05"


def main() -> None:
    topic = load_topic(ROOT / "config" / "topic.toml")
    result: dict[str, Any] = {"rules_version": topic.version, "speed": _speed(topic)}
    if LABELS.exists():
        result["labels"] = _labels(topic)
        result["outside"] = _outside(topic)
    else:
        print_line(f"{LABELS} is absent: quality is not measured")
    target = ROOT / "build" / "bench" / "topic.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, ensure_ascii=False, indent=2, default=str))


def _labels(topic: Topic) -> dict[str, Any]:
    judged = judged_labels(read_labels(LABELS), topic)
    parts = {
        "tuned": [one for one in judged if one.labelled.day <= LAST_TUNED_DAY],
        "after": [one for one in judged if one.labelled.day > LAST_TUNED_DAY],
    }
    measured = {name: evaluation(rows, mistakes=12) for name, rows in parts.items()}
    for name, one in measured.items():
        print_line(f"\n── labels, days {name} {LAST_TUNED_DAY}")
        print_evaluation(one)
    return measured


def _outside(topic: Topic) -> dict[str, Any]:
    """Entries that name China or the war, or neither: nobody labelled them."""
    known = {one.url for one in read_labels(LABELS)}
    entries = 0
    kept: list[tuple[str, str]] = []
    borderline = 0
    for row in _entries():
        if row["link"] in known:
            continue
        entries += 1
        article = plain_article(row["title"], row["description"] or "", (row["language"] or "")[:2])
        verdict = judge(article, topic).verdict
        borderline += verdict is Verdict.BORDERLINE
        if verdict is Verdict.ON_TOPIC:
            kept.append((row["day"], row["title"]))
    print_line(
        f"\n── outside the labels: {entries} entries, {borderline} borderline, {len(kept)} kept"
    )
    print_line(f"   at most 1 in 300 would be {entries // 300}")
    print_table(("day", "kept"), random.Random(6).sample(kept, min(30, len(kept))))
    return {"entries": entries, "kept": len(kept), "borderline": borderline}


def _entries() -> Iterator[dict[str, Any]]:
    with gzip.open(ENTRIES, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _speed(topic: Topic) -> dict[str, float]:
    seeds = sorted((ROOT / "seeds").glob("*.txt"), key=lambda path: path.stat().st_size)
    seed = seeds[-1].read_text(encoding="utf-8")
    dull = "The committee met on Tuesday and agreed to meet again before the end of the month. "
    texts = {
        "a headline": "China calls for peace talks in Ukraine",
        "the longer seed, its first 500 words": " ".join(seed.split(" ")[:500]),
        f"the longer seed, {len(seed.split())} words": seed,
        "off the topic, 1,000 words": dull * 66,
        "the longer seed, ten times": f"{seed}\n\n" * 10,
    }
    cost = {name: _milliseconds(text, topic) for name, text in texts.items()}
    for terms in (20, 200, 2000):
        listed = ", ".join(f'"{word}*"' for word in _made_up_words(terms))
        head = 'name = "t"\n[thresholds]\nkeep = 2\nborderline = 1\n'
        rule = '[[rule]]\nname = "r"\nall_of = ["a"]\npoints = 1\n'
        small = read_topic(f"{head}[groups.a]\nany = [{listed}]\n{rule}", Path("made.toml"))
        cost[f"{terms} terms, the longer seed"] = _milliseconds(seed, small)
    terms_count = sum(len(group.terms) for group in topic.groups)
    print_line(
        f"── milliseconds of CPU for one judgement ({terms_count} terms in the shipped topic)"
    )
    print_table(("article", "#ms"), cost.items())
    return cost


def _made_up_words(count: int) -> list[str]:
    letters = random.Random(7)
    return ["".join(letters.choices("abcdefghijklmnoprstuwz", k=7)) for _ in range(count)]


def _milliseconds(text: str, topic: Topic, times: int = 50) -> float:
    """The least of five rounds, so that neighbours on the machine do not count."""
    article = plain_article(None, text, "en")
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for _ in range(times):
            judge(article, topic)
        rounds.append((time.process_time() - began) / times * 1000)
    return round(min(rounds), 3)


if __name__ == "__main__":
    main()
