"""What is kept of a source after an answer: validators, keys, looks, where it moved.

Decides the memory; refuses to know when the next look is (`schedule` adds that).

Whether a listing connects to the one before, and what window lies open if not.

Decides roll-over: a feed that holds its last N items, asked too late, has lost some in between.
Refuses to know how the window is closed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.core import Candidate, Page, Source, SourceMemory, Validators
from flows.discovery.candidates import claimed_instant
from flows.discovery.listing import MAX_ENTRIES
from flows.discovery.schedule import address, remembered

# Feeds show items some minutes after the time they claim; an hour is no delay of a cache.
_LATE = timedelta(hours=1)
_PERMANENT = frozenset({301, 308})


def moved(memory: SourceMemory, source: Source, page: Page) -> SourceMemory:
    """Count a permanent redirect seen again; one temporary hop or another target starts over."""
    if address(memory, source) != source.url and not page.redirects:
        return memory  # it lives where it moved to
    permanent = bool(page.redirects) and all(hop.status in _PERMANENT for hop in page.redirects)
    if not permanent or page.url == source.url:
        return replace(memory, moved_to=None, moved_times=0)
    times = memory.moved_times + 1 if memory.moved_to == page.url else 1
    return replace(memory, moved_to=page.url, moved_times=times)


def after_answer(
    memory: SourceMemory,
    page: Page,
    *,
    asked: Validators | None,
    digest: str | None,
    candidates: Sequence[Candidate],
    new: Sequence[Candidate],
    advertised_minutes: int | None,
    held_back: bool = False,
    at: datetime,
) -> tuple[SourceMemory, bool]:
    """The memory after a listing with items, and whether its validators were just found to lie.

    `digest` None: the same bytes may stand for other items (an index whose children change), so
    neither validators nor digest are kept. `held_back`: a part of it could not be read, so that
    the next look reads again what came since the newest item known.
    """
    lies = _lies(memory, page, asked=asked, new=new)
    instants = [at_ for one in candidates if (at_ := claimed_instant(one)) is not None]
    newest = memory.newest_item_at
    if newest is None or not held_back:
        newest = max([*instants, *([newest] if newest else [])], default=None)
    kept = replace(
        memory,
        validators=page.validators
        if digest and not (lies or memory.validators_lie)
        else Validators(),
        validators_lie=memory.validators_lie or lies,
        body_sha256=digest,
        conditional_in_a_row=memory.conditional_in_a_row + 1 if asked else 0,
        last_success_at=at,
        newest_item_at=newest,
        recent_keys=tuple(one.url_key for one in candidates[:MAX_ENTRIES]),
        recent_looks=remembered(memory.recent_looks, at, len(new)),
        advertised_minutes=advertised_minutes,
    )
    return kept, lies


def _lies(
    memory: SourceMemory,
    page: Page,
    *,
    asked: Validators | None,
    new: Sequence[Candidate],
) -> bool:
    """An answer without conditions shows what a conditional one hid, or would have hidden.

    Either new items stand under the very validators we hold, or most new items are dated well
    before the last answer, and that one said nothing had changed.
    """
    held = memory.validators
    if asked is not None or not new or held == Validators() or memory.body_sha256 is None:
        return False
    if held.etag is not None and page.validators.etag == held.etag:
        return True
    if held.etag is None and page.validators.last_modified == held.last_modified:
        return True
    return memory.conditional_in_a_row > 0 and _were_hidden(memory, new)


def _were_hidden(memory: SourceMemory, new: Sequence[Candidate]) -> bool:
    if memory.last_success_at is None:
        return False
    before = memory.last_success_at - _LATE
    late = [one for one in new if (at := claimed_instant(one)) is not None and at < before]
    return len(late) >= 2 and len(late) * 2 > len(new)


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
