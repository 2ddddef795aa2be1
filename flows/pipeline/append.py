"""Outcomes of a run → the store: gathered into batches, compared, one transaction each.

Decides when a batch is full; the comparing is `flows.pipeline.compare`'s, the writing the store's.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from flows.core import (
    Article,
    Candidate,
    ClaimedTime,
    Ending,
    Judgement,
    Origin,
    Page,
    Reason,
    Skipped,
    Source,
    Stage,
    UnreadTime,
)
from flows.core.boundary import by_halves, ending_of
from flows.core.text.cleaning import clean_line
from flows.core.urls import url_key
from flows.pipeline.compare import compare_arrivals, without_shells
from flows.pipeline.copies import followed
from flows.pipeline.host_repeats import meet, page_as_met
from flows.pipeline.identity import Arrival, named_keys
from flows.pipeline.run import Run
from flows.pipeline.writer import is_of_the_values
from flows.store import Connection
from flows.store.append import append
from flows.store.batch import Batch, Ended
from flows.store.candidates import take_twins

logger = logging.getLogger(__name__)

# A commit costs 0.1–0.6 s whatever it holds, so outcomes share one; what waits is lost by kill -9
# and fetched again, so few wait and not for long.
_MOST_WAITING = 200
_LONGEST_WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A candidate whose page is an article on the topic. `publisher` is the configured source of
    its host."""

    candidate: Candidate
    page: Page
    article: Article
    judgement: Judgement
    source: Source | None
    publisher: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A candidate that ended before comparing, and why; `article` when its page was read."""

    candidate: Candidate
    skipped: Skipped
    article: Article | None = None


class Appender:
    """Async context manager between the stages and the store; leaving it appends what waits."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._waiting: asyncio.Queue[Kept | Left | asyncio.Event | None] = asyncio.Queue(
            _MOST_WAITING
        )
        self._twins: list[Candidate] = []
        self._worker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._worker = asyncio.create_task(self._work(), name="appender")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._worker is None:
            return
        if not self._worker.done():
            await self._waiting.put(None)
        await asyncio.shield(self._worker)

    async def put(self, outcome: Kept | Left) -> None:
        """Hand over one candidate's outcome; waits while the store is behind.

        Raises what broke the store, once it is broken.
        """
        await self._waiting.put(outcome)
        if self._worker is not None and self._worker.done():
            self._worker.result()

    async def twins(self) -> list[Candidate]:
        """What waited behind the outcomes handed over so far, once those are appended: candidates
        taken into this run because a twin of theirs brought no text. Each is given once."""
        appended = asyncio.Event()
        await self._waiting.put(appended)
        await appended.wait()
        if self._worker is not None and self._worker.done():
            self._worker.result()
        twins, self._twins[:] = list(self._twins), []
        return twins

    async def _work(self) -> None:
        try:
            closing = False
            while not closing:
                batch = await self._batch()
                closing = batch[-1] is None
                outcomes = [one for one in batch if isinstance(one, Kept | Left)]
                if outcomes:
                    await append_outcomes(self._run, outcomes, twins=self._twins)
                for one in batch:
                    if isinstance(one, asyncio.Event):
                        one.set()
        finally:
            # whoever waits for a place would wait for ever: they go on and hear what is wrong
            while not self._waiting.empty():
                waiting = self._waiting.get_nowait()
                if isinstance(waiting, asyncio.Event):
                    waiting.set()

    async def _batch(self) -> list[Kept | Left | asyncio.Event | None]:
        """The outcomes of the next commit, None after the last of all; an event, where somebody
        waits for it, is the last of a batch."""
        batch = [await self._waiting.get()]
        full_at = asyncio.get_running_loop().time() + _LONGEST_WAIT_SECONDS
        while isinstance(batch[-1], Kept | Left) and len(batch) < _MOST_WAITING:
            try:
                async with asyncio.timeout_at(full_at):
                    batch.append(await self._waiting.get())
            except TimeoutError:
                break
        return batch


async def append_outcomes(
    run: Run, outcomes: Sequence[Kept | Left], *, twins: list[Candidate] | None = None
) -> None:
    """Compare and append `outcomes` in one transaction, then enter them into the run's account.

    What waited behind those that brought no text is taken into this run and added to `twins`. An
    outcome that the store refuses, or that the program fails to compare, is found by halves,
    logged, and ends as a skip: the others are kept, and no run fails for it. What is wrong with the
    store itself is raised.
    """

    async def kept(settled: Callable[[Connection], Batch]) -> None:
        def work(con: Connection) -> tuple[Batch, tuple[Candidate, ...]]:
            batch = settled(con)
            failed = batch.endings if twins is not None else ()
            return batch, take_twins(con, run.run_id, failed)

        def enter(done: tuple[Batch, tuple[Candidate, ...]]) -> None:
            batch, taken = done
            _enter(run, batch)
            run.tally.promote(taken)
            if twins is not None:
                twins.extend(taken)

        await run.clerk.do(work, enter=enter)

    async def together(some: Sequence[Kept | Left]) -> None:
        await kept(lambda con: settle(con, run, some))

    async def alone(outcome: Kept | Left, error: Exception) -> None:
        skipped = _why_not_kept(outcome, error)
        await kept(lambda con: _skipped_alone(con, run, outcome, skipped))

    await by_halves(outcomes, together, alone)


