"""Looking again at recent articles for edits, less and less often as they age.

Decides which articles are due and what a second look means; the rhythm is
`flows.dedup.revisions`'s. An empty, blocked or consent answer is never a revision: it is a second
look that was skipped, with its reason.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from flows.core import (
    Article,
    Candidate,
    Ending,
    Origin,
    Page,
    Reason,
    RunReport,
    Skipped,
    Stage,
    Validators,
    Verdict,
)
from flows.core.boundary import attempted, guarded
from flows.core.settings import Settings
from flows.core.times import Clock
from flows.core.urls import host_of, url_key
from flows.dedup.furniture import is_shell
from flows.dedup.revisions import RHYTHM, next_recheck
from flows.extraction import READER_VERSION
from flows.pipeline.append import append_batch
from flows.pipeline.compare import compare_arrivals
from flows.pipeline.host_repeats import meet, page_as_met
from flows.pipeline.identity import Arrival, named_keys
from flows.pipeline.reread import parts, read_again
from flows.pipeline.retention import unpruned
from flows.pipeline.run import Run, open_run
from flows.pipeline.stages import DIRECT, Steps, hints_of, judged
from flows.store import Connection
from flows.store.candidates import candidates_stored
from flows.store.judgements import archived_readings
from flows.store.rechecks import Checkable, Checked, checkable_articles, record_rechecks

_NOT_MODIFIED = 304
# An article, and the candidate it was stored from: what its source claimed
_Due = tuple[Checkable, Candidate | None]


async def run_recheck(settings: Settings, *, clock: Clock, steps: Steps = DIRECT) -> RunReport:
    """One pass over the articles whose next look is due; returns its account."""
    async with (
        unpruned(settings.state_dir),
        open_run(settings, kind="recheck", origin=Origin.MONITOR, clock=clock) as run,
    ):
        await rechecked(run, steps)
    return run.report


async def rechecked(run: Run, steps: Steps = DIRECT) -> None:
    """The pass itself, within an open run."""
    due = await run.clerk.do(lambda con: _due(con, run.started_at))
    run.tally.candidates = len(due)
    await _read_by_one_reader(run, due)
    by_host: dict[str, list[_Due]] = defaultdict(list)
    for article, candidate in due:
        host = attempted(partial(host_of, article.url), article.url, Stage.FETCH)
        name = "" if isinstance(host, Skipped) else host  # what asks for it says why
        by_host[name].append((article, candidate))
    async with asyncio.TaskGroup() as group:
        for name, articles in by_host.items():
            group.create_task(_host(run, steps, name, articles))


async def _read_by_one_reader(run: Run, due: Sequence[_Due]) -> None:
    """Read what an older reader read of the articles `due` again, from the archive.

    Else what we read better would be taken for an edit of the publisher's.
    """
    ids = [article.article_id for article, _ in due]
    readings = await run.clerk.do(lambda con: archived_readings(con, READER_VERSION, ids))
    run.tally.candidates += len(readings)
    for part in parts(readings):
        await read_again(run, part)


def _due(con: Connection, now: datetime) -> list[_Due]:
    recent = checkable_articles(con, now - 2 * RHYTHM[-1])
    dues = ((_due_at(article), article) for article in recent)
    due = [article for due_at, article in dues if due_at is not None and due_at <= now]
    claims = candidates_stored(con, [article.article_id for article in due])
    return [(article, claims.get(article.article_id)) for article in due]


def _due_at(article: Checkable) -> datetime | None:
    """By the rhythm, whose look is not used up by one that reached nobody: that is tried again."""
    due_at = next_recheck(article.first_seen_at, article.last_checked_at, article.published_at)
    if due_at is None or article.retry_at is None:
        return due_at
    return max(due_at, article.retry_at)


async def _host(run: Run, steps: Steps, host: str, articles: Sequence[_Due]) -> None:
    async def work() -> None:
        for article, candidate in articles:
            await _check(run, article, candidate)

    await steps.host(host, work)


async def _check(run: Run, article: Checkable, candidate: Candidate | None) -> None:
    look = await guarded(_look(run, article, candidate), article.url, Stage.READ)
    reading, validators = (look, article.validators) if isinstance(look, Skipped) else look
    recorded = await guarded(
        _record(run, article, candidate, reading, validators), article.url, Stage.COMPARE
    )
    if isinstance(recorded, Skipped):
        await _record(run, article, candidate, recorded, article.validators)


async def _look(
    run: Run, article: Checkable, candidate: Candidate | None
) -> tuple[Arrival | Skipped | None, Validators]:
    """What the page says now, and the validators to ask with next time: of what was read last, as a
    wall's would have it take the wall for the article, unchanged."""
    page = await run.web.get(article.url, kind="page", validators=article.validators)
    reading = await _read(run, article, candidate, page)
    if isinstance(page, Page) and isinstance(reading, Arrival):
        return reading, page.validators
    return reading, article.validators


