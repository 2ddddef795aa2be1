"""Copies of real articles in other languages than English: is each tied to its article.

No language has articles enough for a pool: each copy is compared with its own article alone.
"""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import py3langid

from flows.core import LinkKind
from flows.dedup import ComparedText, compare
from tests.benchmarks.derived_copies import paragraphs, retranslated, trimmed
from tests.benchmarks.harder_copies import (
    quoted_otherwise,
    run_together,
    shouted,
    split_up,
    with_own_reporting,
)

_ARTICLES = Path(__file__).parents[2] / "../shared/data/articles/gold.jsonl"
_LEAST_CHARACTERS = 600
_MOST_OF_ONE = 20

Kind = Callable[[str, random.Random, Sequence[str], str], str]


def _is_unspaced(text: str) -> bool:
    return sum("\u3040" <= character <= "\u9fff" for character in text) * 3 > len(text)


def _reworded(text: str, dice: random.Random, pool: Sequence[str], noise: float) -> str:
    """Words exchanged as in `retranslated`; a third as many characters in unspaced scripts."""
    if not _is_unspaced(text):
        return retranslated(text, dice, pool, noise)
    others = "".join(pool)
    return "".join(
        dice.choice(others) if one.isalpha() and dice.random() < noise / 3 else one for one in text
    )


def _cut(text: str, share: float) -> str:
    if not _is_unspaced(text):
        return trimmed(text, share)
    parts = paragraphs(text)
    return "\n\n".join(parts[: max(2, round(share * len(parts)))])


_KINDS: Mapping[str, Kind] = {
    "trimmed to 30 %": lambda t, _d, _p, _o: _cut(t, 0.3),
    "10 % of words": lambda t, d, p, _o: _reworded(t, d, p, 0.10),
    "as the light seed": lambda t, d, p, _o: _reworded(t, d, p, 0.14),
    "as the noisy seed": lambda t, d, p, _o: _reworded(t, d, p, 0.22),
    "trimmed to 40 %, noisy": lambda t, d, p, _o: _reworded(_cut(t, 0.4), d, p, 0.18),
    "every sentence a paragraph": lambda t, _d, _p, _o: split_up(t),
    "all in one paragraph": lambda t, _d, _p, _o: run_together(t),
    "quotation marks": lambda t, d, _p, _o: quoted_otherwise(t, d),
    "capitals": lambda t, d, _p, _o: shouted(t, d),
    "30 % of own reporting": lambda t, d, _p, o: with_own_reporting(t, d, o),
}


def other_languages() -> dict[str, Any]:
    """Languages, articles, and for each kind of copy how many were not tied, by language."""
    texts = _texts()
    missed: dict[str, dict[str, int]] = {}
    for name, make in _KINDS.items():
        counts = {language: _missed(make, told) for language, told in texts.items()}
        missed[name] = {language: count for language, count in counts.items() if count}
    return {
        "languages": len(texts),
        "articles": sum(map(len, texts.values())),
        "kinds": len(_KINDS),
        "missed": missed,
    }


def _missed(make: Kind, texts: Sequence[str]) -> int:
    pool = [word for text in texts for word in text.split() if word.isalpha()]
    missed = 0
    for place, text in enumerate(texts):
        other = texts[(place + 1) % len(texts)]
        if other is text:
            other = " ".join(reversed(text.split()))
        copy = make(text, random.Random(place), pool, other)
        missed += compare(_compared("a", text), _compared("b", copy)).kind is not LinkKind.SAME
    return missed


def _compared(name: str, text: str) -> ComparedText:
    return ComparedText(
        article_id=name, title=name, text=text, language=None, outlet=name,
        first_seen_at=datetime(2023, 2, 24, tzinfo=UTC),
    )  # fmt: skip


def _texts() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for line in _ARTICLES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        text = row.get("body") or ""
        if len(text) < _LEAST_CHARACTERS or row["split"] == "test":
            continue
        language = py3langid.classify(text)[0]
        if language != "en" and len(found[language]) < _MOST_OF_ONE:
            found[language].append(text)
    return {language: texts for language, texts in sorted(found.items()) if texts}
