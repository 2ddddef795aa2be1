"""Make the weights of the block model from the gold.

`python -m tests.benchmarks.train_blocks` writes `flows/extraction/block_weights.npz`, trained on
all five parts of the gold, and `build/bench/blocks/without-N.npz`, each trained without one part,
with which `bench_reading_parts` measures. Needs scikit-learn, which the reader does not.

A word of class or id has a row in the table only if it was seen on five domains or more: no site
is known by its own names. What the table says of a page while trees are trained was learned from
other parts than the page's, so that the trees learn to trust it as far as it can be trusted.
"""

import argparse
import multiprocessing
import os
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from flows.core.terminal import print_line
from flows.core.text import markup
from flows.core.text.decoding import decode
from flows.extraction.block_features import Numbers, Seen, seen_of
from flows.extraction.block_model import (
    Table,
    context_columns,
    page_columns,
    paths_of,
    table_columns,
)
from flows.extraction.block_trees import MOST_LEAVES, Array
from flows.extraction.blocks import blocks_of
from flows.extraction.judged_body import said_of
from flows.extraction.witnesses.headings import window_title
from flows.extraction.witnesses.json_ld import linked_data
from flows.extraction.witnesses.meta_tags import meta_tags
from tests.benchmarks.block_labels import Labels, labels_of
from tests.benchmarks.reading_gold import PARTS, Gold, gold_pages, registered_domain, wcxb_pages

BUILD = Path(__file__).parents[2] / "build/bench/blocks"
SHIPPED = Path(__file__).parents[2] / "flows/extraction/block_weights.npz"
LEAST_DOMAINS = 5
_NEWS_WEIGHT = 2.0  # news is the rarer kind here and the one the reader is for
_SMALL_WORDS, _SMALL_KEPT = 8, 0.4
_SETTINGS = {"max_leaf_nodes": 24, "min_samples_leaf": 100, "max_features": 0.3,
             "l2_regularization": 5.0, "max_bins": 127, "early_stopping": False,
             "random_state": 1}  # fmt: skip
