"""Paragraphs that an extractor brings along and that are not the article's. A pure decider.

Decided by structure where it can be: the headline again, a paragraph that is nothing but a link, a
byline or date line before the first sentence, the author's note about themselves at the end. Only
credits, calls to subscribe and numbers of readers need words; those are the trade's, in the
languages of the gold.
"""

import re
from collections.abc import Iterable, Sequence

from flows.core.text.boilerplate import CALL, CREDIT, is_counter, is_relative_time
from flows.core.text.cleaning import bare
from flows.extraction.titles import plain

_LABEL_WORDS = 5  # "Read more:", "See this story too |": what stands before a link's text
_LEAST_WORDS = 4  # fewer may be a name or a product that a list is about
_LEAST_LINKED_PROSE = 120  # characters: headlines are shorter, and end without a stop (unmeasured)
_LINKED_LISTS = 3  # a third of the paragraphs (a fourth scores the same)
_SENTENCE_END = re.compile(r"[.!?…。！？।؟։][\"'”’»)\]]*$")
_LEAST_TITLE_CHARS = 8
_HEAD_LINES = 8
_TAIL_LINES = 8


def without_furniture(
    paragraphs: Sequence[str],
    *,
    titles: Sequence[str],
    link_texts: frozenset[str],
    authors: Sequence[str],
) -> tuple[str, ...]:
    """`paragraphs` without what is not the article's text, in order.

    `titles`: every headline claimed. `link_texts`: `bare` texts of the page's links. `authors`:
    names as credited. If next to nothing would be left, all are kept.
    """
    link_texts = link_texts if _links_are_furniture(paragraphs, link_texts) else frozenset()
    known = frozenset(bare(title) for title in titles)
    names = tuple(bare(author) for author in authors if " " in author)
    last = len(paragraphs) - 1
    kept = tuple(
        paragraph
        for position, paragraph in enumerate(paragraphs)
        if not _repeats_title(paragraph, known, position)
        and not _is_link(paragraph, link_texts)
        and not _is_credit_or_call(paragraph)
        and not _is_count(paragraph)
        and not (last - position < _TAIL_LINES and _is_note_on(paragraph, names))
    )
    kept = _from_first_sentence(_without_headline(kept, titles), names, link_texts)
    return kept if 3 * sum(map(len, kept)) >= sum(map(len, paragraphs)) else tuple(paragraphs)


def linked_share(paragraphs: Sequence[str], link_texts: frozenset[str]) -> float:
    """The share of the characters of `paragraphs` that are links, 0–1."""
    total = sum(map(len, paragraphs))
    linked = sum(len(paragraph) for paragraph in paragraphs if bare(paragraph) in link_texts)
    return linked / total if total else 0.0


def _repeats_title(paragraph: str, known: frozenset[str], position: int) -> bool:
    if position >= _HEAD_LINES or len(paragraph) >= 400:
        return False
    # titles are kept without the mark-up that some show as text
    return bare(paragraph) in known or ("<" in paragraph and bare(plain(paragraph)) in known)


def _links_are_furniture(paragraphs: Sequence[str], link_texts: frozenset[str]) -> bool:
    """Not in a list of links with a word on each: there the links are what it is about."""
    linked = sum(_is_link(paragraph, link_texts) for paragraph in paragraphs)
    return linked * _LINKED_LISTS < len(paragraphs)


def _is_link(paragraph: str, link_texts: frozenset[str]) -> bool:
    """Whether a paragraph is a headline with a link, or a label and one."""
    if (
        not link_texts or len(paragraph) > 300 or "://" in paragraph or "(@" in paragraph
    ):  # a quoted post's line
        return False
    if len(paragraph) >= _LEAST_LINKED_PROSE and _SENTENCE_END.search(paragraph):
        return False  # a sentence of the text that happens to be a link
    text = bare(paragraph)
    words = text.split()
    if text in link_texts:
        return len(words) >= _LEAST_WORDS or (len(words) == 1 and len(text) >= 12)  # no spaces
    return len(words) > 5 and any(
        " ".join(words[cut:]) in link_texts
        for cut in range(1, min(_LABEL_WORDS, len(words) - 3) + 1)
    )


def _is_credit_or_call(paragraph: str) -> bool:
    if len(paragraph) < 300 and CALL.match(paragraph):
        return True
    return len(paragraph) < 160 and CREDIT.match(paragraph) is not None


def _is_count(paragraph: str) -> bool:
    return len(paragraph) < 100 and (is_counter(paragraph) or is_relative_time(paragraph))


def _is_note_on(paragraph: str, names: Sequence[str]) -> bool:
    """Whether a paragraph at the end is about its author ("Jane Doe is our correspondent in …")."""
    text = bare(paragraph)
    return any(text.startswith(name) for name in names)


def _without_headline(paragraphs: tuple[str, ...], titles: Iterable[str]) -> tuple[str, ...]:
    """Without the headline that a plain extractor ran into the first paragraph."""
    for title in titles:
        text = paragraphs[0] if paragraphs else ""
        rest = text.removeprefix(title).lstrip(" :|-–—")
        if len(title) > _LEAST_TITLE_CHARS and len(rest) < len(text) and not rest[:1].islower():
            return (rest, *paragraphs[1:]) if rest else paragraphs[1:]
    return paragraphs


def _from_first_sentence(
    paragraphs: tuple[str, ...], names: Sequence[str], link_texts: frozenset[str]
) -> tuple[str, ...]:
    """Without the lines before the first sentence that name the author, a date or a link."""
    for position, paragraph in enumerate(paragraphs[:_HEAD_LINES]):
        if len(paragraph) > 100 or _SENTENCE_END.search(paragraph):
            return paragraphs[position:]
        text = bare(paragraph)
        if not (any(name in text for name in names) or text in link_texts or _is_date(paragraph)):
            return paragraphs[position:]
    return paragraphs


def _is_date(paragraph: str) -> bool:
    digits = sum(char.isdigit() for char in paragraph)
    return len(paragraph) < 80 and digits >= 4 and digits * 8 >= len(paragraph)
