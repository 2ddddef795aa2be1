"""Which blocks of a page the gold's body is made of: labels for `train_blocks`.

Decided by the words alone: the heaviest chain of long blocks whose places in the gold ascend, then
the short blocks whose words stand in the gap between their neighbours' places.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int8]
_WORD = re.compile(r"\w+")
_LONG = 4  # words
_MOST_PLACES = 6  # of one block in the gold that are tried
_MOST_WEIGHT = 120
_REACH = 60  # words before the first and behind the last long block


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A block that may stand at the words `start` to `end` of the gold."""

    block: int
    start: int
    end: int
    weight: int


def labels_of(texts: Sequence[str], body: str) -> Labels:
    """1 for each of `texts` that stands in `body`, in order; else 0."""
    gold = _WORD.findall(body.lower())
    found = [_WORD.findall(text.lower()) for text in texts]
    chain = _heaviest(list(_places(found, gold)), len(gold))
    labels = np.zeros(len(texts), np.int8)
    labels[[place.block for place in chain]] = 1
    for block in _short(found, gold, chain, labels):
        labels[block] = 1
    return labels


def _places(found: Sequence[list[str]], gold: Sequence[str]) -> Iterator[_Place]:
    where: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for start in range(len(gold) - _LONG + 1):
        where[tuple(gold[start : start + _LONG])].append(start)
    for block, words in enumerate(found):
        grams = [tuple(words[at : at + _LONG]) for at in range(len(words) - _LONG + 1)]
        hits = [at for at, gram in enumerate(grams) if gram in where]
        if not grams or 2 * len(hits) < len(grams):
            continue
        for start in where[grams[hits[0]]][:_MOST_PLACES]:
            weight = min(len(hits), _MOST_WEIGHT) + 3
            yield _Place(block=block, start=start, end=start + len(words), weight=weight)


def _heaviest(places: Sequence[_Place], size: int) -> list[_Place]:
    """The chain with blocks and starts ascending that weighs most: a Fenwick tree over starts."""
    tree = [(0, -1)] * (size + 3)

    def best_before(at: int) -> tuple[int, int]:
        best = (0, -1)
        while at > 0:
            best = max(best, tree[at])
            at -= at & -at
        return best

    back = [-1] * len(places)
    position = 0
    while position < len(places):
        block, noted = places[position].block, []
        while position < len(places) and places[position].block == block:
            place = places[position]
            weight, back[position] = best_before(place.start + 1)
            noted.append((place.start + 2, (weight + place.weight, position)))
            position += 1
        for at, value in noted:
            while at < len(tree):
                tree[at] = max(tree[at], value)
                at += at & -at
    last, chain = best_before(len(tree) - 1)[1], []
    while last >= 0:
        chain.append(places[last])
        last = back[last]
    return chain[::-1]


def _short(
    found: Sequence[list[str]], gold: Sequence[str], chain: Sequence[_Place], labels: Labels
) -> Iterator[int]:
    starts = [place.block for place in chain]
    reached: dict[int, int] = {}
    for block, words in enumerate(found):
        if labels[block] or not words or len(words) >= _LONG:
            continue
        gap = bisect_left(starts, block)
        low, high = _gap(gap, chain, len(gold))
        low = max(low, reached.get(gap, 0))
        for at in range(low, min(high, len(gold)) - len(words) + 1):
            if gold[at : at + len(words)] == words:
                reached[gap] = at + len(words)
                yield block
                break


def _gap(gap: int, chain: Sequence[_Place], size: int) -> tuple[int, int]:
    if not chain:
        return 0, size
    low = chain[gap - 1].end - 3 if gap else chain[0].start - _REACH
    high = chain[gap].start + 1 if gap < len(chain) else chain[-1].end + _REACH
    return max(low, 0), high
