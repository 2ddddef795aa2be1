"""A text → the few numbers by which its copies are found, and the print of its exact words.

Decides the hash and the sample; refuses to know where rows are kept and what a match means. Copies
are found by rows of sampled shingle hashes, not by MinHash bands: a text trimmed to a third shares
nearly all its shingles with the original but few bands. The hash is our own, so that stored rows
outlive any library's next release; golden values in the tests hold it still.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

from flows.core.text.words import CHARACTER_SHINGLES, shingle_lengths, words
from flows.dedup.furniture import body

# Stamped on stored rows; raised when any value below may change, after which rows are refilled.
FINGERPRINT_VERSION = "fp-2"

# Two texts are worth comparing when they share this many rows …
LEAST_SHARED = 2
# … not counting those of more texts than this: turns of phrase, which would join everything.
TOO_COMMON = 200

# One shingle in eight is kept, of the opening one in four: editors trim from the end, and a
# retranslated text cut to a hundred words has but a handful of shingles in common.
_SAMPLE = 8
_OPENING_SAMPLE = 4
_OPENING = 150  # tokens
_WORD_SHINGLE = 4  # finds noisy copies better than 5, at the same number of rows: see the bench
_CHARACTER_SHINGLE = 8
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio, as in splitmix64


def fingerprints(text: str) -> tuple[int, ...]:
    """Sampled shingle hashes of `text`: ascending, distinct, 32 bits each; about one per 8
    words, and twice as many of the first 150.

    Furniture (relative times, share counts, related links) takes no part.
    """
    return printed(text)[1]


def printed(text: str) -> tuple[str, tuple[int, ...]]:
    """`text_print` and `fingerprints` of a text, reading it once."""
    found = words(body(text))
    return _print(found), tuple(sampled(found, word_hashes(found)).tolist())


def sampled(found: list[str], hashed: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """As `fingerprints`, of tokens and their hashes."""
    characters = shingle_lengths(found) == CHARACTER_SHINGLES
    hashes = shingle_hashes(hashed, _CHARACTER_SHINGLE if characters else _WORD_SHINGLE)
    rate = np.where(np.arange(len(hashes)) < _OPENING, _OPENING_SAMPLE, _SAMPLE).astype(np.uint64)
    return np.unique(hashes[hashes % rate == 0] >> np.uint64(32)).astype(np.uint32)


def text_print(text: str) -> str:
    """32 hex digits that agree when the words do: furniture, spaces, case and marks aside."""
    return _print(words(body(text)))


def _print(found: list[str]) -> str:
    joined = " ".join(found)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def word_hashes(found: list[str]) -> NDArray[np.uint64]:
    """The hash of each token, in order: BLAKE2b (RFC 7693) to 64 bits."""
    known = {word: _word_hash(word) for word in set(found)}
    return np.fromiter((known[word] for word in found), dtype=np.uint64, count=len(found))


def shingle_hashes(hashed: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """The 64-bit hash of every run of `length` tokens, in order, repetitions kept.

    A run mixes its tokens' hashes by the finaliser of splitmix64 (Steele, Lea, Flood 2014). Fewer
    tokens than `length` make one run.
    """
    if not len(hashed):
        return hashed
    length = min(length, len(hashed))
    runs = np.zeros(len(hashed) - length + 1, np.uint64)
    for place in range(length):
        runs = _mixed(runs * _MULTIPLIER + hashed[place : place + len(runs)] + np.uint64(place + 1))
    return runs


def _word_hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
