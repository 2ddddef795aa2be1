"""The body as the block model reads it: the likely blocks, cut where the page is best served.

Decides which blocks are taken; refuses to decide whether this reading is believed (`body`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from lxml.html import HtmlElement

from flows.extraction.block_features import Numbers, Said, seen_of
from flows.extraction.block_model import BlockModel, Floats, probability
from flows.extraction.blocks import Blocks, blocks_of
from flows.extraction.paragraphs import EMPTY, Body, body_from
from flows.extraction.titles import plain
from flows.extraction.witnesses.claims import Claims

EXTRACTOR = "blocks"
_WORD = re.compile(r"\w+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_POINTS = frozenset({"li", "dd"})
# A block of which this share was read before is the same text for another layout
_SAME_SHARE, _LEAST_SAME_WORDS, _GRAM = 0.9, 10, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The model's reading of a page: its body, the share of it that is a toss (0 to 1), and the
    log-odds that the page is an article."""

    body: Body
    unsure: float
    article: float


# Of a page that was not judged nothing is held against it
NOTHING = Judgement(body=EMPTY, unsure=1.0, article=9.0)


def judged_body(tree: HtmlElement, said: Said, model: BlockModel) -> Judgement:
    """What `model` reads in `tree`, which stays as it is."""
    blocks = blocks_of(tree)
    seen = seen_of(blocks, said)
    if seen is None:
        return NOTHING
    judged = model.judge(seen)
    taken = list(_once(blocks, _taken(seen.words, judged.blocks)))

    def of(tags: frozenset[str]) -> Iterator[str]:
        return (blocks.texts[block] for block in taken if blocks.tag_of(block) in tags)

    return Judgement(
        body=body_from(
            (blocks.texts[block] for block in taken), EXTRACTOR, of(_HEADINGS), of(_POINTS)
        ),
        unsure=judged.unsure,
        article=judged.page,
    )


def said_of(meta: Claims, window: Claims, articles: Sequence[Claims]) -> Said:
    """What the witnesses say that a page's text is compared with."""
    titles = (*meta.titles, *window.titles)
    return Said(
        title=plain(titles[0]) if titles else "",
        description=max(map(plain, meta.descriptions), key=len, default=""),
        declared=max((claims.body or "" for claims in articles), key=len, default=""),
    )


def _taken(words: Numbers, log_odds: Floats) -> list[int]:
    """The blocks above the cut whose expected word F1 is greatest, in order.

    If the log-odds are right it is: where nothing is sure the cut is low, so that a page of short
    items is read, too.
    """
    likely, weight = probability(log_odds), words + 0.5
    order = np.argsort(-likely, kind="stable")
    size, right = np.cumsum(weight[order]), np.cumsum((likely * weight)[order])
    best = int((right / (size + right[-1] + 1e-9)).argmax())
    return sorted(order[: best + 1].tolist())


def _once(blocks: Blocks, taken: Sequence[int]) -> Iterator[int]:
    """`taken` without blocks whose text stands in others before: pull quotes, second layouts."""
    known: set[tuple[str, ...]] = set()
    for block in taken:
        words = _WORD.findall(blocks.texts[block].lower())
        if len(words) >= _LEAST_SAME_WORDS:
            grams = set(zip(*(words[start:] for start in range(_GRAM)), strict=False))
            if len(grams & known) > _SAME_SHARE * len(grams):
                continue
            known |= grams
        yield block
