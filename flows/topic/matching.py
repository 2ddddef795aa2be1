"""Passages × terms → hits of groups.

Decides which terms apply to a text's languages, and what is near; refuses to weigh.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flows.topic.needles import Needles
from flows.topic.normal import folded, width
from flows.topic.passages import Passages
from flows.topic.terms import GroupName, Near, Option, Phrase, Term


class Hit(NamedTuple):
    """A term found: `word` counts words from the start of the passages."""

    word: float
    sentence: int
    term: int


Hits = Mapping[str, list[Hit]]  # group → its hits by position; a group without hits is absent


class _Owner(NamedTuple):
    """Whose a phrase is: a group's, as `term`, or (`side` 1 or 2) a NEAR term's."""

    key: tuple[str | int, int]
    term: int
    language: str | None


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
        owners: dict[Phrase, list[_Owner]] = defaultdict(list)
        for number, term in enumerate(self.terms):
            if isinstance(term.pattern, Near):
                self._near_of[self.group_of[number]].append(number)
            for phrase, side in _phrases(term):
                key = (number, side) if side else (self.group_of[number], 0)
                owners[phrase].append(_Owner(key, number, term.language))
        self._needles = Needles(owners)

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
        phrases = self._phrase_hits(passages)
        hits: dict[str, list[Hit]] = {}
        for name in self._order:
            own = set(phrases.get((name, 0), ()))
            for included in self._includes[name]:
                own.update(hits.get(included, ()))
            for number in self._near_of.get(name, ()):
                language = self.terms[number].language
                if language is None or not passages.languages or language in passages.languages:
                    own.update(self._near_hits(number, phrases, hits))
            if own:
                hits[name] = sorted(own)
        return hits

    def _phrase_hits(self, passages: Passages) -> dict[tuple[str | int, int], list[Hit]]:
        """Hits of phrases by group (`(name, 0)`) and by side of a NEAR (`(term, 1 or 2)`)."""
        found: dict[tuple[str | int, int], list[Hit]] = defaultdict(list)
        languages, starts = passages.languages, passages.starts
        last, word, sentence, sentence_end = 0, 0.0, -1, 0
        for offset, owners in self._needles.find(passages.folded, passages.cased):
            if offset > last:
                word += width(passages.folded[last:offset])
                last = offset
            if offset >= sentence_end:
                sentence = passages.sentence_at(offset)
                following = starts[sentence + 1 : sentence + 2]
                sentence_end = following[0] if following else len(passages.folded) + 1
            for key, term, language in owners:
                # written out, not called: this line runs a thousand times an article
                if language is None or not languages or language in languages:
                    found[key].append(Hit(word, sentence, term))
        return found

    def _near_hits(
        self, number: int, phrases: Mapping[tuple[str | int, int], list[Hit]], hits: Hits
    ) -> list[Hit]:
        """Where something of the left side has something of the right one near."""
        pattern = self.terms[number].pattern
        assert isinstance(pattern, Near)
        left = _side(pattern.left, phrases.get((number, 1), []), hits)
        right = _side(pattern.right, phrases.get((number, 2), []), hits) if left else []
        if not right:
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
    if not referred:
        return own
    if not own and len(referred) == 1:
        return hits.get(referred[0], [])
    return sorted([*own, *(hit for name in referred for hit in hits.get(name, []))])


def _phrases(term: Term) -> Iterable[tuple[Phrase, int]]:
    if isinstance(term.pattern, Phrase):
        yield term.pattern, 0
    else:
        for side, options in ((1, term.pattern.left), (2, term.pattern.right)):
            for option in options:
                if isinstance(option, Phrase):
                    yield option, side


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
