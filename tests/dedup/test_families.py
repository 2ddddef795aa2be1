"""Links become families, the same whatever the order in which they came."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.core import CopyKind, Evidence, Link, LinkKind
from flows.dedup import Family, Member, families

NOON = datetime(2023, 2, 24, 12, tzinfo=UTC)


def member(name: str, *, hours: float = 0, outlet: str | None = "paper", words: int = 400,
           agencies: tuple[str, ...] = (), dateline: str | None = None,
           to_the_day: bool = False) -> Member:  # fmt: skip
    return Member(
        article_id=name,
        outlet=outlet,
        word_count=words,
        first_seen_at=NOON + timedelta(days=9),
        published_at=NOON + timedelta(hours=hours),
        published_to_the_day=to_the_day,
        agencies=agencies,
        dateline=dateline,
    )


def link(a: str, b: str, *, strength: float = 0.9, kind: LinkKind = LinkKind.SAME) -> Link:
    first, second = sorted((a, b))
    return Link(
        a=first,
        b=second,
        kind=kind,
        evidence=Evidence(
            shared=20,
            containment3=strength,
            containment5=strength,
            unquoted5=strength,
            alignment=strength,
            jaccard5=strength,
            words_a=400,
            words_b=400,
        ),
        passages=(),
        rule_version="test",
        decided_at=NOON,
    )


def groups(found: tuple[Family, ...]) -> list[str]:
    return ["".join(place.article_id for place in family.places) for family in found]


def test_an_article_without_links_is_a_family_of_its_own() -> None:
    assert groups(families([member("a"), member("b")], [])) == ["a", "b"]


def test_partial_links_make_no_family() -> None:
    assert groups(
        families([member("a"), member("b")], [link("a", "b", kind=LinkKind.PARTIAL)])
    ) == [
        "a",
        "b",
    ]


def test_disjoint_trims_of_one_story_are_one_family() -> None:
    stars = [link("m", one) for one in "abcd"]
    assert groups(families(map(member, "abcdm"), stars)) == ["abcdm"]


def test_two_families_do_not_merge_on_one_link() -> None:
    inside = [link("a", "b"), link("a", "c"), link("b", "c"),
              link("d", "e"), link("d", "f"), link("e", "f")]  # fmt: skip
    bridge = [link("c", "d", strength=0.5)]
    assert groups(families(map(member, "abcdef"), inside + bridge)) == ["abc", "def"]


def test_two_families_merge_on_two_links() -> None:
    inside = [link("a", "b"), link("c", "d")]
    bridges = [link("b", "c", strength=0.5), link("a", "d", strength=0.5)]
    assert groups(families(map(member, "abcd"), inside + bridges)) == ["abcd"]


def test_a_chain_of_likenesses_does_not_grow_into_one_family() -> None:
    chain = [link(a, b) for a, b in zip("abcdefg", "bcdefgh", strict=True)]
    assert max(len(group) for group in groups(families(map(member, "abcdefgh"), chain))) <= 3


def test_the_earliest_is_the_original() -> None:
    found = families([member("a", hours=3), member("b", hours=1)], [link("a", "b")])
    assert found[0].original_id == "b"
    assert [place.copy_of for place in found[0].places] == ["b", None]


def test_the_credited_agencys_own_article_is_the_original_though_later() -> None:
    copies = [
        member("a", hours=1, agencies=("AP",)),
        member("b", hours=2, dateline="BEIJING (AP)"),
        member("c", hours=5, outlet="AP News"),
    ]
    found = families(copies, [link("a", "b"), link("a", "c"), link("b", "c")])
    assert found[0].original_id == "c"


def test_a_document_without_an_outlet_is_nobodys_original() -> None:
    seed = member("a", hours=-12, outlet=None, to_the_day=True)
    found = families([seed, member("b", hours=6)], [link("a", "b")])
    assert found[0].original_id == "b"


def test_a_bare_day_is_not_earlier_than_an_hour_of_that_day() -> None:
    midnight = member("a", hours=-12, to_the_day=True)
    found = families([midnight, member("b", hours=8)], [link("a", "b")])
    assert found[0].original_id == "b"


def test_a_copy_is_the_same_trimmed_or_edited() -> None:
    copies = [member("a"), member("b", hours=1), member("c", hours=1, words=150),
              member("d", hours=1)]  # fmt: skip
    links = [link("a", "b"), link("a", "c"), link("a", "d", strength=0.5)]
    kinds = [place.copy_kind for place in families(copies, links)[0].places]
    assert kinds == [None, CopyKind.SAME, CopyKind.TRIMMED, CopyKind.EDITED]


_NAMES = "abcdefgh"
_LINKS = st.lists(
    st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES), st.sampled_from((0.3, 0.5, 0.9))),
    max_size=14,
)


@settings(max_examples=60)
@given(_LINKS, st.randoms(use_true_random=False))
def test_families_do_not_depend_on_order(
    drawn: list[tuple[str, str, float]], dice: random.Random
) -> None:
    pairs = {tuple(sorted((a, b))): s for a, b, s in drawn if a != b}
    links = [link(a, b, strength=s) for (a, b), s in pairs.items()]
    members = [member(name, hours=ord(name) % 5) for name in _NAMES]
    first = families(members, links)
    dice.shuffle(links)
    dice.shuffle(members)
    assert families(members, links) == first
    assert sorted("".join(groups(first))) == list(_NAMES)


def half(a: str, b: str, kind: LinkKind = LinkKind.SAME) -> Link:
    """A link by which three quarters of one text are two fifths of the other."""
    numbers = replace(link(a, b).evidence, containment5=0.75, alignment=0.75, jaccard5=0.35)
    return replace(link(a, b, kind=kind), evidence=numbers)


def test_a_text_made_of_two_stories_does_not_tie_them() -> None:
    found = families(map(member, "amz"), [half("a", "m"), half("m", "z")])
    assert groups(found) == ["am", "z"]


def test_a_half_told_text_joins_a_family_with_whose_others_it_shares_passages() -> None:
    found = families(
        map(member, "amz"), [link("a", "m"), half("m", "z"), half("a", "z", LinkKind.PARTIAL)]
    )
    assert groups(found) == ["amz"]


def test_two_trimmed_copies_meet_by_way_of_the_whole() -> None:
    trimmed = replace(link("a", "m").evidence, containment5=1.0, alignment=1.0, jaccard5=0.3)
    found = families(
        map(member, "amz"),
        [replace(link("a", "m"), evidence=trimmed), replace(link("m", "z"), evidence=trimmed)],
    )
    assert groups(found) == ["amz"]
