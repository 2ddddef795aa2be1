"""A backfill from plan to end: every cell done, failed or impossible, each with its reason.

Decides what of a plan is still open and when a cell is done: after every candidate of it has ended
in the store. Interrupted and started again it goes on; finished and started again it does nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.backfilling.plan import Estimate, Window, estimate
from flows.backfilling.providing import Asked, Job, Listed, Provider
from flows.clock import Clock
from flows.collect import DIRECT, Steps, working
from flows.records import Candidate, ClaimedTime, Origin, Page, RunReport, Source
from flows.running import Run, open_run
from flows.settings import Settings
from flows.store import Connection
from flows.store.backfills import Cell, CellState, cells_between, end_cells, plan_cells
from flows.store.coverage import DayState, record_day_states
from flows.store.sources import save_sources
from flows.terminal import Bar, progress

# A cell in one of these states is worked on by the next run
_OPEN = (CellState.PLANNED, CellState.FAILED)
# Jobs listing at once; their hosts have their own pace, so more only costs memory
_JOBS_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What was asked: a range of days, providers in the order to be tried, and the sources."""

    window: Window
    providers: tuple[Provider, ...]
    sources: tuple[Source, ...]


async def run_backfill(
    settings: Settings, asked: Backfill, *, clock: Clock, steps: Steps = DIRECT
) -> tuple[RunReport, tuple[Cell, ...]]:
    """Work through the plan of `asked`; returns the account and how every cell stands after."""
    async with open_run(settings, kind="backfill", origin=Origin.BACKFILL, clock=clock) as run:
        run.tally.sources = len(asked.sources)
        cells = await run.clerk.do(lambda con: _planned(con, run, asked))
        with progress("backfilling", sum(cell.state in _OPEN for cell in cells)) as bar:
            for provider in asked.providers:
                await _provide(run, provider, cells, asked.sources, steps, bar)
        final = await run.clerk.do(lambda con: _cells(con, asked))
    return run.report, final


def planned(
    con: Connection, asked: Backfill, pace_seconds: float
) -> tuple[Sequence[Cell], Estimate]:
    """What a run would do: the open cells of the plan and their cost. Writes nothing."""
    known = {(c.provider, c.source_id, c.day): c for c in _cells(con, asked)}
    cells = [known.get((c.provider, c.source_id, c.day), c) for c in _plan(asked)]
    ahead = [c for c in cells if c.state in _OPEN]
    costs = {provider.name: provider.requests_a_cell for provider in asked.providers}
    return cells, estimate([(c.provider, c.source_id, c.day) for c in ahead], costs, pace_seconds)


def _plan(asked: Backfill) -> list[Cell]:
    cells = []
    for provider in asked.providers:
        for source in asked.sources:
            refusal = provider.refuses(source)
            state = CellState.PLANNED if refusal is None else CellState.IMPOSSIBLE
            cells += [
                Cell(
                    source_id=source.source_id, provider=provider.name, day=day, state=state,
                    reason=refusal,
                )
                for day in asked.window.days
            ]  # fmt: skip
    return cells


def _planned(con: Connection, run: Run, asked: Backfill) -> tuple[Cell, ...]:
    save_sources(con, run.settings.sources, run.started_at)
    plan_cells(con, run.run_id, _plan(asked), run.started_at)
    return _cells(con, asked)


def _cells(con: Connection, asked: Backfill) -> tuple[Cell, ...]:
    """The plan's cells of this range, these providers and sources."""
    providers = {provider.name for provider in asked.providers}
    sources = {source.source_id for source in asked.sources}
    found = cells_between(con, asked.window.since, asked.window.until)
    return tuple(c for c in found if c.provider in providers and c.source_id in sources)


async def _provide(
    run: Run,
    provider: Provider,
    cells: Sequence[Cell],
    sources: Sequence[Source],
    steps: Steps,
    bar: Bar,
) -> None:
    days: dict[str, list[date]] = defaultdict(list)
    attempts: dict[tuple[str, date], int] = {}
    for cell in cells:
        if cell.provider == provider.name and cell.state in _OPEN:
            days[cell.source_id].append(cell.day)
            attempts[cell.source_id, cell.day] = cell.attempts
    asked = [
        Asked(source=source, days=tuple(sorted(days[source.source_id])))
        for source in sources
        if source.source_id in days
    ]
    places = asyncio.Semaphore(_JOBS_AT_ONCE)

    async def one(job: Job) -> None:
        async with places:
            await _work(run, provider, job, attempts, steps)
            bar.advance(sum(len(part.days) for part in job.asked))

    async with asyncio.TaskGroup() as group:
        for job in provider.jobs(asked):
            group.create_task(one(job))


async def _work(
    run: Run,
    provider: Provider,
    job: Job,
    attempts: Mapping[tuple[str, date], int],
    steps: Steps,
) -> None:
    """List a job's days, take what is unknown through the pipeline, then end its cells."""

    async def listing() -> Listed:
        return await provider.work(job, run.web, run.clock())

    listed = await steps.look(job.name, listing)

    async def bring(candidate: Candidate) -> Page | None:
        return listed.pages.get(candidate.url_key)

    async with working(run, steps, bring) as (_, hosts):
        hosts.take((await run.sight(listed.candidates)).fresh)
    ended = [
        _ended(provider, asked.source, day, listed, attempts)
        for asked in job.asked
        for day in asked.days
    ]

    def record(con: Connection) -> None:
        end_cells(con, run.run_id, ended, run.clock())
        record_day_states(con, [_state(c) for c in ended if c.state is CellState.DONE], run.clock())

    await run.clerk.do(record)


def _ended(
    provider: Provider,
    source: Source,
    day: date,
    listed: Listed,
    attempts: Mapping[tuple[str, date], int],
) -> Cell:
    problem = listed.failed.get((source.source_id, day))
    return Cell(
        source_id=source.source_id,
        provider=provider.name,
        day=day,
        state=CellState.DONE if problem is None else CellState.FAILED,
        reason=problem,
        attempts=attempts[source.source_id, day] + 1,
        found=sum(
            1
            for candidate in listed.candidates
            if candidate.source_id == source.source_id and _day(candidate) == day
        ),
    )


def _day(candidate: Candidate) -> date | None:
    claim = candidate.claimed_at
    return claim.at.date() if isinstance(claim, ClaimedTime) else None


def _state(cell: Cell) -> DayState:
    """What a done cell says of its day: looked at after all, whatever was missed then."""
    return DayState(
        source_id=cell.source_id,
        day=cell.day,
        expected=None,
        state="repaired",
        reason=f"backfilled from {cell.provider}",
    )
