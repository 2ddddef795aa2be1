"""Which blocks of a page are its article's text, and whether it is an article: a small model.

A table of words in class and id, then two ensembles of boosted trees: the first judges a block by
itself, the second with the first's judgement of what stands around it. A third judges the page.
The weights are made by `tests.benchmarks.train_blocks` from pages that people read. Decides how
likely each block is text; refuses to decide what is done about it (`judged_body`).
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from flows.extraction.block_features import Numbers, Places, Seen, shifted
from flows.extraction.block_trees import Array, Trees

Floats = npt.NDArray[np.float64]
_TABLE_SCALE = 16.0  # log-odds are kept as sixteenths in a byte
_SURE, _SURE_WORDS = 0.7, 8
_RUN = 5

TABLE_COLUMNS = ("near_0", "near_1", "near_2", "near_least", "far", "far_least", "far_most",
                 "path_0", "path_1", "near-1", "near+1")  # fmt: skip
CONTEXT_COLUMNS = ("own", "own-3", "own-2", "own-1", "own+1", "own+2", "own+3", "of_holder",
                   "of_above", "of_above_that", "of_group", "of_run", "before", "behind",
                   "since_first", "till_last", "page_most", "page_share", "best_run")  # fmt: skip
PAGE_COLUMNS = ("mass", "share", "most", "sure", "in_run", "blocks", "words", "link", "best",
                "prose", "declared", "in_article", "unsure", "words_a_block", "doubled",
                "top_group", "cards", "titled", "forms", "times")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The log-odds of each block being text and of the page being an article; `unsure` is the
    share of the text that the model would take for text or not on a toss, 0 to 1."""

    blocks: Floats
    page: float
    unsure: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Words of class and id with the log-odds that what is named so is text: the element itself
    (`near`), and anything it holds (`far`). Of three tags in a row the first alone counts."""

    rows: Mapping[str, int]
    near: Floats
    far: Floats

    def rows_of(self, tokens: Iterable[str]) -> Places:
        """The rows of tokens; of one unknown the last, which says nothing."""
        row, unknown = self.rows.get, len(self.rows)
        return np.array([row(token, unknown) for token in tokens], np.int64)


class BlockModel:
    """The weights, ready to judge."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """From the arrays of a file of weights."""
        tokens = bytes(arrays["tokens"]).decode().split("\n")
        near, far = (
            np.append(arrays[name].astype(np.float64) / _TABLE_SCALE, 0.0)
            for name in ("near", "far")
        )
        self.columns = tuple(bytes(arrays["columns"]).decode().split("\n"))
        self.table = Table(
            rows={token: row for row, token in enumerate(tokens)}, near=near, far=far
        )
        self._first, self._second, self._page = (
            Trees(arrays, prefix) for prefix in ("first", "second", "page")
        )

    @classmethod
    def read(cls, content: bytes) -> "BlockModel":
        """The model of the file of weights `content`."""
        with np.load(io.BytesIO(content)) as arrays:
            return cls(dict(arrays))

    def judge(self, seen: Seen) -> Judged:
        """What the model makes of a page's blocks."""
        rows = np.concatenate([seen.stacked(self.columns), table_columns(seen, self.table)], 1)
        alone = self._first(rows)
        together = self._second(np.concatenate([rows, context_columns(seen, alone)], 1))
        page = page_columns(seen, together)
        return Judged(
            blocks=together,
            page=float(self._page(page[None])[0]),
            unsure=float(page[PAGE_COLUMNS.index("unsure")]),
        )


@cache
def shipped_model() -> BlockModel:
    """The model that comes with the package."""
    return BlockModel.read(files("flows.extraction").joinpath("block_weights.npz").read_bytes())


def paths_of(seen: Seen) -> list[str]:
    """Of each element its tag and those of the two above it, as tokens of the table."""
    tag, parent = seen.blocks.tag, seen.blocks.parent
    return [f"{tag[parent[up]]}>{tag[up]}>{own}" for own, up in zip(tag, parent, strict=True)]


def table_columns(seen: Seen, table: Table) -> Numbers:
    """What the names of the elements around each block say."""
    count, parent, holder = len(seen.parent), seen.parent, seen.holder
    rows = table.rows_of(seen.tokens)
    near = np.bincount(seen.named, weights=table.near[rows], minlength=count)
    far, least, most = _down(table.far[rows], seen.named, parent)
    path = table.near[table.rows_of(paths_of(seen))]
    above = parent[holder]
    own, one, two = near[holder], near[above], near[parent[above]]
    return np.stack([
        own, one, two, np.minimum(np.minimum(own, one), two),
        far[holder], least[holder], most[holder], path[holder], path[above],
        shifted(own, -1), shifted(own, 1),
    ], 1).astype(np.float32)  # fmt: skip


