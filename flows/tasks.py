"""The only Prefect tasks: one per look at a source, one per host's batch of pages.

Decides what an operator sees as a unit of work; the work itself, its retries and its limits lie
below. A task run costs 5–10 ms of CPU here and 10–20 ms in the server: never one per URL.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.operations.serve.flow_run import state_after

T = TypeVar("T")
Work = Callable[[], Awaitable[T]]


@task(name="source", task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
async def look_at_source(name: str, work: Work[Any]) -> Any:  # noqa: ARG001  Prefect's run name
    """Ask one source what is new."""
    return await work()


@task(name="host", task_run_name="{name}", cache_policy=NO_CACHE, persist_result=False)
async def work_through_host(name: str, work: Work[Any]) -> Any:  # noqa: ARG001  the same
    """Fetch, read and judge the waiting pages of one host."""
    return await work()


class _Prefect:
    """`collect.Steps` as Prefect tasks."""

    async def look(self, name: str, work: Work[T]) -> T:
        return await _unseen(look_at_source, name, work)

    async def host(self, name: str, work: Work[T]) -> T:
        return await _unseen(work_through_host, name, work)


async def _unseen(run: Callable[..., Awaitable[Any]], name: str, work: Work[T]) -> T:
    """The result of `work`, kept out of Prefect's hands: it inspects what a task returns.

    What failed without an error ends the task as Failed for whoever watches, and nothing else.
    """
    results: list[T] = []

    async def once() -> State[None]:
        results.append(await work())
        return state_after(results[0])

    state: State[None] = await run(name, once, return_state=True)
    if not results:
        await state.aresult()  # raises what `work` raised
    return results[0]


PREFECT = _Prefect()
