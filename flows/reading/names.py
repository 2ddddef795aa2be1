"""A byline as written → names: splitting, and what around a name is none."""

import html
import re
from collections.abc import Iterable, Iterator

from flows.cleaning import MAX_NAME_CHARS, clean_line

_PREFIX = re.compile(
    r"^(?:by|von|par|por|di|door|av|af|od|oleh|words by|texte?|written by|byline)\b\s*:?\s+", re.I
)
_SPLIT = re.compile(
    r"\s*(?:;|\||,(?!\s*(?:jr|sr|md|phd|ii|iii)\b)| & | and | und | et | y )\s*", re.I
)


def people_of(credits: Iterable[str]) -> tuple[str, ...]:
    """The names in `credits`, each once, in order."""
    kept: dict[str, str] = {}
    for credit in credits:
        for name in _split(credit):
            kept.setdefault(name.casefold(), name)
    return tuple(kept.values())[:20]


def _split(credit: str) -> Iterator[str]:
    text = clean_line(html.unescape(credit), 500)
    if not text or text.startswith("http") or len(text) > 300:
        return
    for part in _SPLIT.split(text):
        name = _PREFIX.sub("", part).strip(" .,:-")
        if name and "@" not in name:
            yield name[:MAX_NAME_CHARS]
