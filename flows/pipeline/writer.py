"""The one writer of a run: gathers what the stages decided and commits it in few transactions.

Decides when to commit; refuses to know what is written. DuckDB and its file lock block, so each
turn runs in a thread; jobs that wait meanwhile share the next turn (group commit). A job sees the
writes of the jobs before it in its turn; its caller hears back only after the commit. When one of a
turn fails by a fault of its own, each is done again in a turn of its own: no job fails for
another. A job whose caller was cancelled before its turn never happens; one begun is committed, and
entered into the account all the same.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from flows.core.boundary import is_broken_machinery
from flows.core.errors import StoreRefused, WriterLeft
from flows.store import Connection, Store

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A long run publishes at most once a minute: a copy costs a second per gigabyte.
PUBLISH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    work: Callable[[Connection], T]
    enter: Callable[[T], object] | None
    answer: "asyncio.Future[T]"


class Clerk:
    """Async context manager; leaving it commits what is waiting and publishes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[_Job[Any]] = []
        self._awake = asyncio.Event()
        self._closing = False
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write(), name="clerk")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        self._awake.set()
        if self._writer is not None:
            await asyncio.shield(self._writer)
        await asyncio.to_thread(self._store.publish)

    async def do(
        self, work: Callable[[Connection], T], enter: Callable[[T], object] | None = None
    ) -> T:
        """Run `work` in the next turn; returns once it is committed, raises what it raised.

        `enter` is told the answer once it is committed, even when the caller was cancelled
        meanwhile: an account made there agrees with the store.
        """
        if self._writer is None or self._writer.done():
            raise WriterLeft("nothing can be written: the run's writer has left")
        job: _Job[T] = _Job(work, enter, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self._awake.set()
        return await job.answer

    async def _write(self) -> None:
        while not (self._closing and not self._waiting):
            await self._awake.wait()
            self._awake.clear()
            jobs = [job for job in self._waiting if not job.answer.done()]
            self._waiting = []
            if jobs:
                await asyncio.to_thread(self._turn, jobs, asyncio.get_running_loop())
                await self._publish_now_and_then()

    async def _publish_now_and_then(self) -> None:
        try:
            await asyncio.to_thread(self._store.publish, PUBLISH_SECONDS)
        except Exception as error:  # noqa: BLE001  the last publishing tries again, and raises
            logger.warning("not published now, the run goes on: %s", error)

    def _turn(self, jobs: list[_Job[Any]], loop: asyncio.AbstractEventLoop) -> None:
        """One turn for all; should one fail, one for each. A store in trouble fails all at once."""
        answers: list[Any] = []
        try:
            with self._store.turn() as connection:
                answers.extend(job.work(connection) for job in jobs)
        except BaseException as error:  # noqa: BLE001  every waiting job hears of it; none is lost
            if len(jobs) > 1 and not is_broken_machinery(error):
                for job in jobs:
                    self._turn([job], loop)
                return
            for job in jobs:
                loop.call_soon_threadsafe(_fail, job.answer, error)
            return
        for job, answer in zip(jobs, answers, strict=True):
            loop.call_soon_threadsafe(_settle, job, answer)


def is_of_the_values(error: BaseException) -> bool:
    """Whether an error comes of what was to be written, and not of the store, the disk, us being
    stopped or a fault of ours: a lone surrogate, a number or an instant out of range."""
    return isinstance(error, StoreRefused | UnicodeEncodeError | OverflowError)


def _settle(job: _Job[T], answer: T) -> None:
    if not job.answer.done():
        job.answer.set_result(answer)
    if job.enter is not None:
        job.enter(answer)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
