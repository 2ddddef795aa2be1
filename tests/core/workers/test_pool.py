"""A call that takes too much is lost, with why; the next one is answered."""

import asyncio
import os
import pickle
import signal
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from flows.core import Reason
from flows.core.workers.pool import Call, Lost, Workers, understood
from tests.core.workers.called import Sum

T = TypeVar("T")


def _call(name: str) -> Call[Sum]:
    return Call(f"tests.core.workers.called:{name}", answers=(Sum,))


ADDED = _call("added")


def _in(
    work: Callable[[Workers], Awaitable[T]], *, timeout: float = 20.0, max_calls: int = 99
) -> T:
    async def opened() -> T:
        async with Workers(1, timeout, max_calls=max_calls) as workers:
            return await work(workers)

    return asyncio.run(asyncio.wait_for(opened(), 120))


@pytest.mark.parametrize(
    ("name", "reason", "detail"),
    [
        ("grows", Reason.READER_LIMIT, "MemoryError"),
        ("nests", Reason.READER_LIMIT, "RecursionError"),
        ("raises", Reason.PROGRAM_FAULT, "KeyError: 'said'"),
        ("leaves", Reason.READER_CRASHED, "IncompleteReadError"),
        ("another", Reason.READER_CRASHED, "UnpicklingError"),
        ("nowhere", Reason.PROGRAM_FAULT, "AttributeError"),
    ],
)
def test_a_call_without_an_answer_says_why_and_the_next_is_answered(
    name: str, reason: Reason, detail: str
) -> None:
    async def work(workers: Workers) -> tuple[Sum | Lost, Sum | Lost]:
        return await workers.ask(_call(name), "said"), await workers.ask(ADDED, 2, 3)

    lost, after = _in(work)
    assert isinstance(lost, Lost)
    assert (lost.reason, lost.detail.startswith(detail)) == (reason, True), lost
    assert after == Sum(value=5)


def test_a_fault_brings_its_traceback() -> None:
    async def work(workers: Workers) -> Sum | Lost:
        return await workers.ask(_call("raises"), "said")

    lost = _in(work)
    assert isinstance(lost, Lost)
    assert "in raises\n    raise KeyError(what)" in lost.trace


def test_what_holds_the_interpreter_is_killed_in_time() -> None:
    async def work(workers: Workers) -> tuple[Sum | Lost, Sum | Lost]:
        endless = _call("backtracks")
        await workers.ask(endless, "a")  # the worker starts, and imports what is called
        return await workers.ask(endless, "a" * 400 + "!"), await workers.ask(ADDED, 2, 3)

    lost, after = _in(work, timeout=0.5)
    assert lost == Lost(reason=Reason.READER_TIMEOUT, detail="no answer in 0.5 s")
    assert after == Sum(value=5)


def test_what_is_printed_reaches_no_answer() -> None:
    async def work(workers: Workers) -> Sum | Lost:
        return await workers.ask(_call("prints"), "noise")

    assert _in(work) == Sum(value=1)


def test_workers_start_when_they_are_needed_and_are_kept() -> None:
    async def work(workers: Workers) -> tuple[int, int]:
        before = workers.started
        for number in range(4):
            await workers.ask(ADDED, number, 1)
        return before, workers.started

    assert _in(work) == (0, 1)
    assert _in(work, max_calls=2) == (0, 2)


def test_a_killed_worker_costs_one_call() -> None:
    async def work(workers: Workers) -> tuple[Sum | Lost, Sum | Lost]:
        await workers.ask(ADDED, 0, 0)
        endless = workers.ask(_call("backtracks"), "a" * 400 + "!")
        asking = asyncio.create_task(endless)
        while not workers.busy:
            await asyncio.sleep(0)
        os.kill(workers.busy[0], signal.SIGKILL)
        killed = await asking
        added = await workers.ask(ADDED, 2, 3)
        return killed, added

    lost, after = _in(work)
    assert isinstance(lost, Lost)
    assert (lost.reason, after) == (Reason.READER_CRASHED, Sum(value=5))


@pytest.mark.parametrize(
    "answer",
    [("answer", 5), ("answer", None), ("fault", "half"), ("limit", 3), ("?", "?"), 7, "answer"],
)
def test_a_message_that_answers_nothing_is_refused(answer: object) -> None:
    with pytest.raises(pickle.UnpicklingError):
        understood(ADDED, pickle.dumps(answer))
