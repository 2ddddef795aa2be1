"""Links between articles → families of copies, each with its original.

A family depends on the set of its links alone, never on the order in which they came. Refuses to
look at texts: that two articles are copies was decided by `relations`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.records import CopyKind, Link


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
    """One story: its places by article_id. A lone article is a family of its own."""

    story_id: str
    original_id: str
    places: tuple[Place, ...]


def families(members: Iterable[Member], links: Iterable[Link]) -> tuple[Family, ...]:
    """The families among `members`, by story_id; hand in whole connected components of links."""
    raise NotImplementedError
