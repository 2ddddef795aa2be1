"""The whole pass over real feed entries of one day: what is stored, what is skipped, what it costs.

`python -m tests.benchmarks.bench_replay [--day 2023-02-24] [--polls 1] [--newest 0]` serves the 44
feeds of that day on loopback (`replay`), polls them at evenly spaced instants of the day with the
real pipeline, prints a table and writes build/bench/replay.json. `--newest 0` lets each feed show
the whole day, so that one poll sees it all. The loopback web runs in the same process: its
processor time is part of what is printed, its memory stands apart as what was there before.
"""

import argparse
import asyncio
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.core import RunReport
from flows.core.settings import Settings, load_settings
from flows.pipeline.stages import run_monitor
from flows.rehearsal.loopback import Loopback
from flows.rehearsal.rehearse import VirtualClock
from flows.store import open_published
from tests.benchmarks.replay import ENTRIES, ReplayWeb, configure, labels, read_feeds

RESULT = Path(__file__).parents[2] / "build/bench/replay.json"
_WHOLE_DAY = 100_000  # more items than any feed has in the weeks on file


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What came of the day; megabytes are of 10⁶ bytes, `*_mb` the peak of a process.

    Labels: 2 is on the topic, 0 and unlabelled off it, 1 counts as neither. A worker's peak counts
    what its parent had when it was started (Linux carries it over).
    """

    day: str
    polls: int
    feeds: int
    feeds_answered: int
    entries: int
    requests: int
    candidates: int
    stored: int
    known: int
    skipped: dict[str, int]
    on_topic_by_label: int
    on_topic_stored: int
    off_topic_stored: int
    stored_again: int
    balanced: bool
    seconds: float
    cpu_seconds: float
    workers_cpu_seconds: float
    web_mb: float
    peak_mb: float
    largest_worker_mb: float


def replay(day: date, *, polls: int, newest: int, filler_words: int, folder: Path) -> Replayed:
    """Poll the feeds of `day` and account for it; the last pass is made twice."""
    feeds = read_feeds(day, day)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    instants = [start + timedelta(days=1) * number / polls for number in range(1, polls + 1)]
    web = ReplayWeb(feeds, instants[0], newest=newest or _WHOLE_DAY, filler_words=filler_words)
    clock = VirtualClock(instants[0])
    before_mb = _peak_mb(resource.RUSAGE_SELF)
    with Loopback(web) as loopback:
        settings = load_settings(configure(folder, web, loopback.address))
        started, cpu, workers = time.perf_counter(), time.process_time(), _children_cpu()

        def run_pass(now: datetime) -> RunReport:
            web.now = now
            clock.set(now)
            return asyncio.run(run_monitor(settings, clock=clock, all_sources=True))

        reports = _reported(run_pass, instants)
        seconds, spent = time.perf_counter() - started, time.process_time() - cpu
        worked = _children_cpu() - workers
        again = run_pass(instants[-1])
        requests = len(loopback.served)
    stored = _stored(settings)
    label_of = labels(day)
    entries = [entry.url for feed in feeds for entry in feed.entries]
    wanted = {url for url in entries if label_of.get(url) == 2}
    skipped: Counter[str] = Counter()
    for report in reports:
        skipped.update({str(reason): count for reason, count in report.skips})
    return Replayed(
        day=day.isoformat(),
        polls=polls,
        feeds=len(feeds),
        feeds_answered=len(feeds) - max(report.sources_failed for report in reports),
        entries=len(entries),
        requests=requests,
        candidates=sum(report.candidates for report in reports),
        stored=sum(report.stored for report in reports),
        known=sum(report.known for report in reports),
        skipped=dict(skipped.most_common()),
        on_topic_by_label=len(wanted),
        on_topic_stored=len(wanted & stored),
        off_topic_stored=sum(label_of.get(url, 0) == 0 for url in stored),
        stored_again=again.stored,
        balanced=all(report.balanced for report in (*reports, again)),
        seconds=round(seconds, 1),
        cpu_seconds=round(spent, 1),
        workers_cpu_seconds=round(worked, 1),
        web_mb=round(before_mb),
        peak_mb=round(_peak_mb(resource.RUSAGE_SELF)),
        largest_worker_mb=round(_peak_mb(resource.RUSAGE_CHILDREN)),
    )


def _reported(
    run_pass: Callable[[datetime], RunReport], instants: list[datetime]
) -> list[RunReport]:
    return [run_pass(now) for now in instants]


def _stored(settings: Settings) -> set[str]:
    with open_published(settings.store.path) as published:
        rows = published.execute("select url from articles where url is not null").fetchall()
    return {row[0] for row in rows}


def _peak_mb(who: int) -> float:
    # kibibytes on Linux, bytes on macOS (getrusage(2) of each)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(who).ru_maxrss * unit / 1e6


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def print_replayed(found: dict[str, Any]) -> None:
    for name, value in found.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for reason, count in value.items():
                print(f"    {reason:<24}{count:>8}")
        else:
            print(f"{name:<28}{value!s:>12}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2023, 2, 24))
    parser.add_argument("--polls", type=int, default=1)
    parser.add_argument("--newest", type=int, default=0, help="items a feed shows; 0: the day")
    parser.add_argument("--filler", type=int, default=0, help="invented words on each page")
    parser.add_argument("--keep", type=Path, help="keep configuration and store in this folder")
    chosen = parser.parse_args()
    if not ENTRIES.exists():
        print("bench_replay: ../shared/data is not here; skipped")
        return
    with tempfile.TemporaryDirectory(prefix="dateline-replay-") as folder:
        found = replay(
            chosen.day,
            polls=chosen.polls,
            newest=chosen.newest,
            filler_words=chosen.filler,
            folder=chosen.keep or Path(folder),
        )
    print_replayed(asdict(found))
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(asdict(found), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
