"""Items of the last listing, told by link or by what they are called."""

from dataclasses import replace
from datetime import timedelta

import pytest

from flows.core import Candidate, ClaimedTime, Precision, Zone
from flows.discovery.items import called, recognised
from tests.discovery.support import NOW, memory


def item(key: str, title: str | None, guid: str | None = None, minutes: int | None = None,
         precision: Precision = Precision.SECOND) -> Candidate:  # fmt: skip
    at = NOW - timedelta(minutes=minutes or 0)
    claim = ClaimedTime(at=at, precision=precision, origin="feed", zone=Zone.STATED, raw="x")
    return Candidate(
        url=f"https://{key}", url_key=key, source_id="daily", seen_at=NOW, claimed_title=title,
        guid=guid, claimed_at=None if minutes is None else claim,
    )  # fmt: skip


BEFORE = (
    item("s.test/1", "One", "g1"), item("s.test/2", "Two", minutes=5),
    item("s.test/3", "Same", "g"), item("s.test/4", "Same", "g"),
    item("s.test/5", "Day", minutes=9, precision=Precision.DAY),
)  # fmt: skip
KNOWN = memory(
    recent_keys=tuple(one.url_key for one in BEFORE), recent_items=tuple(map(called, BEFORE))
)


@pytest.mark.parametrize(
    ("one", "place"),
    [
        (item("s.test/1", "Renamed", "other"), 0),
        (item("s.test/x", "One", "g1"), 0),
        (item("s.test/x", "Renamed", "g1"), None),
        (item("s.test/x", "Two", "new guid", minutes=5), 1),
        (item("s.test/x", "Two", minutes=4), None),
        (item("s.test/x", "Same", "g"), None),
        (item("s.test/x", "Day", minutes=9, precision=Precision.DAY), None),
    ],
)
def test_an_item_is_known_by_its_link_or_by_a_name_that_is_its_alone(
    one: Candidate, place: int | None
) -> None:
    assert recognised([one], KNOWN).places == (place,)


def test_items_of_one_listing_that_share_a_name_are_told_by_their_links_only() -> None:
    two = item("s.test/x", "One", "g1"), item("s.test/y", "One", "g1")
    assert recognised(two, KNOWN).places == (None, None)


def test_items_under_other_links_are_counted() -> None:
    found = recognised([item("s.test/x", "One", "g1"), BEFORE[1], item("s.test/z", "New")], KNOWN)
    assert (found.renamed, found.shared) == (1, 2)


def test_a_memory_of_an_older_version_knows_links_only() -> None:
    old = replace(KNOWN, recent_items=())
    assert recognised([item("s.test/x", "One", "g1"), BEFORE[0]], old).places == (None, 0)
