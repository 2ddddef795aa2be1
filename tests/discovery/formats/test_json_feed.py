"""JSON Feed: members of the right type are claims, all others are absent."""

import json

from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable
from tests.discovery.support import FEED


def read(value: object) -> Listing | Unreadable:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_answer(Answer(kind="feed", url=FEED, body=body))


def test_an_item_is_read_with_its_claims() -> None:
    found = read(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "next_url": "https://daily.test/2.json",
            "items": [
                {"id": 7, "external_url": "https://else.test/1", "title": " One ",
                 "content_text": "Words", "date_published": "2023-02-24T10:00:00+08:00"},
            ],
        }
    )  # fmt: skip

    assert found == Listing(
        form="json_feed",
        base=FEED,
        older="https://daily.test/2.json",
        entries=(
            Entry(
                link="https://else.test/1",
                title="One",
                summary="Words",
                published="2023-02-24T10:00:00+08:00",
                guid="7",
            ),
        ),
    )


def test_members_of_the_wrong_type_are_absent() -> None:
    found = read({"items": [{"url": 5, "title": None, "id": ["x"]}, "no item"]})

    assert isinstance(found, Listing)
    assert found.entries == (Entry(link=None),)


def test_a_byte_order_mark_is_no_obstacle() -> None:
    assert isinstance(read(b"\xef\xbb\xbf" + b'{"items": []}'), Listing)


def test_json_that_is_no_feed_says_so() -> None:
    assert read({"ok": True}) == Unreadable(
        problem="JSON, and no JSON Feed: it has no list of items"
    )


def test_broken_or_deep_json_gives_a_reason() -> None:
    assert isinstance(read(b'{"items": ['), Unreadable)
    assert isinstance(read(b"[" * 200_000), Unreadable)


def test_of_too_many_items_both_ends_are_kept() -> None:
    found = read({"items": [{"url": f"https://daily.test/{n}"} for n in range(3_000)]})

    assert isinstance(found, Listing)
    assert (len(found.entries), found.beyond) == (MAX_ENTRIES, 1_000)
    assert found.entries[-1].link == "https://daily.test/2999"
