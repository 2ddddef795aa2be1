"""How much of one text another tells again, sentence by sentence and in the same order.

The strongest sign of a copy that survives retranslation: two reporters at one event share quotes
and names, hardly ever the order of four sentences in five. Words are weighed by how rare they are
among the sentences of these two texts alone, so no other article changes the answer.
"""

import math
from collections import Counter
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

# Cosine from which two sentences count as the same one told again. Measured on retranslated
# sentences and on distinct reports of one event: see tests/benchmarks/bench_duplicates.py.
_ALIKE = 0.40
_MOST_SENTENCES = 400  # of either text; a live page of a day has more, and no news story
_STEM = 6  # letters; cuts endings in every script that has them, as "propos|al", "propos|ed"


def stems(found: list[str]) -> Counter[str]:
    """The words of one sentence cut to their stems; single letters fall, characters pair up."""
    if found and all(len(word) == 1 for word in found):
        return Counter(a + b for a, b in pairwise(found))
    return Counter(word[:_STEM] for word in found if len(word) > 1)


def aligned_share(shorter: list[Counter[str]], longer: list[Counter[str]]) -> float:
    """The share of `shorter`, by words, that has a counterpart in `longer`, in order (0–1).

    Several sentences of one may answer to one of the other: retranslators split and join. Dynamic
    programming over the sentence pairs, as in Gale and Church (1993), without their length model.
    """
    if not shorter or not longer:
        return 0.0
    shorter, longer = shorter[:_MOST_SENTENCES], longer[:_MOST_SENTENCES]
    alike = similarities(shorter, longer) >= _ALIKE
    sizes = np.array([sum(sentence.values()) for sentence in shorter], dtype=float)
    best = np.zeros(len(longer))
    for row, size in zip(alike, sizes, strict=True):
        reached = np.maximum.accumulate(best)
        best = np.where(row, reached + size, reached)
    return float(best.max() / sizes.sum())


def opens_alike(shorter: list[Counter[str]], longer: list[Counter[str]]) -> bool:
    """Whether the first sentence of one has its counterpart in the first two of the other."""
    if not shorter or not longer:
        return False
    shorter, longer = shorter[:_MOST_SENTENCES], longer[:_MOST_SENTENCES]
    return bool((similarities(shorter, longer)[0, :2] >= _ALIKE).any())


def similarities(a: list[Counter[str]], b: list[Counter[str]]) -> NDArray[np.float32]:
    """Cosines of every sentence of `a` (rows) with every one of `b`, words weighed by rarity."""
    spread = Counter(stem for sentence in (*a, *b) for stem in sentence)
    count = len(a) + len(b)
    rarity = {stem: math.log((count + 1) / times) for stem, times in spread.items()}
    common = {stem for sentence in a for stem in sentence}
    common &= {stem for sentence in b for stem in sentence}
    columns = {stem: column for column, stem in enumerate(sorted(common))}
    # Not `@`: the threads of BLAS cost twenty times the product when every core is busy
    product: NDArray[np.float32] = np.einsum(
        "ik,jk->ij", _vectors(a, columns, rarity), _vectors(b, columns, rarity)
    )
    return product


def _vectors(
    sentences: list[Counter[str]], columns: dict[str, int], rarity: dict[str, float]
) -> NDArray[np.float32]:
    """Unit vectors of sentences, cut to `columns`: what one text alone says only lengthens."""
    matrix = np.zeros((len(sentences), len(columns)), dtype=np.float32)
    for row, sentence in enumerate(sentences):
        weights = {stem: (1 + math.log(n)) * rarity[stem] for stem, n in sentence.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for stem, weight in weights.items():
            if stem in columns:
                matrix[row, columns[stem]] = weight / length
    return matrix
