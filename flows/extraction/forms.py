"""Which form an article has: running text, a live blog, or a list. A pure decider.

A list is an article that is read item by item: a ranking, the winners of a prize, the news in
brief, ten things to know. Subheadings alone make none: reports have them, with 100 words and more
between two; so do questions and answers. Live blogs say so in their mark-up, or in headline or
address with the times of their posts to prove it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from urllib.parse import urlsplit

from flows.core.text.calendars import ascii_digits
from flows.core.text.words import word_count

ARTICLE, LIVE, LIST = "article", "live", "list"

_LIVE = re.compile(
    r"(?:^|[\W_])(?:live|live-?(?:blog|ticker|updates?)|newsblog|en direct|en vivo|en directo|"
    r"ao vivo|diretta|canlı|онлайн|наживо|na żywo|naživo|direkte|direto)(?:[\W_]|$)"
    r"|مباشر|直播|速報|실시간|लाइव",
    re.I,
)
_LEAST_POSTS = 5
_NUMBER = re.compile(r"\W{0,3}(?:n[o°º]\.?\s?)?(\d{1,3})(?:\s?[.):]|\s[-–—]|\s|$)", re.I)
_PROMISED = re.compile(
    r"(?<![\d.,:/-])([3-9]|[1-9]\d|100|101)(?![\d.,:/%-]|\s?(?:%|percent|million))"
)
# Measured on half the gold: subheadings of reports stand 98 words and more apart (median), of an
# explainer 75; of lists 8 to 80
_MOST_WORDS = 80
_LEAST_WORDS = 4
_LEAST_PROMISED, _MOST_PROMISED_WORDS = 5, 150  # unmeasured
_LEAST_ITEMS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How an article is laid out.

    `headings` and `points` are those of `paragraphs` that are headings and list items (there may
    be more); `moments` counts the page's time elements; `live` is mark-up's word.
    """

    title: str
    url: str
    paragraphs: Sequence[str]
    headings: frozenset[str]
    points: frozenset[str]
    moments: int
    live: bool


def form_of(layout: Layout) -> str:
    """`live`, `list` or `article`."""
    if layout.live or (_called_live(layout) and layout.moments >= _LEAST_POSTS):
        return LIVE
    return LIST if _is_list(layout) else ARTICLE


def _called_live(layout: Layout) -> bool:
    path = urlsplit(layout.url).path.replace("-", " ")
    return _LIVE.search(layout.title) is not None or _LIVE.search(path) is not None


def _is_list(layout: Layout) -> bool:
    if not any(text in layout.headings or text in layout.points for text in layout.paragraphs):
        return False
    words = [word_count(paragraph) for paragraph in layout.paragraphs]
    pairs = list(zip(layout.paragraphs, words, strict=True))
    points = [count for paragraph, count in pairs if paragraph in layout.points]
    if len(points) >= _LEAST_ITEMS and sum(points) > 0.6 * sum(words):
        return True
    heads = [at for at, (paragraph, _) in enumerate(pairs) if paragraph in layout.headings]
    items = [sum(words[start + 1 : end]) for start, end in pairwise((*heads, len(words)))]
    if len(items) < 3 or sum(items) < 0.5 * sum(words):
        return False
    headlines = [layout.paragraphs[at] for at in heads]
    return (
        _counts(headlines)
        or _promised(layout.title, items)
        or (
            len(items) >= _LEAST_ITEMS
            and sum(items) >= 0.7 * sum(words)
            and _LEAST_WORDS <= median(items) <= _MOST_WORDS
            and 2 * sum(head.rstrip().endswith(("?", "？", "؟", ";")) for head in headlines)
            < len(items)
        )
    )


def _counts(headlines: Sequence[str]) -> bool:
    """Whether most headings are numbered one by one, upwards or downwards."""
    found = (_NUMBER.match(ascii_digits(headline)) for headline in headlines)
    numbers = [int(number[1]) for number in found if number is not None]
    steps = {after - before for before, after in pairwise(numbers)}
    return (
        len(numbers) >= 3
        and 3 * len(numbers) >= 2 * len(headlines)
        and steps in ({1}, {-1})
        and min(numbers) <= 1
    )


def _promised(title: str, items: Sequence[int]) -> bool:
    """Whether the headline promises as many things as there are headings, each soon told.

    Four suspects or twelve dead are numbers, too: fewer than five promise nothing.
    """
    numbers = (int(number) for number in _PROMISED.findall(ascii_digits(title)))
    return median(items) <= _MOST_PROMISED_WORDS and any(
        number >= _LEAST_PROMISED and abs(number - len(items)) <= 1 for number in numbers
    )
