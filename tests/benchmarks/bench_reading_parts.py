"""How well pages are read on each of five parts of the gold, parted by registered domain.

`python -m tests.benchmarks.bench_reading_parts [--every N] [--processes N] [--peers NAME…]
[--failures METRIC]` prints each metric of our reader for the five parts and all of them together,
with the spread; the peers' totals beside it (read once, kept under build/bench/readings); how many
pages of each other kind are refused; and processor time beside trafilatura's on the same pages in
turns. With `--failures` the worst pages of one metric, of parts one to three only: what helps only
where somebody looked must not stay. Writes build/bench/reading_parts.json.

Each page is read with block weights that were trained without its part, where
`tests.benchmarks.train_blocks` has left them.
"""

import argparse
import json
import multiprocessing
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from flows.core.terminal import print_line, print_table
from flows.extraction.block_model import BlockModel
from tests.benchmarks.reading_gold import (
    PARTS,
    Gold,
    Reading,
    author_shares,
    author_words_f1,
    body_shares,
    day_right,
    gold_pages,
    harmonic,
    mean,
    minute_right,
    snippet_shares,
    title_right,
    wcxb_pages,
    word_f1,
)
from tests.benchmarks.reading_peers import dateline, load_reader, version_of

BUILD = Path(__file__).parents[2] / "build/bench"
_LOOKED_AT = (0, 1, 2)
_FAILURES_SHOWN = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What is measured of which set: `bar` is what we set out to reach, if anything."""

    name: str
    set: str
    bar: float | None
    applies: Callable[[Gold], bool]
    score: Callable[[Sequence[tuple[Gold, Reading]]], float]


def _each(
    one: Callable[[Gold, Reading], float],
) -> Callable[[Sequence[tuple[Gold, Reading]]], float]:
    return lambda pairs: mean(one(gold, read) for gold, read in pairs)


def _shares(
    one: Callable[[Gold, Reading], tuple[float, float]],
) -> Callable[[Sequence[tuple[Gold, Reading]]], float]:
    return lambda pairs: harmonic([one(gold, read) for gold, read in pairs]) if pairs else 0.0


def _title(gold: Gold) -> bool:
    return bool(gold.title)


def _day(gold: Gold) -> bool:
    return bool(gold.day)


def _authors(gold: Gold) -> bool:
    return bool(gold.authors)


def _body(gold: Gold) -> bool:
    return bool(gold.body)


def _must(gold: Gold) -> bool:
    return bool(gold.must_have)


def _must_not(gold: Gold) -> bool:
    return bool(gold.must_not_have)


def _must_found(gold: Gold, read: Reading) -> float:
    return snippet_shares(gold, read)[0]


def _wrongly_found(gold: Gold, read: Reading) -> float:
    return snippet_shares(gold, read)[1]


METRICS = tuple(
    Metric(name=name, set=of, bar=bar, applies=applies, score=score)
    for name, of, bar, applies, score in (
        ("body", "wcxb", 0.957, _body, _each(word_f1)),
        ("must have", "wcxb", 0.90, _must, _each(_must_found)),
        ("must not have", "wcxb", 0.05, _must_not, _each(_wrongly_found)),
        ("title", "wcxb", 0.90, _title, _each(title_right)),
        ("day", "wcxb", 0.92, _day, _each(day_right)),
        ("authors", "wcxb", 0.86, _authors, _each(author_words_f1)),
        ("title", "fundus", 0.92, _title, _each(title_right)),
        ("title", "postlight", 0.91, _title, _each(title_right)),
        ("day", "fundus", 0.99, _day, _each(day_right)),
        ("day", "htmldate_mediacloud_2020", 0.93, _day, _each(day_right)),
        ("day", "postlight", 0.95, _day, _each(day_right)),
        ("minute", "fundus", 0.94, _day, _each(minute_right)),
        ("authors", "fundus", 0.92, _authors, _shares(author_shares)),
        ("authors", "postlight", None, _authors, _shares(author_shares)),
        ("body", "fundus", 0.968, _body, _shares(body_shares)),
        ("body", "scrapinghub", 0.974, _body, _shares(body_shares)),
        ("body", "fundus_evaluation", 0.962, _body, _shares(body_shares)),
    )
)  # fmt: skip


def main() -> None:
    """Measure, print, and write the result."""
    asked = _arguments()
    gold = [*wcxb_pages(), *gold_pages()][:: asked.every]
    if not gold:
        print_line("The gold of ../shared/data is not here: nothing measured.")
        return
    readings = {
        name: read
        for name in ("dateline", *asked.peers)
        if (read := _readings(name, gold, asked.processes))
    }
    scores = {name: _scores(gold, read) for name, read in readings.items()}
    _print_scores(scores)
    refused = _print_refused(gold, readings["dateline"])
    if asked.failures:
        _print_failures(gold, readings["dateline"], asked.failures)
    result = {"pages": len(gold), "scores": scores, "refused": refused}
    if asked.speed:
        result["cpu"] = _print_speed(gold[:: asked.speed])
    BUILD.mkdir(parents=True, exist_ok=True)
    (BUILD / "reading_parts.json").write_text(json.dumps(result, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="read each Nth page only")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--peers", nargs="*", default=["trafilatura"])
    parser.add_argument("--failures", metavar="METRIC,SET", help='such as "body,wcxb"')
    parser.add_argument("--speed", type=int, default=5, help="time each Nth page; 0: none")
    return parser.parse_args()


def _readings(name: str, gold: Sequence[Gold], processes: int) -> dict[str, Reading]:
    """The readings of a reader by page; of a peer those kept from before, and the rest anew."""
    version = version_of(name)
    if version is None:
        print_line(f"{name} is not installed: left out.")
        return {}
    kept = BUILD / "readings" / f"{name}-{version}.jsonl"
    known = {} if name == "dateline" else _kept(kept)
    missing = [page for page in gold if page.key not in known]
    if missing:
        with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
            chunks = [missing[start::64] for start in range(64)]
            for chunk in pool.map(partial(_read_chunk, name), chunks):
                known |= chunk
        _keep(kept, known)
    return known


def _read_chunk(name: str, gold: Sequence[Gold]) -> dict[str, Reading]:
    reader = load_reader(name)
    if name == "dateline":
        return {page.key: dateline(page.page(), _model_without(page.part)) for page in gold}
    readings = {}
    for page in gold:
        readings[page.key] = Reading()
        with suppress(Exception):  # a peer may raise anything; it scores nothing
            readings[page.key] = reader(page.page()) if reader else Reading()
    return readings


@cache
def _model_without(part: int) -> BlockModel | None:
    """The block model that was trained without a part; None, the shipped one, where none is."""
    file = BUILD / "blocks" / f"without-{part}.npz"
    return BlockModel.read(file.read_bytes()) if file.is_file() else None


def _keep(file: Path, readings: dict[str, Reading]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as lines:
        for key, read in readings.items():
            lines.write(json.dumps({"key": key, **asdict(read)}, default=str) + "\n")


def _kept(file: Path) -> dict[str, Reading]:
    if not file.is_file():
        return {}
    readings = {}
    with file.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            key, at = row.pop("key"), row.pop("at")
            row["authors"] = tuple(row["authors"])
            readings[key] = Reading(at=datetime.fromisoformat(at) if at else None, **row)
    return readings


def _scores(gold: Iterable[Gold], readings: dict[str, Reading]) -> dict[str, list[float]]:
    """Of each metric the score of each part, then of all."""
    articles = [page for page in gold if page.kind == "article" and page.key in readings]
    scores = {}
    for metric in METRICS:
        pairs = [
            (p, readings[p.key]) for p in articles if p.set == metric.set and metric.applies(p)
        ]
        parts = [[pair for pair in pairs if pair[0].part == part] for part in range(PARTS)]
        scores[f"{metric.name}, {metric.set}"] = [
            *(metric.score(part) for part in parts), metric.score(pairs)
        ]  # fmt: skip
    return scores


def _print_scores(scores: dict[str, dict[str, list[float]]]) -> None:
    ours, peers = scores["dateline"], [name for name in scores if name != "dateline"]
    rows = []
    for metric in METRICS:
        *parts, total = ours[f"{metric.name}, {metric.set}"]
        rows.append((
            f"{metric.name}, {metric.set}",
            f"{metric.bar:.3f}" if metric.bar else "–",
            f"{total:.3f}",
            *(f"{part:.3f}" for part in parts),
            f"{max(parts) - min(parts):.3f}",
            *(f"{scores[name][f'{metric.name}, {metric.set}'][-1]:.3f}" for name in peers),
        ))  # fmt: skip
    parts_titles = (f"#part {part + 1}" for part in range(PARTS))
    print_table(
        ("metric", "#bar", "#ours", *parts_titles, "#spread", *(f"#{p}" for p in peers)), rows
    )


def _print_refused(gold: Iterable[Gold], readings: dict[str, Reading]) -> dict[str, list[int]]:
    """Of each kind how many pages are no article to us, or no running text by their form."""
    counts: dict[str, list[int]] = {}
    for page in gold:
        name = page.kind if page.set == "wcxb" else f"article ({page.set})"
        row = counts.setdefault(name, [0, 0, 0])
        row[0] += readings[page.key].refused is not None
        row[1] += readings[page.key].form not in {None, "article"}
        row[2] += 1
    rows = [(name, *row) for name, row in counts.items()]
    print_table(("kind", "#refused", "#another form", "#pages"), rows)
    return counts


def _print_failures(gold: Iterable[Gold], readings: dict[str, Reading], asked: str) -> None:
    name, _, of = asked.partition(",")
    metric = next(m for m in METRICS if m.name == name and m.set == of)
    looked = [
        page for page in gold
        if page.kind == "article" and page.set == of and page.part in _LOOKED_AT
        and metric.applies(page)
    ]  # fmt: skip
    scored = sorted((metric.score([(page, readings[page.key])]), page.key, page) for page in looked)
    rows = []
    for score, key, page in scored[:_FAILURES_SHOWN]:
        read = readings[key]
        meant, said = _field(name, page, read)
        rows.append((key, f"{score:.3f}", read.refused or read.reader or "", meant, said))
    print_table((f"worst by {asked}", "#score", "reader", "meant", "read"), rows)


def _field(name: str, gold: Gold, read: Reading) -> tuple[str, str]:
    if name == "title":
        return gold.title or "", read.title or ""
    if name == "authors":
        return ", ".join(gold.authors), ", ".join(read.authors)
    if name in {"day", "minute"}:
        return str(gold.published or gold.day), str(read.at or read.day)
    return f"{len((gold.body or '').split())} words", f"{len(read.text.split())} words"


def _print_speed(gold: Sequence[Gold]) -> dict[str, float]:
    """Processor time of ours beside trafilatura's: each page by both in turn, the better of two."""
    loaded = {name: load_reader(name) for name in ("dateline", "trafilatura")}
    spent: dict[str, list[float]] = {name: [] for name in loaded}
    for page in (one.page() for one in gold):
        best = dict.fromkeys(loaded, float("inf"))
        for _ in range(2):
            for name, reader in loaded.items():
                started = time.process_time()
                if reader is not None:
                    with suppress(Exception):  # it took that long to fail
                        reader(page)
                best[name] = min(best[name], time.process_time() - started)
        for name, seconds in best.items():
            spent[name].append(seconds)
    ours = sorted(spent["dateline"])
    cost = {
        "of trafilatura": sum(ours) / sum(spent["trafilatura"]),
        "mean ms": 1_000 * mean(ours),
        "median ms": 1_000 * ours[len(ours) // 2],
        "99th percentile ms": 1_000 * ours[int(0.99 * len(ours))],
        "slowest ms": 1_000 * ours[-1],
    }
    print_table(("processor time", "#"), [(name, f"{value:.2f}") for name, value in cost.items()])
    return cost


if __name__ == "__main__":
    main()
