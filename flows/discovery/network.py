"""What discovery needs of the network and of the machine: the seams of every effect here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from flows.core import Page, Reason, Skipped, Stage, Validators
from flows.core.boundary import fault
from flows.core.text.listing_markup import MAX_SITEMAP_BYTES
from flows.core.workers.pool import Call, Lost, Workers
from flows.discovery.formats.opml import Outline, Subscriptions
from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import MAX_BYTES, Child, Entry, Listing, Unreadable

# A quarter of an hour of GDELT's graph, zipped: some megabytes, more on days of great news.
MAX_BULK_BYTES = 60_000_000


class Web(Protocol):
    """What discovery needs of the network (`flows.fetch.client.Web`)."""

    async def get(
        self,
        url: str,
        *,
        kind: Literal["page", "feed"] = "page",
        validators: Validators | None = None,
        max_bytes: int | None = None,
    ) -> Page | Skipped: ...


def most_bytes(kind: str, url: str = "") -> int:
    """How large an answer of a source of that kind may be.

    What kind an answer is its bytes tell, too late: one that is called a sitemap may be one.
    """
    is_sitemap = kind == "sitemap" or "sitemap" in url.lower()
    return MAX_SITEMAP_BYTES if is_sitemap else MAX_BYTES


Reading = Callable[[Answer], Awaitable[Listing | Unreadable]]


READ_ANSWER: Call[Listing | Unreadable] = Call(
    "flows.discovery.kinds:read_answer",
    answers=(Listing, Unreadable),
    parts=(Entry, Child, Reason),
)
READ_OPML: Call[Subscriptions | Unreadable] = Call(
    "flows.discovery.formats.opml:parse_opml",
    answers=(Subscriptions, Unreadable),
    parts=(Outline, Reason),
)


def in_workers(workers: Workers) -> Reading:
    """Read answers in processes that can be killed: nothing a source sends stops this one."""

    async def reading(answer: Answer) -> Listing | Unreadable:
        listing = await workers.ask(READ_ANSWER, answer)
        return unread(listing, answer.url) if isinstance(listing, Lost) else listing

    return reading


def unread(lost: Lost, what: str) -> Unreadable:
    """An answer that no worker could read, and why."""
    if lost.reason is Reason.PROGRAM_FAULT:
        fault(lost.detail, what, Stage.DISCOVER, trace=lost.trace)
    return Unreadable(problem=f"{lost.reason}: {lost.detail}", reason=lost.reason)


async def in_thread(answer: Answer) -> Listing | Unreadable:
    """Read an answer of one's own making beside the event loop: a thread cannot be killed."""
    return await asyncio.to_thread(read_answer, answer)
