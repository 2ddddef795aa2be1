"""What two texts are to each other."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core import LinkKind
from flows.dedup import ComparedText, as_link, compare
from tests.dedup.texts import CHINESE, ELSEWHERE, RETOLD, RIVAL, WIRE, opening

NOW = datetime(2023, 2, 24, 12, tzinfo=UTC)


def text(name: str, body: str, title: str = "Marenne calls for truce") -> ComparedText:
    return ComparedText(
        article_id=name,
        title=title,
        text=body,
        language=None,
        outlet=f"{name} paper",
        first_seen_at=NOW,
        published_at=NOW,
    )


def kind(a: str, b: str) -> LinkKind | None:
    return compare(text("a", a), text("b", b, "Another headline")).kind


LOCAL_LEDE = (
    "Fishing families along our coast listened closely on Thursday when a small neighbour spoke up "
    "about the blockade that has kept half of the harbour empty since last winter."
)
LINKS = "\n\nRead more: The week in pictures\n\nRelated: Who rules the Straits?\n\n"


@pytest.mark.parametrize(
    "copy",
    [
        WIRE.upper(),
        opening(WIRE, 3),
        LOCAL_LEDE + "\n\n" + WIRE.split("\n\n", 1)[1],
        WIRE.replace("\n\n", LINKS, 2),
        "Good evening from the Courier.\n\n" + WIRE + "\n\nThe Courier lives on its readers.",
        WIRE.replace("nine", "ten").replace("eight", "six").replace("half", "a third"),
        RETOLD,
        opening(RETOLD, 4),
    ],
    ids=["capitals", "trimmed", "lede", "links", "boilerplate", "numbers", "retold", "both"],
)
def test_a_copy_is_the_same_story(copy: str) -> None:
    assert kind(WIRE, copy) is LinkKind.SAME


def test_a_chinese_copy_trimmed_and_changed_is_the_same_story() -> None:
    copy = opening(CHINESE, 3).replace("24日电", "25日电").replace("表示", "说")
    assert kind(CHINESE, copy) is LinkKind.SAME


def test_two_agencies_on_one_event_stay_apart() -> None:
    assert kind(WIRE, RIVAL) is None
    assert kind(RETOLD, RIVAL) is None


def test_stories_on_other_matters_have_nothing_in_common() -> None:
    for a, b in combinations((WIRE, ELSEWHERE, CHINESE), 2):
        assert kind(a, b) is None


def test_an_own_story_with_paragraphs_of_the_wire_is_a_link_only() -> None:
    own = "\n\n".join((ELSEWHERE.strip(), *WIRE.split("\n\n")[1:4]))
    assert kind(WIRE, own) is LinkKind.PARTIAL


def test_a_wire_story_inside_a_roundup_is_a_link_only() -> None:
    roundup = "\n\n".join((ELSEWHERE.strip(), RIVAL.strip(), WIRE.strip()))
    found = compare(text("a", WIRE), text("b", roundup, "The day in brief"))
    assert (found.kind, found.why) == (LinkKind.PARTIAL, "told inside a longer text")


def test_instalments_of_a_series_are_never_one_story() -> None:
    a = text("a", WIRE, "War in the Straits: what we know on day 408")
    b = text("b", WIRE + "\n\n" + LOCAL_LEDE, "War in the Straits: what we know on day 409")
    found = compare(a, b)
    assert (found.kind, found.why) == (LinkKind.PARTIAL, "instalments of one series")


def test_live_pages_of_one_outlet_are_never_one_story() -> None:
    longer = WIRE + "\n\n" + ELSEWHERE
    a, b = text("a", longer + RIVAL), text("b", longer)
    live = [replace(one, form="live", outlet="Courier") for one in (a, b)]
    assert compare(*live).kind is LinkKind.PARTIAL


def test_a_daily_briefing_under_one_title_is_not_one_story() -> None:
    a = replace(text("a", WIRE + ELSEWHERE, "Morning briefing"), outlet="Courier")
    tomorrow = NOW + timedelta(days=1)
    b = replace(
        text("b", WIRE, "Morning briefing"),
        outlet="Courier",
        published_at=tomorrow,
        first_seen_at=tomorrow,
    )
    assert compare(a, b).kind is LinkKind.PARTIAL


def test_very_short_texts_are_the_same_only_when_their_words_are() -> None:
    short = "Marenne has called for a ceasefire in the Straits and offered to host the talks."
    longer = short + " Karsten handed over the paper at noon on Thursday."
    assert kind(short + " More soon.", short + "\n\nMORE SOON.") is LinkKind.SAME
    assert kind(short, longer) is None


def test_a_relation_is_the_same_from_both_sides() -> None:
    for a, b in combinations((WIRE, RETOLD, RIVAL, opening(WIRE, 2), CHINESE), 2):
        one, other = text("a", a), text("b", b)
        assert compare(one, other) == compare(other, one)


def test_evidence_and_passages_show_what_is_shared() -> None:
    found = compare(text("a", WIRE), text("b", RETOLD))
    assert found.evidence.words_a > 250
    assert found.evidence.alignment >= 0.8
    assert 1 <= len(found.passages) <= 3
    assert all(passage in " ".join(WIRE.split()) for passage in found.passages)


def test_a_link_is_ordered_by_article_id_and_nothing_makes_none() -> None:
    a, b = text("zz", WIRE), text("aa", RETOLD)
    link = as_link(a, b, compare(a, b), NOW)
    assert link is not None
    assert (link.a, link.b, link.kind) == ("aa", "zz", LinkKind.SAME)
    assert link.evidence.words_a < link.evidence.words_b + 40
    c = text("cc", ELSEWHERE)
    assert as_link(a, c, compare(a, c), NOW) is None


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_shuffled_paragraphs_of_two_stories_are_never_the_same_story(dice: random.Random) -> None:
    """A text that takes a few paragraphs from each of three stories is a copy of none."""
    pool = [*WIRE.split("\n\n")[:3], *RIVAL.split("\n\n")[:3], *ELSEWHERE.split("\n\n")[:3]]
    dice.shuffle(pool)
    assert kind(WIRE, "\n\n".join(pool)) is not LinkKind.SAME


def test_odd_texts_have_relations_too() -> None:
    for odd in ("", "   ", "…", "a", "1 2 3 4 5 6", "字"):
        assert kind(odd, WIRE) is None
        assert kind(odd, odd + " ") is None


def test_a_brief_that_shares_only_background_with_a_long_story_is_a_link_only() -> None:
    """Two stories of one war quote the same statement; a short one is not cut from the long one."""
    background = " ".join(WIRE.split("\n\n")[2:5])
    brief = (
        "Dockers in Lowhaven went on strike on Friday over unpaid wages, and no crane in the "
        "harbour has moved since dawn, the union said.\n\n" + background
    )
    long = "\n\n".join((RIVAL.strip(), background, ELSEWHERE.strip()))
    assert kind(brief, long) is LinkKind.PARTIAL
