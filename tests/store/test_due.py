"""What a listed URL needs: by its own past, by its twins', by its item's other links."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Candidate
from flows.store.due import (
    Kin,
    Looked,
    Need,
    Past,
    Read,
    Said,
    need,
    need_of_item,
    restless_claims,
    same_address,
)
from tests.store.samples import NOON, candidate, claimed, later

ONE, MOBILE, TRACKED = "https://s.test/a-b", "https://m.s.test/a-b", "https://s.test/a-b?ref=rss"


def listed(url: str = ONE, title: str | None = "T", **fields: object) -> Candidate:
    known: dict[str, object] = {"url": url, "url_key": "s.test/a-b", "claimed_title": title}
    every = known | {"seen_at": later(hours=1)} | fields
    return replace(candidate(""), **every)  # type: ignore[arg-type]  # a test's shorthand


def past(url: str = ONE, *, told: bool = False, stored: bool = False, **fields: object) -> Past:
    known = Past(url=url, told=told or stored, stored=stored, fetching=False, ended_at=NOON)
    return replace(known, **fields)  # type: ignore[arg-type]  # a test's shorthand


def said(url: str = ONE, title: str | None = "T", **fields: object) -> Said:
    known = Said(url=url, source_id="daily", seen_at=NOON, title=title)
    return replace(known, **fields)  # type: ignore[arg-type]  # as above


def at(instant: datetime, *restless: str) -> Looked:
    return Looked(now=instant, due_by=instant, restless=frozenset(restless))


LOOKED = at(later(hours=1))


@pytest.mark.parametrize("other", [MOBILE, TRACKED])
def test_a_failure_of_a_twin_settles_nothing(other: str) -> None:
    kin = Kin(pasts=(past(other),), said=(said(other),))
    assert need(listed(), kin, LOOKED) is Need.DUE


@pytest.mark.parametrize(
    ("other", "title", "found"),
    [
        (TRACKED, "T", Need.KNOWN),
        (TRACKED, None, Need.KNOWN),
        (TRACKED, "Another", Need.DUE),
        ("http://www.s.test/a-b", "T", Need.KNOWN),
        (MOBILE, " t ", Need.KNOWN),
        (MOBILE, None, Need.DUE),
        (MOBILE, "Another", Need.DUE),
    ],
)
def test_a_text_read_at_a_twin_settles_by_address_or_title(
    other: str, title: str | None, found: Need
) -> None:
    kin = Kin(pasts=(past(other, told=True),), said=(said(other, title),))
    assert need(listed(), kin, LOOKED) is found


def test_the_headline_read_at_a_twin_is_a_title_of_it() -> None:
    kin = Kin(read=(Read(url=MOBILE, title="T"),))
    assert need(listed(), kin, LOOKED) is Need.KNOWN


def test_a_twin_of_another_sources_title_is_the_same_address_still() -> None:
    kin = Kin(pasts=(past(TRACKED, told=True),), said=(said(TRACKED, "X", source_id="other"),))
    assert need(listed(), kin, LOOKED) is Need.KNOWN


def test_a_url_waits_behind_a_twin_at_work_unless_titles_tell_them_apart() -> None:
    kin = Kin(said=(said(MOBILE),), at_work=frozenset({MOBILE}))
    assert need(listed(), kin, LOOKED) is Need.BEHIND
    assert need(listed(title="Another"), kin, LOOKED) is Need.DUE


@pytest.mark.parametrize(
    ("fields", "stored", "found"),
    [
        ({}, False, Need.KNOWN),
        ({"claimed_title": "Another"}, False, Need.DUE),
        ({"claimed_title": None}, False, Need.KNOWN),
        ({"claimed_title": "Another"}, True, Need.DUE),
        ({"claimed_title": "The old name, edited"}, True, Need.KNOWN),
        ({"guid": "g2"}, True, Need.DUE),
        ({"claimed_at": claimed(later(hours=2))}, True, Need.DUE),
        ({"claimed_at": claimed(later(hours=-2))}, False, Need.KNOWN),
        ({"claimed_at": replace(claimed(later(hours=2)), origin="feed_updated")}, False,
         Need.KNOWN),
    ],
)  # fmt: skip
def test_what_a_listing_newly_says_of_a_url_makes_it_due(
    fields: dict[str, object], stored: bool, found: Need
) -> None:
    title = "The old name"
    kin = Kin(
        pasts=(past(told=True, stored=stored),),
        said=(said(title=title, guid="g1", dated_at=later(hours=-1)),),
    )
    one = listed(**{"title": title, "guid": "g1"} | {
        {"claimed_title": "title"}.get(name, name): value for name, value in fields.items()
    })  # type: ignore[arg-type]  # fmt: skip
    assert need(one, kin, LOOKED) is found


def test_another_listing_of_a_source_words_and_dates_an_item_its_own_way() -> None:
    kin = Kin(pasts=(past(told=True),), said=(said(dated_at=later(hours=-5), where="json_ld"),))
    dated = replace(claimed(later(hours=-1)), origin="sitemap")
    assert need(listed(title="Another", claimed_at=dated), kin, LOOKED) is Need.KNOWN
    same = replace(dated, origin="json_ld")
    assert need(listed(claimed_at=same), kin, LOOKED) is Need.DUE


def test_another_source_says_something_new_only_of_a_later_publication() -> None:
    kin = Kin(pasts=(past(told=True),), said=(said(),))
    other = listed(title="Another", source_id="other", claimed_at=claimed(later(hours=-9)))
    assert need(other, kin, LOOKED) is Need.KNOWN
    later_one = replace(other, claimed_at=claimed(later(minutes=30)))
    assert need(later_one, kin, LOOKED) is Need.DUE


@pytest.mark.parametrize(("fruitless", "hours"), [(0, 0), (1, 0.25), (4, 2), (20, 12)])
def test_news_that_came_to_nothing_is_heard_less_and_less(fruitless: int, hours: float) -> None:
    kin = Kin(pasts=(past(told=True, fruitless=fruitless),), said=(said(),))
    due_at = NOON + timedelta(hours=hours)
    assert need(listed(title="Another"), kin, at(due_at)) is Need.DUE
    if hours:
        early = at(due_at - timedelta(seconds=1))
        assert need(listed(title="Another"), kin, early) is Need.KNOWN


def test_claims_that_change_at_every_look_say_nothing() -> None:
    kin = Kin(pasts=(past(told=True),), said=(said(guid="g1"),))
    assert need(listed(guid="g2"), kin, at(later(hours=1), "guid")) is Need.KNOWN


@pytest.mark.parametrize(("changed", "found"), [(1, frozenset()), (3, frozenset({"guid"}))])
def test_a_claim_is_restless_where_most_of_a_listing_changes_it_alone(
    changed: int, found: frozenset[str]
) -> None:
    urls = [f"https://s.test/{n}" for n in range(4)]
    candidates = [listed(url, guid=f"{n}new" if n < changed else f"{n}")
                  for n, url in enumerate(urls)]  # fmt: skip
    kin = [Kin(said=(said(url, guid=f"{n}"),)) for n, url in enumerate(urls)]
    assert restless_claims(candidates, kin, {}) == {"daily": found}


def test_items_that_claim_what_they_did_speak_for_those_that_do_not() -> None:
    urls = [f"https://s.test/{n}" for n in range(3)]
    candidates = [listed(url, guid="new") for url in urls]
    kin = [Kin(said=(said(url, guid="old"),)) for url in urls]
    assert restless_claims(candidates, kin, {"daily": 2}) == {"daily": frozenset({"guid"})}
    assert restless_claims(candidates, kin, {"daily": 3}) == {"daily": frozenset()}


def test_a_listing_that_dates_all_items_by_the_look_says_nothing_by_dates() -> None:
    urls = [f"https://s.test/{n}" for n in range(3)]
    candidates = [listed(url, claimed_at=claimed(later(minutes=59))) for url in urls]
    kin = [Kin(said=(said(url, dated_at=NOON),)) for url in urls]
    assert restless_claims(candidates, kin, {}) == {"daily": frozenset({"date"})}


def test_another_link_of_an_item_that_was_read_is_known() -> None:
    links = Kin(pasts=(past(MOBILE, told=True),), said=(said(MOBILE, dated_at=NOON),))
    assert need_of_item(listed(claimed_at=claimed(NOON)), links, LOOKED) is Need.KNOWN
    redated = listed(claimed_at=claimed(later(hours=1)))
    assert need_of_item(redated, links, LOOKED) is Need.DUE


@pytest.mark.parametrize(("failed", "hours"), [(1, 0), (2, 0.25), (5, 2), (8, None)])
def test_links_of_an_item_that_fail_are_replaced_less_and_less(
    failed: int, hours: float | None
) -> None:
    links = Kin(pasts=tuple(past(f"https://s.test/{n}") for n in range(failed)))
    wait = timedelta(days=30 if hours is None else hours / 24)
    found = need_of_item(listed(), links, at(NOON + wait))
    assert found is (Need.KNOWN if hours is None else Need.DUE)
    if hours:
        early = at(NOON + wait - timedelta(seconds=1))
        assert need_of_item(listed(), links, early) is Need.KNOWN


def test_scheme_www_and_parameters_of_one_key_are_one_address() -> None:
    assert same_address("http://www.s.test/a?ref=rss", "https://s.test/a")
    assert not same_address("https://m.s.test/a", "https://s.test/a")
    assert not same_address("https://s.test/a/", "https://s.test/a")


# URL → what its page says, None where it fails; its title is that of its text
TRUTH = {ONE: "x", MOBILE: "x", TRACKED: None, "https://s.test/a-b/": "y", "https://amp.s.test/a-b":
         None}  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(sorted(TRUTH)), max_size=4), max_size=4),
       st.permutations(sorted(TRUTH)))  # fmt: skip
def test_in_whatever_order_twins_are_listed_the_same_texts_are_read(
    looks: list[list[str]], last: list[str]
) -> None:
    pasts: dict[str, Past] = {}
    heard: list[Said] = []
    texts: list[str] = []
    for number, urls in enumerate([*looks, last]):
        now = later(days=number)
        for url in urls:
            title = TRUTH[url] or "x"
            kin = Kin(pasts=tuple(pasts.values()), said=tuple(heard))
            one = listed(url, title, seen_at=now)
            heard.append(said(url, title, seen_at=now))
            if need(one, kin, at(now)) is Need.DUE:
                text = TRUTH[url]
                pasts[url] = past(url, told=text is not None, stored=text is not None, ended_at=now)
                texts += [text] if text is not None else []
    assert sorted(texts) == ["x", "y"]
