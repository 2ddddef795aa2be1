"""Old text, new text → an edit or furniture, and what changed.

Decides whether the words of an article changed; refuses to know where texts come from, and does
not weigh whether an edit matters: a changed number or name is one word and is kept.

When an article is looked at again for edits: soon at first, then less and less, then never.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Literal

from flows.core.text.words import UNSPACED, shingle_lengths, words
from flows.dedup.furniture import body_lines, is_loose, is_shell

# A second answer that stops inside the first one, at less than this share of it, was cut short
# (a wall came up, a connection fell); editors who shorten also rewrite. Unmeasured.
_CUT_SHORT = 0.5
# A loose line is an old one edited, not another one put in its place, when this much is the same.
_SAME_LINE = 0.5
# Texts of one address share a third of the shorter one's wording when one was made of the other;
# texts that only name one another, or are dated apart, must share half of it. Unmeasured.
_SOME, _MOSTLY = 0.3, 0.5
# With one time of publication claimed for both, a fifth of their words in order is enough.
_LEAST_KEPT = 0.2
_PIECE = re.compile(rf"\s*(?:[{UNSPACED}]|[^\s{UNSPACED}]+)|\s+$")
_SITE_NAME = re.compile(r"(?<!\s)\s++[|–—·-]\s+[^|–—·-]{2,40}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a second look at an article found.

    `is_revision`: the words or the title changed. `change`: share of words changed, 0–1. `why`:
    `title`, `number`, `words`, `added` or `removed`; or why not: `same`, `furniture`, `empty`,
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
    if not new_text.strip():
        return Edit(is_revision=False, why="empty", change=0.0)
    if is_shell(new_text) and not is_shell(old_text):
        return Edit(is_revision=False, why="shell", change=0.0)
    removed, added = _changed(old_text, new_text)
    if removed and not added and _cut_short(old_text, new_text):
        return Edit(is_revision=False, why="cut_short", change=0.0)
    if not removed and not added:
        if _retitled(old_title, new_title):
            return Edit(is_revision=True, why="title", change=0.0)
        why = "same" if words(old_text) == words(new_text) else "furniture"
        return Edit(is_revision=False, why=why, change=0.0)
    why = _why(removed, added)
    return Edit(is_revision=True, why=why, change=changed_words(old_text, new_text))


def changed_words(old: str, new: str) -> float:
    """The share of the words of both texts that the other lacks, in order; furniture aside."""
    before, after = _compared_lines(old, new)
    total = sum(map(len, before)) + sum(map(len, after))
    removed, added = _changed(old, new)
    return (len(removed) + len(added)) / total if total else 0.0


def is_one_article(
    old: str, new: str, *, at_its_address: bool, later: bool | None, live: bool = False
) -> bool:
    """Whether two texts are one article before and after an edit, by the wording they share.

    `at_its_address`: both were had at one address; else only a page, or a source, says that they
    belong together, as the second page of a long read does of the first. `later`: the new one
    claims to be published half a day later or more; None: neither, or one, claims anything; False:
    one time is claimed for both. `live`: pages that are rewritten from top to bottom.
    """
    shared = contained(old, new)
    if shared >= _MOSTLY:
        return True
    if not at_its_address or later:
        return False
    if shared >= _SOME:
        return True
    return later is False and (live or 1 - changed_words(old, new) >= _LEAST_KEPT)


def contained(old: str, new: str) -> float:
    """The share of the shorter text's runs of three words (of characters, five) that the other has,
    furniture aside."""
    before, after = words("\n".join(body_lines(old))), words("\n".join(body_lines(new)))
    length = shingle_lengths(before + after)[0]
    one, other = _runs_of(before, length), _runs_of(after, length)
    return len(one & other) / max(1, min(len(one), len(other)))


def _runs_of(found: list[str], length: int) -> set[tuple[str, ...]]:
    if not found:
        return set()
    return {tuple(found[at : at + length]) for at in range(max(1, len(found) - length + 1))}


def word_diff(old: str, new: str) -> tuple[Passage, ...]:
    """The two texts as kept, removed and added runs of words, in reading order, for showing.

    Line breaks stand in the runs as they stood in the texts.
    """
    runs: list[Passage] = []
    for kind, part in _runs(_pieces(old), _pieces(new)):
        if runs and runs[-1].kind == kind:
            part = runs.pop().text + part
        runs.append(Passage(kind=kind, text=part))
    return tuple(runs)


def _changed(old: str, new: str) -> tuple[list[str], list[str]]:
    """The words removed and added, line by line first so that long texts stay cheap."""
    before, after = _compared_lines(old, new)
    removed: list[str] = []
    added: list[str] = []
    matcher = SequenceMatcher(None, [tuple(line) for line in before],
                              [tuple(line) for line in after], autojunk=False)  # fmt: skip
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            continue
        gone = [word for line in before[a:b] for word in line]
        come = [word for line in after[c:d] for word in line]
        for inner, e, f, g, h in SequenceMatcher(None, gone, come, autojunk=False).get_opcodes():
            if inner != "equal":
                removed += gone[e:f]
                added += come[g:h]
    return removed, added


def _compared_lines(old: str, new: str) -> tuple[list[list[str]], list[list[str]]]:
    """The words of the lines that count on either side.

    A loose line (a link's headline, a subheading) that one side has and the other lacks counts only
    when it is the other's line edited; so do all lines of a text that is made of loose lines.
    """
    before, after = body_lines(old), body_lines(new)
    return _counted(before, after), _counted(after, before)


def _counted(lines: list[str], others: list[str]) -> list[list[str]]:
    loose = [line for line in lines if is_loose(line)]
    if sum(len(words(line)) for line in loose) * 2 > sum(len(words(line)) for line in lines):
        return [words(line) for line in lines]
    known = [Counter(words(line)) for line in others]
    return [
        found
        for line in lines
        if (found := words(line)) and (not is_loose(line) or _has_edited(Counter(found), known))
    ]


def _has_edited(line: Counter[str], others: list[Counter[str]]) -> bool:
    return any(
        (line & other).total() >= _SAME_LINE * max(line.total(), other.total()) for other in others
    )


def _cut_short(old: str, new: str) -> bool:
    before, after = words("\n".join(body_lines(old))), words("\n".join(body_lines(new)))
    return len(after) < _CUT_SHORT * len(before) and before[: len(after)] == after


def _retitled(old: str | None, new: str | None) -> bool:
    """Whether the headline's words changed; a site's name behind a mark is no part of it."""
    if not old or not new or words(old) == words(new):
        return False
    return words(_SITE_NAME.sub("", old)) != words(_SITE_NAME.sub("", new))


def _why(removed: list[str], added: list[str]) -> str:
    if not removed:
        return "added"
    if not added:
        return "removed"
    digits = [word for word in (*removed, *added) if any(sign.isdigit() for sign in word)]
    return "number" if len(digits) == len(removed) + len(added) else "words"


def _pieces(text: str) -> list[str]:
    """Words with the space before them, so that pieces join to the text; characters if unspaced."""
    return _PIECE.findall(text)


def _runs(old: list[str], new: list[str]) -> list[tuple[Literal["kept", "added", "removed"], str]]:
    plain_old, plain_new = [piece.strip() for piece in old], [piece.strip() for piece in new]
    runs: list[tuple[Literal["kept", "added", "removed"], str]] = []
    matcher = SequenceMatcher(None, plain_old, plain_new, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            runs.append(("kept", "".join(new[c:d])))
            continue
        if b > a:
            runs.append(("removed", "".join(old[a:b])))
        if d > c:
            runs.append(("added", "".join(new[c:d])))
    return runs


# Most corrections come within hours; GDELT looks again after a day and a week. Ages since the
# first sight, each looked at once.
RHYTHM = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=10),
)


def next_recheck(
    first_seen_at: datetime,
    last_check_at: datetime | None = None,
    published_at: datetime | None = None,
) -> datetime | None:
    """The instant from which the article is due for another look; None when it is left in peace.

    Looks that were missed are not made up for: after a pause of two days the next is that of the
    third day. An article first seen when it was older than the whole rhythm, as backfills find
    them, is not looked at again.
    """
    if published_at is not None and first_seen_at - published_at > RHYTHM[-1]:
        return None
    seen_age = (last_check_at or first_seen_at) - first_seen_at
    return next((first_seen_at + age for age in RHYTHM if age > seen_age), None)
