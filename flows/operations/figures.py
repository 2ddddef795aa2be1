"""The figures of the store, which runs alone change: counted when one ends, kept in a small file.

So that whoever scrapes every few seconds costs nothing, and gets an answer while the store cannot
be opened. Decides what is counted; every count is of small tables, or of what runs said of
themselves, however large the store is.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flows.core.errors import DatelineError
from flows.core.settings import Settings
from flows.operations.alerts.facts import Reading

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """As the published file says it. Counts; sizes in bytes; `seconds` is the length of the last
    run of each kind. `runs` by kind, then state; `skips` by reason; `sources` by the status of
    their last look."""

    counted_at: datetime
    articles: int = 0
    stories: int = 0
    open_gaps: int = 0
    waiting: int = 0
    runs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    endings: Mapping[str, int] = field(default_factory=dict)
    skips: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    store_bytes: int = 0
    archive_bytes: int = 0


def count_figures(settings: Settings, now: datetime) -> Figures:
    """Count them. Raises `StoreError` when nothing is published, or it cannot be read."""
    from flows.store import open_published  # not in the runner, which only registers flows

    with open_published(settings.store.path) as con:
        ((articles, stories),) = con.execute(_ARTICLES, []).fetchall()
        ((gaps,),) = con.execute(_GAPS, []).fetchall()
        ((stored, revised, known, skipped),) = con.execute(_ENDINGS, []).fetchall()
        runs: dict[str, dict[str, int]] = {}
        for kind, state, count in con.execute(_RUNS, []).fetchall():
            runs.setdefault(kind, {})[state] = count
        waiting = con.execute(_WAITING, []).fetchall()
        return Figures(
            counted_at=now,
            articles=articles,
            stories=stories,
            open_gaps=gaps,
            waiting=waiting[0][0] if waiting else 0,
            runs=runs,
            endings={"stored": stored, "revised": revised, "known": known, "skipped": skipped},
            skips=_by_name(con, _SKIPS),
            sources=_by_name(con, _SOURCES),
            seconds=_by_name(con, _SECONDS),
            store_bytes=settings.store.path.stat().st_size,
            archive_bytes=_size(settings.archive.path),
        )


def keep_figures(settings: Settings, now: datetime) -> None:
    """Count and keep them, once a run has ended, where somebody may ask for them.

    What goes wrong is a warning, never the run's failure.
    """
    if settings.health.port is None:
        return
    try:
        kept = json.dumps(asdict(count_figures(settings, now)), default=datetime.isoformat)
        fresh = _path(settings.state_dir).with_suffix(".new")
        fresh.write_text(kept, encoding="utf-8")
        fresh.replace(_path(settings.state_dir))
    except (OSError, DatelineError) as error:
        logger.warning("the figures for /metrics were not counted: %s", error)


def read_figures(state_dir: Path) -> Figures | None:
    """What was counted last; None where nothing was, or it cannot be read."""
    try:
        kept = json.loads(_path(state_dir).read_text(encoding="utf-8"))
        return Figures(**kept | {"counted_at": datetime.fromisoformat(kept["counted_at"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _path(state_dir: Path) -> Path:
    return state_dir / "figures.json"


def _by_name(con: Reading, query: str) -> dict[str, Any]:
    return {str(name): value for name, value in con.execute(query, []).fetchall()}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


_ARTICLES = "select count(*), count(distinct story_id) from articles"
_GAPS = "select count(*) from gaps"
_ENDINGS = """
    select coalesce(sum(stored), 0)::bigint, coalesce(sum(revised), 0)::bigint,
           coalesce(sum(known), 0)::bigint, coalesce(sum(skipped), 0)::bigint
    from runs
"""
_RUNS = "select kind, state, count(*) from runs group by all order by all"
_SKIPS = """
    select skip.reason, sum(skip.count)::bigint
    from (select unnest(skips) as skip from runs)
    group by all order by all
"""
_SOURCES = """
    with last as (
        select source_id, arg_max(status, started_at) as status
        from source_checks
        group by source_id
    )
    select coalesce(l.status, 'never'), count(*)
    from sources s
    left join last l using (source_id)
    where s.enabled
    group by all order by all
"""
_SECONDS = """
    select kind, epoch(arg_max(finished_at, started_at) - max(started_at))::double
    from runs
    where finished_at is not null
    group by all order by all
"""
# What the last pass left open, for the next one to take over
_WAITING = """
    select left_open::bigint
    from runs
    where kind = 'monitor' and finished_at is not null
    order by started_at desc
    limit 1
"""
