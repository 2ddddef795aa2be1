"""What is kept of a source after an answer: validators, keys, looks, where it moved.

Decides the memory; refuses to know when the next look is (`schedule` adds that).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flows.discovery.candidates import claimed_instant
from flows.discovery.listing import MAX_ENTRIES
from flows.discovery.rhythm import remembered
from flows.discovery.schedule import address
from flows.records import Candidate, Page, Source, SourceMemory, Validators

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
    new: int,
    advertised_minutes: int | None,
    at: datetime,
) -> tuple[SourceMemory, bool]:
    """The memory after a listing with items, and whether its validators were just found to lie.

    `digest` None: the same bytes may stand for other items (an index whose children change), so
    neither validators nor digest are kept.
    """
    lies = _lies(memory, page, asked=asked, new=new)
    instants = [at_ for one in candidates if (at_ := claimed_instant(one)) is not None]
    newest = max(
        [*instants, *([memory.newest_item_at] if memory.newest_item_at else [])], default=None
    )
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
        recent_looks=remembered(memory.recent_looks, at, new),
        advertised_minutes=advertised_minutes,
    )
    return kept, lies


def _lies(memory: SourceMemory, page: Page, *, asked: Validators | None, new: int) -> bool:
    """An answer without conditions shows new items under the very validators we hold.

    Had we sent them, the server would have said 304 and hidden the items.
    """
    held = memory.validators
    if asked is not None or not new or held == Validators() or memory.body_sha256 is None:
        return False
    if held.etag is not None:
        return page.validators.etag == held.etag
    return page.validators.last_modified == held.last_modified
