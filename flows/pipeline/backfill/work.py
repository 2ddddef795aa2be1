"""A backfill from plan to end: every cell done, failed or impossible, each with its reason.

Decides what of a plan is still open and in which order it is worked on; each part of what a
provider lists goes through the pipeline before the next is asked for. Interrupted and started
again it goes on; finished and started again it does nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date

from flows.core import Candidate, Origin, Page, RunReport, Skipped, Source, Stage
from flows.core.backfills import Estimate, Window
from flows.core.boundary import guarded, in_words
from flows.core.settings import Settings
from flows.core.terminal import Bar, progress
from flows.core.times import Clock
from flows.discovery.providers.provider import Asked, Job, Part, Provider, hosts_of
from flows.pipeline.backfill.cells import Ledger
from flows.pipeline.run import Run, open_run
from flows.pipeline.stages import DIRECT, Bring, Steps, working
from flows.store import Connection
from flows.store.backfills import (
    Cell,
    CellState,
    cells_between,
    end_cells,
    hosts_listed,
    plan_cells,
    reconfigured_cells,
)
from flows.store.coverage import close_gap, open_gaps
from flows.store.sources import save_sources

# A cell in one of these states is worked on by the next run
OPEN = (CellState.PLANNED, CellState.FAILED)
# Jobs listing at once; their hosts have their own pace, so more only costs memory
_JOBS_AT_ONCE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Backfill:
    """What was asked: a range of days, providers in the order to be tried, and the sources."""

    window: Window
    providers: tuple[Provider, ...]
    sources: tuple[Source, ...]

    @property
    def sees_all(self) -> frozenset[str]:
        """The names of the providers that see everything a source published."""
        return frozenset(provider.name for provider in self.providers if provider.sees_all)


async def run_backfill(
    settings: Settings, asked: Backfill, *, clock: Clock, steps: Steps = DIRECT
) -> tuple[RunReport, tuple[Cell, ...]]:
    """Work through the plan of `asked`; returns the account and how every cell stands after."""
    async with open_run(settings, kind="backfill", origin=Origin.BACKFILL, clock=clock) as run:
        final = await backfilled(run, asked, steps)
    return run.report, final


async def backfilled(run: Run, asked: Backfill, steps: Steps = DIRECT) -> tuple[Cell, ...]:
    """The work itself, within an open run; returns how every cell stands after."""
    cells, hosts = await run.clerk.do(lambda con: _planned(con, run, asked))
    ahead = [cell for cell in cells if cell.state in OPEN]
    run.tally.sources = len({cell.source_id for cell in ahead})
    with progress("backfilling, in days of sources", len(ahead)) as bar:
        for provider in asked.providers:
            await _provide(run, asked, provider, ahead, hosts, steps, bar)
    final = await run.clerk.do(lambda con: _closed(con, run, asked))
    run.tally.failures |= _failures(ahead, final)
    return final


def planned(
    con: Connection | None, asked: Backfill, now_day: date, pace_seconds: float
) -> tuple[tuple[Cell, ...], tuple[Estimate, ...]]:
    """What a run would do: the plan as it stands, and what listing its open cells costs.

    `con` None: there is no store yet. Writes nothing.
    """
    ids = [source.source_id for source in asked.sources]
    known = {_key(cell): cell for cell in _cells(con, asked)} if con is not None else {}
    for source_id, via, day in _reconfigured(con, asked):
        known.pop((via, source_id, day), None)
    hosts = hosts_listed(con, ids) if con is not None else {}
    cells = tuple(known.get(_key(cell), cell) for cell in _plan(asked, now_day))
    ahead = [cell for cell in cells if cell.state in OPEN]
    estimates = []
    for provider in asked.providers:
        parts = _asked_of(provider, ahead, asked.sources, hosts)
        cost = provider.cost(parts)
        estimates.append(
            Estimate(
                provider=provider.name,
                cells=sum(len(part.days) for part in parts),
                requests=cost.requests if parts else 0,
                bytes=cost.bytes if parts else 0,
                seconds=cost.to_one_host * max(pace_seconds, cost.least_pace_seconds),
            )
        )
    return cells, tuple(estimates)


def _plan(asked: Backfill, today: date) -> list[Cell]:
    cells = []
    for provider in asked.providers:
        for source in asked.sources:
            for day in asked.window.days:
                refusal = provider.refuses(source, day, today)
                cells.append(
                    Cell(
                        source_id=source.source_id,
                        provider=provider.name,
                        day=day,
                        state=CellState.PLANNED if refusal is None else CellState.IMPOSSIBLE,
                        reason=refusal,
                    )
                )
    return cells


def _key(cell: Cell) -> tuple[str, str, date]:
    return cell.provider, cell.source_id, cell.day


def _planned(
    con: Connection, run: Run, asked: Backfill
) -> tuple[tuple[Cell, ...], dict[str, dict[str, int]]]:
    save_sources(con, run.settings.sources, run.started_at)
    plan = _plan(asked, run.started_at.astimezone(UTC).date())
    plan_cells(con, run.run_id, plan, run.started_at)
    anew = _reconfigured(con, asked)
    again = [cell for cell in plan if (cell.source_id, cell.provider, cell.day) in anew]
    if again:
        end_cells(con, run.run_id, again, run.started_at)
    hosts = hosts_listed(con, [source.source_id for source in asked.sources])
    return _cells(con, asked), hosts


def _reconfigured(con: Connection | None, asked: Backfill) -> set[tuple[str, str, date]]:
    """Cells that no configuration stands for any more: what was impossible may be possible now."""
    if con is None:
        return set()
    return reconfigured_cells(con, asked.window.since, asked.window.until)


def _cells(con: Connection, asked: Backfill) -> tuple[Cell, ...]:
    """The plan's cells of this range, these providers and sources."""
    providers = {provider.name for provider in asked.providers}
    sources = {source.source_id for source in asked.sources}
    found = cells_between(con, asked.window.since, asked.window.until)
    return tuple(c for c in found if c.provider in providers and c.source_id in sources)


