"""Readers: worker processes that read pages and can be killed.

Decides what becomes of a page that takes too long or takes its worker down: one skip, and the next
page goes on. Workers are programs of their own (`worker`), recycled after a number of pages, so
that what C libraries leak stays bounded.
"""

import asyncio
import contextlib
import io
import os
import pickle
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path
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
from flows.extraction.hints import READER_VERSION, Hints
from flows.extraction.worker import LENGTH

# A worker costs about a second to start: 3 % of what 1,000 pages cost.
MAX_PAGES = 1_000
# A worker starts while its first page waits: imports and the language model, on a busy machine.
START_SECONDS = 60.0
_END_SECONDS = 2.0
_MAX_ANSWER_BYTES = 64_000_000

# All an answer may be made of. A reader taken over by a page must not be able to run code here.
_ALLOWED = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (
        Article, Skipped, ClaimedTime, Precision, Zone, Stage, Reason,
        datetime, timezone, timedelta,
    )
}  # fmt: skip
# What a pickle that is none, or is made of the wrong parts, raises besides its own error
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError)


class Readers:
    """A pool of `processes` workers (0: one per core), each page limited to `timeout_seconds`.

    An async context manager; leaving it ends every worker. Any number of `read` may wait at once.
    """

    def __init__(
        self, processes: int, timeout_seconds: float, *, max_pages: int = MAX_PAGES
    ) -> None:
        self._timeout = timeout_seconds
        self._max_pages = max_pages
        self._free: asyncio.Queue[_Worker | None] = asyncio.Queue()
        for _ in range(processes or os.cpu_count() or 1):
            self._free.put_nowait(None)
        self._size = self._free.qsize()
        self._busy: set[_Worker] = set()
        self._dying: list[_Worker] = []

    @property
    def busy(self) -> tuple[int, ...]:
        """Process ids of the workers that have a page in hand."""
        return tuple(worker.process_id for worker in self._busy)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _ in range(self._size):
            worker = await self._free.get()
            if worker is not None:
                await worker.end()
        for worker in self._dying:
            await worker.end()

    async def read(self, page: Page, hints: Hints) -> Article | Skipped:
        """Our reading of `page`, in a worker; a skip if the page is none, or too much for one."""
        worker = await self._free.get()
        try:
            if worker is None:
                worker = await _Worker.start(self._timeout)
            answer = await self._ask(worker, page, hints)
        except TimeoutError:
            self._killed(worker)
            worker = None
            return _skipped(page, Reason.READER_TIMEOUT, f"no answer in {self._timeout:g} s")
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._killed(worker)
            worker = None
            return _skipped(page, Reason.READER_CRASHED, f"{type(error).__name__}: {error}"[:200])
        except BaseException:
            self._killed(worker)  # cancelled: its answer would be taken for the next page's
            worker = None
            raise
        else:
            if worker.pages >= self._max_pages:
                await worker.end()
                worker = None
            return answer
        finally:
            self._free.put_nowait(worker)

    def _killed(self, worker: "_Worker | None") -> None:
        """Kill `worker`; the next page starts a new one."""
        if worker is not None:
            worker.kill()
            self._dying = [dying for dying in self._dying if not dying.ended]
            self._dying.append(worker)

    async def _ask(self, worker: "_Worker", page: Page, hints: Hints) -> Article | Skipped:
        allowed = self._timeout + (START_SECONDS if worker.pages == 0 else 0.0)
        self._busy.add(worker)
        try:
            return await asyncio.wait_for(worker.ask(page, hints), allowed)
        finally:
            self._busy.discard(worker)


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.process_id = process.pid
        self.pages = 0

    @classmethod
    async def start(cls, timeout_seconds: float) -> "_Worker":
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH")))
            ),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "flows.extraction.worker", str(int(timeout_seconds) + 5),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is the parent's to handle; the batch in hand ends well
        )  # fmt: skip
        return cls(process)

    async def ask(self, page: Page, hints: Hints) -> Article | Skipped:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        question = pickle.dumps((page, hints), protocol=5)
        asked.write(LENGTH.pack(len(question)) + question)
        await asked.drain()
        size = LENGTH.unpack(await answered.readexactly(LENGTH.size))[0]
        if size > _MAX_ANSWER_BYTES:
            raise pickle.UnpicklingError(f"an answer of {size} bytes")
        self.pages += 1
        return _answer(await answered.readexactly(size))

    @property
    def ended(self) -> bool:
        """Whether the process is gone and buried."""
        return self._process.returncode is not None

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()

    async def end(self) -> None:
        """Close the worker's input, wait for it to leave, kill it if it does not."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), _END_SECONDS)
        except TimeoutError:
            self.kill()
            await self._process.wait()


def _answer(pickled: bytes) -> Article | Skipped:
    try:
        answer = _Unpickler(io.BytesIO(pickled)).load()
    except _MALFORMED as error:
        raise pickle.UnpicklingError(str(error)) from error
    if not isinstance(answer, Article | Skipped):
        raise pickle.UnpicklingError("neither an article nor a skip")
    return answer


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"an answer may not hold {module}.{name}")
        return _ALLOWED[module, name]


def _skipped(page: Page, reason: Reason, detail: str) -> Skipped:
    return Skipped(
        stage=Stage.READ,
        reason=reason,
        detail=detail,
        rule_version=READER_VERSION,
        archive_ref=page.archive_ref,
        final_url=page.url,
    )
