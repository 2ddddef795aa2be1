"""What is to be seen of each block of a page, as numbers: itself, its holders, its neighbours.

Decides nothing; `block_model` weighs. Columns are named in `COLUMNS`, in order; the weights were
made for that order (`tests.benchmarks.train_blocks`), so whoever changes it trains anew.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from flows.extraction.blocks import ABOVE, Blocks

Numbers = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
Scalar = TypeVar("Scalar", bound=np.generic)

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}")
_MARK = re.compile(r"[.,;:!?…。、，،؟।]")
_END = re.compile(r"[.!?…。！？؟।:][\"'”’»)\]]*$")
_DIGIT = re.compile(r"\d")
_MOST_TOKENS = 24  # of one element's names
_OWN = ("p", "div", "li", "h1", "h2", "h3", "h4", "td", "figcaption", "blockquote", "pre", "dd",
        "section", "article")  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LEVELS = 5  # holders of a block that are described, from its own outwards
_NEAR = 6  # blocks before and behind
_LEAST_DECLARED = 250  # characters of a JSON-LD body worth comparing with
# Scripts without spaces: a "word" of more characters than this is a sentence
_LONGEST_WORD, _CHARACTERS_A_WORD = 14, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the witnesses of a page say its article is."""

    title: str = ""
    description: str = ""
    declared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The blocks of a page with what is seen of them, by column.

    `names` are the words in class and id of each element with the element they name (`named`);
    `group` numbers the blocks whose element and holder carry the same tags and names.
    """

    blocks: Blocks
    columns: Mapping[str, Numbers]
    words: Numbers
    holder: Places
    parent: Places
    group: Places
    tokens: Sequence[str]
    named: Places

    def stacked(self, names: Iterable[str]) -> Numbers:
        """The columns called `names`, side by side: a row a block."""
        return np.stack([self.columns[name] for name in names], 1)


def seen_of(blocks: Blocks, said: Said) -> Seen | None:
    """What is seen of `blocks`, or None where there are none."""
    if not blocks.texts:
        return None
    found = [_WORD.findall(text.lower()) for text in blocks.texts]
    chars = _numbers(map(len, blocks.texts))
    words = _numbers(map(len, found))
    words = np.where(chars > _LONGEST_WORD * (words + 1), chars / _CHARACTERS_A_WORD, words)
    holder, parent = np.array(blocks.holder), np.array(blocks.parent)
    columns = _of_texts(blocks, chars, words)
    columns |= _of_witnesses(found, said)
    columns |= _of_elements(blocks)
    group = _groups(blocks)
    columns |= _of_holders(blocks, columns, words, holder, parent)
    columns |= _of_groups(columns, words, group)
    columns |= _of_neighbours(blocks, columns, words, group, parent[holder])
    tokens, named = _tokens(blocks)
    return Seen(
        blocks=blocks, columns=columns, words=words, holder=holder, parent=parent, group=group,
        tokens=tokens, named=named,
    )  # fmt: skip


def _of_texts(blocks: Blocks, chars: Numbers, words: Numbers) -> dict[str, Numbers]:
    texts = blocks.texts
    counted: dict[str, int] = {}
    before = []
    for text in texts:
        before.append(counted.get(text, 0))
        counted[text] = before[-1] + 1
    return {
        "words": words,
        "link": _numbers(blocks.linked) / chars,
        "marks": _numbers(len(_MARK.findall(text)) for text in texts) / (words + 1),
        "word_length": chars / (words + 1),
        "anchors": _numbers(blocks.anchors),
        "ends": _numbers(_END.search(text) is not None for text in texts),
        "upper": _numbers(text[0].isupper() for text in texts),
        "digits": _numbers(len(_DIGIT.findall(text)) for text in texts) / chars,
        "capitals": _numbers(sum(map(str.isupper, text[:50])) for text in texts)
        / np.minimum(chars, 50),
        "times": _numbers(counted[text] for text in texts),
        "repeat": _numbers(before),
        "place": np.arange(len(texts), dtype=np.float32) / len(texts),
        "index": np.arange(len(texts), dtype=np.float32),
        "word_place": np.cumsum(words) / (words.sum() + 1),
    }


def _of_witnesses(found: Sequence[list[str]], said: Said) -> dict[str, Numbers]:
    title = frozenset(_WORD.findall(said.title.lower()))
    description = frozenset(_WORD.findall(said.description.lower()))
    known = _grams(_WORD.findall(said.declared.lower()))
    known = known if len(said.declared) >= _LEAST_DECLARED else set()
    return {
        "title": _numbers(_share(words[:25], title) for words in found),
        "description": _numbers(_share(words[:25], description) for words in found),
        "declared": _numbers(_known(words, known) if known else -1.0 for words in found),
    }


def _of_elements(blocks: Blocks) -> dict[str, Numbers]:
    tags = [blocks.tag[element] for element in blocks.holder]
    above = np.array(blocks.above)[blocks.holder]
    return {
        **{f"is_{name}": _numbers(tag == name for tag in tags) for name in _OWN},
        **{f"in_{name}": (above >> bit & 1).astype(np.float32) for bit, name in enumerate(ABOVE)},
        "depth": np.array(blocks.depth, np.float32)[blocks.holder],
    }


def _of_holders(
    blocks: Blocks, columns: Mapping[str, Numbers], words: Numbers, holder: Places, parent: Places
) -> dict[str, Numbers]:
    """What the elements around a block hold, and where it stands to the one with most prose."""
    link, marks = columns["link"], columns["marks"] * (words + 1)
    prose = _prose(columns)
    total, all_prose = words.sum() + 1, prose.sum() + 1
    first, end = np.array(blocks.first), np.array(blocks.end)

    def within(values: Numbers) -> Numbers:
        sums = np.concatenate(([0], np.cumsum(values)))
        return np.asarray(sums[end] - sums[first])

    count = end - first
    held_words, held_links, held_prose = within(words), within(words * link), within(prose)
    held_marks = within(marks)
    found: dict[str, Numbers] = {}
    up = holder
    for level in range(_LEVELS):
        found[f"words_{level}"] = held_words[up]
        found[f"link_{level}"] = held_links[up] / (held_words[up] + 1)
        found[f"prose_{level}"] = held_prose[up] / all_prose
        found[f"dense_{level}"] = held_words[up] / (count[up] + 1)
        found[f"marks_{level}"] = held_marks[up] / (held_words[up] + 1)
        up = parent[up]
    above = parent[holder]
    directly = np.bincount(above, weights=prose, minlength=len(parent))
    best = int(directly.argmax())
    place = np.arange(len(words))
    found |= {
        "held": directly[above] / all_prose,
        "in_best": (above == best).astype(np.float32),
        "away": _steps(best, len(words), first, end, parent),
        "before_best": np.maximum(first[best] - place, 0),
        "after_best": np.maximum(place - end[best] + 1, 0),
        "best_share": np.full(len(words), directly[best] / all_prose),
        "page_blocks": np.full(len(words), float(len(words))),
        "page_words": np.full(len(words), total),
        "page_link": np.full(len(words), held_links[0] / total),
        "page_prose": np.full(len(words), all_prose),
    }
    return found


def _steps(best: int, blocks: int, first: Places, end: Places, parent: Places) -> Numbers:
    """How many elements one must leave, from element `best`, to reach each block."""
    away, at, steps = np.full(blocks, 99.0, np.float32), best, 0
    while True:
        part = away[first[at] : end[at]]
        part[part == 99.0] = steps
        if at == 0:
            return away
        at, steps = int(parent[at]), steps + 1


def _of_groups(columns: Mapping[str, Numbers], words: Numbers, group: Places) -> dict[str, Numbers]:
    size = np.bincount(group)
    held, prose = np.bincount(group, weights=words), _prose(columns)
    links = np.bincount(group, weights=words * columns["link"])
    return {
        "group_size": size[group].astype(np.float32),
        "group_words": (held / size)[group],
        "group_link": (links / (held + 1))[group],
        "group_prose": (np.bincount(group, weights=prose) / (prose.sum() + 1))[group],
    }


def _of_neighbours(
    blocks: Blocks, columns: Mapping[str, Numbers], words: Numbers, group: Places, above: Places
) -> dict[str, Numbers]:
    count = len(words)
    at, prose = np.arange(count), _prose(columns)
    prose_sum, word_sum, link_sum = (
        np.concatenate(([0], np.cumsum(values)))
        for values in (prose, words, words * columns["link"])
    )
    found: dict[str, Numbers] = {"prose_before": prose_sum[:-1] / (prose_sum[-1] + 1)}
    for name, low, high in (("before", -_NEAR, 0), ("behind", 1, _NEAR + 1)):
        begin, end = np.clip(at + low, 0, count), np.clip(at + high, 0, count)
        near = word_sum[end] - word_sum[begin] + 1
        found[f"prose_{name}"] = (prose_sum[end] - prose_sum[begin]) / near
        found[f"link_{name}"] = (link_sum[end] - link_sum[begin]) / near
    heading = np.array([blocks.tag[element] in _HEADINGS for element in blocks.holder])
    last = np.maximum.accumulate(np.where(heading, at, -50))
    found["since_heading"] = (at - last).astype(np.float32)
    titled = heading & (columns["title"] > 0.6) & (words >= 3)
    since = at - int(titled.argmax()) if titled.any() else np.full(count, -999)
    found["since_title"] = since.astype(np.float32)
    for step in (-2, -1, 1, 2):
        for name in ("words", "link", "marks", "ends", "is_p", "title"):
            found[f"{name}{step:+d}"] = shifted(columns[name], step)
        found[f"same{step:+d}"] = shifted(group, step) == group
        found[f"beside{step:+d}"] = shifted(above, step) == above
    return found


def _groups(blocks: Blocks) -> Places:
    numbers: dict[tuple[str, str, str, str], int] = {}
    tag, names, parent = blocks.tag, blocks.names, blocks.parent
    return np.array([
        numbers.setdefault((tag[e], names[e], tag[parent[e]], names[parent[e]]), len(numbers))
        for e in blocks.holder
    ])  # fmt: skip


def _tokens(blocks: Blocks) -> tuple[list[str], Places]:
    """The tag of each element and the words in its names, with the element they belong to."""
    tokens, named = [], []
    known: dict[str, list[str]] = {}
    for element, names in enumerate(blocks.names):
        if not names:
            continue
        words = known.get(names)
        if words is None:
            words = sorted({word.lower() for word in _TOKEN.findall(names)})[:_MOST_TOKENS]
            known[names] = words
        tokens += words
        named += [element] * len(words)
    return tokens, np.array(named, np.int64)


def _prose(columns: Mapping[str, Numbers]) -> Numbers:
    """Of each block the words that are told in sentences and not in links."""
    words, link = columns["words"], columns["link"]
    return np.where((words >= 12) & (link < 0.4), words * (1 - link), 0)


def shifted(values: npt.NDArray[Scalar], step: int) -> npt.NDArray[Scalar]:
    """`values` of the block `step` places on; -1 beyond the ends."""
    out = np.full(len(values), -1, values.dtype)
    if 0 < step < len(values):
        out[:-step] = values[step:]
    elif -len(values) < step < 0:
        out[-step:] = values[:step]
    return out


def _numbers(values: Iterable[float]) -> Numbers:
    return np.array(list(values), np.float32)


def _share(words: Sequence[str], known: frozenset[str]) -> float:
    return sum(word in known for word in words) / len(words) if words and known else 0.0


def _grams(words: Sequence[str]) -> set[tuple[str, str, str]]:
    return set(zip(words, words[1:], words[2:], strict=False))


def _known(words: Sequence[str], grams: set[tuple[str, str, str]]) -> float:
    if len(words) < 3:
        return 0.5
    threes = zip(words, words[1:], words[2:], strict=False)
    return sum(three in grams for three in threes) / (len(words) - 2)
