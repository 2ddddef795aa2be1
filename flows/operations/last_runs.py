"""How the last run of each kind went: a small file beside the store, written by whoever runs.

For those who must know without opening the store, or when it cannot be opened: the supervisor,
`dateline health`, the metrics. Decides what is kept; refuses to know whether it is well.
"""

import asyncio
import fcntl
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flows.core import RunReport
from flows.core.errors import DatelineError
from flows.core.settings import Settings
from flows.core.times import Clock
from flows.operations.run_report import failure_of, sentence

logger = logging.getLogger(__name__)

Ended = Literal["completed", "failed", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The last run of a kind that ended, and the one that began last, which may be at work.

    `failures` counts those in a row that failed; a stop by a person counts for nothing. `said` is
    the last one's sentence.
    """

    kind: str
    began_at: datetime | None = None
    ended_at: datetime | None = None
    completed_at: datetime | None = None
    failures: int = 0
    said: str = ""


def last_runs_path(state_dir: Path) -> Path:
    """Where they are kept."""
    return state_dir / "last_runs.json"


def read_last_runs(state_dir: Path) -> Mapping[str, LastRun]:
    """By kind; empty where no run was noted yet, or the file cannot be read."""
    try:
        kept = json.loads(last_runs_path(state_dir).read_text(encoding="utf-8"))
        return {kind: _from_json(kind, fields) for kind, fields in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def note_began(state_dir: Path, kind: str, now: datetime) -> None:
    """Note that a run of `kind` began."""
    _note(state_dir, kind, lambda last: replace(last, began_at=now))


def note_ended(state_dir: Path, kind: str, ended: Ended, said: str, now: datetime) -> None:
    """Note how a run of `kind` ended."""
    _note(state_dir, kind, lambda last: after(last, ended, said, now))


def after(last: LastRun, ended: Ended, said: str, now: datetime) -> LastRun:
    """`last` once another run of its kind has ended."""
    if ended == "completed":
        return replace(last, ended_at=now, completed_at=now, failures=0, said=said)
    failures = last.failures + (ended == "failed")
    return replace(last, ended_at=now, failures=failures, said=said)


async def noted(
    kind: str, work: Coroutine[Any, Any, RunReport], settings: Settings, clock: Clock
) -> RunReport:
    """Do `work`, a run of `kind`, and note that it began and how it ended."""
    note_began(settings.state_dir, kind, clock())
    try:
        report = await work
    except asyncio.CancelledError:
        note_ended(settings.state_dir, kind, "stopped", "it was stopped", clock())
        raise
    except Exception as error:
        note_ended(settings.state_dir, kind, "failed", in_words(error), clock())
        raise
    failure = failure_of(report)
    ended: Ended = "failed" if failure else "completed"
    note_ended(settings.state_dir, kind, ended, failure or sentence(report), clock())
    return report


def in_words(error: BaseException) -> str:
    """An error in words; of a group of errors, each of its own, once."""
    if isinstance(error, BaseExceptionGroup):
        return "; ".join(dict.fromkeys(in_words(one) for one in error.exceptions))
    if isinstance(error, DatelineError):  # a sentence already
        return str(error)
    return f"{type(error).__name__}: {error}"


def _note(state_dir: Path, kind: str, change: Callable[[LastRun], LastRun]) -> None:
    """Change what is kept of `kind`. A full disk must not end a run for it: the pass is then told
    of as overdue."""
    path = last_runs_path(state_dir)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = dict(read_last_runs(state_dir))
            kept[kind] = change(kept.get(kind, LastRun(kind=kind)))
            fresh = path.with_suffix(".new")
            fresh.write_text(_to_json(kept), encoding="utf-8")
            fresh.replace(path)
    except OSError as error:
        logger.warning("how the %s run stands was not noted in %s: %s", kind, path, error.strerror)


def _to_json(kept: Mapping[str, LastRun]) -> str:
    return json.dumps({kind: asdict(last) for kind, last in kept.items()}, default=_instant)


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return value.isoformat()


def _from_json(kind: str, fields: Mapping[str, Any]) -> LastRun:
    def at(name: str) -> datetime | None:
        return datetime.fromisoformat(fields[name]) if fields.get(name) else None

    return LastRun(
        kind=kind,
        began_at=at("began_at"),
        ended_at=at("ended_at"),
        completed_at=at("completed_at"),
        failures=int(fields.get("failures", 0)),
        said=str(fields.get("said", "")),
    )