_PAGE_SETTINGS = {**_SETTINGS, "max_leaf_nodes": 8, "min_samples_leaf": 12, "max_features": 0.6}

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A page of the gold: what is seen of its blocks, and which of them are its text, if known."""

    gold: Gold
    seen: Seen
    labels: Labels | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """For each part and token: how much of what is named so is text or not, one vote a page; and
    on how many domains the token was seen."""

    rows: dict[str, int]
    near: Floats  # (2, parts, tokens)
    far: Floats
    domains: npt.NDArray[np.int64]  # (parts, tokens)

    def table(self, parts: Sequence[int]) -> Table:
        """What `parts` teach."""
        known = self.domains[list(parts)].sum(0) >= LEAST_DOMAINS
        odds = []
        for votes in (self.near, self.far):
            yes, no = votes[:, list(parts)].sum(1) + 0.6  # so that one page's name says little
            odds.append(np.clip(np.round(16 * np.log(yes / no)), -127, 127)[known] / 16)
        tokens = [token for token, keep in zip(self.rows, known, strict=True) if keep]
        near, far = (np.append(part, 0.0) for part in odds)
        return Table(rows={token: row for row, token in enumerate(tokens)}, near=near, far=far)


def main() -> None:
    """Train and write."""
    os.environ["OMP_NUM_THREADS"] = "1"  # threads that wait for each other spin
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, nargs=2, default=(120, 60))
    parser.add_argument("--only-parts", action="store_true", help="do not write the shipped file")
    asked = parser.parse_args()
    examples = examples_of([*wcxb_pages(), *gold_pages()])
    print_line(f"{len(examples)} pages, {sum(len(e.seen.words) for e in examples)} blocks")
    training = Training(examples, columns_of(examples), tuple(asked.rounds))
    BUILD.mkdir(parents=True, exist_ok=True)
    for part in range(PARTS):
        np.savez_compressed(BUILD / f"without-{part}.npz", **training.weights(part))  # type: ignore[arg-type]
        print_line(f"trained without part {part + 1}: {time.process_time():.0f} s")
    if not asked.only_parts:
        np.savez_compressed(SHIPPED, **training.weights(None))  # type: ignore[arg-type]


def examples_of(gold: Sequence[Gold], processes: int = 2) -> list[Example]:
    """The pages of `gold` that have blocks."""
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        return [found for found in pool.map(_example, gold, chunksize=16) if found is not None]


def _example(gold: Gold) -> Example | None:
    page = gold.page()
    source = decode(page.body, page.charset)
    tree = markup.parsed(source)
    if tree is None:
        return None
    said = said_of(meta_tags(tree), window_title(tree), linked_data(tree).articles)
    markup.strip_unseen(tree)
    seen = seen_of(blocks_of(tree), said)
    if seen is None:
        return None
    known = gold.body is not None and gold.kind == "article"
    return Example(
        gold=gold,
        seen=seen,
        labels=labels_of(seen.blocks.texts, gold.body or "") if known else None,
    )


def columns_of(examples: Sequence[Example]) -> tuple[str, ...]:
    return tuple(examples[0].seen.columns)


class Training:
    """The steps from examples to weights, each kept for the parts that share it.

    `without` is the part that a step must know nothing of; None: none.
    """

    def __init__(
        self, examples: Sequence[Example], columns: tuple[str, ...], rounds: tuple[int, int]
    ) -> None:
        self._examples = examples
        self._rounds = rounds
        self._columns = columns
        self._stacked = [example.seen.stacked(columns) for example in examples]
        votes = votes_of(examples)
        self._table = cache(votes.table)
        self._first = cache(self._fitted_first)
        self._second = cache(self._fitted_second)
        self._together_rows = self._rows_together()

    def weights(self, without: int | None) -> dict[str, Array]:
        """The arrays of a file of weights that knows nothing of part `without`."""
        table = self._table(_others(without))
        return {
            "columns": _text("\n".join(self._columns)),
            "tokens": _text("\n".join(table.rows)),
            "near": np.round(table.near[:-1] * 16).astype(np.int8),
            "far": np.round(table.far[:-1] * 16).astype(np.int8),
            **exported(self._first(without), "first"),
            **exported(self._second(without), "second"),
            **exported(self._page(without), "page"),
        }

    def _rows(self, number: int, without: int | None) -> Numbers:
        """A page's columns, the table's from what neither its own part nor `without` taught."""
        example = self._examples[number]
        table = self._table(_others(without, example.gold.part))
        return np.concatenate([self._stacked[number], table_columns(example.seen, table)], 1)

    def _fitted_first(self, without: int | None) -> Any:
        taught = self._taught(without)
        return self._fit(taught, [self._rows(n, without) for n in taught], self._rounds[0])

    def _fitted_second(self, without: int | None) -> Any:
        taught = self._taught(without)
        return self._fit(taught, [self._together_rows[n] for n in taught], self._rounds[1])

    def _rows_together(self) -> list[Numbers]:
        """Of each page its columns with the first judgement, by trees that never saw its part."""
        found: dict[int, Numbers] = {}
        for part in range(PARTS):
            numbers = [n for n, e in enumerate(self._examples) if e.gold.part == part]
            rows = [self._rows(n, part) for n in numbers]
            alone = _log_odds(self._first(part), rows)
            for number, own, odds in zip(numbers, rows, alone, strict=True):
                context = context_columns(self._examples[number].seen, odds)
                found[number] = np.concatenate([own, context], 1)
        return [found[number] for number in range(len(self._examples))]

    @cached_property
    def _pages(self) -> list[Numbers]:
        """Of each page what the page model sees, by trees that have not seen its part."""
        found: dict[int, Numbers] = {}
        for part in range(PARTS):
            numbers = [n for n, e in enumerate(self._examples) if e.gold.part == part]
            judged = _log_odds(self._second(part), [self._together_rows[n] for n in numbers])
            for number, odds in zip(numbers, judged, strict=True):
                found[number] = page_columns(self._examples[number].seen, odds)
        return [found[number] for number in range(len(self._examples))]

    def _page(self, without: int | None) -> Any:
        some = [n for n, e in enumerate(self._examples) if e.gold.part != without]
        wanted = np.array([self._examples[n].gold.kind == "article" for n in some], np.int8)
        rows = np.stack([self._pages[n] for n in some])
        return _classifier(60, 0.08, _PAGE_SETTINGS).fit(rows, wanted)

    def _taught(self, without: int | None) -> list[int]:
        return [
            number for number, example in enumerate(self._examples)
            if example.labels is not None and example.gold.part != without
        ]  # fmt: skip

    def _fit(self, taught: Sequence[int], rows: Sequence[Numbers], rounds: int) -> Any:
        examples = [self._examples[number] for number in taught]
        weights = [block_weights(example) for example in examples]
        kept = np.concatenate(weights) > 0
        return _classifier(rounds, 0.1, _SETTINGS).fit(
            np.concatenate(rows)[kept],
            np.concatenate([_labels(example) for example in examples])[kept],
            sample_weight=np.concatenate(weights)[kept],
        )


def _others(*parts: int | None) -> tuple[int, ...]:
    return tuple(part for part in range(PARTS) if part not in parts)


def votes_of(examples: Sequence[Example]) -> Votes:
    """The votes of all labelled pages."""
    rows: dict[str, int] = defaultdict(lambda: len(rows))
    noted = []
    for example in examples:
        if example.labels is not None:
            tokens = np.array([rows[token] for token in example.seen.tokens], np.int64)
            paths = np.array([rows[token] for token in paths_of(example.seen)], np.int64)
            noted.append((example, tokens, paths))
    near, far = (np.zeros((2, PARTS, len(rows))) for _ in range(2))
    domains: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for example, tokens, paths in noted:
        part, domain = example.gold.part, registered_domain(example.gold.url)
        domains[part] |= {(domain, int(row)) for row in np.unique(np.concatenate([tokens, paths]))}
        _vote(example, tokens, paths, near[:, part], far[:, part])
    counts = np.zeros((PARTS, len(rows)), np.int64)
    for part, seen in domains.items():
        for _, row in seen:
            counts[part, row] += 1
    return Votes(rows=dict(rows), near=near, far=far, domains=counts)


def _vote(
    example: Example,
    tokens: npt.NDArray[np.int64],
    paths: npt.NDArray[np.int64],
    near: Floats,
    far: Floats,
) -> None:
    """Add a page's votes: each token shares out one vote by the weight of the text under it."""
    seen, labels = example.seen, _labels(example)
    count, size = len(seen.parent), near.shape[1]
    above = seen.parent[seen.holder]
    close_mass, all_mass = np.zeros((2, size)), np.zeros((2, size))
    for side, label in enumerate((1, 0)):
        weight = np.sqrt(seen.words + 1) * (labels == label)
        own = np.bincount(seen.holder, weights=weight, minlength=count)
        close = own + sum(
            np.bincount(up, weights=weight, minlength=count) for up in (above, seen.parent[above])
        )
        held = own.copy()
        for element in range(count - 1, 0, -1):
            held[seen.parent[element]] += held[element]
        np.add.at(close_mass[side], tokens, close[seen.named])
        np.add.at(all_mass[side], tokens, held[seen.named])
        np.add.at(close_mass[side], paths, own)
    for mass, votes in ((close_mass, near), (all_mass, far)):
        some = mass.sum(0) > 0
        votes[:, some] += mass[:, some] / mass[:, some].sum(0)


