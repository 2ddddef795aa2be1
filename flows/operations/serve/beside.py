"""What `serve` does beside the schedule: pages in a browser, and a report for each day.

Decides when a day's report is due and when what failed is tried again; both are commands of their
own, started as processes. Refuses to know what they show.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.core.terminal import print_line
from flows.core.times import Clock
from flows.operations.serve.child import Child

LOOK_SECONDS = 1.0
# The last pass of a day has mostly ended by then: a pass ends within its quarter of an hour.
AFTER_MIDNIGHT = timedelta(minutes=15)
# A report that failed (no store yet, a full disk) is tried again so long after. Unmeasured.
AGAIN_SECONDS = 3_600.0
STOP_SECONDS = 8.0


def report_due(written_at: datetime | None, now: datetime) -> bool:
    """Whether a UTC day has ended, and its last pass with it, since the report was written."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    ended = midnight if now - midnight >= AFTER_MIDNIGHT else midnight - timedelta(days=1)
    return written_at is None or written_at < ended + AFTER_MIDNIGHT


@contextmanager
def beside(config_dir: Path, *, port: int | None, out: Path | None, clock: Clock) -> Iterator[None]:
    """Keep the pages of `port` served and the report at `out` written, while the block lasts.

    None: not wanted. Nothing of either stops the schedule.
    """
    stop = threading.Event()
    said = ("flows", "browse", "--config", str(config_dir), "--port", str(port))
    pages = Child("browse", said, os.environ) if port is not None else None
    written = ("flows", "report", "--config", str(config_dir), "--out", str(out))
    report = Child("report", written, os.environ) if out is not None else None
    watching = threading.Thread(target=_watch, args=(pages, report, out, clock, stop))
    watching.start()
    try:
        yield
    finally:
        stop.set()
        watching.join()
        for child in (pages, report):
            if child is not None:
                child.stop(STOP_SECONDS)


def _watch(
    pages: Child | None, report: Child | None, out: Path | None, clock: Clock, stop: threading.Event
) -> None:
    while (pages or report) and not stop.wait(LOOK_SECONDS):
        now = time.monotonic()
        if pages is not None and not pages.alive:
            _revive(pages, now)
        if report is not None and out is not None and not report.alive:
            _write(report, out, clock(), now)


def _revive(pages: Child, now: float) -> None:
    if pages.process is not None:
        status = pages.bury(now)
        wait = pages.start_at - now
        print_line(f"browse: ended with status {status}; starting again in {wait:.0f} s")
    if now >= pages.start_at:
        pages.start(now)


def _write(report: Child, out: Path, at: datetime, now: float) -> None:
    """Start the report when it is due; after one that failed only when some time has passed."""
    if report.process is not None and report.bury(now) != 0:
        report.start_at = now + AGAIN_SECONDS
        print_line(f"report: not written; tried again in {AGAIN_SECONDS / 60:.0f} minutes")
    if now >= report.start_at and report_due(_written_at(out), at):
        report.start(now)


def _written_at(out: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp((out / "index.html").stat().st_mtime, UTC)
    except OSError:
        return None
