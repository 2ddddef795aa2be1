"""How well and how fast pages are read, beside the extractor alone and the named peers.

`python -m tests.benchmarks.bench_reading [--pages N]` reads the gold of `../shared/data/articles`,
prints a table of every metric with the failures worst first, then speed (processor time, the same
pages in one process, in turns), then memory over N pages (10,000) through the worker pool; writes
build/bench/reading.json. Peers that are not installed are named and left out.
"""

import argparse
import asyncio
import json
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.core.terminal import print_line, print_table
from flows.extraction import Hints
from flows.extraction.pool import Readers
from tests.benchmarks.reading_gold import (
    Gold,
    Reading,
    author_shares,
    bare,
    body_shares,
    day_right,
    gold_pages,
    harmonic,
    mean,
    minute_right,
    title_right,
)
from tests.benchmarks.reading_peers import load_reader, readers

RESULT = Path(__file__).parents[2] / "build/bench/reading.json"
_FAILURES_SHOWN = 12
_SAMPLED_EVERY = 1_000

# metric, set, bar
_BARS = (
    ("title", "fundus", 0.90),
    ("title", "postlight", 0.90),
    ("day", "fundus", 0.985),
    ("day", "htmldate_mediacloud_2020", 0.92),
    ("day", "postlight", 0.90),
    ("minute", "fundus", 0.93),
    ("authors F1", "fundus", 0.88),
    ("body F1", "fundus", 0.95),
    ("body F1", "scrapinghub", 0.96),
    ("body F1", "fundus_evaluation", 0.94),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One reader over the whole gold: its readings by page, processor seconds, peak memory."""

    readings: dict[str, Reading]
    seconds: list[float]
    peak_megabytes: float
    raised: int


def main() -> None:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=10_000, help="pages of the memory run")
    asked = parser.parse_args()
    gold = gold_pages()
    if not gold:
        print_line("The gold of ../shared/data/articles is not here: nothing measured.")
        return
    runs = {name: _in_own_process(_run, name) for name, _ in readers()}
    for name in [name for name, run in runs.items() if run is None]:
        print_line(f"{name} is not installed: left out.")
        del runs[name]
    scores = {name: _scores(gold, run.readings) for name, run in runs.items()}
    _print_scores(scores)
    _print_failures(gold, runs["dateline"].readings)
    costs = {name: _cost(run) for name, run in runs.items()}
    costs_titles = ("reader", "#ms/page", "#p99 ms", "#max ms", "#peak MB", "#raised")
    print_table(costs_titles, [(name, *cost.values()) for name, cost in costs.items()])
    ratios = _in_own_process(_ratios, [name for name in runs if name in _COMPARED])
    print_table(("slower than dateline, same pages in turns", "#times"), list(ratios.items()))
    memory = asyncio.run(_memory(gold, asked.pages))
    print_table(("pages read by the pool", "#largest worker MB"), memory)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(
        json.dumps({"scores": scores, "costs": costs, "ratios": ratios, "memory": memory}, indent=2)
    )


def _in_own_process(work: Callable[[Any], Any], argument: object) -> Any:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        return executor.submit(work, argument).result()


def _run(name: str) -> Run | None:
    reader = load_reader(name)
    if reader is None:
        return None
    readings: dict[str, Reading] = {}
    seconds, raised = [], 0
    gold = gold_pages()
    reader(gold[0].page())  # imports and models are not a page's cost
    for entry in gold:
        page = entry.page()
        started = time.process_time()
        try:
            readings[_key(entry)] = reader(page)
        except Exception:  # noqa: BLE001  a peer may raise anything; it scores nothing
            readings[_key(entry)] = Reading()
            raised += 1
        seconds.append(time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Run(readings=readings, seconds=seconds, peak_megabytes=peak, raised=raised)


def _key(gold: Gold) -> str:
    return f"{gold.set}/{gold.id}"


def _scores(gold: Sequence[Gold], readings: dict[str, Reading]) -> dict[str, dict[str, float]]:
    return {
        f"{metric}, {name}": {
            "score": _score(metric, [(g, readings[_key(g)]) for g in gold if g.set == name]),
            "bar": bar,
        }
        for metric, name, bar in _BARS
    }


def _score(metric: str, pairs: Sequence[tuple[Gold, Reading]]) -> float:
    if metric == "title":
        return mean(title_right(g, r) for g, r in pairs if g.title)
    if metric == "day":
        return mean(day_right(g, r) for g, r in pairs if g.day)
    if metric == "minute":
        return mean(minute_right(g, r) for g, r in pairs if g.day)
    if metric == "authors F1":
        return harmonic([author_shares(g, r) for g, r in pairs if g.authors])
    return harmonic([body_shares(g, r) for g, r in pairs if g.body])


def _print_scores(scores: dict[str, dict[str, dict[str, float]]]) -> None:
    rows = []
    for metric, ours in scores["dateline"].items():
        others = [f"{named[metric]['score']:.3f}" for named in scores.values()]
        rows.append((metric, f"{ours['bar']:.3f}", *others))
    print_table(("metric", "#bar", *(f"#{name}" for name in scores)), rows)


def _print_failures(gold: Sequence[Gold], readings: dict[str, Reading]) -> None:
    pairs = [(g, readings[_key(g)]) for g in gold]
    bodies = sorted(
        ((harmonic([body_shares(g, r)]), g, r) for g, r in pairs if g.body), key=lambda e: e[0]
    )
    print_table(
        ("worst bodies", "#F1", "#words meant", "#words read"),
        [(_key(g), f"{score:.3f}", len((g.body or "").split()), len(r.text.split()))
         for score, g, r in bodies[:_FAILURES_SHOWN]],
    )  # fmt: skip
    wrong = [(_key(g), g.title, r.title) for g, r in pairs if g.title and not title_right(g, r)]
    print_table(("wrong titles", "meant", "read"), wrong[:_FAILURES_SHOWN])
    days = [(_key(g), g.day, r.day) for g, r in pairs if g.day and not day_right(g, r)]
    print_table(("wrong days", "meant", "read"), days[:_FAILURES_SHOWN])
    named = [
        (_key(g), g.authors, r.authors)
        for g, r in pairs
        if g.set == "fundus" and {*map(bare, g.authors)} != {*map(bare, r.authors)}
    ]
    print_table(("wrong authors", "meant", "read"), named[:_FAILURES_SHOWN])


def _cost(run: Run) -> dict[str, object]:
    ordered = sorted(run.seconds)
    return {
        "ms_per_page": round(1_000 * statistics.mean(ordered), 1),
        "p99_ms": round(1_000 * ordered[int(0.99 * len(ordered))], 1),
        "max_ms": round(1_000 * ordered[-1], 1),
        "peak_megabytes": round(run.peak_megabytes),
        "raised": run.raised,
    }


_COMPARED = ("dateline", "trafilatura", "newspaper4k")


def _ratios(names: Sequence[str]) -> dict[str, float]:
    """Processor time of others over ours: each page by each in turn, twice, the better counts."""
    loaded = {name: reader for name in names if (reader := load_reader(name)) is not None}
    totals = dict.fromkeys(loaded, 0.0)
    for gold in gold_pages():
        page = gold.page()
        best = dict.fromkeys(loaded, float("inf"))
        for _ in range(2):
            for name, reader in loaded.items():
                started = time.process_time()
                with suppress(Exception):  # it took that long to fail
                    reader(page)
                best[name] = min(best[name], time.process_time() - started)
        for name, seconds in best.items():
            totals[name] += seconds
    return {name: round(totals[name] / totals["dateline"], 2) for name in loaded}


async def _memory(gold: Sequence[Gold], pages: int) -> list[tuple[int, float]]:
    """The largest resident worker after each thousand pages."""
    samples: list[tuple[int, float]] = []
    async with Readers(0, 20.0) as pool:
        for start in range(0, pages, _SAMPLED_EVERY):
            done = min(start + _SAMPLED_EVERY, pages)
            largest = 0.0
            for position in range(start, done, 8):
                batch = [
                    gold[n % len(gold)].page() for n in range(position, min(position + 8, done))
                ]
                reading = [asyncio.create_task(pool.read(page, Hints())) for page in batch]
                await asyncio.sleep(0.01)
                largest = max([largest, *map(_resident_megabytes, pool.busy)])
                await asyncio.gather(*reading)
            samples.append((done, round(largest, 1)))
    return samples


def _resident_megabytes(process_id: int) -> float:
    status = Path(f"/proc/{process_id}/statm")
    if not status.is_file():
        return 0.0
    return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