def _why_not_kept(outcome: Kept | Left, error: Exception) -> Skipped:
    """Why an outcome cannot be kept. Its page stays in the archive."""
    if not is_of_the_values(error):
        return ending_of(error, outcome.candidate.url, Stage.COMPARE)
    said = f"{type(error).__name__}: {error}".encode(errors="backslashreplace").decode()
    logger.warning("not stored, skipped: %s: %s", outcome.candidate.url, said)
    return Skipped(stage=Stage.APPEND, reason=Reason.REFUSED_BY_STORE, detail=clean_line(said))


def _skipped_alone(con: Connection, run: Run, outcome: Kept | Left, skipped: Skipped) -> Batch:
    """End a candidate whose outcome cannot be kept, by itself."""
    skipped = replace(skipped, archive_ref=_archive_ref(outcome))
    ended = Ended(candidate=outcome.candidate, ending=Ending.SKIPPED, skipped=skipped)
    batch = Batch(run_id=run.run_id, stored_at=run.clock(), endings=(ended,))
    append(con, batch)
    return batch


def _enter(run: Run, batch: Batch) -> None:
    run.tally.endings[Ending.STORED] += sum(1 for new in batch.articles if new.candidate)
    run.tally.endings[Ending.REVISED] += sum(1 for new in batch.revisions if new.candidate)
    for ended in batch.endings:
        run.tally.endings[ended.ending] += 1
        if ended.skipped is not None:
            run.tally.skips[ended.skipped.reason] += 1


def settle(con: Connection, run: Run, outcomes: Sequence[Kept | Left]) -> Batch:
    """Everything `outcomes` mean for the store, appended through `con`."""
    arrivals: list[Arrival] = []
    outcomes = _without_walls(con, run, outcomes)
    endings = [
        _skip(run, o.candidate, o.skipped, o.article) for o in outcomes if isinstance(o, Left)
    ]
    kept = (_arrival(run, outcome) for outcome in outcomes if isinstance(outcome, Kept))
    for arrived in without_shells(kept):
        if isinstance(arrived, Arrival):
            arrivals.append(arrived)
        else:
            endings.append(_skip(run, *arrived))
    return append_arrivals(con, arrivals, run, endings)


def _without_walls(con: Connection, run: Run, outcomes: Sequence[Kept | Left]) -> list[Kept | Left]:
    """`outcomes` remembered; those whose pages are walls, as the memory shows, left with it."""
    pages = [
        page_as_met(outcome.article, outcome.candidate)
        for outcome in outcomes
        if outcome.article is not None
    ]
    walls = meet(con, run.run_id, [page for page in pages if page is not None], run.clock())
    return [_left_at(walls.get(outcome.candidate.url_key), outcome) for outcome in outcomes]


def _left_at(wall: Skipped | None, outcome: Kept | Left) -> Kept | Left:
    """What becomes of an outcome whose page was seen to be a wall: it comes back, as one off the
    topic would not."""
    if wall is None or outcome.article is None:
        return outcome
    skipped = replace(wall, archive_ref=_archive_ref(outcome), final_url=outcome.article.url)
    return Left(candidate=outcome.candidate, skipped=skipped)


def _archive_ref(outcome: Kept | Left) -> str | None:
    return outcome.page.archive_ref if isinstance(outcome, Kept) else outcome.skipped.archive_ref


def append_arrivals(
    con: Connection, arrivals: Sequence[Arrival], run: Run, endings: Sequence[Ended] = ()
) -> Batch:
    """Compare `arrivals`, append them and `endings`; returns what was appended."""
    batch = compare_arrivals(
        con, arrivals, endings=tuple(endings), run_id=run.run_id, now=run.clock()
    )
    append_batch(con, batch)
    return batch


def append_batch(con: Connection, batch: Batch) -> None:
    """Append what was compared; families follow what its revisions are about now."""
    revised = sorted({new.article_id for new in batch.revisions})
    with followed(con, revised, batch.run_id, batch.stored_at):
        append(con, batch)


def _skip(
    run: Run, candidate: Candidate, skipped: Skipped, article: Article | None = None
) -> Ended:
    return Ended(
        candidate=candidate,
        ending=Ending.SKIPPED,
        skipped=skipped,
        day=_own_day(run, article.published if article else None, candidate.claimed_at),
    )


def _own_day(run: Run, *claims: ClaimedTime | UnreadTime | None) -> date | None:
    """The day of the past a backfill's find belongs to; what a pass finds counts when it is found,
    beside the looks of that day."""
    if run.origin is not Origin.BACKFILL:
        return None
    return next((claim.at.date() for claim in claims if isinstance(claim, ClaimedTime)), None)


def _arrival(run: Run, kept: Kept) -> Arrival:
    return Arrival(
        url_key=url_key(kept.page.url),
        aliases=(kept.candidate.url_key,),
        named=named_keys(kept.page.url, kept.article),
        article=kept.article,
        judgement=kept.judgement,
        origin=run.origin,
        seen_at=kept.page.fetched_at,
        candidate=kept.candidate,
        source=kept.source,
        publisher=kept.publisher,
        archive_ref=kept.page.archive_ref,
        day=_own_day(run, kept.article.published, kept.candidate.claimed_at),
    )
