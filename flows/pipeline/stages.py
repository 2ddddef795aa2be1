"""The order of the stages: discover → known? → fetch → read → judge → compare → append.

Decides what follows what and how much happens at once; refuses to know how any stage works, and
knows nothing of Prefect: `steps` wraps the two units of work a person may watch — one look at a
source, one batch of a host's pages.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol, TypeVar

from flows.core import (
    Article,
    Candidate,
    Judgement,
    Origin,
    Page,
    Reason,
    RunReport,
    Skipped,
    Source,
    SourceMemory,
    Stage,
    Verdict,
)
from flows.core.boundary import attempted, guarded, in_words
from flows.core.settings import Settings
from flows.core.times import Clock
from flows.core.urls import host_of
from flows.discovery import headline_only, is_due
from flows.extraction import Hints
from flows.pipeline.append import Appender, Kept, Left
from flows.pipeline.coverage import find_holes, judge_coverage
from flows.pipeline.discover import Lookout
from flows.pipeline.repair import Mended, close, gaps_to_try, mend
from flows.pipeline.retention import prune_archive
from flows.pipeline.run import Run, open_run
from flows.pipeline.seeds import load_seeds
from flows.store import Connection
from flows.store.candidates import open_candidates
from flows.store.coverage import RecordedGap
from flows.store.sources import save_sources, source_memories
from flows.topic import judge

T = TypeVar("T")
# What fetches a candidate's page from elsewhere than its URL; None: nobody has it, ask the web
Bring = Callable[[Candidate], Awaitable[Page | Skipped | None]]


# At `fetch`, so that a page brought from elsewhere, as by a backfill, is read all the same
_NOT_ASKED_FOR = Skipped(
    stage=Stage.FETCH,
    reason=Reason.HEADLINE_ONLY,
    detail="its source is configured with headlines_only: pages are not asked for",
)


class Steps(Protocol):
    """How units of work are run: directly, or as Prefect tasks."""

    async def look(self, name: str, work: Callable[[], Awaitable[T]]) -> T: ...
    async def host(self, name: str, work: Callable[[], Awaitable[T]]) -> T: ...


class _Direct:
    async def look(self, name: str, work: Callable[[], Awaitable[T]]) -> T:  # noqa: ARG002
        return await work()

    async def host(self, name: str, work: Callable[[], Awaitable[T]]) -> T:  # noqa: ARG002
        return await work()


DIRECT: Steps = _Direct()


async def run_monitor(
    settings: Settings,
    *,
    clock: Clock,
    source_ids: tuple[str, ...] = (),
    all_sources: bool = False,
    steps: Steps = DIRECT,
) -> RunReport:
    """One monitoring pass over the sources that are due; returns its account.

    `source_ids` narrows the pass; with them, or with `all_sources`, sources that are not due are
    looked at too. The first pass creates the store and loads the seeds.
    """
    async with open_run(settings, kind="monitor", origin=Origin.MONITOR, clock=clock) as run:
        await monitored(run, source_ids=source_ids, all_sources=all_sources, steps=steps)
    return run.report


async def monitored(
    run: Run,
    *,
    source_ids: tuple[str, ...] = (),
    all_sources: bool = False,
    steps: Steps = DIRECT,
) -> None:
    """The pass itself, within an open run."""
    await load_seeds(run)
    # at once: jobs that wait together share a turn, and a turn costs 50 ms of CPU
    due, left = await asyncio.gather(_due(run, source_ids, all_sources), _left_open(run))
    run.tally.sources = len(due)
    async with working(run, steps) as (group, hosts):
        hosts.take(left)
        lookout = Lookout(run, steps, hosts.take)
        for source, memory in due:
            group.create_task(lookout.look_at(source, memory))
    _, gaps = await asyncio.gather(
        _counted(run, "finding holes", find_holes(run)),
        run.clerk.do(lambda con: gaps_to_try(con, run)),
    )
    async with working(run, steps) as (group, hosts):
        mending = [group.create_task(task) for task in _mend(run, gaps, hosts)]
    await close(run, [mended for task in mending if (mended := task.result()) is not None])
    await _counted(run, "judging coverage", judge_coverage(run))
    await _counted(run, "pruning the archive", prune_archive(run))


async def _counted(run: Run, name: str, work: Awaitable[T]) -> T | None:
    """The result of a unit that is neither a source nor a candidate; None when the program failed
    in it, which stands in the account under `name`."""
    result = await guarded(work, name, Stage.DISCOVER)
    if not isinstance(result, Skipped):
        return result
    run.tally.faults[name] = in_words(result)
    return None


@asynccontextmanager
async def working(
    run: Run, steps: Steps, bring: Bring | None = None
) -> AsyncIterator[tuple[asyncio.TaskGroup, "Hosts"]]:
    """Where candidates are worked through; left once every one taken has ended in the store.

    `bring` is asked for each page first: pages that came with their listing, or lie in another's
    archive.
    """
    async with Appender(run) as appender:
        async with asyncio.TaskGroup() as group:
            yield group, Hosts(run, steps, group, appender, bring)
        # a URL waits while its twin is at work; where that brought no text it is asked, too
        while twins := await appender.twins():
            async with asyncio.TaskGroup() as group:
                Hosts(run, steps, group, appender, bring).take(twins)


def _mend(
    run: Run, gaps: Iterable[RecordedGap], hosts: "Hosts"
) -> list[Coroutine[None, None, Mended | None]]:
    sources = {source.source_id: source for source in run.settings.sources if source.enabled}
    return [
        _counted(
            run,
            f"gap of {gap.source_id} since {gap.since:%F %H:%MZ}",
            mend(run, sources[gap.source_id], gap, hosts.take),
        )
        for gap in gaps
        if gap.source_id in sources
    ]


async def _due(
    run: Run, source_ids: tuple[str, ...], all_sources: bool
) -> list[tuple[Source, SourceMemory]]:
    wanted = [
        source
        for source in run.settings.sources
        if source.enabled and (not source_ids or source.source_id in source_ids)
    ]
    ids = [source.source_id for source in wanted]

    def work(con: Connection) -> dict[str, SourceMemory]:
        save_sources(con, run.settings.sources, run.started_at)
        return source_memories(con, ids)

    memories = await run.clerk.do(work)
    asked_for = bool(source_ids) or all_sources
    return [
        (source, memory)
        for source in wanted
        for memory in [memories.get(source.source_id, SourceMemory(source_id=source.source_id))]
        if asked_for or is_due(memory, now=run.started_at)
    ]


async def _left_open(run: Run) -> tuple[Candidate, ...]:
    def enter(candidates: tuple[Candidate, ...]) -> None:
        run.tally.candidates += len(candidates)

    return await run.clerk.do(lambda con: open_candidates(con, run.run_id, run.started_at), enter)


class Hosts:
    """Candidates waiting by host; `per_host` of each host at a time, all hosts at once."""

    def __init__(
        self,
        run: Run,
        steps: Steps,
        group: asyncio.TaskGroup,
        appender: Appender,
        bring: Bring | None,
    ) -> None:
        self._run = run
        self._bring = bring
        self._appender = appender
        self._steps = steps
        self._group = group
        self._sources = {source.source_id: source for source in run.settings.sources}
        self._waiting: dict[str, deque[Candidate]] = {}

    def take(self, candidates: Iterable[Candidate]) -> None:
        """Queue candidates; hosts without a batch under way get one."""
        for candidate in candidates:
            host = _host(candidate)
            if host not in self._waiting:
                self._waiting[host] = deque()
                self._group.create_task(self._batch(host))
            self._waiting[host].append(candidate)

    async def _batch(self, host: str) -> None:
        watched = self._steps.host(host, lambda: self._work(host))
        ended = await guarded(watched, host, Stage.FETCH)
        if isinstance(ended, Skipped) and host in self._waiting:
            await self._work(host)  # whoever watches has failed: the work goes on unwatched

    async def _work(self, host: str) -> None:
        waiting = self._waiting[host]
        while waiting:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._run.settings.fetch.per_host, len(waiting))):
                    group.create_task(self._work_through(waiting))
        del self._waiting[host]

    async def _work_through(self, waiting: deque[Candidate]) -> None:
        while waiting:
            candidate = waiting.popleft()
            await self._appender.put(await self._outcome(candidate))

    async def _outcome(self, candidate: Candidate) -> Kept | Left:
        source = self._sources.get(candidate.source_id)
        work = _outcome(self._run, candidate, source, self._bring)
        outcome = await guarded(work, candidate.url, Stage.FETCH)
        if isinstance(outcome, Skipped):
            return Left(candidate=candidate, skipped=outcome)
        return outcome


def _host(candidate: Candidate) -> str:
    """Whose turn a candidate waits for; of a URL no host can be read from: nobody's, and what asks
    for it says why."""
    host = attempted(lambda: host_of(candidate.url), candidate.url, Stage.FETCH)
    return "" if isinstance(host, Skipped) else host


async def _outcome(
    run: Run, candidate: Candidate, source: Source | None, bring: Bring | None
) -> Kept | Left:
    no_article = headline_only(candidate)
    if no_article is not None:
        return Left(candidate=candidate, skipped=no_article)
    page = await bring(candidate) if bring is not None else None
    if page is None and source is not None and source.headlines_only:
        page = _NOT_ASKED_FOR
    if page is None:
        page = await run.web.get(candidate.url, kind="page")
    elif isinstance(page, Page):
        page = replace(page, archive_ref=run.archive.write(page))
    if isinstance(page, Skipped):
        return Left(candidate=candidate, skipped=page)
    return await read_and_judge(run, candidate, source, page)


async def read_and_judge(
    run: Run, candidate: Candidate, source: Source | None, page: Page
) -> Kept | Left:
    """A page read and judged: worth comparing, or left with a reason. The archive notes it."""
    outcome = await _read_and_judged(run, candidate, source, page)
    if page.archive_ref is not None:
        run.archive.note(page.archive_ref, decision_of(outcome))
    return outcome


async def _read_and_judged(
    run: Run, candidate: Candidate, source: Source | None, page: Page
) -> Kept | Left:
    publisher = run.publishers.of(page.url, source)
    article = await guarded(_read(run, candidate, publisher, page), candidate.url, Stage.READ)
    if isinstance(article, Skipped):
        return Left(candidate=candidate, skipped=of_page(article, page))
    judgement = attempted(lambda: judged(run, article, candidate), candidate.url, Stage.JUDGE)
    if isinstance(judgement, Skipped):
        return Left(candidate=candidate, skipped=of_page(judgement, page))
    if judgement.verdict is Verdict.OFF_TOPIC:
        skipped = Skipped(
            stage=Stage.JUDGE,
            reason=Reason.OFF_TOPIC,
            relevance=judgement.relevance,
            rule_version=judgement.rules_version,
            archive_ref=page.archive_ref,
            final_url=page.url,
        )
        return Left(candidate=candidate, skipped=skipped, article=article)
    return Kept(
        candidate=candidate,
        page=page,
        article=article,
        judgement=judgement,
        source=source,
        publisher=publisher,
    )


async def _read(
    run: Run, candidate: Candidate, source: Source | None, page: Page
) -> Article | Skipped:
    return await run.readers.read(page, hints_of(source, candidate, run.ends_on(page)))


def of_page(skipped: Skipped, page: Page) -> Skipped:
    """An ending with where its page lies, so that it can be decided again without a request."""
    return replace(
        skipped,
        archive_ref=skipped.archive_ref or page.archive_ref,
        final_url=skipped.final_url or page.url,
    )


def judged(run: Run, article: Article, candidate: Candidate | None) -> Judgement:
    """An article judged with what its source claimed of it, whenever it is judged."""
    return judge(
        article,
        run.topic,
        claimed_title=candidate.claimed_title if candidate else None,
        claimed_summary=candidate.claimed_summary if candidate else None,
    )


def decision_of(outcome: Kept | Left) -> dict[str, str]:
    """What the archive notes of a page: how it was decided, by which versions."""
    if isinstance(outcome, Kept):
        judged = outcome.judgement
        return {
            "decision": judged.verdict.value,
            "relevance": f"{judged.relevance:.3f}",
            "rules-version": judged.rules_version,
            "reader-version": outcome.article.reader_version,
        }
    skipped = outcome.skipped
    return {
        "decision": skipped.reason.value,
        "stage": skipped.stage.value,
        "rules-version": skipped.rule_version or "",
    }


def hints_of(
    source: Source | None, candidate: Candidate | None = None, title_ends: tuple[str, ...] = ()
) -> Hints:
    """What the reader is told of a page: who publishes there (`source`; None: nobody configured),
    what was claimed of it, what its host repeats in titles."""
    return Hints(
        outlet=source.outlet if source else None,
        timezone=source.timezone if source else None,
        language=source.language if source else None,
        country=source.country if source else None,
        claimed_title=candidate.claimed_title if candidate else None,
        claimed_at=candidate.claimed_at if candidate else None,
        claimed_summary=candidate.claimed_summary if candidate else None,
        title_ends=title_ends,
    )
