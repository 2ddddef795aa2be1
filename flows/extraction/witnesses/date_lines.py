"""The visible date and the address: what stands near the headline, or in elements marked as date.

Decides which visible words are a date line; refuses to know whether to believe it. Asked only where
mark-up names no time. Beside it the address, which names a day where publishers write it there.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from lxml.html import HtmlElement

from flows.core.text.url_days import days_in
from flows.core.text.written_dates import MAX_LABEL_CHARS, says_changed, written_dates
from flows.extraction.witnesses.claims import Claims
from flows.extraction.witnesses.headings import of_another
from flows.extraction.witnesses.lines import (
    MAX_LINE_CHARS,
    line_of,
    lines_after_headline,
    outside,
    with_attribute,
)

_MARK = re.compile(
    r"(?:^|[^a-z])(?:pub\w{0,12}|post(?:ed|-?date|-?time)|article-?(?:date|time)|entry-?date|"
    r"time(?:stamp)?|date(?:line|time|published|-published)?|datum|fecha|tarih|zeit|stand)(?:[^a-z]|$)"
)
# "Published by Jane Doe in Berlin, updated on Friday 24 May 2023 at 9:30" has five (unmeasured)
_MOST_SMALL_WORDS = 6
_LEAST_SENTENCE = 60  # characters
_SMALL_WORD = re.compile(r"(?<!\w)[^\W\d_A-Z]{2,}(?!\w)")
_WITH_CLASS = with_attribute("class", within="//body")
_NOT_MARK = re.compile(r"updat|modif|relat|comment|event|expire|copyright|foot|teaser|weather")


def text_dates(tree: HtmlElement, *, month_first: bool) -> Claims:
    """Dates of date lines, written `YYYY-MM-DD[ HH:MM[:SS]]`, the likeliest first.

    `month_first`: whether the language writes 2/11 for the eleventh of February.
    """
    lines = chain(lines_after_headline(tree), _marked(tree))
    found = islice(_dates(lines, month_first=month_first), 3)
    return Claims(origin="text", published=tuple(dict.fromkeys(found)))


def _marked(tree: HtmlElement) -> Iterator[str]:
    for element in _WITH_CLASS(tree):
        mark = f"{element.get('class')} {element.get('id') or ''}".lower()
        if not _MARK.search(mark) or _NOT_MARK.search(mark):
            continue
        if not (outside(element) or of_another(element)):
            text = element.get("title") or line_of(element)
            if 6 <= len(text) <= MAX_LINE_CHARS:
                yield text


def _dates(lines: Iterable[str], *, month_first: bool) -> Iterator[str]:
    """Dates of publication: one that its line, or the label before it, calls an update is none."""
    label = ""
    for line in lines:
        if _is_sentence(line):
            label = ""
            continue
        updated = len(label) <= MAX_LABEL_CHARS and says_changed(label)
        for date in written_dates(line, month_first=month_first):
            if not (date.changed or updated):
                yield date.text
        label = line


def url_dates(url: str) -> Claims:
    """The URL as a witness: the days its path names."""
    return Claims(origin="url", published=days_in(url))


def _is_sentence(line: str) -> bool:
    """Whether a line tells something: a date in it is of what it tells.

    A date line has a label, names, a place; a sentence has words between them that begin small.
    """
    return len(line) >= _LEAST_SENTENCE and len(_SMALL_WORD.findall(line)) > _MOST_SMALL_WORDS
