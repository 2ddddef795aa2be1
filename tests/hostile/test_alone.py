"""The measure of memory can fail: it sees growth whatever its parent used before."""

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.core import Reason
from tests.hostile.alone import grown_kb
from tests.hostile.fetched_threats import bombed, flooded_chunks, flooded_headers, flooded_page
from tests.hostile.listed_threats import flooded_feed, laughed
from tests.hostile.read_threats import flooded_html
from tests.hostile.threats import MOST_GROWN_KB, without_growing

_MB = 1_000_000
_FAR_MORE = 50 * _MB


def grow(megabytes: int) -> int:
    """Use so much memory, and give it back."""
    return sum(bytes([1]) * (megabytes * _MB))


def test_growth_is_seen_after_the_parent_had_a_peak_far_above() -> None:
    assert len(bytes([1]) * 400 * _MB) == 400 * _MB
    with pytest.raises(AssertionError):
        without_growing(grow, 60)


def test_growth_is_seen_after_the_process_itself_had_a_peak_far_above() -> None:
    _, kilobytes = grown_kb(grow, 60)
    assert 55_000 < kilobytes < 70_000


def test_little_growth_is_let_pass() -> None:
    assert without_growing(grow, 10) == 10 * _MB


@pytest.mark.parametrize("work", [flooded_page, flooded_chunks])
def test_what_floods_would_be_seen_without_its_limit(work: object, tmp_path: Path) -> None:
    assert callable(work)
    outcome, kilobytes = grown_kb(work, tmp_path, _FAR_MORE)
    assert outcome is Reason.TOO_LARGE
    assert kilobytes > MOST_GROWN_KB


@pytest.mark.parametrize("codings", [("gzip",), ("br",), ("zstd",), ("gzip", "gzip")])
def test_a_bomb_would_be_seen_without_its_limit(codings: tuple[str, ...], tmp_path: Path) -> None:
    outcome, kilobytes = grown_kb(bombed, tmp_path, codings, _FAR_MORE)
    assert outcome is Reason.TOO_LARGE
    assert kilobytes > MOST_GROWN_KB


@pytest.mark.parametrize(
    ("work", "given"),
    [(flooded_headers, (0,)), (flooded_html, ()), (flooded_feed, ()), (laughed, ())],
    ids=["headers", "page", "feed", "laughs"],
)
def test_what_was_held_of_it_would_be_seen(
    work: object, given: tuple[int, ...], tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        without_growing(_holding, work, tmp_path, *given, most_kilobytes=120_000)


def _holding(work: Callable[..., object], folder: Path, *given: int) -> object:
    """What `work` does, as if 150 MB of what it met had been held."""
    ended = work(folder, *given)
    return ended, len(bytes([1]) * 150 * _MB)