async def _record(
    run: Run,
    article: Checkable,
    candidate: Candidate | None,
    reading: Arrival | Skipped | None,
    validators: Validators,
) -> None:
    def record(con: Connection) -> tuple[Ending, Reason | None]:
        standing = _unless_wall(con, run, reading, candidate)
        ending, reason = _appended(con, run, standing)
        checked = Checked(
            article_id=article.article_id,
            outcome=ending.value,
            detail=reason.value if reason else None,
            validators=validators,
        )
        record_rechecks(con, run.run_id, [checked], run.clock())
        return ending, reason

    def enter(ended: tuple[Ending, Reason | None]) -> None:
        ending, reason = ended
        run.tally.endings[ending] += 1
        if reason is not None:
            run.tally.skips[reason] += 1

    await run.clerk.do(record, enter)


async def _read(
    run: Run, article: Checkable, candidate: Candidate | None, page: Page | Skipped
) -> Arrival | Skipped | None:
    """What the page says now; None when the server says nothing changed."""
    if isinstance(page, Skipped):
        return page
    if page.status == _NOT_MODIFIED:
        return None
    source = next((s for s in run.settings.sources if s.source_id == article.source_id), None)
    # what was claimed then is no witness of the title now
    publisher = run.publishers.of(page.url, source)
    hints = replace(hints_of(publisher, candidate, run.ends_on(page)), claimed_title=None)
    if publisher is None:
        hints = replace(hints, outlet=article.outlet)
    reading = await run.readers.read(page, hints)
    if isinstance(reading, Article) and is_shell(reading.text):
        return Skipped(stage=Stage.COMPARE, reason=Reason.SHELL_TEXT, archive_ref=page.archive_ref)
    if isinstance(reading, Skipped):
        return reading
    return Arrival(
        # of where it led: that may be another article's address by now
        url_key=url_key(page.url),
        aliases=(url_key(article.url),),
        named=named_keys(page.url, reading),
        article=reading,
        judgement=judged(run, reading, candidate),
        origin=run.origin,
        seen_at=page.fetched_at,
        source=source,
        publisher=publisher,
        archive_ref=page.archive_ref,
    )


def _unless_wall(
    con: Connection, run: Run, reading: Arrival | Skipped | None, candidate: Candidate | None
) -> Arrival | Skipped | None:
    """A reading remembered; a skip when the memory shows its page to be a wall."""
    page = page_as_met(reading.article, candidate) if isinstance(reading, Arrival) else None
    if page is None:
        return reading
    walls = meet(con, run.run_id, [page], run.clock(), second_look=True)
    return walls.get(page.url_key, reading)


def _appended(
    con: Connection, run: Run, reading: Arrival | Skipped | None
) -> tuple[Ending, Reason | None]:
    if isinstance(reading, Skipped):
        return Ending.SKIPPED, reading.reason
    if reading is None:
        return Ending.KNOWN, None
    batch = compare_arrivals(con, [reading], run_id=run.run_id, now=run.clock())
    if batch.articles and reading.judgement.verdict is Verdict.OFF_TOPIC:
        # another article in its place: a find like any other, and none of the topic's
        return Ending.SKIPPED, Reason.OFF_TOPIC
    append_batch(con, batch)
    if batch.revisions:
        return Ending.REVISED, None
    return (Ending.STORED if batch.articles else Ending.KNOWN), None
