"""Boosted trees, asked about all rows at once with nothing but numpy.

QuickScorer (Lucchese et al., SIGIR 2015) on arrays: the leaves of a tree are the bits of an
integer, and a comparison that fails clears the bits of the leaves it rules out; the lowest bit that
is left is the leaf reached. Of each column the masks of its thresholds are and-ed in ascending
order ahead of time, so that a value's place among the thresholds yields the masks of all trees.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

MOST_LEAVES = 32
_ALL = np.uint32(0xFFFFFFFF)
Array = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """The comparisons with one column: thresholds in order, the trees that make them, and for each
    place among the thresholds the leaves left in each of these trees."""

    index: int
    thresholds: npt.NDArray[np.float32]
    trees: npt.NDArray[np.int64]
    left: npt.NDArray[np.uint32]


class Trees:
    """An ensemble; its sums are log-odds."""

    def __init__(self, arrays: Mapping[str, Array], prefix: str) -> None:
        """The ensemble whose arrays in the file of weights begin with `prefix`.

        Of each comparison `column`, `threshold`, `tree`, and the `mask` of leaves left if the value
        is greater; of each tree the `values` of its leaves; `base`, the log-odds before any tree.
        """
        column, tree = arrays[f"{prefix}_column"], arrays[f"{prefix}_tree"]
        threshold, mask = arrays[f"{prefix}_threshold"], arrays[f"{prefix}_mask"]
        values = arrays[f"{prefix}_values"].astype(np.float64)
        self._values = values.ravel()
        self._first_leaf = np.arange(len(values))[:, None] * values.shape[1]
        self._base = float(arrays[f"{prefix}_base"].astype(np.float64))
        self._columns = [
            _column(int(index), *(part[column == index] for part in (threshold, tree, mask)))
            for index in np.unique(column)
        ]

    def __call__(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """The log-odds of each row."""
        left = np.full((len(self._first_leaf), len(rows)), _ALL)
        for column in self._columns:
            # up to the threshold goes left and rules nothing out
            place = np.searchsorted(column.thresholds, rows[:, column.index], "left")
            left[column.trees] &= column.left[:, place]
        lowest = left & (~left + np.uint32(1))
        leaf = np.frexp(lowest.astype(np.float64))[1] - 1
        found: npt.NDArray[np.float64] = self._values[leaf + self._first_leaf].sum(0)
        return found + self._base


def _column(index: int, threshold: Array, tree: Array, mask: Array) -> _Column:
    trees, which = np.unique(tree, return_inverse=True)
    thresholds, place = np.unique(threshold.astype(np.float32), return_inverse=True)
    left = np.full((len(trees), len(thresholds) + 1), _ALL)
    np.bitwise_and.at(left, (which, place + 1), mask)
    return _Column(
        index=index, thresholds=thresholds, trees=trees.astype(np.int64),
        left=np.bitwise_and.accumulate(left, 1),
    )  # fmt: skip
