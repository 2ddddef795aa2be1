"""What the archive need not keep any longer: pages no article refers to, once they are old enough.

Decides when pruning is due (with the first pass of a UTC day) and which pages are kept; how a file
is rewritten is the archive's. A page may be about to become an article: those fetched since the
earliest run that has not ended began are left alone, and while old pages are read again from the
archive nothing is pruned.
"""

import asyncio
import fcntl
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.archive.pruning import Pruned, prune
from flows.core.text.cleaning import how_many
from flows.pipeline.run import Run
from flows.store import Connection
from flows.store.judgements import archive_refs
from flows.store.runs import earliest_open, last_started

logger = logging.getLogger(__name__)

_LOCK = "prune.lock"


async def prune_archive(run: Run) -> None:
    """Drop pages older than `keep_off_topic_days` that no article was read from, once a day."""
    days = run.settings.archive.keep_off_topic_days
    if days is None or not await run.clerk.do(lambda con: _is_first_of_day(con, run)):
        return
    pruned = await _alone(run, days)
    if pruned is not None and pruned.problems:
        logger.warning(
            "archive: %s not pruned, `dateline check` names them; the first: %s",
            how_many(len(pruned.problems), "file"), pruned.problems[0],
        )  # fmt: skip
    if pruned is not None and pruned.pages:
        logger.info(
            "archive: dropped %s older than %s, %d bytes",
            how_many(pruned.pages, "off-topic page"), how_many(days, "day"), pruned.freed_bytes,
        )  # fmt: skip


@asynccontextmanager
async def unpruned(state_dir: Path) -> AsyncIterator[None]:
    """While this is held nothing is pruned: for whoever makes articles of old pages."""
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / _LOCK).open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_SH)
        yield


def _is_first_of_day(con: Connection, run: Run) -> bool:
    before = last_started(con, run.kind, run.run_id)
    return before is not None and before.astimezone(UTC).date() < run.started_at.date()


async def _alone(run: Run, days: int) -> Pruned | None:
    """Prune, unless another process does or reads old pages again."""
    folder: Path = run.settings.archive.path
    if not folder.exists():
        return None
    with (run.settings.state_dir / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.info("archive: not pruned today, it is being read again")
            return None
        # after the lock, and both in one turn: what is appended later comes of younger pages
        kept, before = await run.clerk.do(lambda con: _settled(con, run, days))
        return await _until_stopped(folder, before, kept)


async def _until_stopped(folder: Path, before: datetime, kept: frozenset[str]) -> Pruned:
    """Prune; a run that is cancelled meanwhile waits for the file in hand, and holds its lock."""
    stopped = threading.Event()
    pruning = asyncio.ensure_future(
        asyncio.to_thread(
            prune, folder, before=before, is_kept=kept.__contains__, is_stopped=stopped.is_set
        )
    )
    try:
        return await asyncio.shield(pruning)
    except asyncio.CancelledError:
        stopped.set()
        await asyncio.wait([pruning])
        raise


def _settled(con: Connection, run: Run, days: int) -> tuple[frozenset[str], datetime]:
    """The references of articles, and the instant before which no page becomes another one."""
    before = run.started_at - timedelta(days=days)
    working = earliest_open(con, run.run_id)
    return archive_refs(con), before if working is None else min(before, working)
