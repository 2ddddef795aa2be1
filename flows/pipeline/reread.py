"""Archived pages read again by today's reader, without a request.

Decides what a second reading means: a changed text is our change, never the publisher's; a page
that was no article may be one now. Interrupted and started again it goes on where it stopped.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from flows.archive.archive import read_archived
from flows.core import (
    Article,
    Candidate,
    Ending,
    Origin,
    Page,
    Reason,
    RunReport,
    Skipped,
    Source,
    Stage,
)
from flows.core.boundary import by_halves, ending_of, guarded
from flows.core.errors import ArchiveError
from flows.core.settings import Settings
from flows.core.terminal import progress
from flows.core.times import Clock
from flows.dedup.fingerprints import fingerprints, text_print
from flows.dedup.revisions import changed_words
from flows.extraction import READER_VERSION
from flows.pipeline.append import Kept, Left, append_batch, append_outcomes
from flows.pipeline.publication_time import publication_of
from flows.pipeline.retention import unpruned
from flows.pipeline.run import Run, open_run
from flows.pipeline.stages import hints_of, judged, read_and_judge
from flows.store import Connection, open_published
from flows.store.articles import texts
from flows.store.batch import Batch, Cause, NewRevision, StoredText
from flows.store.candidates import candidates_stored
from flows.store.judgements import (
    ArchivedReading,
    ArchivedSkip,
    archived_readings,
    archived_skips,
    record_reread,
)
from flows.store.query import ask

logger = logging.getLogger(__name__)

T = TypeVar("T")

# What a better reader may read after all
READ_REASONS = (
    Reason.NO_TEXT, Reason.TOO_SHORT, Reason.SECTION_FRONT, Reason.GALLERY, Reason.VIDEO,
    Reason.POLL, Reason.FORUM, Reason.PRODUCT, Reason.NO_ARTICLE,
    Reason.READER_LIMIT, Reason.READER_TIMEOUT, Reason.READER_CRASHED,
    Reason.SHELL_TEXT, Reason.REPEATED_TEXT, Reason.REFUSED_BY_STORE, Reason.PROGRAM_FAULT,
)  # fmt: skip
_Read = tuple[ArchivedReading, NewRevision | None]  # None: no article today
_AT_ONCE = 50  # pages read before a commit: what an interruption costs


async def run_reread(settings: Settings, *, clock: Clock, where: str | None = None) -> RunReport:
    """Read every archived page that today's reader has not read; returns the account.

    `where` is SQL over the columns of the view `articles` and narrows the pass to those articles;
    without it skipped pages are read again too. Raises `StoreError` when `where` is no SQL.
    """
    wanted = wanted_articles(settings, where) if where else None
    async with (
        unpruned(settings.state_dir),
        open_run(settings, kind="reread", origin=Origin.MONITOR, clock=clock) as run,
    ):
        await reread(run, wanted)
    return run.report


async def reread(run: Run, wanted: list[str] | None = None) -> None:
    """The pass itself, within an open run; `wanted` narrows it to these articles."""
    readings = await run.clerk.do(lambda con: archived_readings(con, READER_VERSION, wanted))
    skips: tuple[ArchivedSkip, ...] = ()
    if wanted is None:
        skips = await run.clerk.do(lambda con: archived_skips(con, READ_REASONS, READER_VERSION))
    run.tally.candidates = len(readings) + len(skips)
    with progress("reading again", run.tally.candidates) as bar:
        for part in parts(readings):
            await read_again(run, part)
            bar.advance(len(part))
        for skipped in parts(skips):
            await revisit(run, skipped)
            bar.advance(len(skipped))


def wanted_articles(settings: Settings, where: str) -> list[str]:
    """The article_ids a condition over the view `articles` names, from the published file."""
    with open_published(settings.store.path) as published:
        named = ask(published, f"select article_id from articles where ({where})")
    return [str(article_id) for (article_id,) in named.rows]


def parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """`items` in runs of as many as one commit takes."""
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]


async def revisit(run: Run, skips: Sequence[ArchivedSkip]) -> list[Kept | Left]:
    """Read and judge skipped pages from the archive; each ends anew, as a candidate of this run.

    A page the archive no longer holds stays as it ended.
    """
    outcomes = await reconsidered(run, skips)
    await append_outcomes(run, outcomes)
    run.tally.endings[Ending.KNOWN] += len(skips) - len(outcomes)
    return outcomes


async def reconsidered(run: Run, skips: Sequence[ArchivedSkip]) -> list[Kept | Left]:
    """What would become of skipped pages today; pages the archive no longer holds are left out."""
    found = await asyncio.gather(*(_reconsidered(run, skip) for skip in skips))
    return [outcome for outcome in found if outcome is not None]


async def _reconsidered(run: Run, skip: ArchivedSkip) -> Kept | Left | None:
    outcome = await guarded(_decided(run, skip), skip.candidate.url, Stage.READ)
    if isinstance(outcome, Skipped):
        fault = replace(outcome, archive_ref=skip.archive_ref)
        return Left(candidate=skip.candidate, skipped=fault)
    return outcome


async def _decided(run: Run, skip: ArchivedSkip) -> Kept | Left | None:
    page = await _archived(run, skip.archive_ref)
    if page is None:
        return None
    return await read_and_judge(run, skip.candidate, _source(run, skip.candidate.source_id), page)


async def _archived(run: Run, archive_ref: str) -> Page | None:
    try:
        return await asyncio.to_thread(read_archived, run.settings.archive.path, archive_ref)
    except ArchiveError as error:
        logger.warning("%s; its article stays as it was read", error)
        return None


def _source(run: Run, source_id: str | None) -> Source | None:
    return next((s for s in run.settings.sources if s.source_id == source_id), None)


async def read_again(run: Run, readings: Sequence[ArchivedReading]) -> None:
    """Read pages of stored articles again; commit what reads differently as our revision.

    One at which the program fails stays as it was read, and is tried by the next such pass.
    """
    ids = [reading.article_id for reading in readings]
    claims = await run.clerk.do(lambda con: candidates_stored(con, ids))
    made = await asyncio.gather(
        *(_made(run, reading, claims.get(reading.article_id)) for reading in readings)
    )
    units = []
    for reading, revision in zip(readings, made, strict=True):
        if isinstance(revision, Skipped):
            count_fault(run)
        else:
            units.append((reading, revision))

    async def together(some: Sequence[_Read]) -> None:
        await _commit(run, some)

    async def alone(unit: _Read, error: Exception) -> None:
        ending_of(error, unit[0].url, Stage.COMPARE)
        count_fault(run)

    if units:
        await by_halves(units, together, alone)


async def _commit(run: Run, some: Sequence[_Read]) -> None:
    made = {reading.article_id: revision for reading, revision in some if revision is not None}

    def work(con: Connection) -> int:
        revisions = tuple(
            replace(
                made[name],
                change=changed_words(text.text, made[name].article.text),
                publication_stands=_keeps_publication(text, made[name].article),
            )
            for name, text in texts(con, list(made)).items()
            if _differs(text, made[name])
        )
        append_batch(con, Batch(run_id=run.run_id, stored_at=run.clock(), revisions=revisions))
        docs = [reading.doc for reading, _ in some]
        record_reread(con, run.run_id, docs, READER_VERSION, run.clock())
        return len(revisions)

    def enter(revised: int) -> None:
        run.tally.endings[Ending.REVISED] += revised
        run.tally.endings[Ending.KNOWN] += len(some) - revised

    await run.clerk.do(work, enter)


def count_fault(run: Run) -> None:
    """Enter a stored article at which the program failed: it stays as it is."""
    run.tally.endings[Ending.SKIPPED] += 1
    run.tally.skips[Reason.PROGRAM_FAULT] += 1


async def _made(
    run: Run, reading: ArchivedReading, candidate: Candidate | None
) -> NewRevision | Skipped | None:
    """The revision today's reader makes of a page; None when it makes no article of it."""

    async def work() -> NewRevision | Skipped | None:
        page = await _archived(run, reading.archive_ref)
        if page is None:
            return None
        publisher = run.publishers.of(page.url, _source(run, reading.source_id))
        read = await run.readers.read(page, hints_of(publisher, candidate, run.ends_on(page)))
        if isinstance(read, Article):
            return _revision(run, reading, read, candidate)
        return read if read.reason is Reason.PROGRAM_FAULT else None

    return await guarded(work(), reading.url, Stage.READ)


