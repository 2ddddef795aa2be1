"""Phrases × text → where they stand: one walk of an Aho–Corasick automaton for all of them.

Decides what is a word's border and whether case and open words fit; refuses to know groups,
languages and distances. The cost does not depend on the number of phrases.
Aho and Corasick, "Efficient string matching", CACM 18 (1975).
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import ahocorasick_rs

from flows.topic.normal import folded, is_arabic_clitic, is_free
from flows.topic.terms import Phrase

Owner = TypeVar("Owner")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needle(Generic[Owner]):
    """A phrase up to its first open word, with what must still be checked.

    `cased`: the spelling asked for, if case matters. `tail`: the whole phrase, where more words
    follow an open one.
    """

    cased: str | None
    is_open: bool
    tail: re.Pattern[str] | None
    owner: Owner


class Needles(Generic[Owner]):
    """Phrases to be found, each with whatever its finder wants to know it by."""

    def __init__(self, owners: Mapping[Phrase, Owner]) -> None:
        by_letters: dict[str, list[_Needle[Owner]]] = defaultdict(list)
        for phrase, owner in owners.items():
            letters, needle = _needle(phrase, owner)
            by_letters[letters].append(needle)
        self._needles = tuple(tuple(needles) for needles in by_letters.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(by_letters), store_patterns=False)

    def find(self, text: str, cased: str) -> Iterator[tuple[int, Owner]]:
        """(offset, owner) of each phrase in a normalised text, by offset.

        `text` is without case, `cased` the same with it, at equal offsets.
        """
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        for start, end, pattern in sorted((start, end, pattern) for pattern, start, end in found):
            if not _begins_word(text, start):
                continue
            ends = _ends_word(text, end)
            for needle in self._needles[pattern]:
                if (ends or needle.is_open) and _fits(needle, text, cased, start, end):
                    yield start, needle.owner


def _needle(phrase: Phrase, owner: Owner) -> tuple[str, _Needle[Owner]]:
    """The letters to search for, and the needle."""
    last = phrase.opens.index(True) if True in phrase.opens else len(phrase.words) - 1
    spelled = " ".join(phrase.words[: last + 1])
    return folded(spelled), _Needle(
        cased=spelled if phrase.cased else None,
        is_open=phrase.opens[last],
        tail=_whole(phrase) if last < len(phrase.words) - 1 else None,
        owner=owner,
    )


def _whole(phrase: Phrase) -> re.Pattern[str]:
    words = (
        re.escape(word) + (r"\w*" if is_open else "")
        for word, is_open in zip(phrase.words, phrase.opens, strict=True)
    )
    return re.compile(" ".join(words) + r"(?!\w)")


def _fits(needle: _Needle[Owner], text: str, cased: str, start: int, end: int) -> bool:
    if needle.cased is not None and cased[start:end] != needle.cased:
        return False
    if needle.tail is None:
        return True
    return needle.tail.match(text if needle.cased is None else cased, start) is not None


def _begins_word(text: str, start: int) -> bool:
    if start == 0:
        return True
    before = text[start - 1]
    if before in " \n" or is_free(text[start]) or is_free(before):
        return True
    if not "\u0620" <= before <= "\u06ff":
        return False
    word_start = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    return is_arabic_clitic(text[word_start:start])


def _ends_word(text: str, end: int) -> bool:
    return end == len(text) or text[end] in " \n" or is_free(text[end]) or is_free(text[end - 1])
