"""Looks at sources: each is asked, recorded, and its unknown candidates are handed on.

Decides that looks which wait for one turn of the writer are recorded together: alone a look costs
10 ms of CPU, and its candidates as much again; 200 together cost 200 ms. How a source is read is
`flows.discovery`'s.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from flows.core import (
    Candidate,
    GapCause,
    Look,
    LookStatus,
    Reason,
    Skipped,
    Source,
    SourceMemory,
    Stage,
)
from flows.core.boundary import by_halves, ending_of, guarded, in_words
from flows.core.text.cleaning import clean_line, how_many
from flows.discovery import faulted, look
from flows.discovery.expectation import remedy
from flows.pipeline.publishers import hosts_of_keys
from flows.pipeline.run import Run
from flows.pipeline.writer import is_of_the_values
from flows.store import Connection
from flows.store.candidates import Sighted, sight
from flows.store.sources import record_looks

T = TypeVar("T")


class Step(Protocol):
    """How one look is run (`flows.pipeline.stages.Steps`)."""

    async def look(self, name: str, work: Callable[[], Awaitable[T]]) -> T: ...


class Lookout:
    """Looks at the sources of a run. `take` is given what nobody has worked on yet."""

    def __init__(self, run: Run, steps: Step, take: Callable[[Iterable[Candidate]], None]) -> None:
        self._run = run
        self._steps = steps
        self._take = take
        self._hosts = run.outlet_hosts
        self._waiting: list[Look] = []
        self._writing = asyncio.Lock()

    async def look_at(self, source: Source, memory: SourceMemory) -> None:
        """Look at one source; its unknown candidates are handed on, the known ones end here."""
        run = self._run
        seen = await self._seen(source, memory)
        if seen.status in (LookStatus.FAILED, LookStatus.GONE):
            run.tally.failures[source.source_id] = seen.error or str(seen.reason or seen.status)
        if odd := dict(seen.problems).get(Reason.PROGRAM_FAULT):
            said = f"{Reason.PROGRAM_FAULT}: {how_many(odd, 'item')} of its listing"
            run.tally.faults[f"items of {source.source_id}"] = said
        self._waiting.append(seen)
        async with self._writing:
            # whoever held the lock before may have written this look with theirs
            looks, self._waiting = self._waiting, []
            if looks:
                await self._record(looks)

    async def _seen(self, source: Source, memory: SourceMemory) -> Look:
        """What one look saw. Should the program fail at it, that is a failed look."""
        run, name = self._run, source.source_id

        def failed(fault: Skipped) -> Look:
            return faulted(source, memory, fault, now=run.clock())

        async def work() -> Look:
            asked = look(
                source, run.web, memory, now=run.clock(), hosts=self._hosts, reading=run.reading
            )
            seen = await guarded(asked, name, Stage.DISCOVER)
            return failed(seen) if isinstance(seen, Skipped) else seen

        seen = await guarded(self._steps.look(name, work), name, Stage.DISCOVER)
        if isinstance(seen, Skipped):
            return failed(seen)
        if seen.rolled_over and seen.suggestion is None:
            return replace(seen, suggestion=remedy(source, GapCause.ROLLED_OVER))
        return seen

    async def _record(self, looks: Sequence[Look]) -> None:
        """Write `looks` in one turn; one that cannot be written counts as a failure.

        Its memory stays as it was, so that the next pass asks again.
        """
        await by_halves(looks, self._write, self._not_kept)

    async def _write(self, looks: Sequence[Look]) -> None:
        def work(con: Connection) -> Sighted:
            record_looks(con, self._run.run_id, looks)
            candidates = [candidate for seen in looks for candidate in seen.candidates]
            return sight(con, self._run.run_id, candidates)

        sighted = await self._run.clerk.do(work, enter=self._run.tally.enter)
        for seen in looks:
            hosts = hosts_of_keys(seen.memory.recent_keys)
            self._run.publishers.listed_at(seen.source_id, hosts)
        self._take(sighted.fresh)

    async def _not_kept(self, seen: Look, error: Exception) -> None:
        if is_of_the_values(error):
            said = clean_line(f"not kept: {type(error).__name__}: {error}")
        else:
            said = in_words(ending_of(error, seen.source_id, Stage.DISCOVER))
        self._run.tally.failures[seen.source_id] = said
