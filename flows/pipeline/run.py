"""Opens and closes one run: its identity, its tools, its account.

Decides what every run has (a topic, a store, an archive, the network, readers, one writer) and
that it ends with a report whatever happens; refuses to know what the run does. `now` and the
run_id are taken once, here.

The rules that make what the store keeps of a URL and of a text, with their versions.

The one place that hands `flows.core.urls` and `flows.dedup` to the store, which knows neither.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from flows.archive.archive import Archive, recover
from flows.core import Candidate, Ending, Origin, Page, RunReport, RunState
from flows.core.boundary import printable, telling_once
from flows.core.runs import SCHEDULED
from flows.core.settings import Settings
from flows.core.terminal import progress
from flows.core.times import Clock
from flows.core.urls import URL_RULES_VERSION, host_of, url_key
from flows.dedup.fingerprints import FINGERPRINT_VERSION, printed
from flows.dedup.host_repeats import host_named, repeated_ends
from flows.discovery import Reading, in_workers
from flows.extraction.pool import Readers
from flows.fetch.client import Web
from flows.pipeline.liveness import Presence
from flows.pipeline.publishers import Publishers
from flows.pipeline.writer import Clerk
from flows.store import Connection, Store
from flows.store.candidates import Sighted, sight
from flows.store.met_pages import counted_ends
from flows.store.rules.renew import Rules
from flows.store.runs import begin_run, end_run, lost_runs
from flows.store.sources import hosts_listed_last
from flows.topic import Topic, load_topic

RULES = Rules(
    keys=URL_RULES_VERSION,
    url_key=url_key,
    prints=FINGERPRINT_VERSION,
    printed=printed,
)


logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(slots=True)
class Tally:
    """What has happened in a run so far; becomes its report."""

    begun: bool = False
    sources: int = 0
    candidates: int = 0
    endings: Counter[Ending] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    # Units that are neither a source nor a candidate, in which the program failed: name → how
    faults: dict[str, str] = field(default_factory=dict)
    behind: set[str] = field(default_factory=set)

    def enter(self, sighted: Sighted) -> None:
        """Count candidates that were seen; the known ones have ended, among them for now those
        that wait behind a twin."""
        self.candidates += len(sighted.fresh) + sighted.known
        self.endings[Ending.KNOWN] += sighted.known
        self.behind.update(sighted.behind)

    def promote(self, taken: Iterable[Candidate]) -> None:
        """Count candidates that waited behind a twin as taken into work."""
        for candidate in taken:
            if candidate.url in self.behind:  # counted already, as known
                self.behind.discard(candidate.url)
                self.endings[Ending.KNOWN] -= 1
            else:
                self.candidates += 1

    def report(
        self, run_id: str, kind: str, state: RunState, started_at: datetime, finished_at: datetime
    ) -> RunReport:
        """The account as it stands; candidates without an ending are `left_open`."""
        return RunReport(
            run_id=run_id,
            kind=kind,
            state=state,
            started_at=started_at,
            finished_at=finished_at,
            sources=self.sources,
            sources_failed=len(self.failures),
            candidates=self.candidates,
            stored=self.endings[Ending.STORED],
            revised=self.endings[Ending.REVISED],
            known=self.endings[Ending.KNOWN],
            skipped=self.endings[Ending.SKIPPED],
            left_open=self.candidates - self.endings.total(),
            skips=tuple(self.skips.most_common()),
            failures=tuple(
                sorted(
                    (printable(name), printable(how))
                    for name, how in (*self.failures.items(), *self.faults.items())
                )
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run and its tools. `finished` holds the report once the run is closed."""

    run_id: str
    kind: str
    origin: Origin
    started_at: datetime
    settings: Settings
    topic: Topic
    clock: Clock
    archive: Archive
    web: Web
    readers: Readers
    reading: Reading
    clerk: Clerk
    tally: Tally
    finished: list[RunReport]
    publishers: Publishers
    title_ends: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def ends_on(self, page: Page) -> tuple[str, ...]:
        """What most titles of the page's host began or ended with before this run."""
        return self.title_ends.get(host_named(page.url), ())

    @property
    def outlet_hosts(self) -> frozenset[str]:
        """The hosts of all outlets: what a source that lists the whole world's press is narrowed
        to."""
        world = {"gdelt", "google_news"}
        return frozenset(host_of(s.url) for s in self.settings.sources if s.kind not in world)

    async def sight(
        self, candidates: Sequence[Candidate], *, brought: Collection[str] = (), eager: bool = False
    ) -> Sighted:
        """Record where candidates were seen; the fresh ones are this run's, the known end here.

        `brought` and `eager` as in `flows.store.candidates.sight`.
        """
        return await self.clerk.do(
            lambda con: sight(con, self.run_id, candidates, brought=brought, eager=eager),
            enter=self.tally.enter,
        )

    @property
    def report(self) -> RunReport:
        """The account of the closed run."""
        return self.finished[0]


