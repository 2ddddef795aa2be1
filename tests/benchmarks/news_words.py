"""Invented articles with the word frequencies of news, for stores of any size.

Frequencies follow Zipf and Mandelbrot (rank + 2.7, exponent 1.1) over 400,000 made words, the
common ones short; 4 KB of text has some 330 different words, as English news has.
"""

from dataclasses import dataclass

import numpy

WORDS = 400_000
WORDS_PER_ARTICLE = 640  # 4 KB with spaces
_SYLLABLES = [
    c + v for c in "bcdfghjklmnprstvz" for v in ("a", "e", "i", "o", "u", "an", "er", "is")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """An invented article's title and paragraphs."""

    title: str
    text: str


class Newsroom:
    """Writes articles, the same ones for the same seed."""

    def __init__(self, seed: int = 7) -> None:
        self._random = numpy.random.default_rng(seed)
        weights = 1.0 / numpy.power(numpy.arange(WORDS) + 2.7, 1.1)
        self._ladder = numpy.cumsum(weights / weights.sum())
        self.vocabulary = vocabulary()

    def write(self, count: int) -> list[Written]:
        """`count` articles of about 4 KB each, in paragraphs of 40 words."""
        drawn = self._random.random((count, WORDS_PER_ARTICLE + 10))
        ranks = numpy.searchsorted(self._ladder, drawn)
        return [self._article(row.tolist()) for row in ranks]

    def _article(self, ranks: list[int]) -> Written:
        words = [self.vocabulary[rank] for rank in ranks]
        paragraphs = [
            " ".join(words[start : start + 40]) + "." for start in range(10, len(words), 40)
        ]
        return Written(title=" ".join(words[:10]), text="\n\n".join(paragraphs))


def vocabulary() -> list[str]:
    """`WORDS` different words, the commonest first: one, two, three syllables as they grow rare."""
    made: list[str] = []
    number = 0
    while len(made) < WORDS:
        made.append(_word(number))
        number += 1
    return made


def _word(number: int) -> str:
    syllables = []
    rest = number
    while True:
        syllables.append(_SYLLABLES[rest % len(_SYLLABLES)])
        rest = rest // len(_SYLLABLES) - 1
        if rest < 0:
            return "".join(syllables)