def _asked_of(
    provider: Provider,
    ahead: Sequence[Cell],
    sources: Sequence[Source],
    hosts: Mapping[str, Mapping[str, int]],
    outlet_hosts: Iterable[str] = (),
) -> list[Asked]:
    days: dict[str, list[date]] = defaultdict(list)
    for cell in ahead:
        if cell.provider == provider.name:
            days[cell.source_id].append(cell.day)
    return [
        Asked(
            source=source,
            days=tuple(sorted(days[source.source_id])),
            hosts=hosts_of(source, hosts.get(source.source_id, {})) or tuple(outlet_hosts),
        )
        for source in sources
        if source.source_id in days
    ]


async def _provide(
    run: Run,
    asked: Backfill,
    provider: Provider,
    ahead: Sequence[Cell],
    hosts: Mapping[str, Mapping[str, int]],
    steps: Steps,
    bar: Bar,
) -> None:
    parts = _asked_of(provider, ahead, asked.sources, hosts, sorted(run.outlet_hosts))
    attempts = {(c.source_id, c.day): c.attempts for c in ahead if c.provider == provider.name}
    jobs = provider.jobs(parts) if parts else ()
    ledgers = [Ledger(run, provider, job, attempts, asked.sees_all) for job in jobs]
    places = asyncio.Semaphore(_JOBS_AT_ONCE)

    async def one(job: Job, ledger: Ledger) -> None:
        async with places:
            await _work(run, provider, job, ledger, steps, bar)

    async with asyncio.TaskGroup() as group:
        for job, ledger in zip(jobs, ledgers, strict=True):
            group.create_task(one(job, ledger))
    for ledger in ledgers:
        bar.advance(await ledger.close())


async def _work(
    run: Run, provider: Provider, job: Job, ledger: Ledger, steps: Steps, bar: Bar
) -> None:
    """Take each part of a job through the pipeline, then end the cells it completes."""
    async with aclosing(provider.work(job, run.web, run.clock(), run.reading)) as parts:
        while (part := await _next(parts, job, steps)) is not None:
            if not isinstance(part, Skipped):
                ledger.saw(part)
                taken = await guarded(_take(run, part, steps), job.name, Stage.DISCOVER)
                part = part if taken is None else taken
            if isinstance(part, Skipped):  # its days have failed, and are tried by the next run
                ledger.broke_off(in_words(part))
                run.tally.faults[job.name] = in_words(part)
                break
            bar.advance(await ledger.end(part))
    bar.advance(await ledger.record())


async def _next(parts: AsyncGenerator[Part, None], job: Job, steps: Steps) -> Part | Skipped | None:
    """What the provider lists next; None at its end, an ending where the program failed in it."""
    work = steps.look(job.name, lambda: anext(parts, None))
    return await guarded(work, job.name, Stage.DISCOVER)


async def _take(run: Run, part: Part, steps: Steps) -> None:
    if not part.candidates:
        return
    brought = [one.url_key for one in part.candidates] if part.is_brought else ()
    sighted = await run.sight(part.candidates, brought=brought, eager=True)
    async with working(run, steps, _bring(part)) as (_, hosts):
        hosts.take(sighted.fresh)


def _bring(part: Part) -> Bring:
    async def bring(candidate: Candidate) -> Page | Skipped | None:
        page = part.pages.get(candidate.url_key)
        if page is not None or part.bring is None:
            return page
        return await part.bring(candidate)

    return bring


def _closed(con: Connection, run: Run, asked: Backfill) -> tuple[Cell, ...]:
    """The cells as they stand at the end; gaps whose days are all read again are closed."""
    cells = _cells(con, asked)
    read: dict[str, set[date]] = defaultdict(set)
    for cell in cells:
        if cell.state is CellState.DONE and cell.provider in asked.sees_all:
            read[cell.source_id].add(cell.day)
    for gap in open_gaps(con):
        days = Window(since=gap.since.date(), until=gap.until.date()).days
        if read[gap.source_id].issuperset(days):
            close_gap(con, run.run_id, gap, "repaired", "these days were backfilled", run.clock())
    return cells


def _failures(ahead: Sequence[Cell], final: Sequence[Cell]) -> dict[str, str]:
    """Sources of which every cell worked on has failed and found nothing, with the last reason.

    What was found for a day that is not done, because something of it was not read, was reached.
    """
    keys = {_key(cell) for cell in ahead}
    worked: dict[str, list[Cell]] = defaultdict(list)
    for cell in final:
        if _key(cell) in keys:
            worked[cell.source_id].append(cell)
    return {
        source_id: cells[-1].reason or "failed"
        for source_id, cells in worked.items()
        if all(cell.state is CellState.FAILED and not cell.found for cell in cells)
    }