@asynccontextmanager
async def open_run(
    settings: Settings, *, kind: str, origin: Origin, clock: Clock
) -> AsyncIterator[Run]:
    """Everything a run needs; on leaving, the run is closed with its report and published.

    Raises `ConfigurationError` for the topic and `StoreError` before anything is fetched.
    """
    topic = load_topic(settings.topic_path)
    now = clock()
    run_id = f"{now:%Y%m%dT%H%M%S}-{kind}-{secrets.token_hex(2)}"
    async with _present(settings.state_dir / "present", run_id) as presence:
        store = Store(settings.store.path, settings.state_dir, clock)
        await asyncio.to_thread(store.prepare, RULES, progress)
        for name in await asyncio.to_thread(recover, settings.archive.path):
            logger.warning("archive file %s was left open by a lost run and has been closed", name)
        processes = settings.read.processes or os.cpu_count() or 1
        async with (
            _entered(telling_once()),
            _entered(Archive(settings.archive.path, run_id, clock)) as archive,
            Clerk(store) as clerk,
            Readers(processes, settings.read.timeout_seconds) as readers,
            Web(settings.fetch, state_dir=settings.state_dir, clock=clock, archive=archive) as web,
        ):
            run = Run(
                run_id=run_id, kind=kind, origin=origin, started_at=now, settings=settings,
                topic=topic, clock=clock, archive=archive, web=web, readers=readers,
                reading=in_workers(readers.workers), clerk=clerk,
                tally=Tally(), finished=[], publishers=Publishers(settings.sources),
            )  # fmt: skip
            async with _accounted(run, presence):
                yield run


@asynccontextmanager
async def _present(folder: Path, run_id: str) -> AsyncIterator[Presence]:
    """The run's mark, set in a thread: it may have to watch another's for a while."""
    with closing(Presence(folder, run_id)) as presence:
        await asyncio.to_thread(presence.show)
        yield presence


@asynccontextmanager
async def _accounted(run: Run, presence: Presence) -> AsyncIterator[None]:
    """The run begun, and ended with its account, whatever happens."""
    state = RunState.FAILED
    try:
        await _begin(run, presence)
        yield
        state = _ended_as(run.tally)
    except asyncio.CancelledError:
        state = RunState.STOPPED
        raise
    finally:
        await asyncio.shield(_end(run, state))


@asynccontextmanager
async def _entered(manager: AbstractContextManager[T]) -> AsyncIterator[T]:
    with manager as entered:
        yield entered


def _ended_as(tally: Tally) -> RunState:
    if tally.sources and len(tally.failures) == tally.sources:
        return RunState.FAILED
    return RunState.COMPLETED


async def _begin(run: Run, presence: Presence) -> None:
    pid, machine, scheduled = os.getpid(), socket.gethostname(), SCHEDULED.get()

    def work(con: Connection) -> tuple[str, ...]:
        run.title_ends.update(repeated_ends(counted_ends(con)))
        for source_id, hosts in hosts_listed_last(con).items():
            run.publishers.listed_at(source_id, hosts)
        lost = lost_runs(con, run.started_at, presence.sees)
        begin_run(con, run.run_id, run.kind, run.started_at, pid, machine, scheduled)
        return lost

    def enter(lost: tuple[str, ...]) -> None:
        run.tally.begun = True
        for run_id in lost:
            logger.warning("run %s was lost; its open work is taken over", run_id)

    await run.clerk.do(work, enter)


async def _end(run: Run, state: RunState) -> None:
    """Close the run with its account, made in its turn: all turns before are entered by then."""

    def work(con: Connection) -> RunReport:
        report = run.tally.report(run.run_id, run.kind, state, run.started_at, run.clock())
        if run.tally.begun:
            end_run(con, report)
        return report

    await run.clerk.do(work, enter=run.finished.append)
