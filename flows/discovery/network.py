"""What discovery needs of the network and of the machine: the seams of every effect here."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from flows.core import Page, Skipped, Validators
from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import Listing, Unreadable

# The largest answer read: real feeds have 225 KB on average (200 feeds measured), a sitemap of
# 50,000 URLs about 7 MB.
MAX_BYTES = 10_000_000

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


Reading = Callable[[Answer], Awaitable[Listing | Unreadable]]


async def in_thread(answer: Answer) -> Listing | Unreadable:
    """Read an answer beside the event loop: a large feed costs a second of CPU."""
    return await asyncio.to_thread(read_answer, answer)
