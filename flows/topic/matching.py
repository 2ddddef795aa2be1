"""Passages × terms → hits: one walk of an Aho–Corasick automaton, whatever the number of terms.

Decides where terms occur (word borders, case, language, distances); refuses to weigh them.
Aho and Corasick, "Efficient string matching", CACM 18 (1975).
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import ahocorasick_rs

from flows.topic.normal import folded, is_arabic_clitic, is_free, width
from flows.topic.passages import Passages
from flows.topic.terms import GroupName, Near, Option, Phrase, Term


class Hit(NamedTuple):
    """A term found: `word` counts words from the start of the passages."""

    word: float
    sentence: int
    term: int


Hits = Mapping[str, list[Hit]]  # group → its hits by position; a group without hits is absent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needle:
    """A phrase as the automaton finds it, with what must still be checked.

    `opens`: the needle's last word may go on. `tail`: the whole phrase, where words after an open
    one follow. `owners`: (term number, 0 for the term itself, 1 and 2 for the sides of a NEAR).
    """

    cased: str | None
    opens: bool
    tail: re.Pattern[str] | None
    owners: tuple[tuple[int, int], ...]


class Matcher:
    """All terms of a topic, ready to search.

    `groups`: name → (terms, names of included groups). A NEAR that refers to a group sees all of
    that group's hits; groups must not refer to each other in a circle (the loader checks).
    """

    def __init__(self, groups: Mapping[str, tuple[tuple[Term, ...], tuple[str, ...]]]) -> None:
        self.terms: list[Term] = []
        self.group_of: list[str] = []
        for name, (terms, _) in groups.items():
            self.terms.extend(terms)
            self.group_of.extend([name] * len(terms))
        self._includes = {name: includes for name, (_, includes) in groups.items()}
        self._order = _in_order(groups)
        self._near_of: dict[str, list[int]] = defaultdict(list)
        owners: dict[Phrase, list[tuple[int, int]]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            if isinstance(term.pattern, Near):
                self._near_of[self.group_of[number]].append(number)
            for phrase, side in _phrases(term):
                owners[phrase].append((number, side))
        self._needles: list[tuple[_Needle, ...]] = []
        self._automaton = self._built(owners)

    @property
    def vocabulary(self) -> tuple[frozenset[str], tuple[str, ...]]:
        """Words that phrases are made of, without case: whole ones, and beginnings (`word*`)."""
        words = {
            (folded(word), opens)
            for term in self.terms
            for phrase, _ in _phrases(term)
            for word, opens in zip(phrase.words, phrase.opens, strict=True)
        }
        whole = frozenset(word for word, opens in words if not opens)
        return whole, tuple(sorted(word for word, opens in words if opens))

    def find(self, passages: Passages) -> dict[str, list[Hit]]:
        """Every hit by group, in the order of the text; included groups' hits count as own."""
        sides = self._walk(passages)
        hits: dict[str, list[Hit]] = {}
        for name in self._order:
            own = sides.pop((name, 0), [])
            for included in self._includes[name]:
                own = own + hits.get(included, [])
            for number in self._near_of.get(name, ()):
                own = own + self._near(number, sides, hits)
            if own:
                hits[name] = sorted(set(own))
        return hits

    def _built(self, owners: Mapping[Phrase, list[tuple[int, int]]]) -> ahocorasick_rs.AhoCorasick:
        by_letters: dict[str, list[_Needle]] = defaultdict(list)
        for phrase, owned in owners.items():
            first_open = phrase.opens.index(True) if True in phrase.opens else len(phrase.words) - 1
            spelled = " ".join(phrase.words[: first_open + 1])
            by_letters[folded(spelled)].append(
                _Needle(
                    cased=spelled if phrase.cased else None,
                    opens=phrase.opens[first_open],
                    tail=_tail(phrase) if first_open < len(phrase.words) - 1 else None,
                    owners=tuple(owned),
                )
            )
        self._needles = [tuple(needles) for needles in by_letters.values()]
        return ahocorasick_rs.AhoCorasick(list(by_letters), store_patterns=False)

    def _walk(self, passages: Passages) -> dict[tuple[object, int], list[Hit]]:
        """Hits of phrases by owner: (group, 0) for terms, (term number, side) for NEAR's sides."""
        text, cased = passages.folded, passages.cased
        found: dict[tuple[object, int], list[Hit]] = defaultdict(list)
        last_offset, word = 0, 0.0
        places = sorted(
            (start, end, pattern)
            for pattern, start, end in self._automaton.find_matches_as_indexes(
                text, overlapping=True
            )
        )
        for start, end, pattern in places:
            if not _begins_word(text, start):
                continue
            ends = _ends_word(text, end)
            for needle in self._needles[pattern]:
                if not (ends or needle.opens):
                    continue
                if needle.cased is not None and cased[start:end] != needle.cased:
                    continue
                if needle.tail is not None and not needle.tail.match(
                    text if needle.cased is None else cased, start
                ):
                    continue
                if start > last_offset:
                    word += width(text[last_offset:start])
                    last_offset = start
                sentence = passages.sentence_at(start)
                for number, side in needle.owners:
                    term = self.terms[number]
                    if (
                        term.language is None
                        or not passages.languages
                        or (term.language in passages.languages)
                    ):
                        key = (number, side) if side else (self.group_of[number], 0)
                        found[key].append(Hit(word, sentence, number))
        return found

    def _near(
        self, number: int, sides: Mapping[tuple[object, int], list[Hit]], hits: Hits
    ) -> list[Hit]:
        pattern = self.terms[number].pattern
        assert isinstance(pattern, Near)
        left = _side(pattern.left, sides.get((number, 1), []), hits)
        right = _side(pattern.right, sides.get((number, 2), []), hits)
        if not left or not right:
            return []
        words = [hit.word for hit in right]
        return [
            Hit(hit.word, hit.sentence, number)
            for hit in left
            if _has_near(hit, right, words, pattern.words_apart)
        ]


