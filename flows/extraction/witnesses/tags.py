"""Keywords a page gives itself, as a list: witnesses write them in one string or in many."""

from collections.abc import Iterable, Sequence

from flows.core.text.cleaning import MAX_NAME_CHARS
from flows.extraction.titles import plain
from flows.extraction.witnesses.claims import Claims

MAX_TAGS = 30


def tags_of(witnesses: Sequence[Claims]) -> tuple[str, ...]:
    """The tags of the first witness that names any, each once, in order."""
    for claims in witnesses:
        tags = dict.fromkeys(tag for text in claims.tags for tag in _split(text))
        if tags:
            return tuple(tags)[:MAX_TAGS]
    return ()


def _split(text: str) -> Iterable[str]:
    separator = ";" if ";" in text else "，" if "，" in text else "、" if "、" in text else ","
    for part in plain(text).split(separator):
        tag = part.strip().removeprefix("#")
        if tag and len(tag) <= MAX_NAME_CHARS:
            yield tag