def _differs(stored: StoredText, new: NewRevision) -> bool:
    """Whether reading again changes what stands: never a newer text of the publisher's, stored
    meanwhile by today's reader."""
    if stored.reader_version == READER_VERSION:
        return False
    read, published = new.article, new.article.published
    dated = (published.at, published.precision.value) if published else (None, None)
    redated = dated != (stored.published_at, stored.published_precision)
    if redated and not _keeps_publication(stored, read):
        return True
    return _told(stored) != _read_as(new)


def _told(stored: StoredText) -> tuple[object, ...]:
    return (
        stored.text_print, stored.title, stored.authors, stored.agencies, stored.dateline,
        stored.language, stored.form, stored.modified_at, stored.outlet,
    )  # fmt: skip


def _read_as(new: NewRevision) -> tuple[object, ...]:
    read = new.article
    modified_at = read.modified.at if read.modified else None
    return (
        new.text_print, read.title, read.authors, read.agencies, read.dateline, read.language,
        read.form, modified_at, read.outlet,
    )  # fmt: skip


def _keeps_publication(stored: StoredText, read: Article) -> bool:
    """Whether an earlier page's claim stands. Of a first page today's reader knows better."""
    return stored.revision > 1 and publication_of(stored).stands_against(read.published)


def _revision(
    run: Run, reading: ArchivedReading, article: Article, candidate: Candidate | None
) -> NewRevision:
    return NewRevision(
        article_id=reading.article_id,
        article=article,
        judgement=judged(run, article, candidate),
        seen_at=run.clock(),
        text_print=text_print(article.text),
        cause=Cause.READER,
        archive_ref=reading.archive_ref,
        fingerprints=fingerprints(article.text),
    )
