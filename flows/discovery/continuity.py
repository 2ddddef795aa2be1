"""Whether a listing connects to the one before, and what window lies open if not.

Decides roll-over: a feed that holds its last N items, asked too late, has lost some in between.
Refuses to know how the window is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.discovery.candidates import claimed_instant
from flows.records import Candidate, SourceMemory


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuity:
    """`new`: candidates the listing before did not hold. The window stands when `rolled_over`."""

    new: tuple[Candidate, ...]
    rolled_over: bool = False
    gap_since: datetime | None = None
    gap_until: datetime | None = None


def continuity(
    candidates: Sequence[Candidate],
    memory: SourceMemory,
    *,
    now: datetime,
    reaches_back_to: datetime | None = None,
    unread: tuple[datetime, datetime] | None = None,
) -> Continuity:
    """Compare a listing, newest first, with what `memory` keeps of the last.

    It connects when it shares an item with the newer half of the last one: a listing that kept
    only older items of it has lost newer ones to time, so what it kept is pinned. Below the shared
    item known ones must prevail: one with little but new ones below it is pinned to the top, or
    dated anew whenever it changes.
    `reaches_back_to`: the oldest change of a sitemap that lists a whole window; one that reaches
    behind the newest item known connects by time. `unread`: what it is known not to list.
    """
    known = set(memory.recent_keys)
    new = tuple(candidate for candidate in candidates if candidate.url_key not in known)
    if unread is not None:
        return Continuity(new=new, rolled_over=True, gap_since=unread[0], gap_until=unread[1])
    if not candidates or (not known and not _began_after(candidates, memory)):
        return Continuity(new=new)
    if _joins(candidates, memory):
        return Continuity(new=new)
    newest = memory.newest_item_at or memory.last_success_at
    if reaches_back_to is not None and newest is not None and reaches_back_to <= newest:
        return Continuity(new=new)
    since, until = _window(new, memory, now)
    return Continuity(new=new, rolled_over=True, gap_since=since, gap_until=until)


def _joins(candidates: Sequence[Candidate], memory: SourceMemory) -> bool:
    """Whether an item of the newer half stands where the last listing goes on below it."""
    newer_half = set(memory.recent_keys[: (len(memory.recent_keys) + 1) // 2])
    known = set(memory.recent_keys)
    shared = 0
    for below, candidate in enumerate(reversed(candidates), start=1):
        shared += candidate.url_key in known
        if candidate.url_key in newer_half and shared * 2 >= below:
            return True
    return False


def _began_after(candidates: Sequence[Candidate], memory: SourceMemory) -> bool:
    """Whether a source that was empty lists only what came since: it may have listed more."""
    before = memory.last_success_at
    dated = [at for one in candidates if (at := claimed_instant(one)) is not None]
    return before is not None and bool(dated) and min(dated) > before


def _window(
    new: Sequence[Candidate], memory: SourceMemory, now: datetime
) -> tuple[datetime, datetime]:
    """From the newest item known to the oldest new one; where dates fail, between the looks."""
    starts = [at for at in (memory.newest_item_at, memory.last_success_at) if at is not None]
    since = min(starts) if starts else now
    dated = [
        at for candidate in new if (at := claimed_instant(candidate)) is not None and at > since
    ]
    until = min(dated) if dated else now
    return since, min(until, now)
