"""What is taken for a host's own on real pages: furniture lines, ends of titles, false walls.

`python -m tests.benchmarks.bench_repeats` prints a table and writes build/bench/repeats.json.
"""

import json
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from flows.core import Article, EndCount, LinkKind, MetPage
from flows.dedup import compare, text_print
from flows.dedup.host_repeats import (
    host_named,
    met_page,
    repeated_ends,
    repeated_lines,
    walls,
    without_lines,
)
from flows.extraction import Hints
from flows.extraction.article import read_page
from flows.pipeline.host_repeats import page_as_met
from tests.benchmarks.copies_quality import DATA, hold
from tests.benchmarks.reading_gold import Gold, bare, gold_pages

RESULT = Path(__file__).parents[2] / "build/bench/repeats.json"
_LEAST_PAGES = 3  # of a host: with fewer nothing can be repeated


def main() -> None:
    if not (DATA / "clusters/news_cluster.jsonl").is_file():
        print("bench_repeats: ../shared/data is not here; skipped")
        return
    result = {"copies": _copies(), "titles": _titles()}
    for part, numbers in result.items():
        for name, value in numbers.items():
            print(f"{part:8} {name:34} {value}")
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1), encoding="utf-8")


def _copies() -> dict[str, Any]:
    """Natural copies found with and without the lines hosts repeat, and what those lines are."""
    rows = {row["id"]: row for row in _rows("news_cluster.jsonl") if row["text"]}
    met: dict[str, list[MetPage]] = defaultdict(list)
    for row in rows.values():
        page = met_page(row["url"], row["id"], row["url"], None, row["title"], row["text"],
                        text_print=text_print(row["text"]))  # fmt: skip
        met[page.host].append(page)
    started = time.process_time()
    repeated = {host: repeated_lines(pages) for host, pages in met.items()}
    spent = time.process_time() - started
    own = {
        name: without_lines(row["text"], repeated[host_named(row["url"])])
        for name, row in rows.items()
    }
    copies = [
        (row["a"], row["b"])
        for row in _rows("overlap_pairs.jsonl")
        if row["jaccard5"] >= 0.5 and row["same_event"] and {row["a"], row["b"]} <= rows.keys()
    ]
    whole = {name: row["text"] for name, row in rows.items()}
    lines = Counter(
        line for name, row in rows.items()
        for line in set(row["text"].splitlines()) - set(own[name].splitlines()) if line.strip()
    )  # fmt: skip
    return {
        "articles": len(rows),
        "hosts with several": sum(len(pages) >= _LEAST_PAGES for pages in met.values()),
        "copies": len(copies),
        "found in whole texts": _found(copies, whole, rows),
        "found in own words": _found(copies, own, rows),
        "false walls": sum(len(walls(pages)) for pages in met.values()),
        "milliseconds per host": round(1000 * spent / len(met), 2),
        "lines left out": [f"{count} x {line[:60]}" for line, count in lines.most_common(12)],
    }


def _found(
    pairs: Sequence[tuple[str, str]], texts: Mapping[str, str], rows: Mapping[str, Any]
) -> int:
    def held(name: str) -> Any:
        row = rows[name]
        return hold(name, texts[name], title=row["title"], outlet=row["domain"]).compared

    return sum(compare(held(a), held(b)).kind is LinkKind.SAME for a, b in pairs)


def _titles() -> dict[str, Any]:
    """Headlines right before and after readers are told what a host's titles end with."""
    by_host: dict[str, list[Gold]] = defaultdict(list)
    for gold in gold_pages():
        by_host[host_named(gold.url)].append(gold)
    hosts = {host: pages for host, pages in by_host.items() if len(pages) >= _LEAST_PAGES}
    before = after = titled = false_walls = 0
    learned: dict[str, tuple[str, ...]] = {}
    for host, pages in hosts.items():
        articles = {gold.id: read_page(gold.page(), Hints()) for gold in pages}
        met = [page for one in articles.values() if isinstance(one, Article)
               and (page := page_as_met(one)) is not None]  # fmt: skip
        false_walls += len(walls(met))
        learned |= repeated_ends(_counts(host, met))
        told = Hints(title_ends=learned.get(host, ()))
        for gold in pages:
            if gold.title:
                titled += 1
                before += _right(articles[gold.id], gold)
                after += _right(read_page(gold.page(), told), gold)
    return {
        "hosts": len(hosts),
        "titles": titled,
        "right untold": before,
        "right told": after,
        "false walls": false_walls,
        "learned": {host: list(ends) for host, ends in learned.items()},
    }


def _counts(host: str, met: Sequence[MetPage]) -> Iterator[EndCount]:
    titles: dict[str, set[str]] = defaultdict(set)
    for page in met:
        for end in page.ends:
            titles[end].add(page.headline)
    every = len({page.headline for page in met})
    for end, found in titles.items():
        yield EndCount(host=host, end=end, titles=len(found), titles_of_host=every)


def _right(outcome: object, gold: Gold) -> bool:
    return isinstance(outcome, Article) and bare(outcome.title or "") == bare(gold.title or "")


def _rows(name: str) -> Iterator[dict[str, Any]]:
    with (DATA / "clusters" / name).open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


if __name__ == "__main__":
    main()
