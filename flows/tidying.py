"""What the archive need not keep any longer: pages no article refers to, once they are old enough.

Decides when pruning is due (with the first pass of a UTC day) and which pages are kept; how a file
is rewritten is the archive's.
"""

import asyncio
import fcntl
import logging
from datetime import UTC, timedelta
from pathlib import Path

from flows.running import Run
from flows.store import Connection
from flows.store.revisiting import archive_refs
from flows.store.runs import last_started
from flows.warc.pruning import Pruned, prune

logger = logging.getLogger(__name__)


async def prune_archive(run: Run) -> None:
    """Drop pages older than `keep_off_topic_days` that no article was read from, once a day."""
    days = run.settings.archive.keep_off_topic_days
    if days is None or not await run.clerk.do(lambda con: _is_first_of_day(con, run)):
        return
    kept = await run.clerk.do(archive_refs)
    pruned = await asyncio.to_thread(_alone, run, kept, days)
    if pruned is not None and pruned.pages:
        logger.info(
            "archive: dropped %d off-topic pages older than %d days, %d bytes",
            pruned.pages, days, pruned.freed_bytes,
        )  # fmt: skip


def _is_first_of_day(con: Connection, run: Run) -> bool:
    before = last_started(con, run.kind, run.run_id)
    return before is not None and before.astimezone(UTC).date() < run.started_at.date()


def _alone(run: Run, kept: frozenset[str], days: int) -> Pruned | None:
    """Prune, unless another process does."""
    folder: Path = run.settings.archive.path
    if not folder.exists():
        return None
    with (run.settings.state_dir / "prune.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        before = run.started_at - timedelta(days=days)
        return prune(folder, before=before, is_kept=kept.__contains__)
