"""Trees asked about many rows at once."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from flows.extraction.block_trees import Array, Trees

# Two trees of three leaves: (column, threshold) of the root and of the branch to its left or right
_ARRAYS: dict[str, Array] = {
    "t_column": np.array([0, 1, 1, 0], np.uint8),
    "t_threshold": np.array([0.5, -1.0, 2.0, 0.0], np.float32),
    "t_tree": np.array([0, 0, 1, 1], np.uint8),
    # a failed comparison clears the leaves on its left: bits 0 and 1, 0; then 0, 1
    "t_mask": np.array([~0b011, ~0b001, ~0b001, ~0b010], np.int64).astype(np.uint32),
    "t_values": np.array([[1, 2, 4], [10, 20, 40]], np.float16),
    "t_base": np.array(100.0),
}


def _by_hand(first: float, second: float) -> float:
    one = (1 if second <= -1 else 2) if first <= 0.5 else 4
    two = 10 if second <= 2 else (20 if first <= 0 else 40)
    return 100.0 + one + two


@given(arrays(np.float32, (7, 2), elements=st.floats(-4, 4, width=32)))
def test_all_rows_at_once_are_as_one_by_one(
    rows: "np.ndarray[tuple[int, int], np.dtype[np.float32]]",
) -> None:
    found = Trees(_ARRAYS, "t")(rows)
    assert found.tolist() == [_by_hand(*map(float, row)) for row in rows]


def test_a_value_at_its_threshold_goes_left() -> None:
    rows = np.array([[0.5, -1.0]], np.float32)
    assert Trees(_ARRAYS, "t")(rows).tolist() == [111.0]
