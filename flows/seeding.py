"""Seed documents → the store: loaded on first use, again only when a file changed.

Decides which seeds need loading; reading them is `flows.seeds`', comparing them the pipeline's.
"""

import hashlib
import logging
from collections.abc import Iterator

from flows.appending import append_arrivals
from flows.comparing import Arrival, article_id_of
from flows.errors import SeedError
from flows.records import Origin
from flows.running import Run
from flows.seeds import Seed, read_seeds
from flows.store import Connection
from flows.store.seeding import loaded_seeds, record_seed
from flows.topic import judge

logger = logging.getLogger(__name__)


async def load_seeds(run: Run) -> None:
    """Load every seed that is new or was edited; a malformed one is logged and stops nothing."""
    seeds = list(_readable(run))

    def work(con: Connection) -> None:
        loaded = loaded_seeds(con)
        fresh = [seed for seed in seeds if loaded.get(seed.name) != _content(seed)]
        append_arrivals(con, [_arrival(run, seed) for seed in fresh], run)
        for seed in fresh:
            article_id = article_id_of(_key(seed))
            record_seed(con, seed.name, _content(seed), article_id, run.started_at)

    await run.clerk.do(work)


def _readable(run: Run) -> Iterator[Seed]:
    for seed in read_seeds(run.settings.seeds_dir):
        if isinstance(seed, SeedError):
            logger.error("seed skipped: %s", seed)
        else:
            yield seed


def _content(seed: Seed) -> str:
    """What of a seed decides whether it must be loaded again."""
    article = seed.article
    published = article.published.at.isoformat() if article.published else ""
    content = "\n".join((article.reader_version, published, article.title or "", article.text))
    return hashlib.sha256(content.encode()).hexdigest()


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
