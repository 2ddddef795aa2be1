"""Seed documents → the store: loaded on first use, again only when a file changed.

Decides which seeds need loading; reading them is `flows.seeds`', comparing them the pipeline's.
"""

import asyncio
import hashlib
import logging
from pathlib import Path

from flows.appending import append_arrivals
from flows.errors import SeedError
from flows.identifying import Arrival, article_id_of
from flows.records import Origin
from flows.running import Run
from flows.seeds import SEED_READER_VERSION, Seed, read_seed
from flows.store import Connection
from flows.store.seeding import loaded_seeds, record_seed
from flows.topic import judge

logger = logging.getLogger(__name__)


async def load_seeds(run: Run) -> None:
    """Load every seed that is new or was edited; a malformed one is logged and stops nothing."""
    prints = await asyncio.to_thread(_prints, run.settings.seeds_dir)
    loaded = await run.clerk.do(loaded_seeds)
    changed = [path for path, sha256 in prints.items() if loaded.get(path.name) != sha256]
    seeds = {path: seed for path in changed if (seed := _readable(path)) is not None}
    if not seeds:
        return

    def work(con: Connection) -> None:
        append_arrivals(con, [_arrival(run, seed) for seed in seeds.values()], run)
        for path, seed in seeds.items():
            record_seed(con, seed.name, prints[path], article_id_of(_key(seed)), run.started_at)

    await run.clerk.do(work)


def _prints(folder: Path) -> dict[Path, str]:
    """What of each seed decides whether it must be loaded again: its bytes, and how it is read."""
    return {
        path: hashlib.sha256(SEED_READER_VERSION.encode() + path.read_bytes()).hexdigest()
        for path in sorted(folder.glob("*.txt"))
    }


def _readable(path: Path) -> Seed | None:
    try:
        return read_seed(path)
    except SeedError as error:
        logger.error("seed skipped: %s", error)
        return None


def _key(seed: Seed) -> str:
    return f"seed:{seed.name}"


def _arrival(run: Run, seed: Seed) -> Arrival:
    return Arrival(
        url_key=_key(seed),
        article=seed.article,
        judgement=judge(seed.article, run.topic),
        origin=Origin.SEED,
        seen_at=run.started_at,
    )
