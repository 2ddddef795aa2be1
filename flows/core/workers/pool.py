"""A pool of worker processes: functions of ours, called with bytes from outside.

Decides what becomes of a call that takes too long, too much memory, or its worker down: one `Lost`,
and the next call goes on. Workers are programs of their own (`worker`), started when they are first
needed and kept, and recycled after a number of calls, so that what C libraries leak stays bounded.
"""

import asyncio
import contextlib
import io
import os
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from flows.core import Reason
from flows.core.workers import worker as protocol
from flows.core.workers.worker import LENGTH

T = TypeVar("T")

# A worker costs about a second to start: 3 % of what 1,000 pages cost.
MAX_CALLS = 1_000
# How long a worker may take to start and to import what is called, before its first call
START_SECONDS = 60.0
_END_SECONDS = 2.0
_MAX_ANSWER_BYTES = 64_000_000
# A larger answer is unpickled beside the event loop: 1 MB takes some 10 ms
_LARGE_ANSWER_BYTES = 200_000

# What a pickle that is none, or is made of the wrong parts, raises besides its own error
_MALFORMED = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """A function as `module:name`, and all that its answer is made of besides plain values.

    A worker taken over by what it parses must not be able to run code here: an answer that names
    anything else is refused. `answers`: of what types the answer itself may be. `first_seconds`:
    how much longer the first call in a worker may take, for what is loaded when it is first used.
    """

    function: str
    answers: tuple[type[T], ...]
    parts: tuple[type, ...] = ()
    first_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A call without an answer: `reader_timeout`, `reader_crashed`, `reader_limit` or, with the
    worker's own traceback, `program_fault`."""

    reason: Reason
    detail: str
    trace: str = ""


class Workers:
    """`processes` workers (0: one per core), each call limited to `timeout_seconds`.

    An async context manager; leaving it ends every worker. Any number of `ask` may wait at once.
    """

    def __init__(
        self, processes: int, timeout_seconds: float, *, max_calls: int = MAX_CALLS
    ) -> None:
        self._timeout = timeout_seconds
        self._max_calls = max_calls
        # last in, first out: few calls keep few workers, and those have all they need imported
        self._free: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        for _ in range(processes or os.cpu_count() or 1):
            self._free.put_nowait(None)
        self._size = self._free.qsize()
        self.started = 0  # workers so far
        self._busy: set[_Worker] = set()
        self._dying: list[_Worker] = []

    @property
    def busy(self) -> tuple[int, ...]:
        """Process ids of the workers that have a call in hand."""
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

    async def ask(self, call: Call[T], *values: object) -> T | Lost:
        """What the function of `call` answers to `values`, in a worker, or why it does not."""
        worker = await self._free.get()
        try:
            if worker is None:
                worker = await _Worker.start(self._timeout)
                self.started += 1
            answer = await self._asked(worker, call, values)
        except TimeoutError:
            self._killed(worker)
            worker = None
            return Lost(reason=Reason.READER_TIMEOUT, detail=f"no answer in {self._timeout:g} s")
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            self._killed(worker)
            worker = None
            said = f"{type(error).__name__}: {error}"[:200]
            return Lost(reason=Reason.READER_CRASHED, detail=said)
        except BaseException:
            self._killed(worker)  # cancelled: its answer would be taken for the next call's
            worker = None
            raise
        else:
            if worker.calls >= self._max_calls:
                await worker.end()
                worker = None
            return answer
        finally:
            self._free.put_nowait(worker)

    def _killed(self, worker: "_Worker | None") -> None:
        """Kill `worker`; the next call starts a new one."""
        if worker is not None:
            worker.kill()
            self._dying = [dying for dying in self._dying if not dying.ended]
            self._dying.append(worker)

    async def _asked(
        self, worker: "_Worker", call: Call[T], values: tuple[object, ...]
    ) -> T | Lost:
        self._busy.add(worker)
        try:
            is_first = call.function not in worker.imported
            if is_first:
                async with asyncio.timeout(START_SECONDS):
                    await worker.load(call)
            async with asyncio.timeout(self._timeout + is_first * call.first_seconds):
                return await worker.ask(call, values)
        finally:
            self._busy.discard(worker)


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.process_id = process.pid
        self.calls = 0
        self.imported: set[str] = set()

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
            sys.executable, "-P", "-m", "flows.core.workers.worker", str(int(timeout_seconds) + 5),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,  # Ctrl-C is the parent's to handle; the batch in hand ends well
        )  # fmt: skip
        return cls(process)

    async def load(self, call: Call[Any]) -> None:
        """Have the module of a function imported; whether that works, its first call will say."""
        await self._exchanged((call.function, None))
        self.imported.add(call.function)

    async def ask(self, call: Call[T], values: tuple[object, ...]) -> T | Lost:
        pickled = await self._exchanged((call.function, values))
        self.calls += 1
        if len(pickled) > _LARGE_ANSWER_BYTES:
            return await asyncio.to_thread(understood, call, pickled)
        return understood(call, pickled)

    async def _exchanged(self, message: object) -> bytes:
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        question = pickle.dumps(message, protocol=5)
        asked.write(LENGTH.pack(len(question)))
        asked.write(question)
        await asked.drain()
        size = LENGTH.unpack(await answered.readexactly(LENGTH.size))[0]
        if size > _MAX_ANSWER_BYTES:
            raise pickle.UnpicklingError(f"an answer of {size} bytes")
        return await answered.readexactly(size)

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


def understood(call: Call[T], pickled: bytes) -> T | Lost:
    """A worker's message: the answer to `call`, or why there is none.

    Raises `pickle.UnpicklingError` for anything else, and `EOFError` for nothing.
    """
    try:
        kind, value = _Unpickler(io.BytesIO(pickled), call).load()
    except _MALFORMED as error:
        raise pickle.UnpicklingError(str(error)) from error
    if kind == protocol.ANSWER and isinstance(value, call.answers):
        return value
    match kind, value:
        case (protocol.LIMIT, str(detail)):
            return Lost(reason=Reason.READER_LIMIT, detail=detail)
        case (protocol.FAULT, (str(detail), str(trace))):
            return Lost(reason=Reason.PROGRAM_FAULT, detail=detail, trace=trace)
    raise pickle.UnpicklingError("no answer to what was asked")


class _Unpickler(pickle.Unpickler):
    def __init__(self, pickled: io.BytesIO, call: Call[Any]) -> None:
        super().__init__(pickled)
        self._allowed = {
            (kind.__module__, kind.__qualname__): kind for kind in (*call.answers, *call.parts)
        }

    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in self._allowed:
            raise pickle.UnpicklingError(f"an answer may not hold {module}.{name}")
        return self._allowed[module, name]
