"""One look at one source: ask, read, compare with memory, plan the next.

Decides in which order that happens and what a look ended as; the deciders it calls are pure, the
network is the `web` it is handed. A look never raises for what a server sent.
"""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from flows.core import Look, LookStatus, Page, Reason, Skipped, Source, SourceMemory, Validators
from flows.discovery.candidates import Found, candidates_of, claimed_instant
from flows.discovery.children import Whole, descend
from flows.discovery.kinds import Answer
from flows.discovery.listing import Unreadable
from flows.discovery.memory import after_answer, continuity, moved
from flows.discovery.network import Reading, Web, in_thread, most_bytes
from flows.discovery.schedule import (
    MOVED_AFTER,
    Advice,
    address,
    advised_by,
    age_of,
    aged,
    conditions,
    failed,
    later,
    planned,
    remembered,
    standing,
)

# Looks in a row in which most items had other links, before it is called a fault. Unmeasured.
_RESTLESS_AFTER = 2
_NOTHING = "it answered well and listed nothing"


async def look(
    source: Source,
    web: Web,
    memory: SourceMemory,
    *,
    now: datetime,
    hosts: frozenset[str] = frozenset(),
    reading: Reading = in_thread,
) -> Look:
    """Ask `source` once and say what came, with the memory to keep.

    `hosts` narrows kind `gdelt` to articles of these hosts. `reading` turns bytes into a listing:
    `in_workers` for what comes from outside.
    """
    asked = conditions(memory)
    url = address(memory, source)
    limit = most_bytes(source.kind, url)
    page = await web.get(url, kind="feed", validators=asked, max_bytes=limit)
    if isinstance(page, Skipped):
        return _refused(source, memory, page, now=now)
    at = max(now, page.fetched_at)
    reply = _Reply(page, asked, hashlib.sha256(page.body).hexdigest(), now, at)
    memory = replace(moved(memory, source, page), last_look_at=at)
    if page.status == 304 or reply.digest == memory.body_sha256:
        return _unchanged(source, memory, reply)
    listing = await reading(Answer.of(page, source))
    if isinstance(listing, Unreadable):
        return _unreadable(source, memory, reply, listing)
    whole = await descend(listing, source, web, memory, now=at, hosts=hosts, reading=reading)
    found = await asyncio.to_thread(candidates_of, whole.listing, source, now=at)
    if not found.candidates:
        return _empty(source, memory, reply, whole, found)
    return _answered(source, memory, reply, whole, found)


def faulted(source: Source, memory: SourceMemory, fault: Skipped, *, now: datetime) -> Look:
    """The look at a source in which the program failed: nothing is known of its answer."""
    return Look(
        source_id=source.source_id,
        started_at=now,
        finished_at=now,
        status=LookStatus.FAILED,
        memory=failed(memory, source, fault.reason, now=now),
        reason=fault.reason,
        error=f"{fault.reason}: {fault.detail}",
    )


@dataclass(frozen=True, slots=True)
class _Reply:
    page: Page
    asked: Validators | None
    digest: str
    started_at: datetime
    at: datetime


def _refused(source: Source, memory: SourceMemory, skipped: Skipped, *, now: datetime) -> Look:
    gone = skipped.reason is Reason.HTTP_GONE
    if address(memory, source) != source.url:  # where it moved to fails: ask the old place again
        memory = _not_moved(memory)
    kept = failed(memory, source, skipped.reason, now=now, retry_after=skipped.retry_after)
    return Look(
        source_id=source.source_id,
        started_at=now,
        finished_at=now,
        status=LookStatus.GONE if gone else LookStatus.FAILED,
        memory=kept,
        http_status=skipped.http_status,
        reason=skipped.reason,
        error=skipped.detail or str(skipped.reason),
        suggestion=_search(source) if gone or skipped.http_status == 404 else None,
    )


def _not_moved(memory: SourceMemory) -> SourceMemory:
    """A redirect to what lists nothing is no move: a site in trouble sends all to its front."""
    return replace(memory, moved_to=None, moved_times=0)


def _search(source: Source) -> str:
    return f"search its successor: dateline sources discover {source.url.split('/')[2]}"


def _unreadable(
    source: Source, memory: SourceMemory, reply: _Reply, unreadable: Unreadable
) -> Look:
    kept = failed(_not_moved(memory), source, unreadable.reason, now=reply.at)
    return Look(
        source_id=source.source_id,
        started_at=reply.started_at,
        finished_at=reply.at,
        status=LookStatus.FAILED,
        memory=kept,
        http_status=reply.page.status,
        reason=unreadable.reason,
        error=unreadable.problem,
        suggestion=_instead(source, unreadable),
    )


def _instead(source: Source, unreadable: Unreadable) -> str | None:
    """What to do about an answer that is no listing; of one too much for us nobody knows that."""
    if unreadable.reason is not Reason.NOT_A_LISTING:
        return None
    first = next(iter(unreadable.points_to), None)
    return f"the page announces {first}" if first else _search(source)


