"""The seed documents, noisy as they are, find copies of their stories and not each other."""

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.core import LinkKind
from flows.dedup import LEAST_SHARED, ComparedText, compare, fingerprints
from tests.benchmarks.derived_copies import KINDS

SEEDS = {path.stem[:3]: path for path in (Path(__file__).parents[2] / "seeds").glob("*.txt")}
STAND_INS = ("harbour", "winter", "question", "morning", "language", "measure", "window", "paper")


def seed(name: str) -> ComparedText:
    return _compared(name, SEEDS[name].read_text(encoding="utf-8"))


def _compared(name: str, text: str) -> ComparedText:
    return ComparedText(
        article_id=name,
        title=None,
        text=text,
        language="en",
        outlet=None,
        first_seen_at=datetime(2023, 2, 24, tzinfo=UTC),
    )


def test_the_two_seeds_are_two_stories() -> None:
    first, second = map(seed, sorted(SEEDS))
    assert compare(first, second).kind is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", sorted(SEEDS))
def test_every_kind_of_copy_of_a_seed_is_found_and_tied_to_it(name: str, kind: str) -> None:
    original = seed(name)
    copy = _compared("copy", KINDS[kind](original.text, random.Random(kind), STAND_INS))
    shared = set(fingerprints(original.text)) & set(fingerprints(copy.text))
    assert len(shared) >= LEAST_SHARED
    assert compare(original, copy).kind is LinkKind.SAME
