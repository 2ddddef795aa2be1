"""An article → one normalised text with its sentences and their places.

Decides what is title, lede, body and claim, and where sentences end; refuses to know terms.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from flows.core import Article
from flows.topic.normal import folded, normalised
from flows.topic.term_languages import languages_of

TITLE, CLAIM, LEDE, BODY = "title", "claim", "lede", "body"

# Title and first seventy words decided best on 258 hand labels (P .98, R .79 by plain AND), against
# .74 to .87 F1 for whole texts. A first paragraph can be a photo credit or the whole article.
LEDE_WORDS = 70
# A judgement reads this much; beyond it lie comments and transcripts. 60,000 letters are some
# 10,000 words, four times the longest article measured.
MOST_LETTERS = 60_000

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")  # feeds give summaries as HTML

_END = re.compile(r"\n\s*|[.!?…][\"”’»)\]]*\s+|[。！？]")
# an initial or a title ends nothing: "U.S. and", "J. Blinken", "Gen. Li", "im. Lecha"
_SHORTENED = re.compile(r"\b(?:[A-Z]|Mr|Ms|Mrs|Dr|St|Gen|Sen|Rep|Gov|prof|im)\.\s*$")
_LONGEST_SHORTENED = 8  # letters looked at before the end of a possible sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """Sentences in the order title, claim, lede, body, and the same as one normalised text.

    `folded` and `cased` have equal offsets and one newline between two sentences; `starts[i]` is
    the offset of sentence i. `languages`: whose terms apply; empty for all.
    """

    sentences: tuple[str, ...]
    places: tuple[str, ...]
    cased: str
    folded: str
    starts: tuple[int, ...]
    languages: frozenset[str]

    def sentence_at(self, offset: int) -> int:
        """The number of the sentence that holds `offset`."""
        return bisect_right(self.starts, offset) - 1


def passages_of(
    article: Article, *, claimed_title: str | None = None, claimed_summary: str | None = None
) -> Passages:
    """Cut an article, and what a source claimed of it, into sentences with places."""
    sentences: list[str] = []
    places: list[str] = []

    def add(place: str, found: list[str]) -> None:
        sentences.extend(found)
        places.extend([place] * len(found))

    add(TITLE, _sentences(article.title or ""))
    if claimed_title and claimed_title != article.title:
        add(CLAIM, _sentences(claimed_title))
    text = (article.text or article.lede)[:MOST_LETTERS]
    claimed_summary = _TAG.sub(" ", claimed_summary or "")
    if claimed_summary and not text.startswith(claimed_summary):
        # some feeds give the whole text: what a summary says, it says at its beginning
        add(CLAIM, _lede_and_body(_sentences(claimed_summary))[0])
    lede, body = _lede_and_body(_sentences(text))
    add(LEDE, lede)
    add(BODY, body)
    return _joined(sentences, places, article.language)


def _joined(sentences: list[str], places: list[str], language: str | None) -> Passages:
    cased = normalised("\n".join(sentences))
    lower = folded(cased)
    lengths = [len(line) + 1 for line in cased.split("\n")]
    return Passages(
        sentences=tuple(sentences),
        places=tuple(places),
        cased=cased,
        folded=lower,
        starts=tuple(accumulate(lengths[:-1], initial=0)),
        languages=languages_of("\n".join(sentences), lower, language),
    )


def _sentences(text: str) -> list[str]:
    found: list[str] = []
    text = text.replace("\r", "\n")
    begin = 0
    for end in _END.finditer(text):
        before = text[max(begin, end.start() - _LONGEST_SHORTENED) : end.end()]
        if "\n" in end[0] or not _SHORTENED.search(before):
            found.append(text[begin : end.end()])
            begin = end.end()
    found.append(text[begin:])
    return [sentence.strip() for sentence in found if sentence.strip()]


def _lede_and_body(sentences: list[str]) -> tuple[list[str], list[str]]:
    words = 0.0
    for count, sentence in enumerate(sentences):
        if words >= LEDE_WORDS:
            return sentences[:count], sentences[count:]
        words += _word_count(sentence)
    return sentences, []


def _word_count(sentence: str) -> float:
    spaced = sentence.count(" ") + 1
    return spaced if sentence.isascii() else max(spaced, len(sentence) / 6)
