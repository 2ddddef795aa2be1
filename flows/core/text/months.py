"""Which month a word names: the one place that asks dateparser, and only for its tables.

Decides whose language is believed: the source's own, then English, then any reading that all other
languages who know the word agree on. `listopad` is October in Croatian and November in Polish and
Czech, so without a language it names no month.
"""

import unicodedata
from functools import cache

from dateparser.languages.loader import default_loader

# The languages of the sources we ship and their neighbours
_LANGUAGES = (
    "ru", "uk", "be", "pl", "cs", "sk", "sl", "hr", "sr", "bg", "mk", "lt", "lv", "et", "fi", "sv",
    "da", "nb", "de", "nl", "fr", "es", "pt", "it", "ro", "hu", "el", "tr", "az", "kk", "ka", "hy",
    "ar", "fa", "ur", "he", "hi", "bn", "id", "ms", "tl", "vi", "th", "sw", "sq", "ca",
)  # fmt: skip
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip


def month_named(word: str, language: str | None) -> int | None:
    """1–12, or None when `word` names no month, or not the same one to everybody."""
    own = (language or "").partition("-")[0]
    for first in (own, "en"):
        if first and (month := _month(word, first)) is not None:
            return month
    found = {month for other in _LANGUAGES if (month := _month(word, other)) is not None}
    return found.pop() if len(found) == 1 else None


def _month(word: str, language: str) -> int | None:
    names = _names(language)
    return names.get(_bare(word)) or names.get(_unaccented(word))


@cache
def _names(language: str) -> dict[str, int]:
    """Month names and abbreviations of a language, as dateparser's tables give them.

    The tables, not its parser: a feed of invented months would cost a second a word there.
    """
    try:
        table = default_loader.get_locale(language).info
    except ValueError:  # a language it does not know
        return {}
    names: dict[str, int] = {}
    for number, month in enumerate(_MONTHS, 1):
        for name in [month, *table.get(month, ())] if language == "en" else table.get(month, ()):
            names.setdefault(_bare(name), number)
            names.setdefault(_unaccented(name), number)
    return names


def _bare(word: str) -> str:
    """`ก.พ.` and `ก.พ` are `กพ`; a Roman `II` stays."""
    return word.casefold().replace(".", "").strip(",'’")


def _unaccented(word: str) -> str:
    """Without the accents of Latin, Greek and Cyrillic; marks of other scripts are letters."""
    parts = unicodedata.normalize("NFKD", _bare(word))
    return "".join(char for char in parts if not "\u0300" <= char <= "\u036f")
