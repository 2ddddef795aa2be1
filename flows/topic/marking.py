"""A text as written and the terms found in it → where they stand, for a reader's eye.

Decides which letters of the original a term covers; refuses to judge. Terms are looked for in the
normalised text as `matching` does, and each place is led back to the letters it came from.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from flows.topic.needles import Needles
from flows.topic.normal import folded, is_free, normalised
from flows.topic.terms import Near, Phrase, TermError, parse_term

# A word with its accents, joiners and possessive, or one letter of a script without spaces
_WORD = re.compile(
    r"[\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u00ad\u200b-\u200f]+"
    r"(?:['’‘ʼ＇`´][sS]\b)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch of the original text, `start` to before `end`, and the term found there."""

    start: int
    end: int
    term: str


@dataclass(slots=True)
class _Traced:
    """A normalised text, and for each of its letters the stretch of the original it stands for."""

    letters: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)

    def add(self, written: str, start: int, end: int) -> None:
        self.letters.append(written)
        self.places.extend([(start, end)] * len(written))


class Marker:
    """Terms of a topic, ready to be pointed at in texts. Terms that cannot be read are left out."""

    def __init__(self, terms: Iterable[str]) -> None:
        owners: dict[Phrase, str] = {}
        for term in terms:
            for phrase in _phrases(term):
                owners.setdefault(phrase, term)
        self._needles = Needles({phrase: (phrase, term) for phrase, term in owners.items()})
        self._has_terms = bool(owners)

    def marks(self, text: str) -> tuple[Mark, ...]:
        """Where the terms stand, by place; of those that overlap the longest."""
        if not self._has_terms:
            return ()
        traced = _traced(text)
        cased = "".join(traced.letters)
        found = [
            Mark(
                start=traced.places[offset][0],
                end=traced.places[_end(cased, offset, phrase) - 1][1],
                term=term,
            )
            for offset, (phrase, term) in self._needles.find(folded(cased), cased)
        ]
        return _apart(found)


def _phrases(term: str) -> list[Phrase]:
    try:
        pattern = parse_term(term).pattern
    except TermError:
        return []
    if isinstance(pattern, Near):
        return [one for one in (*pattern.left, *pattern.right) if isinstance(one, Phrase)]
    return [pattern]


def _traced(text: str) -> _Traced:
    traced = _Traced()
    last = 0
    for word in _WORD.finditer(text):
        if word.start() > last:
            gap = "\n" if "\n" in text[last : word.start()] else " "
            traced.add(gap, last, word.start())
        _trace_word(traced, word[0], word.start())
        last = word.end()
    return traced


def _trace_word(traced: _Traced, word: str, start: int) -> None:
    normal = normalised(word).strip()
    if len(normal) == len(word):
        for place, letter in enumerate(normal, start):
            traced.add(letter, place, place + 1)
    elif any(map(is_free, word)):
        for place, letter in enumerate(word, start):
            traced.add(normalised(letter).strip(), place, place + 1)
    else:
        traced.add(normal, start, start + len(word))


def _end(normal: str, offset: int, phrase: Phrase) -> int:
    """Where a phrase that begins at `offset` ends: with its letters, or with its last word."""
    if is_free(phrase.words[-1][0]):
        return min(offset + len(" ".join(phrase.words)), len(normal))
    end = offset
    for _ in phrase.words:
        end += 1
        while end < len(normal) and normal[end] not in " \n":
            end += 1
    return end


def _apart(marks: list[Mark]) -> tuple[Mark, ...]:
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return tuple(kept)
