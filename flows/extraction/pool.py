"""Readers: pages read in worker processes that can be killed (`flows.core.workers`).

Decides what an answer about a page may be made of, and what becomes of a page that takes too long,
takes its worker down, or at which the reader fails: one skip.
"""

from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import Self

from flows.core import (
    Article,
    ClaimedTime,
    Page,
    Precision,
    Reason,
    Skipped,
    Stage,
    Zone,
)
from flows.core.boundary import fault
from flows.core.workers.pool import Call, Lost, Workers
from flows.extraction.hints import READER_VERSION, Hints

READ_PAGE: Call[Article | Skipped] = Call(
    "flows.extraction.article:read_page",
    answers=(Article, Skipped),
    parts=(ClaimedTime, Precision, Zone, Stage, Reason, datetime, timezone, timedelta),
    first_seconds=60.0,  # the language model takes seconds on a busy machine
)


class Readers:
    """`processes` workers (0: one per core), each page limited to `timeout_seconds`.

    An async context manager; leaving it ends every worker. Any number of `read` may wait at once.
    `workers` may be asked other things too.
    """

    def __init__(
        self, processes: int, timeout_seconds: float, *, max_pages: int | None = None
    ) -> None:
        recycled = {} if max_pages is None else {"max_calls": max_pages}
        self.workers = Workers(processes, timeout_seconds, **recycled)

    @property
    def busy(self) -> tuple[int, ...]:
        """Process ids of the workers that have a page in hand."""
        return self.workers.busy

    async def __aenter__(self) -> Self:
        await self.workers.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.workers.__aexit__(kind, error, trace)

    async def read(self, page: Page, hints: Hints) -> Article | Skipped:
        """Our reading of `page`, in a worker; a skip if the page is none, or too much for one."""
        answer = await self.workers.ask(READ_PAGE, page, hints)
        return _skipped(page, answer) if isinstance(answer, Lost) else answer


def _skipped(page: Page, lost: Lost) -> Skipped:
    detail = lost.detail
    if lost.reason is Reason.PROGRAM_FAULT:
        fault(lost.detail, page.url, Stage.READ, trace=lost.trace)
    elif lost.reason is Reason.READER_LIMIT:
        detail = f"{lost.detail} after {len(page.body)} bytes"
    return Skipped(
        stage=Stage.READ,
        reason=lost.reason,
        detail=detail,
        rule_version=READER_VERSION,
        archive_ref=page.archive_ref,
        final_url=page.url,
    )
