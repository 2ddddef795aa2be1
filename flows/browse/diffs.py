"""Two texts → rows of paragraphs side by side, with the words that changed.

Decides which paragraphs stand beside each other; how words are compared is `dedup.word_diff`'s.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from flows.browse.words import paragraphs
from flows.dedup.revisions import Passage, word_diff

# Comparing words costs the square of their number at worst: 6,000 letters, a thousand words, took
# 0.02 s; two paragraphs that are longer are shown whole, one removed and one added.
_MOST_LETTERS = 6_000
_MOST_PARAGRAPHS = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Paragraphs that stand beside each other, as runs of words. Empty: there is none."""

    before: tuple[Passage, ...]
    after: tuple[Passage, ...]
    both: tuple[Passage, ...]

    @property
    def changed(self) -> bool:
        return any(passage.kind != "kept" for passage in self.both)


def pairs(before: object, after: object) -> tuple[Pair, ...]:
    """All paragraphs of two texts in order, equal ones beside each other."""
    old = paragraphs(before)[:_MOST_PARAGRAPHS]
    new = paragraphs(after)[:_MOST_PARAGRAPHS]
    found: list[Pair] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        for place in range(max(b - a, d - c)):
            gone = old[a + place] if a + place < b else ""
            come = new[c + place] if c + place < d else ""
            found.append(_pair(gone, come, equal=kind == "equal"))
    return tuple(found)


def line_pair(before: object, after: object) -> Pair:
    """Two lines, as headlines are."""
    old, new = " ".join(paragraphs(before)), " ".join(paragraphs(after))
    return _pair(old, new, equal=old == new)


def _pair(before: str, after: str, *, equal: bool) -> Pair:
    if equal:
        both: tuple[Passage, ...] = (Passage(kind="kept", text=after),)
    elif before and after and len(before) + len(after) <= 2 * _MOST_LETTERS:
        both = word_diff(before, after)
    else:
        gone = (Passage(kind="removed", text=before),) if before else ()
        come = (Passage(kind="added", text=after),) if after else ()
        both = gone + come
    return Pair(
        before=tuple(one for one in both if one.kind != "added"),
        after=tuple(one for one in both if one.kind != "removed"),
        both=both,
    )
