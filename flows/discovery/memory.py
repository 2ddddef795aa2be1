"""What is kept of a source after an answer: validators, keys, looks, where it moved.

Decides the memory; refuses to know when the next look is (`schedule` adds that).

Whether a listing connects to the one before, and what window lies open if not.

Decides roll-over: a feed that holds its last N items, asked too late, has lost some in between.
Refuses to know how the window is closed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flows.core import Candidate, Page, Source, SourceMemory, Validators
from flows.discovery.candidates import claimed_instant
from flows.discovery.items import called, recognised
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
    restless: bool = False,
    advertised_minutes: int | None,
    held_back: bool = False,
    at: datetime,
) -> tuple[SourceMemory, bool]:
    """The memory after a listing with items, and whether its validators were just found to lie.

    `digest` None: the same bytes may stand for other items (an index whose children change), so
    neither validators nor digest are kept. `held_back`: a part of it could not be read, so that
    the next look reads again what came since the newest item known. `restless`: most of its items
    had other links than in the last listing.
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
        recent_items=tuple(called(one) for one in candidates[:MAX_ENTRIES]),
        restless_links=memory.restless_links + 1 if restless else 0,
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
    """`new`: candidates the listing before did not hold, under whatever link. The window stands
    when `rolled_over`. `restless`: most of what it shares with it has other links now."""

    new: tuple[Candidate, ...]
    rolled_over: bool = False
    gap_since: datetime | None = None
    gap_until: datetime | None = None
    restless: bool = False


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
    found = recognised(candidates, memory)
    new = tuple(_new(candidates, found.places))
    restless = found.renamed * 2 > found.shared
    if unread is not None:
        since, until = unread
        return Continuity(
            new=new, rolled_over=True, gap_since=since, gap_until=until, restless=restless
        )
    first = not memory.recent_keys
    if not candidates or (first and not _began_after(candidates, memory)):
        return Continuity(new=new)
    if _joins(found.places, memory):
        return Continuity(new=new, restless=restless)
    newest = memory.newest_item_at or memory.last_success_at
    if reaches_back_to is not None and newest is not None and reaches_back_to <= newest:
        return Continuity(new=new, restless=restless)
    since, until = _window(new, memory, now)
    return Continuity(
        new=new, rolled_over=True, gap_since=since, gap_until=until, restless=restless
    )


def _new(candidates: Sequence[Candidate], places: Sequence[int | None]) -> Iterator[Candidate]:
    """Each key that is new once: twins of one listing are one item."""
    seen: set[str] = set()
    for candidate, place in zip(candidates, places, strict=True):
        if place is None and candidate.url_key not in seen:
            seen.add(candidate.url_key)
            yield candidate


def _joins(places: Sequence[int | None], memory: SourceMemory) -> bool:
    """Whether an item of the newer half stands where the last listing goes on below it."""
    newer_half = (len(memory.recent_keys) + 1) // 2
    shared = 0
    for below, place in enumerate(reversed(places), start=1):
        shared += place is not None
        if place is not None and place < newer_half and shared * 2 >= below:
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
