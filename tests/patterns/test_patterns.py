"""Every regular expression of `flows/` goes over a long text once, whatever the text repeats.

Processor time is measured, not time: other work on the machine changes nothing. What grows with the
square of a text takes seconds where 100 ms are allowed, and what grows with its length a few.
"""

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.patterns.found import FLOWS, Found, files, patterns_of
from tests.patterns.texts import texts_for

MOST_SECONDS = 0.1
# Quadratic at 4,000 characters: 16 million steps; linear: a tenth of a millisecond
_SUSPECT_SECONDS = 0.001
_TRIES = 3
_STOPPED_SECONDS = 1.0

# Patterns that never meet a long text: how many characters the code that calls them lets through,
# and what bounds it.
BOUNDED: dict[str, int] = {
    "flows.core.text.dates": 480,  # `_MAX_CHARS`, four times before NFKC
    "flows.fetch.request._CREDENTIALS": 200,  # a Location as it is quoted
    "flows.extraction.authors": 600,  # `_parts`: a credit is a line of 600
    # lines of the operator's own files, and what is said of them
    "flows.core.toml._HEADER": 1_000,
    "flows.core.setting_errors._CREDENTIALS": 1_000,
    "flows.topic.terms._NEAR": 1_000,
    "flows.core.toml": 1_000,
    "flows.core.urls._AMP_CACHE": 2_000,  # a URL that may be requested
    "flows.core.text.written_dates": 600,  # lines of `MAX_LINE_CHARS`, values of 600
}


class _TooLongError(Exception):
    pass


@contextmanager
def _stopped_after(seconds: float) -> Iterator[None]:
    """Raise in the middle of what takes more processor time."""

    def stop(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _ways(found: Found) -> list[Callable[[Any], object]]:
    if found.anchored:
        return [found.pattern.match, found.pattern.fullmatch]
    return [partial(_all_of, found.pattern)]


def _all_of(pattern: re.Pattern[Any], text: Any) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _is_slow(way: Callable[[Any], object], text: Any) -> bool:
    """Too long, and not only because this machine is slow: four times the text takes far more than
    four times as long."""
    whole = _seconds(way, text)
    if whole <= MOST_SECONDS:
        return False
    return whole >= _STOPPED_SECONDS or whole > 8 * _seconds(way, text[-(len(text) // 4) :])


def _seconds(way: Callable[[Any], object], text: Any) -> float:
    """The least processor time of some tries."""
    least = _STOPPED_SECONDS
    for _ in range(_TRIES):
        begun = time.thread_time()
        try:
            with _stopped_after(_STOPPED_SECONDS):
                way(text)
        except _TooLongError:
            break
        least = min(least, time.thread_time() - begun)
        if least <= MOST_SECONDS:
            break
    return least


def _is_suspect(way: Callable[[Any], object], text: Any) -> bool:
    begun = time.thread_time()
    try:
        with _stopped_after(MOST_SECONDS):
            way(text)
    except _TooLongError:
        return True
    return time.thread_time() - begun > _SUSPECT_SECONDS


def slow_texts(found: Found) -> list[str]:
    """The texts over which a pattern goes too often, each as its beginning."""
    module = found.where.partition(":")[0] if ":" in found.where else found.where.rpartition(".")[0]
    bound = BOUNDED.get(found.where, BOUNDED.get(module))
    slow = []
    for short, long in texts_for(found.pattern):
        for way in _ways(found):
            if _is_suspect(way, short[:bound]) and _is_slow(way, long[:bound]):
                slow.append(repr(long[:60]))
                break
        if len(slow) > 2:
            break
    return slow


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(FLOWS)))
def test_no_text_of_its_own_literals_is_gone_over_twice(path: Path) -> None:
    assert threading.current_thread() is threading.main_thread(), "signals reach the main thread"
    slow = {
        f"{found.where}: {found.pattern.pattern!r}": texts
        for found in patterns_of(path)
        if (texts := slow_texts(found))
    }
    assert not slow


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\s*sitemap\s*:\s*(\S+)",
        r"<link[^>]+rel=canonical[^>]*href",
        r"(a+)+$",
        r"\s+$",
        r"<a>.*</a>",
    ],
)
def test_a_pattern_that_goes_back_is_found(pattern: str) -> None:
    found = Found(where="tests", pattern=re.compile(pattern, re.MULTILINE | re.S), anchored=False)
    assert slow_texts(found)


def test_patterns_are_found_wherever_they_stand() -> None:
    names = {found.where for path in files() for found in patterns_of(path)}
    assert {
        "flows.core.text.cleaning._NEVER_TEXT",
        "flows.discovery.providers.folder._COMMENTS",
    } <= names
    assert len(names) > 150
