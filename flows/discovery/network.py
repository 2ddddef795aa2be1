"""What discovery needs of the network and of the machine: the seams of every effect here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from flows.core import Page, Skipped, Validators
from flows.core.text.listing_markup import MAX_SITEMAP_BYTES
from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import MAX_BYTES, Listing, Unreadable

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


async def in_thread(answer: Answer) -> Listing | Unreadable:
    """Read an answer beside the event loop: a large feed costs a second of CPU."""
    return await asyncio.to_thread(read_answer, answer)