def block_weights(example: Example) -> Numbers:
    """What each block counts in training: each page the same, a block by the root of its words.

    Most small blocks outside the text are menus: four in ten stand for all of them.
    """
    words, labels = example.seen.words, _labels(example)
    weight = np.sqrt(words) + 1.0
    small = (labels == 0) & (words < _SMALL_WORDS)
    kept = np.random.default_rng(len(words)).random(len(words)) < _SMALL_KEPT
    share: Numbers = (
        np.where(small, np.where(kept, weight / _SMALL_KEPT, 0), weight) / weight.sum() * 100
    )
    return (share * (1.0 if example.gold.set == "wcxb" else _NEWS_WEIGHT)).astype(np.float32)


def exported(fitted: Any, prefix: str) -> dict[str, Array]:
    """The arrays that `block_trees.Trees` reads, of a fitted classifier."""
    trees = [stage[0].nodes for stage in fitted._predictors]
    comparisons: list[tuple[int, float, int, int]] = []
    values = np.zeros((len(trees), MOST_LEAVES), np.float32)
    for number, nodes in enumerate(trees):
        _export(nodes, 0, number, 0, comparisons, values)
    column, threshold, tree, mask = zip(*comparisons, strict=True)
    return {
        f"{prefix}_column": np.array(column, np.uint8),
        f"{prefix}_threshold": np.array(threshold, np.float32),
        f"{prefix}_tree": np.array(tree, np.uint8),
        f"{prefix}_mask": np.array(mask, np.uint32),
        f"{prefix}_values": values.astype(np.float16),
        f"{prefix}_base": np.array(float(np.ravel(fitted._baseline_prediction)[0])),
    }


def _export(
    nodes: Any,
    at: int,
    tree: int,
    leaf: int,
    comparisons: list[tuple[int, float, int, int]],
    values: Numbers,
) -> int:
    """Number the leaves below node `at` from `leaf`, left to right; the number after the last."""
    node = nodes[at]
    if node["is_leaf"]:
        values[tree, leaf] = node["value"]
        return leaf + 1
    middle = _export(nodes, int(node["left"]), tree, leaf, comparisons, values)
    ruled_out = ((1 << middle) - 1) & ~((1 << leaf) - 1)
    comparisons.append(
        (int(node["feature_idx"]), float(node["num_threshold"]), tree, 0xFFFFFFFF & ~ruled_out)
    )
    return _export(nodes, int(node["right"]), tree, middle, comparisons, values)


def _classifier(rounds: int, rate: float, settings: dict[str, Any]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=rounds, learning_rate=rate, **settings)


def _log_odds(fitted: Any, pages: Sequence[Numbers]) -> list[Floats]:
    """Of each page the log-odds of its blocks: all pages at once, a call is dear."""
    odds = np.asarray(fitted.decision_function(np.concatenate(pages)), np.float64)
    return list(np.split(odds, np.cumsum([len(page) for page in pages])[:-1]))


def _labels(example: Example) -> Labels:
    assert example.labels is not None
    return example.labels


def _text(text: str) -> Array:
    return np.frombuffer(text.encode(), np.uint8)


if __name__ == "__main__":
    main()
