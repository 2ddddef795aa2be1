"""Links between articles → families of copies, each with its original.

A family depends on the set of its links alone, never on the order in which they came. Refuses to
look at texts: that two articles are copies was decided by `relations`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.core import CopyKind, Evidence, Link, LinkKind
from flows.core.text.agencies import agency_of

# Beyond these a copy was trimmed, or is the same: shares of the original's words, and of 5-word
# shingles over all. A copy with another outlet's boilerplate and a new headline stays above .75.
_TRIMMED_BELOW = 0.8
_TRIMMED_CONTAINMENT = 0.6
_SAME_JACCARD = 0.75
# Of 80 texts put together of two stories' openings 13 are a copy of either by their numbers; by
# these two, of one at most.
_TOLD = 0.80
_COVERED = 0.60


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What choosing an original needs of an article. `published_to_the_day`: precision is a day."""

    article_id: str
    outlet: str | None
    word_count: int
    first_seen_at: datetime
    published_at: datetime | None = None
    published_to_the_day: bool = False
    agencies: tuple[str, ...] = ()
    dateline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An article's place in its family; the original has neither `copy_of` nor `copy_kind`."""

    article_id: str
    copy_of: str | None = None
    copy_kind: CopyKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One story: its places by article_id. A lone article is a family of its own.

    `story_id` is the least article_id of the family: it depends on no claim and no order.
    """

    story_id: str
    original_id: str
    places: tuple[Place, ...]


def families(members: Iterable[Member], links: Iterable[Link]) -> tuple[Family, ...]:
    """The families among `members`, by story_id; hand in whole connected components of links.

    The strongest links join first. A lone article joins another, or a family at whose heart its one
    link ends; two families join on two links, not on one. So no chain of ever weaker likeness
    grows. Nor does a text made of parts of two stories tie them: one link by which less than most
    of either text is told again joins no third, unless that shares passages with another member.
    """
    known, links = {member.article_id: member for member in members}, tuple(links)
    ties = (link for link in links
            if link.kind is LinkKind.SAME and link.a in known and link.b in known)  # fmt: skip
    same = sorted(ties, key=_weakness, reverse=True)  # of a pair decided twice the stronger counts
    groups = _joined(sorted(known), same, _neighbours(known, links))
    by_pair = {(link.a, link.b): link for link in same}
    found = (_family([known[one] for one in group], by_pair) for group in groups)
    return tuple(sorted(found, key=lambda family: family.story_id))


def _neighbours(ids: Iterable[str], links: Iterable[Link]) -> dict[str, set[str]]:
    near: dict[str, set[str]] = {one: set() for one in ids}
    for link in links:
        if link.a in near and link.b in near:
            near[link.a].add(link.b)
            near[link.b].add(link.a)
    return near


def _joined(
    ids: list[str], links: list[Link], sharing: Mapping[str, set[str]]
) -> list[frozenset[str]]:
    """`links` are those of copies; `sharing`: article → those it has a link of any kind with."""
    near = _neighbours(ids, links)
    group = {one: frozenset((one,)) for one in ids}
    ordered = sorted(links, key=_weakness)
    changed = True
    while changed:
        changed = False
        for link in ordered:
            left, right = group[link.a], group[link.b]
            if left is not right and _may_join(left, right, link, near, sharing):
                changed = True
                both = left | right
                group.update(dict.fromkeys(both, both))
    return list(set(group.values()))


def _weakness(link: Link) -> tuple[float, str, str]:
    numbers = link.evidence
    strength = numbers.containment5 + numbers.alignment + numbers.jaccard5
    return (-strength, link.a, link.b)


def _may_join(
    left: frozenset[str],
    right: frozenset[str],
    link: Link,
    near: Mapping[str, set[str]],
    sharing: Mapping[str, set[str]],
) -> bool:
    if len(left) == 1 and len(right) == 1:
        return True
    if sum(len(near[one] & right) for one in left) >= 2:
        return True
    if len(left) > 1 and len(right) > 1:
        return False
    many, partner = (left, link.a) if len(left) > 1 else (right, link.b)
    (newcomer,) = right if len(left) > 1 else left
    if not _tells_most(link.evidence) and len(sharing[newcomer] & many) < 2:
        return False
    return 2 * len(near[partner] & many) > len(many) - 1  # linked to most others: the heart


def _tells_most(numbers: Evidence) -> bool:
    """Whether most of the shorter text's sentences stand in the longer, or most of the longer's
    words in the shorter: a cut or a whole copy, and not two halves of different stories."""
    if numbers.alignment >= _TOLD:
        return True
    shared = numbers.jaccard5 and 1 / (1 / numbers.jaccard5 - 1 / numbers.containment5 + 1)
    return shared >= _COVERED


def _family(group: list[Member], links: Mapping[tuple[str, str], Link]) -> Family:
    original = _original(group)
    places = []
    for member in sorted(group, key=lambda one: one.article_id):
        if member is original:
            places.append(Place(article_id=member.article_id))
            continue
        first, second = sorted((member.article_id, original.article_id))
        kind = _copy_kind(member, original, links.get((first, second)))
        places.append(
            Place(article_id=member.article_id, copy_of=original.article_id, copy_kind=kind)
        )
    return Family(
        story_id=min(member.article_id for member in group),
        original_id=original.article_id,
        places=tuple(places),
    )


def _original(group: list[Member]) -> Member:
    """The credited agency's own article, else the earliest; never a document without an outlet.

    Of several credits the one most members give counts; on a draw, the first by name.
    """
    credits = [agency_of((*member.agencies, member.dateline)) for member in group]
    named = sorted({credit for credit in credits if credit}, key=lambda c: (-credits.count(c), c))
    for agency in named:
        own = [member for member in group if agency_of((member.outlet,)) == agency]
        if own:
            return min(own, key=_age)
    return min(group, key=_age)


def _age(member: Member) -> tuple[bool, datetime, str]:
    at = member.published_at or member.first_seen_at
    if member.published_at is not None and member.published_to_the_day:
        at += timedelta(days=1)  # some time that day: never before one that gives its hour
    return (member.outlet is None, at, member.article_id)


def _copy_kind(member: Member, original: Member, link: Link | None) -> CopyKind:
    shorter = member.word_count < _TRIMMED_BELOW * original.word_count
    if link is None:  # tied by way of a third
        return CopyKind.TRIMMED if shorter else CopyKind.EDITED
    if shorter and link.evidence.containment5 >= _TRIMMED_CONTAINMENT:
        return CopyKind.TRIMMED
    return CopyKind.SAME if link.evidence.jaccard5 >= _SAME_JACCARD else CopyKind.EDITED
