"""What every flow does around its work: stop gently, give its account, tell what must be told.

Decides how a run ends in Prefect (Completed with the list of what failed, or Failed); refuses to
know what the run does.
"""

import asyncio
import atexit
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FrameType
from typing import Any, cast

from prefect.artifacts import acreate_table_artifact
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.runtime import flow_run as this_run
from prefect.states import Completed, Failed

from flows.core import RunReport, Scheduled
from flows.core.runs import SCHEDULED
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_line
from flows.core.times import Clock, utc_now
from flows.operations.alerts.ping import ping
from flows.operations.alerts.tell import tell
from flows.operations.figures import keep_figures
from flows.operations.last_runs import in_words, note_ended, noted
from flows.operations.run_report import refuse_failure, rows, sentence, trouble_of, warnings
from flows.operations.serve.configured import DEFAULT, chosen
from flows.operations.serve.ended_event import emit_ended

logger = logging.getLogger(__name__)

# Prefect's words for a run that was asked to stop, before and after it could take the signal: no
# crash
_ASKED_TO_STOP = ("status code: -15", "cancelled by the runtime environment")


async def account_for(
    kind: str,
    work: Coroutine[Any, Any, RunReport],
    settings: Settings,
    clock: Clock,
    refuse: Callable[[], None] = lambda: None,
) -> RunReport:
    """Run `work`, a run of `kind`; show its report as artifact and warnings; tell what is new.

    Raises `NothingReached` when no source answered, whatever `work` raises, and what `refuse` does
    once the report is shown: the run is Failed.
    """
    if "PREFECT__FLOW_RUN_ID" in os.environ:  # a process of this run alone
        atexit.register(_hush)
    SCHEDULED.set(_scheduled())
    print_line(f"run: {_named(kind)} began")
    try:
        report = await _told(kind, work, settings, clock, refuse)
        await ping(settings.health, kind)
        await asyncio.to_thread(keep_figures, settings, clock())
        return _completed(report)
    finally:
        emit_ended()


async def _told(
    kind: str,
    work: Coroutine[Any, Any, RunReport],
    settings: Settings,
    clock: Clock,
    refuse: Callable[[], None],
) -> RunReport:
    """Run `work`; log its end, show its report, tell what is new. Raises as `account_for` does."""
    try:
        with _stopping_gently():
            report = await noted(kind, work, settings, clock)
        await _show(report)
        refuse_failure(report)
        refuse()
    except asyncio.CancelledError:
        print_line(f"run: {_named(kind)} was stopped; what it committed stays")
        raise
    except Exception as error:
        print_line(f"run: {_named(kind)} failed: {in_words(error)}")
        await tell(settings, clock, kind=kind, failure=in_words(error))
        raise
    print_line(f"run: {_named(kind)} completed: {sentence(report)}")
    await tell(settings, clock, kind=kind)
    return report


def run_name() -> str:
    """What a run is called: its kind, and the instant it was wanted at (UTC, to the minute)."""
    wanted_at: datetime = this_run.scheduled_start_time
    return f"{this_run.flow_name} {wanted_at.astimezone(UTC):%Y-%m-%d %H:%M}"


def _scheduled() -> Scheduled | None:
    run_id = this_run.id
    return Scheduled(scheduler_run_id=run_id, name=this_run.name or "") if run_id else None


def _named(kind: str) -> str:
    """A run as the log names it: by its kind, or Prefect's name for it, and its id."""
    name = this_run.name or kind
    begins = name if name.startswith(kind) else f"{kind} {name}"
    return f"{begins} ({this_run.id})" if this_run.id else begins


def _hush() -> None:
    """Drop what libraries print once the run has ended: when a thread of Prefect's outlives the
    interpreter, DuckDB's bindings list 27 "leaked instances" that nobody can do anything about."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


async def tell_of_crash(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Hook of every flow: whoever started a run's process tells that it vanished."""
    if any(words in (state.message or "") for words in _ASKED_TO_STOP):
        return
    settings = load_settings(chosen(flow_run.parameters.get("config", DEFAULT), os.environ))
    said = (state.message or "its process vanished").partition(". ")[0]
    print_line(f"run: {flow.name} ({flow_run.id}) crashed: {said}")
    note_ended(settings.state_dir, flow.name, "failed", said, utc_now())
    await tell(settings, utc_now, kind=flow.name, failure=said)


async def _show(report: RunReport) -> None:
    for warning in warnings(report):
        logger.warning(warning)
    await acreate_table_artifact(
        key=f"{report.kind}-report", table=rows(report), description=sentence(report)
    )


def state_after(result: object) -> State[None]:
    """How a task ended that gave `result`."""
    trouble = trouble_of(result)
    return Completed() if trouble is None else Failed(message=trouble)


def _completed(report: RunReport) -> RunReport:
    """The report inside a state with a message: Prefect unwraps it for whoever called the flow."""
    return cast("RunReport", Completed(message=sentence(report), data=report))


@contextmanager
def _stopping_gently() -> Iterator[None]:
    """Turn SIGTERM into the cancellation of this run's task.

    Prefect's own handler raises in whatever code of the event loop runs just then, so that a
    batch may break between two statements; a cancelled task closes its run, and Prefect still
    takes the end for a cancellation.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    stopped = task.cancel

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  the signal's signature
        loop.call_soon_threadsafe(stopped)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
