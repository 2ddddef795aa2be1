"""What the pages of one host repeat: walls, lines of furniture, the site's name in titles.

Decides from the pages remembered of a host, in whatever order they came; refuses to know where
they are remembered and what becomes of a wall. What a host repeats across articles that differ
otherwise is the host's; what it repeats across forms of one article (sections, AMP, print) or
versions of one story is the article's.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from flows.core import EndCount, MetPage
from flows.core.text.words import words
from flows.core.urls import url_key
from flows.dedup.furniture import body_lines

# Stamped on skips; raised when any rule below changes.
REPEATS_VERSION = "repeats-1"

# So many pages that promise different articles and give one text are a wall: two may be one
# article under an old and a new headline …
_LEAST_PROMISED = 3
# … but more where nothing but the number in the address tells them apart: a system that files an
# article in several sections may number each. Unmeasured.
_LEAST_NUMBERED = 6
# A page whose own headline is the promised one is a wall only when brief, as in `shells`: an
# outlet may well print one long document under three headlines.
_LONGEST_STUB = 400  # words
# Two names are one when they share so many of their words, two pages when so many of their lines:
# walls tell the time, an incident's number, the newest headlines. Unmeasured.
_SAME_NAME = 0.6
_SAME_PAGE = 0.8
# A line is furniture when it stands in so many articles, and in so many of those remembered,
# where pages that share half of their lines are versions of one article …
_LEAST_ARTICLES = 3
_LINE_SHARE = 0.15
_SAME_ARTICLE = 0.5
# … or under so many different headlines: a brief may have more lines of the site than of its own.
_LEAST_HEADLINES = 5
_HEADLINE_SHARE = 0.34
# A site's name ends most titles of its host; a section's, a series' or a label's stays.
_END_SHARE = 0.5
_MOST_LINES = 60  # of a page: furniture stands at both ends, so as many of either

_LEAST_NAME = 3  # words of a name: fewer ("news", "article") are a section's or nobody's
_SPLIT = re.compile(r"[^\w]+|_")
_SUFFIX = re.compile(r"\.[a-z]{2,5}$")
_UNSPACED_NAME = 8  # characters


def met_page(
    url: str, asked_key: str, asked_url: str, claimed: str | None, title: str | None, text: str,
    *, text_print: str, ends: tuple[str, ...] = (),
) -> MetPage:  # fmt: skip
    """What is worth remembering of a page served from `url` when `asked_url` was asked for.

    `claimed` is what a source called it, `title` what the page calls itself.
    """
    lines = _line_prints(body_lines(text))
    return MetPage(
        host=host_named(url),
        url_key=asked_key,
        claimed=_name(words(claimed or "")),
        slug=_slug(asked_url) or _slug(url),
        number=_number(asked_key),
        headline=" ".join(words(title or "")),
        text_print=text_print,
        word_count=len(words(text)),
        lines=tuple(dict.fromkeys((*lines[: _MOST_LINES // 2], *lines[-_MOST_LINES // 2 :]))),
        ends=ends,
    )


def host_named(url: str) -> str:
    """The host of a URL as its pages are remembered: its mobile and AMP forms are the same."""
    return url_key(url).partition("/")[0]


def walls(pages: Sequence[MetPage]) -> tuple[frozenset[str], ...]:
    """The walls among the pages of one host: for each the url_keys it stood under."""
    found = []
    for group in _alike(pages):
        stubs = [page for page in group if page.word_count <= _LONGEST_STUB or not _fits(page)]
        if _promise_more(stubs):
            found.append(frozenset(page.url_key for page in stubs))
    return tuple(found)


def repeated_lines(pages: Sequence[MetPage]) -> frozenset[int]:
    """Prints of the lines that belong to the host, by its pages."""
    if len(pages) < _LEAST_ARTICLES:
        return frozenset()
    prints, holds = _held_lines(pages)
    if not len(prints):
        return frozenset()
    titled = _titles(pages)
    lined = _shared(holds) >= _SAME_ARTICLE * _greater([len(page.lines) for page in pages])
    often = _stands_in(holds, _joined(titled | lined), _LEAST_ARTICLES, _LINE_SHARE)
    often |= _stands_in(holds, _joined(titled), _LEAST_HEADLINES, _HEADLINE_SHARE)
    return frozenset(int(line) for line in prints[often])


def repeated_ends(counts: Iterable[EndCount]) -> dict[str, tuple[str, ...]]:
    """host → the segments with which most of its titles begin or end."""
    found: dict[str, tuple[str, ...]] = {}
    for count in counts:
        if count.titles >= max(_LEAST_ARTICLES, _END_SHARE * count.titles_of_host):
            found[count.host] = (*found.get(count.host, ()), count.end)
    return found


def without_lines(text: str, repeated: frozenset[int]) -> str:
    """`text` without the lines in `repeated`; all of it when nothing else would be left."""
    if not repeated:
        return text
    lines = [line for line in text.splitlines() if line.strip()]
    kept = [
        line for line, value in zip(lines, _line_prints(lines), strict=True)
        if value not in repeated
    ]  # fmt: skip
    return "\n".join(kept) if kept else text


def _line_prints(lines: Iterable[str]) -> list[int]:
    """32 bits of each line's words; a wrong match among the 4,000 lines of a host is 1 in 500."""
    return [
        int.from_bytes(hashlib.blake2b(" ".join(words(line)).encode(), digest_size=4).digest())
        for line in lines
    ]


def _name(found: Sequence[str]) -> str:
    """Words that name an article, or nothing."""
    said = " ".join(found)
    spelt = sum(1 for word in found if not word.isdigit())
    unspaced = not said.isascii() and len(said) >= _UNSPACED_NAME
    return said if spelt >= _LEAST_NAME or unspaced else ""


