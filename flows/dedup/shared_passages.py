"""Where two texts share runs of words: the passages shown with a link, and where they stand."""

import numpy as np

from flows.core.text.words import CHARACTER_SHINGLES, places, plain, shingle_lengths
from flows.dedup.evidence import ReadText
from flows.dedup.fingerprints import shingle_hashes, word_hashes

_MOST = 3
_LEAST_TOKENS = {True: 14, False: 8}  # by whether characters are counted; shorter runs are phrases
_MOST_TOKENS = {True: 120, False: 60}

# Where a text told inside a longer one begins, as a share of the longer, and how much wider than
# the text itself its traces may lie there. Editors trim from the end: what starts later is an item
# of a roundup, not the source of a trimmed copy.
_INSIDE_FROM = 0.2
_INSIDE_SPREAD = 1.5
_INSIDE_RATIO = 0.6
# An outlet's own words over a document it reprints, against its own lede over another's story:
# tokens, and the share of them that the other text has as well all the same
_OPENING = 100
_OPENING_SHARED = 0.15


def passages(a: ReadText, b: ReadText) -> tuple[str, ...]:
    """Up to three of the longest runs of words that stand in both, as they read in `a`."""
    runs = _shared_runs(a, b)
    characters = shingle_lengths(a.found) == CHARACTER_SHINGLES
    least = min(_LEAST_TOKENS[characters], max((end - start for start, end in runs), default=0))
    longest = sorted((run for run in runs if run[1] - run[0] >= least),
                     key=lambda run: (run[0] - run[1], run[0]))  # fmt: skip
    text, spans = plain(a.text), places(a.text)
    shown: list[str] = []
    for start, end in longest:
        end = min(end, start + _MOST_TOKENS[characters])
        passage = " ".join(text[spans[start][0] : spans[end - 1][1]].split())
        if passage not in shown:
            shown.append(passage)
    return tuple(shown[:_MOST])


def told_inside(shorter: ReadText, longer: ReadText) -> bool:
    """Whether `shorter` is one block well inside `longer`, as an item of a roundup is."""
    if len(shorter.found) > _INSIDE_RATIO * len(longer.found):
        return False
    positions = np.flatnonzero(_stands_in(longer, shorter))
    if not len(positions):
        return False
    first, last = np.percentile(positions, (10, 90)) / len(longer.found)
    share = len(shorter.found) / len(longer.found)
    return bool(first > _INSIDE_FROM and last - first < _INSIDE_SPREAD * share)


def opens_apart(a: ReadText, b: ReadText) -> bool:
    """Whether each begins with words of its own, longer than a new lede over a wire story is."""
    if min(len(a.found), len(b.found)) < 2 * _OPENING:
        return False
    return all(
        np.mean(_stands_in(one, other)[:_OPENING]) < _OPENING_SHARED
        for one, other in ((a, b), (b, a))
    )


def _stands_in(a: ReadText, b: ReadText) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each long shingle of `a`, in order, whether `b` has it."""
    length = shingle_lengths(a.found)[1]
    return np.isin(shingle_hashes(word_hashes(a.found), length), b.long)


def _shared_runs(a: ReadText, b: ReadText) -> list[tuple[int, int]]:
    """Runs of tokens of `a`, from–to, covered by long shingles that `b` has, in order."""
    length = min(shingle_lengths(a.found)[1], len(a.found))
    runs: list[tuple[int, int]] = []
    for start in np.flatnonzero(_stands_in(a, b)):
        first, end = int(start), int(start) + length
        if runs and runs[-1][1] >= first:
            first = runs.pop()[0]
        runs.append((first, end))
    return runs
