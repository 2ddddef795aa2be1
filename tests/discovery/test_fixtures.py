"""Feeds and sitemaps of the wild and of other projects: all are read or refused with a reason.

The files belong to others and are read from the shared data; without it the tests are skipped.
"""

from pathlib import Path

import pytest

from flows.discovery import Answer, Listing, Unreadable, read_answer
from flows.discovery.candidates import candidates_of
from tests.discovery.support import FEED, NOW, source

DATA = Path(__file__).parents[2] / "../shared/data/feeds"
FIXTURES = [
    path
    for folder in ("peers", "raw")
    for path in sorted((DATA / folder).rglob("*"))
    if path.is_file() and path.name not in {"LICENSE", "NOTICE"} and path.suffix != ".md"
]

pytestmark = pytest.mark.skipif(not FIXTURES, reason="the shared data is absent")


@pytest.fixture(scope="module")
def answers() -> dict[Path, Listing | Unreadable]:
    """Every fixture read once: a thousand files cost some seconds."""
    return {
        path: read_answer(Answer(kind="feed", url=FEED, body=path.read_bytes()))
        for path in FIXTURES
    }


Answers = dict[Path, Listing | Unreadable]


def test_every_fixture_is_read_or_gives_a_reason(answers: Answers) -> None:
    for path, found in answers.items():
        assert isinstance(found, Listing) or found.problem, path


def test_every_entry_of_every_fixture_is_a_candidate_or_counted(answers: Answers) -> None:
    for path, listing in answers.items():
        if isinstance(listing, Listing):
            found = candidates_of(listing, source(), now=NOW)
            counted = sum(number for _, number in found.problems)
            assert len(found.candidates) + counted == found.items, path


def test_few_fixtures_that_are_feeds_are_refused(answers: Answers) -> None:
    feeds = [path for path in answers if path.suffix in {".xml", ".atom", ".rss"}]
    refused = [path.name for path in feeds if isinstance(answers[path], Unreadable)]

    # the rest are HTML, empty, or XML of another kind
    assert len(refused) <= len(feeds) * 0.02, refused
