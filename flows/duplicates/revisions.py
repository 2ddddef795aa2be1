"""Old text, new text → an edit or furniture, and what changed.

Decides whether the words of an article changed; refuses to know where texts come from.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a second look at an article found.

    `is_revision`: the words or the title changed. `change`: share of words changed, 0–1. `why`:
    `title`, `number`, `name`, `words`, `added`, `removed`, or why not: `same`, `furniture`, `empty`,
    `shell`, `cut_short`.
    """

    is_revision: bool
    why: str
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A run of words of a word diff."""

    kind: Literal["kept", "added", "removed"]
    text: str


def edit(old_title: str | None, old_text: str, new_title: str | None, new_text: str) -> Edit:
    """Whether what is there now is a revision of what was there."""
    raise NotImplementedError


def changed_words(old: str, new: str) -> float:
    """The share of the words of both texts that the other lacks, in order; furniture aside."""
    raise NotImplementedError


def word_diff(old: str, new: str) -> tuple[Passage, ...]:
    """The two texts as kept, removed and added runs of words, for showing."""
    raise NotImplementedError
