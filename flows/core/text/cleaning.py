"""The one cleaning every string from the web passes before it is kept.

Decides which characters can never be text; refuses to know what a string means. Sinks (terminal,
CSV, HTML) escape again: cleaning is for what is stored, escaping for where it is shown.

How many of what, as a sentence says it. Decides grammar; refuses to know who is told.
"""

import re
import unicodedata

MAX_TITLE_CHARS = 1_000
MAX_NAME_CHARS = 200
MAX_SUMMARY_CHARS = 5_000  # a hint, and shown: the text itself is read from the page
MAX_TEXT_CHARS = 2_000_000

# C0 and C1 controls but tab and newline, soft hyphens, spaces and joiners without width, bidi
# embeddings, overrides and isolates, byte-order marks, non-characters, lone surrogates. The joiners
# U+200C and U+200D stay (Persian, emoji need them), as do the marks U+200E and U+200F, which Arabic
# and Hebrew texts use honestly.
_NEVER_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\u202a-\u202e\u2066-\u2069"
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|\x85|\u2028|\u2029")
_SPACES = re.compile(r"\s+")
_NO_WORD = re.compile(r"[\W_]+")


def clean_text(value: str, max_chars: int = MAX_TEXT_CHARS) -> str:
    """`value` in NFC, without control and bidirectional characters, at most `max_chars` long.

    Lines keep their breaks (all as newline); outer white space goes.
    """
    # cut twice: normalising costs time, and can lengthen
    value = _NEVER_TEXT.sub("", _LINE_ENDS.sub("\n", value[: 2 * max_chars]))
    return unicodedata.normalize("NFC", value).strip()[:max_chars].rstrip()


def clean_line(value: str, max_chars: int = MAX_TITLE_CHARS) -> str:
    """`clean_text` of a value that is one line: every run of white space becomes one space."""
    return _SPACES.sub(" ", clean_text(value, max_chars))


def bare(text: str) -> str:
    """`text` as comparisons see it: case, compatibility forms and punctuation gone."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def how_many(count: int, one: str, many: str | None = None) -> str:
    """`count` things by their name: `many`, or `one` with an s, unless there is just one.

    >>> how_many(1, "page"), how_many(1200, "day of sources", "days of sources")
    ('1 page', '1,200 days of sources')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
