"""Which month a word names: the one place that asks dateparser.

Decides whose language is believed: the source's own, then English, then any reading that all other
languages who know the word agree on. `listopad` is October in Croatian and November in Polish and
Czech, so without a language it names no month.
"""

from functools import cache

import dateparser

# The languages of the sources we ship and their neighbours
_LANGUAGES = (
    "ru", "uk", "be", "pl", "cs", "sk", "sl", "hr", "sr", "bg", "mk", "lt", "lv", "et", "fi", "sv",
    "da", "nb", "de", "nl", "fr", "es", "pt", "it", "ro", "hu", "el", "tr", "az", "kk", "ka", "hy",
    "ar", "fa", "ur", "he", "hi", "bn", "id", "ms", "tl", "vi", "th", "sw", "sq", "ca",
)  # fmt: skip
_ENGLISH = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
            ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"),
            ("oct", "october"), ("nov", "november"), ("dec", "december"),
        ),
        1,
    )
    for name in names
}  # fmt: skip
_SETTINGS = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "DATE_ORDER": "DMY",
    "PARSERS": ["absolute-time"],
    "NORMALIZE": True,
}


@cache
def month_named(word: str, language: str | None) -> int | None:
    """1–12, or None when `word` names no month, or not the same one to everybody."""
    bare = word.strip(".,'’").casefold()
    own = (language or "").partition("-")[0]
    if own in ("", "en") and bare in _ENGLISH:
        return _ENGLISH[bare]
    if own and own != "en" and (month := _month(word, own)) is not None:
        return month
    if bare in _ENGLISH:
        return _ENGLISH[bare]
    found = {month for other in _LANGUAGES if (month := _month(word, other)) is not None}
    return found.pop() if len(found) == 1 else None


def _month(word: str, language: str) -> int | None:
    """Let dateparser read a date we know but for the month."""
    try:
        read = dateparser.parse(f"15 {word} 2001", languages=[language], settings=_SETTINGS)
    except ValueError:  # a language it does not know
        return None
    if read is None or (read.year, read.day) != (2001, 15):
        return None
    return read.month