def _slug(url: str) -> str:
    """The words of the most telling step of an address."""
    steps = unquote(urlsplit(url).path).split("/")
    names = (_name([w for w in _SPLIT.split(_SUFFIX.sub("", s.lower())) if w]) for s in steps)
    return max(names, key=len)


def _number(key: str) -> str:
    """The longest step or value of an address that has a digit, the last of equals."""
    tokens = [token for token in _SPLIT.split(key) if any(sign.isdigit() for sign in token)]
    return max(reversed(tokens), key=len, default="")


def _alike(pages: Sequence[MetPage]) -> Iterator[list[MetPage]]:
    """Groups of pages with one text: the same words, or of pages that do not show what their
    address promises nearly the same lines."""
    if len(pages) < _LEAST_PROMISED:
        return
    _, holds = _held_lines(pages)
    near = _shared(holds) >= _SAME_PAGE * _greater([len(page.lines) for page in pages])
    broken = np.array([not _fits(page) for page in pages])
    near &= np.logical_and.outer(broken, broken)
    prints = np.array([page.text_print for page in pages])
    near |= prints[:, None] == prints[None, :]
    numbers = _joined(near)
    for number, size in Counter(numbers).items():
        if size >= _LEAST_PROMISED:
            yield [page for page, own in zip(pages, numbers, strict=True) if own == number]


def _promise_more(group: Iterable[MetPage]) -> bool:
    """Whether the pages promise more articles than one text can be."""
    named: list[MetPage] = []
    numbered: set[str] = set()
    for page in sorted(group, key=lambda one: one.url_key):
        if not page.claimed and not page.slug:
            numbered.add(page.number)
        elif all(_differ(page, other) for other in named):
            named.append(page)
    return len(named) >= _LEAST_PROMISED or len(numbered) >= _LEAST_NUMBERED


def _differ(a: MetPage, b: MetPage) -> bool:
    """Whether two pages promise different articles: by every name that both have, and one; or by
    their titles and numbers, for the words of an address may be its section's."""
    told = [(x, y) for x, y in ((a.claimed, b.claimed), (a.slug, b.slug)) if x and y]
    unlike = [not _one_name(x, y) for x, y in told]
    if a.claimed and b.claimed and unlike[0] and a.number and b.number and a.number != b.number:
        return True
    return bool(told) and all(unlike)


def _one_name(a: str, b: str) -> bool:
    x, y = set(a.split()), set(b.split())
    return len(x & y) >= _SAME_NAME * len(x | y)


def _fits(page: MetPage) -> bool:
    """Whether a page calls itself what it was promised to be."""
    own = set(page.headline.split())
    promised = [set(name.split()) for name in (page.claimed, page.slug) if name]
    return len(own) >= _LEAST_NAME and any(
        len(own & name) >= _SAME_NAME * min(len(own), len(name)) for name in promised
    )


def _held_lines(pages: Sequence[MetPage]) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """The lines that enough pages have to matter, and for each page which of them it has."""
    found, holds = _holding([page.lines for page in pages])
    often = holds.sum(axis=0) >= min(_LEAST_ARTICLES, _LEAST_PROMISED)
    return found[often].astype(np.uint32), holds[:, often]


def _holding(sets: Sequence[Iterable[int]]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The distinct members of `sets`, and for each set which of them it has."""
    listed = [tuple(one) for one in sets]
    sizes = [len(one) for one in listed]
    every = np.fromiter((member for one in listed for member in one), np.int64, sum(sizes))
    members, where = np.unique(every, return_inverse=True)
    holds = np.zeros((len(listed), len(members)), dtype=bool)
    holds[np.repeat(np.arange(len(listed)), sizes), where] = True
    return members, holds


def _shared(holds: NDArray[np.bool_]) -> NDArray[np.float32]:
    """For each pair of rows how many columns they have in common."""
    counted = holds.astype(np.float32)  # floats: numpy multiplies whole numbers ten times slower
    return counted @ counted.T


def _greater(sizes: Sequence[int]) -> NDArray[np.int64]:
    """For each pair the greater size, at least 1."""
    return np.maximum(np.maximum.outer(sizes, sizes), 1)


def _titles(pages: Sequence[MetPage]) -> NDArray[np.bool_]:
    """For each pair of pages whether they call themselves alike; without a title, by their text."""
    named = [set((page.headline or page.text_print).split()) for page in pages]
    numbers = {word: n for n, word in enumerate(sorted(set().union(*named)))}
    _, holds = _holding([{numbers[word] for word in words} for words in named])
    shared, sizes = _shared(holds[:, holds.sum(axis=0) > 1]), holds.sum(axis=1)
    either = np.add.outer(sizes, sizes) - shared
    return np.asarray(shared >= _SAME_NAME * np.maximum(either, 1))


def _stands_in(
    holds: NDArray[np.bool_], articles: Sequence[int], least: int, share: float
) -> NDArray[np.bool_]:
    """Which lines stand in at least `least` of `articles`, numbered by page, and in that share."""
    holders = np.zeros((len(articles), holds.shape[1]), dtype=bool)
    np.logical_or.at(holders, articles, holds)
    return np.asarray(holders.sum(axis=0) >= max(least, share * len(set(articles))))


def _joined(ties: NDArray[np.bool_]) -> list[int]:
    """Numbers of the connected components of a symmetric relation, by row."""
    numbers = list(range(len(ties)))
    for row, column in np.argwhere(np.triu(ties, 1)):
        a, b = numbers[row], numbers[column]
        if a != b:
            numbers = [min(a, b) if number in (a, b) else number for number in numbers]
    return numbers
