"""What is kept of a source after an answer: validators, keys, looks, where it moved.

Decides the memory; refuses to know when the next look is (`schedule` adds that).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from flows.discovery.candidates import claimed_instant
from flows.discovery.listing import MAX_ENTRIES
from flows.discovery.rhythm import remembered
from flows.discovery.schedule import address
from flows.records import Candidate, Page, Source, SourceMemory, Validators

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
