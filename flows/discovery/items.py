"""Which items of a listing are those of the last: by link, or by what they are called.

Decides that one guid and title, or one title and exact time, are the same item under another link:
some sources give every link a new token at each look. A name that two items of one listing share
names neither. Pure.
"""

import hashlib
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flows.core import Candidate, ClaimedTime, Precision, RecentItem, SourceMemory

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """For each candidate its place in the last listing, None for a new one; `renamed`: how many of
    them have another link there, `shared`: how many were there."""

    places: tuple[int | None, ...]
    renamed: int

    @property
    def shared(self) -> int:
        """How many items were in the last listing."""
        return sum(place is not None for place in self.places)


def called(candidate: Candidate) -> RecentItem:
    """What is remembered of an item besides its link."""
    claim = candidate.claimed_at
    exact = isinstance(claim, ClaimedTime) and claim.precision is not Precision.DAY
    return RecentItem(
        guid=_print(candidate.guid),
        title=_print(candidate.claimed_title),
        claimed_at=claim.at if isinstance(claim, ClaimedTime) and exact else None,
    )


def recognised(candidates: Sequence[Candidate], memory: SourceMemory) -> Recognised:
    """The items of a listing that the last one held."""
    by_key = {key: place for place, key in reversed(list(enumerate(memory.recent_keys)))}
    now = [called(candidate) for candidate in candidates]
    named = [_unique([name(item) for item in memory.recent_items]) for name in (_by_guid, _by_time)]
    unique_now = [_unique([name(item) for item in now]) for name in (_by_guid, _by_time)]
    places: list[int | None] = []
    renamed = 0
    for candidate, item in zip(candidates, now, strict=True):
        place = by_key.get(candidate.url_key)
        if place is None:
            for name, before, here in zip((_by_guid, _by_time), named, unique_now, strict=True):
                called_so = name(item)
                if place is None and called_so in here:
                    place = before.get(called_so)
            renamed += place is not None
        places.append(place)
    return Recognised(places=tuple(places), renamed=renamed)


def _by_guid(item: RecentItem) -> tuple[object, ...] | None:
    return None if item.guid is None else (item.guid, item.title)


def _by_time(item: RecentItem) -> tuple[object, ...] | None:
    if item.title is None or item.claimed_at is None:
        return None
    return (item.title, item.claimed_at)


def _unique(names: Sequence[T | None]) -> dict[T | None, int]:
    """Name → its place, for names that stand once."""
    counts = Counter(names)
    return {
        name: place for place, name in enumerate(names) if name is not None and counts[name] == 1
    }


def _print(text: str | None) -> int | None:
    if text is None:
        return None
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
