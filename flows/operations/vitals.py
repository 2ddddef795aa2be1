"""The facts of the schedule's health: from small files, the disks and the marks of living runs.

Decides where they are found and what the supervisor keeps for others (`health.json`); refuses to
know what is wrong. Opens no store: it answers with a full disk and a damaged file too.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.core.settings import Settings
from flows.operations.health import Disk, Sample, Vitals
from flows.operations.last_runs import read_last_runs
from flows.operations.serve.access import is_served
from flows.operations.serve.deployments import ANCHOR
from flows.pipeline.liveness import living_runs

# The rate of filling is that of the last three days, by a sample an hour
SAMPLE_EVERY = timedelta(hours=1)
SAMPLES = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What the supervisor knows that nobody else does. `free` are samples by path, oldest first."""

    watched_since: datetime | None = None
    looked_at: datetime | None = None
    restarts: Mapping[str, int] = field(default_factory=dict)
    configuration: str | None = None
    free: Mapping[str, tuple[Sample, ...]] = field(default_factory=dict)
    told: frozenset[str] = frozenset()


def vitals_of(settings: Settings, watched: Watched) -> Vitals:
    """How things stand, as far as it can be known without opening the store."""
    return Vitals(
        every=timedelta(minutes=settings.schedule.monitor_minutes),
        anchor=ANCHOR,
        runs=read_last_runs(settings.state_dir),
        disks=tuple(_disks(settings, watched)),
        at_work_since=_at_work_since(settings.state_dir),
        watched_since=watched.watched_since,
        looked_at=watched.looked_at,
        restarts=watched.restarts,
        configuration=watched.configuration,
    )


def vitals_from_outside(settings: Settings) -> Vitals:
    """The same for whoever is not the supervisor: what that keeps counts while it serves."""
    watched = read_watched(settings.state_dir)
    if not is_served(settings.state_dir / "prefect"):
        watched = Watched(free=watched.free)
    return vitals_of(settings, watched)


def sampled(watched: Watched, disks: tuple[Disk, ...], now: datetime) -> dict[str, Any]:
    """The samples of free space with one of now, where an hour has passed since the last."""
    free = {path: tuple(samples) for path, samples in watched.free.items()}
    for disk in disks:
        samples = free.get(str(disk.path), ())
        if not samples or now - samples[-1][0] >= SAMPLE_EVERY:
            free[str(disk.path)] = (*samples, (now, disk.free))[-SAMPLES:]
    return free


def read_watched(state_dir: Path) -> Watched:
    """What the supervisor kept; nothing where there is none, or it cannot be read."""
    try:
        kept = json.loads(_path(state_dir).read_text(encoding="utf-8"))
        return Watched(
            watched_since=_at(kept["watched_since"]),
            looked_at=_at(kept["looked_at"]),
            restarts={str(name): int(count) for name, count in kept["restarts"].items()},
            configuration=kept["configuration"],
            free={
                path: tuple((datetime.fromisoformat(at), int(free)) for at, free in samples)
                for path, samples in kept["free"].items()
            },
            told=frozenset(kept["told"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Watched()


def write_watched(state_dir: Path, watched: Watched) -> None:
    """Keep it for others and for the next start. Raises OSError, as on a full disk."""
    content = {
        "watched_since": watched.watched_since and watched.watched_since.isoformat(),
        "looked_at": watched.looked_at and watched.looked_at.isoformat(),
        "restarts": dict(watched.restarts),
        "configuration": watched.configuration,
        "free": {
            path: [(at.isoformat(), free) for at, free in samples]
            for path, samples in watched.free.items()
        },
        "told": sorted(watched.told),
    }
    path = _path(state_dir)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content), encoding="utf-8")
    fresh.replace(path)


def _path(state_dir: Path) -> Path:
    return state_dir / "health.json"


def _at(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _disks(settings: Settings, watched: Watched) -> Iterator[Disk]:
    """The disk of the store and that of the archive, if it is another."""
    seen: set[int] = set()
    for wanted in (settings.store.path.parent, settings.archive.path):
        path = next(folder for folder in (wanted, *wanted.parents) if folder.exists())
        if (device := path.stat().st_dev) in seen:
            continue
        seen.add(device)
        usage = shutil.disk_usage(path)
        # what root alone may use is no room: `total` as if it were not there
        room = usage.used + usage.free
        yield Disk(
            path=wanted, free=usage.free, total=room, earlier=watched.free.get(str(wanted), ())
        )


def _at_work_since(state_dir: Path) -> datetime | None:
    """When the earliest living monitor run began: its id begins with the instant."""
    for run_id in living_runs(state_dir / "present"):
        began, _, rest = run_id.partition("-")
        if rest.startswith("monitor-"):
            return datetime.strptime(began, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return None
