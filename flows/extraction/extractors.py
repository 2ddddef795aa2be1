"""The outside extractors, called in one place and in one way.

trafilatura reads bodies from the shared tree: never with `deduplicate` (it keeps state and empties
the fourth identical page), never its fetching, never its metadata (a quarter of its time).
resiliparse reads plainly what the limits refuse. htmldate guesses a day where no witness names one.
"""

import copy
import logging
from datetime import datetime

from htmldate import extractors as htmldate_extractors
from htmldate import find_date
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor
from trafilatura.utils import detect_encoding

from flows.core.text.months import month_named
from flows.core.text.written_dates import written_dates

for _name in ("trafilatura", "htmldate", "readability", "justext"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # a page's faults are told by our skips


class _OurDates:
    """What htmldate asks of dateparser, answered by our own reader of written dates."""

    def get_date_data(self, text: str) -> dict[str, datetime | None]:
        """The first day that `text` names, under dateparser's key."""
        found = next(written_dates(text, month_first=None), None)
        try:
            return {"date_obj": datetime.fromisoformat(found.text[:10]) if found else None}
        except ValueError:
            return {"date_obj": None}


class _OurMonths:
    """What htmldate asks of the months of dateparser's locales."""

    def __contains__(self, word: str) -> bool:
        return month_named(word) is not None


# dateparser compiles every locale it knows when first asked: two seconds of each worker's life, for
# dates that our own tables read
htmldate_extractors.get_external_parser = _OurDates  # type: ignore[assignment]
htmldate_extractors.month_words = _OurMonths  # type: ignore[assignment]

LEAST_DENSE_CHARS = 100
_OPTIONS = Extractor(output_format="python", comments=False, with_metadata=False, dedup=False)


def main_content(tree: HtmlElement, *, dense: bool) -> HtmlElement | None:
    """trafilatura's reading of `tree`: a `body` of p, head, list, quote, table; None if nothing.

    `dense` scripts (Han, kana, Hangul) say in 100 characters what others say in 250, the length
    below which trafilatura takes its reading for a failure and falls back to a coarse one.
    """
    options = copy.copy(_OPTIONS)
    if dense:
        options.min_extracted_size = LEAST_DENSE_CHARS
    document = bare_extraction(tree, options=options)
    return document.body if isinstance(document, Document) else None


def plain_text(html: str) -> str:
    """resiliparse's main content of `html` as plain text, one block a line."""
    return str(extract_plain_text(html, main_content=True, comments=False, alt_texts=False))


def guessed_day(tree: HtmlElement, url: str | None, *, latest: datetime) -> str | None:
    """htmldate's guess at the day of publication (`YYYY-MM-DD`), not after `latest`.

    Wrong on 3 % of pages and all of our wrong days once came from it: a last resort.
    """
    try:
        day = find_date(tree, original_date=True, url=url, max_date=latest)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None
    return None if day is None or day.endswith("-01-01") else day  # that is how it writes a year


def guessed_charsets(body: bytes) -> list[str]:
    """Names of encodings `body` may be in, most likely first."""
    return list(detect_encoding(body))