def _unchanged(source: Source, memory: SourceMemory, reply: _Reply) -> Look:
    """304, or the bytes we know: nothing is parsed, and nothing new is itself a fact."""
    kept = replace(
        memory,
        last_success_at=reply.at,
        conditional_in_a_row=memory.conditional_in_a_row + 1 if reply.asked else 0,
        recent_looks=remembered(memory.recent_looks, reply.at, 0),
    )
    advice = Advice(items=len(memory.recent_keys), max_age_minutes=advised_by(reply.page.headers))
    stands = standing(kept, now=reply.at)
    return Look(
        source_id=source.source_id,
        started_at=reply.started_at,
        finished_at=reply.at,
        status=LookStatus.UNCHANGED if stands is LookStatus.OK else stands,
        memory=planned(kept, source, advice, now=reply.at),
        http_status=reply.page.status,
        items=len(memory.recent_keys),
        suggestion=_suggestion(kept, source, stands, memory.newest_item_at),
    )


def _empty(source: Source, memory: SourceMemory, reply: _Reply, whole: Whole, found: Found) -> Look:
    """Answered well with nothing to ask for: what is known of its items stays, and when they were
    listed last, so that a later look can tell whether any were lost, and since when."""
    # a sitemap without changes in its last days is no empty source
    quiet = whole.window_only and not found.items
    said = f"none of its {found.items} items can be asked for" if found.items else _NOTHING
    unknown = not quiet and memory.recent_keys
    kept = replace(
        memory if quiet else _not_moved(memory),
        last_success_at=memory.last_success_at if unknown else reply.at,
        validators=Validators(),
        body_sha256=None,
        conditional_in_a_row=0,
        recent_looks=remembered(memory.recent_looks, reply.at, 0),
        fresh_until=later(memory.fresh_until, aged([whole.newest]) if whole.newest else None),
    )
    stands = standing(kept, now=reply.at) if quiet else LookStatus.EMPTY
    joined = continuity((), memory, now=reply.at, unread=whole.unread)
    return Look(
        source_id=source.source_id,
        started_at=reply.started_at,
        finished_at=reply.at,
        status=stands,
        memory=planned(kept, source, Advice(), now=reply.at),
        http_status=reply.page.status,
        error=whole.flaw or (None if quiet else said),
        items=found.items,
        problems=found.problems,
        rolled_over=joined.rolled_over,
        gap_since=joined.gap_since,
        gap_until=joined.gap_until,
        suggestion=_suggestion(kept, source, stands, whole.newest),
    )


def _answered(
    source: Source, memory: SourceMemory, reply: _Reply, whole: Whole, found: Found
) -> Look:
    joined = continuity(
        found.candidates,
        memory,
        now=reply.at,
        reaches_back_to=whole.reaches_back_to,
        unread=whole.unread,
    )
    kept, lies = after_answer(
        memory,
        reply.page,
        asked=reply.asked,
        digest=reply.digest if whole.repeatable else None,
        candidates=found.candidates,
        new=joined.new,
        restless=joined.restless,
        advertised_minutes=whole.listing.advertised_minutes,
        held_back=whole.held_back,
        at=reply.at,
    )
    claimed = [at for one in found.candidates if (at := claimed_instant(one)) is not None]
    advice = Advice(
        items=found.items,
        claimed=claimed,
        max_age_minutes=advised_by(reply.page.headers),
        rolled_over=joined.rolled_over,
    )
    age = age_of(found.candidates, now=reply.at)
    kept = replace(kept, fresh_until=later(memory.fresh_until, age))
    stands = standing(kept, now=reply.at)
    return Look(
        source_id=source.source_id,
        started_at=reply.started_at,
        finished_at=reply.at,
        status=LookStatus.MOVED if _has_moved(kept, source, stands) else stands,
        candidates=found.candidates,
        memory=planned(kept, source, advice, now=reply.at),
        http_status=reply.page.status,
        error=whole.flaw,
        items=found.items,
        problems=found.problems,
        rolled_over=joined.rolled_over,
        gap_since=joined.gap_since,
        gap_until=joined.gap_until,
        suggestion=_suggestion(kept, source, stands, age.newest if age else None, lies=lies),
    )


def _has_moved(memory: SourceMemory, source: Source, stands: LookStatus) -> bool:
    return stands is LookStatus.OK and _moving(memory, source) is not None


def _suggestion(
    memory: SourceMemory,
    source: Source,
    stands: LookStatus,
    newest: datetime | None,
    *,
    lies: bool = False,
) -> str | None:
    if stands is LookStatus.STALE:
        said = f"its newest item is of {newest:%Y-%m-%d}" if newest else "nothing new for too long"
        return f"{said}; {_search(source)}"
    if stands is LookStatus.UNDATED:
        return "nothing in it says when, no date and no address: see whether it is kept up"
    if lies:
        return "its validators lie: changed items under the same ETag; asked without conditions now"
    return _noted(memory, source)


def _noted(memory: SourceMemory, source: Source) -> str | None:
    """What an operator should know of a source that answers."""
    if memory.restless_links >= _RESTLESS_AFTER:
        return (
            "its links change at every look: its items are told by guid or title, and read once; "
            "look for a feed or sitemap with lasting links"
        )
    return _moving(memory, source)


def _moving(memory: SourceMemory, source: Source) -> str | None:
    if memory.moved_to and memory.moved_times >= MOVED_AFTER and memory.moved_to != source.url:
        return f"moved for good: set url to {memory.moved_to}"
    return None