def _down(values: Floats, named: Places, parent: Places) -> tuple[Floats, Floats, Floats]:
    """Sum, least and greatest of the values of each element and of all above it."""
    count = len(parent)
    low, high = np.zeros(count), np.zeros(count)
    np.minimum.at(low, named, values)
    np.maximum.at(high, named, values)
    sums = np.bincount(named, weights=values, minlength=count).tolist()
    lows, highs, ups = low.tolist(), high.tolist(), parent.tolist()
    for element in range(1, count):
        up = ups[element]
        sums[element] += sums[up]
        lows[element] = min(lows[element], lows[up])
        highs[element] = max(highs[element], highs[up])
    return np.array(sums), np.array(lows), np.array(highs)


def context_columns(seen: Seen, alone: Floats) -> Numbers:
    """What the first judgement says of the blocks around each."""
    count, weight = len(alone), seen.words + 1.0
    likely = probability(alone)
    mass, sums = (np.concatenate(([0], np.cumsum(part))) for part in (likely * weight, weight))

    def mean_of(key: Places) -> Floats:
        of_key = np.bincount(key, weights=weight)
        return np.asarray(
            (np.bincount(key, weights=likely * weight) / np.maximum(of_key, 1e-9))[key]
        )

    above = seen.parent[seen.holder]
    at = np.arange(count)
    begin, end = np.clip(at - _RUN, 0, count), np.clip(at + _RUN + 1, 0, count)
    sure = np.flatnonzero((likely > _SURE) & (seen.words >= _SURE_WORDS))
    first, last = (int(sure[0]), int(sure[-1])) if len(sure) else (0, count)
    low, high = best_run(((likely - 0.5) * np.sqrt(weight)).tolist())
    run = np.zeros(count)
    run[low:high] = 1
    return np.stack([
        alone, *(shifted(alone, step) for step in (-3, -2, -1, 1, 2, 3)),
        mean_of(above), mean_of(seen.parent[above]), mean_of(seen.parent[seen.parent[above]]),
        mean_of(seen.group), (mass[end] - mass[begin]) / (sums[end] - sums[begin]),
        mass[:-1] / (mass[-1] + 1), (mass[-1] - mass[1:]) / (mass[-1] + 1),
        at - first, last - at, np.full(count, likely.max()), np.full(count, mass[-1] / sums[-1]),
        run,
    ], 1).astype(np.float32)  # fmt: skip


def page_columns(seen: Seen, judged: Floats) -> Numbers:
    """What tells an article from a listing, a shop or a forum: one row."""
    likely, words, columns = probability(judged), seen.words, seen.columns
    mass = float((likely * words).sum())
    low, high = best_run(((likely - 0.5) * np.sqrt(words + 1)).tolist())
    return np.array([
        mass, mass / (words.sum() + 1), likely.max(), words[likely > 0.9].sum(),
        (likely * words)[low:high].sum() / (mass + 1), len(words), words.sum(),
        columns["page_link"][0], columns["best_share"][0], columns["page_prose"][0],
        columns["declared"].max(),
        (columns["in_article"] * likely * words).sum() / (mass + 1),
        (np.minimum(likely, 1 - likely) * words).sum() / (mass + 1),
        mass / (float((likely > 0.5).sum()) + 1), (columns["times"] > 1).mean(),
        columns["group_prose"].max(), ((columns["link"] > 0.9) & (words >= 4)).mean(),
        columns["since_title"][0] > -999, (columns["in_form"] * words).sum() / (words.sum() + 1),
        columns["digits"].mean(),
    ], np.float32)  # fmt: skip


def probability(log_odds: Floats) -> Floats:
    """The probabilities that log-odds stand for."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -30, 30))))


def best_run(gains: Sequence[float]) -> tuple[int, int]:
    """The bounds of the contiguous run with the greatest sum (Kadane)."""
    best, low, high, total, start = 0.0, 0, 0, 0.0, 0
    for place, gain in enumerate(gains):
        if total <= 0:
            total, start = 0.0, place
        total += gain
        if total > best:
            best, low, high = total, start, place + 1
    return low, high
