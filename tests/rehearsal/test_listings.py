import json
from datetime import UTC, datetime, timedelta

import pytest

from flows.rehearsal.formats import listed, listing
from flows.rehearsal.outlets import Feed, Outlet, outlets
from flows.rehearsal.timeline import END, START


def _feed(source_id: str) -> tuple[Outlet, Feed]:
    return next(
        (outlet, feed)
        for outlet in outlets()
        for feed in outlet.feeds
        if feed.source_id == source_id
    )


def _paths(source_id: str, now: datetime) -> list[str]:
    outlet, feed = _feed(source_id)
    return [url.removeprefix(f"http://{outlet.host}") for _, url in listed(outlet, feed, now)]


def test_a_feed_that_rolls_over_shares_nothing_with_the_poll_before() -> None:
    before = _paths("rolling_bulletin", START + timedelta(minutes=60))
    after = _paths("rolling_bulletin", START + timedelta(minutes=90))
    assert len(before) == len(after) == 4
    assert not set(before) & set(after)


def test_the_sitemap_of_the_rolling_feed_has_what_was_lost() -> None:
    lost = "/n/30121/canberra-embassy-statement"
    assert lost not in _paths("rolling_bulletin", END)
    assert lost in _paths("rolling_bulletin_sitemap", END)


def test_a_piece_is_listed_under_each_of_its_urls() -> None:
    twins = [path for path in _paths("harbour_courier", START) if "brussels" in path]
    assert len(twins) == 3


def test_a_moved_piece_is_listed_under_its_new_path_once_it_has_moved() -> None:
    before = _paths("kurier_nadwislanski", datetime(2023, 2, 24, 10, 30, tzinfo=UTC))
    after = _paths("kurier_nadwislanski", datetime(2023, 2, 24, 11, 0, tzinfo=UTC))
    assert before[0] == "/pilne/1190"
    assert after[0] == "/swiat/pekin-wysle-emisariusza-do-kijowa,1190"


def test_an_emptied_feed_answers_well_and_lists_nothing() -> None:
    outlet, feed = _feed("quiet_post")
    assert listed(outlet, feed, START)
    assert listed(outlet, feed, END) == ()
    assert b"<channel>" in listing(outlet, feed, END)[1]


@pytest.mark.parametrize(
    ("source_id", "opening"),
    [
        ("meridian_press", b'<?xml version="1.0" encoding="utf-8"?>\n<rss '),
        ("harbour_courier", b'<?xml version="1.0" encoding="utf-8"?>\n<feed '),
        ("minato_shimbun", b'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF '),
        ("plains_examiner", b'<?xml version="1.0"?>\n<urlset '),
        ("jianghai_ribao", b"<!DOCTYPE html>"),
    ],
)
def test_each_form_opens_as_servers_write_it(source_id: str, opening: bytes) -> None:
    assert listing(*_feed(source_id), START)[1].startswith(opening)


def test_a_json_feed_names_its_version_and_dates() -> None:
    value = json.loads(listing(*_feed("northern_ledger"), START)[1])
    assert value["version"] == "https://jsonfeed.org/version/1.1"
    assert value["items"][0]["date_published"] == "2023-02-24T03:40:00-05:00"


def test_dates_are_written_as_the_feed_writes_them() -> None:
    local = listing(*_feed("kurier_nadwislanski"), START)[1].decode()
    future = listing(*_feed("faro_del_sur"), END)[1].decode()
    assert "<pubDate>24.02.2023 09:30</pubDate>" in local
    assert "2033" in future


def test_a_piece_that_shows_only_its_day_has_no_date_in_the_feed() -> None:
    text = listing(*_feed("donau_anzeiger"), START)[1].decode()
    item = next(part for part in text.split("<item>") if "Stille" in part)
    assert "<pubDate>" not in item
