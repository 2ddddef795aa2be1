"""Two texts → the numbers and passages a relation is decided on.

Counts and measures; refuses to draw conclusions. Reading a text (tokens, shingles, sentences) is
done once and can be kept for several comparisons.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flows.core import Evidence
from flows.core.text.words import sentences, shingle_lengths, unquoted, words
from flows.dedup.alignment import aligned_share, stems
from flows.dedup.fingerprints import sampled, shingle_hashes, word_hashes
from flows.dedup.furniture import body

_LEAST_SENTENCE = 4  # tokens; shorter ones are interjections and headings
_LEAST_UNQUOTED = 12  # shingles; below, nothing can be said of a text without its quotations
# Below this containment of long shingles no rule asks for the alignment, four fifths of the cost
# of a comparison.
_WORTH_ALIGNING = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """A text as it is compared: its tokens, distinct shingle hashes, and sentences as stems."""

    text: str
    found: list[str]
    sampled: NDArray[np.uint32]
    short: NDArray[np.uint64]
    long: NDArray[np.uint64]
    unquoted: NDArray[np.uint64]
    told: list[Counter[str]]


def read_text(text: str) -> ReadText:
    """Everything `evidence` needs of one text."""
    plain_body = body(text)
    found = words(plain_body)
    short, long = shingle_lengths(found)
    hashed = word_hashes(found)
    told = [stems(tokens) for tokens in map(words, sentences(plain_body))
            if len(tokens) >= _LEAST_SENTENCE]  # fmt: skip
    return ReadText(
        text=plain_body,
        found=found,
        sampled=sampled(found, hashed),
        short=np.unique(shingle_hashes(hashed, short)),
        long=np.unique(shingle_hashes(hashed, long)),
        unquoted=np.unique(shingle_hashes(word_hashes(words(unquoted(plain_body))), long)),
        told=[sentence for sentence in told if sentence],
    )


def evidence(a: ReadText, b: ReadText) -> Evidence:
    """The numbers of a pair; `words_a` belongs to `a`, all others are symmetric.

    Texts with next to no wording in common are not aligned: their `alignment` is 0.
    """
    shared_long = _shared(a.long, b.long)
    containment5 = _over_smaller(shared_long, a.long, b.long)
    shorter, longer = sorted((a, b), key=lambda read: (len(read.found), read.text))
    return Evidence(
        shared=_shared(a.sampled, b.sampled),
        containment3=_over_smaller(_shared(a.short, b.short), a.short, b.short),
        containment5=containment5,
        unquoted5=_unquoted(a, b, containment5),
        alignment=aligned_share(shorter.told, longer.told)
        if containment5 >= _WORTH_ALIGNING
        else 0.0,
        jaccard5=shared_long / max(1, len(a.long) + len(b.long) - shared_long),
        words_a=len(a.found),
        words_b=len(b.found),
    )


def _unquoted(a: ReadText, b: ReadText, otherwise: float) -> float:
    """Containment outside quotations. Retranslations lose their quotation marks: a text is taken to
    quote at least the share that the other marks as quoted."""
    share = min(len(one.unquoted) / max(1, len(one.long)) for one in (a, b))
    size = min(len(a.unquoted), len(b.unquoted), share * len(a.long), share * len(b.long))
    if size < _LEAST_UNQUOTED:
        return otherwise
    return min(1.0, _shared(a.unquoted, b.unquoted) / size)


def _shared(a: NDArray[np.unsignedinteger], b: NDArray[np.unsignedinteger]) -> int:
    return len(np.intersect1d(a, b, assume_unique=True))


def _over_smaller(
    shared: int, a: NDArray[np.unsignedinteger], b: NDArray[np.unsignedinteger]
) -> float:
    return shared / max(1, min(len(a), len(b)))
