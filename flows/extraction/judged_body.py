"""The body as the block model reads it: the likely blocks, cut where the page is best served.

Decides which blocks are taken, by the model alone or with another reader's word for or against
each; refuses to decide which pages need another reader (`body`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from lxml.html import HtmlElement

from flows.extraction.block_features import Numbers, Said, Seen, seen_of
from flows.extraction.block_model import BlockModel, Floats, probability
from flows.extraction.blocks import Blocks, blocks_of
from flows.extraction.paragraphs import EMPTY, Body, body_from
from flows.extraction.titles import plain
from flows.extraction.witnesses.claims import Claims

EXTRACTOR = "blocks"
# What another reader's having read a block, or not, adds to its log-odds or takes off: of 1, 2 and
# 4, tried on unsure pages of parts the model had not seen, 4 reads best.
_WORD_OF_ANOTHER = 4.0
_WORD = re.compile(r"\w+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_POINTS = frozenset({"li", "dd"})
# A block of which this share was read before is the same text for another layout
_SAME_SHARE, _LEAST_SAME_WORDS, _GRAM = 0.9, 10, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The model's reading of a page: its body, the share of it that is a toss (0 to 1), the
    log-odds that the page is an article, and what the reading was made of."""

    body: Body
    unsure: float
    article: float
    seen: Seen | None = None
    log_odds: Floats | None = None


# Of a page that was not judged nothing is held against it
NOTHING = Judgement(body=EMPTY, unsure=1.0, article=9.0)


def judged_body(tree: HtmlElement, said: Said, model: BlockModel) -> Judgement:
    """What `model` reads in `tree`, which stays as it is."""
    seen = seen_of(blocks_of(tree), said)
    if seen is None:
        return NOTHING
    judged = model.judge(seen)
    return Judgement(
        body=_body(seen, judged.blocks, EXTRACTOR),
        unsure=judged.unsure,
        article=judged.page,
        seen=seen,
        log_odds=judged.blocks,
    )


def read_together(judged: Judgement, other: Body) -> Body:
    """What the model reads when it hears which blocks another reader has read."""
    if judged.seen is None or judged.log_odds is None or not other.paragraphs:
        return judged.body
    shares = _shares_in(other, judged.seen.blocks.texts)
    log_odds = judged.log_odds + _WORD_OF_ANOTHER * (2 * shares - 1)
    return _body(judged.seen, log_odds, f"{EXTRACTOR}+{other.extractor}")


def _body(seen: Seen, log_odds: Floats, extractor: str) -> Body:
    blocks = seen.blocks
    taken = list(_once(blocks, _taken(seen.words, log_odds)))

    def of(tags: frozenset[str]) -> Iterator[str]:
        return (blocks.texts[block] for block in taken if blocks.tag_of(block) in tags)

    texts = (blocks.texts[block] for block in taken)
    return body_from(texts, extractor, of(_HEADINGS), of(_POINTS))


def _shares_in(body: Body, texts: Sequence[str]) -> Floats:
    """Of each of `texts` the share that stands in `body`, 0 to 1, by three words in a row."""
    words = _WORD.findall(" ".join(body.paragraphs).lower())
    known = set(zip(words, words[1:], words[2:], strict=False))
    whole = f" {' '.join(words)} "

    def share(text: str) -> float:
        own = _WORD.findall(text.lower())
        if len(own) < 3:
            return float(bool(own) and f" {' '.join(own)} " in whole)
        grams = list(zip(own, own[1:], own[2:], strict=False))
        return sum(gram in known for gram in grams) / len(grams)

    return np.array([share(text) for text in texts])


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