def _has_near(hit: Hit, others: list[Hit], words: list[float], apart: int) -> bool:
    """Whether the nearest of `others` on either side lies in the sentence and near enough."""
    nearest = (bisect_left(words, hit.word) - 1, bisect_right(words, hit.word))
    return any(
        0 <= index < len(others)
        and others[index].sentence == hit.sentence
        and abs(others[index].word - hit.word) <= apart
        for index in nearest
    )


def _side(options: tuple[Option, ...], own: list[Hit], hits: Hits) -> list[Hit]:
    referred = [option.name for option in options if isinstance(option, GroupName)]
    return sorted(own + [hit for name in referred for hit in hits.get(name, [])])


def _phrases(term: Term) -> Iterable[tuple[Phrase, int]]:
    if isinstance(term.pattern, Phrase):
        yield term.pattern, 0
    else:
        for side, options in ((1, term.pattern.left), (2, term.pattern.right)):
            for option in options:
                if isinstance(option, Phrase):
                    yield option, side


def _tail(phrase: Phrase) -> re.Pattern[str]:
    """The whole phrase, for where a word in its middle is open."""
    words = (
        re.escape(word) + (r"\w*" if opens else "")
        for word, opens in zip(phrase.words, phrase.opens, strict=True)
    )
    return re.compile(" ".join(words) + r"(?!\w)")


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


def _in_order(groups: Mapping[str, tuple[tuple[Term, ...], tuple[str, ...]]]) -> tuple[str, ...]:
    """Groups so that each comes after those it includes or refers to."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in order:
            for other in sorted(references(*groups[name])):
                visit(other)
            order[name] = None

    for name in groups:
        visit(name)
    return tuple(order)


def references(terms: Iterable[Term], includes: Iterable[str]) -> set[str]:
    """Names of the groups that a group needs before it can be found."""
    names = set(includes)
    for term in terms:
        if isinstance(term.pattern, Near):
            options = term.pattern.left + term.pattern.right
            names.update(option.name for option in options if isinstance(option, GroupName))
    return names
