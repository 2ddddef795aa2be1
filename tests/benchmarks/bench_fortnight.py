"""A fortnight of real entries through `dateline serve`, compressed; then its account is checked.

`python -m tests.benchmarks.bench_fortnight [--minutes 45] [--first 2023-02-15] [--days 14]
[--every 1]` serves the feeds of those days on loopback, with hosts that fail, feeds that roll over,
a machine that is switched off, a full disk, processes that are killed and an upgrade that re-keys
the store, and runs the real schedule's processes over it; only their clock is compressed.
Afterwards it puts questions to the store whose answers the loopback web knows, backfills the same
days into a second store, compares the two row by row, and writes build/bench/fortnight.json.
"""

import argparse
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Loopback
from tests.benchmarks.bench_crash import small_filesystem
from tests.benchmarks.fortnight_truth import rows_compared, verdicts
from tests.benchmarks.fortnight_web import CompressedClock, RecordedWeb, archive_url
from tests.benchmarks.replay import ENTRIES, Outage, ReplayedFeed, read_feeds
from tests.scheduling.place import PROJECT, Serve, environment, until
from tests.store.questions import PAGE, questions

RESULT = PROJECT / "build/bench/fortnight.json"
PARTS = {
    "run": "prefect.engine",
    "runner": "flows.operations.serve.runner",
    "server": "flows.operations.serve.server",
}
COMPRESSED = Path(__file__).parent / "compressed"
MONITOR = "monitor/monitor-served"
RECHECK = "recheck/recheck-served"
NEWEST = 25  # what a feed shows; the busiest here publish that in two hours
FILLER_WORDS = 200
MEGABYTES = 3000
UPGRADED = {"DATELINE_BENCH_UPGRADED": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=45.0, help="real time of all the days")
    parser.add_argument("--first", type=date.fromisoformat, default=date(2023, 2, 15))
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--every", type=int, default=1, help="each n-th feed only")
    parser.add_argument("--keep", type=Path, help="copy the stores and the log here")
    asked = parser.parse_args()
    if not ENTRIES.exists():
        print("bench_fortnight: ../shared/data is not here; skipped")
        return
    with small_filesystem(MEGABYTES) as disk, tempfile.TemporaryDirectory() as plain:
        folder = disk or Path(plain)
        try:
            found = fortnight(
                folder, asked.minutes, asked.first, asked.days, asked.every,
                may_fill=disk is not None,
            )  # fmt: skip
        finally:
            if asked.keep:
                shutil.copytree(folder, asked.keep, dirs_exist_ok=True)
    _print(found)
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(found, indent=1, default=str), encoding="utf-8")


def fortnight(
    folder: Path, minutes: float, first: date, days: int, every: int, *, may_fill: bool
) -> dict[str, Any]:
    """Live through it in `folder` with each `every`th feed, then ask.

    `may_fill`: the folder's disk may be filled.
    """
    last = first + timedelta(days=days - 1)
    feeds = read_feeds(first - timedelta(days=3), last)[::every]
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = since + timedelta(days=days)
    clock = CompressedClock(
        began=time.time() + 15, since=since, speed=days * 86_400 / (60 * minutes)
    )
    web = RecordedWeb(
        feeds,
        clock,
        newest=NEWEST,
        filler_words=FILLER_WORDS,
        outages=_outages(feeds, since),
        with_archive=frozenset(feed.source_id for feed in feeds[::2]),
    )
    with Loopback(web) as loopback:
        config = _configure(folder, web, loopback.address, feeds[::2])
        lived = Lived(folder, config, clock)
        with lived.reading():
            lived.through(end, _agenda(since, days, may_fill=may_fill))
        said = {"run": _said(config, clock, "run")}  # takes over what the last run left open
        now = clock()
    store = folder / "data/dateline.duckdb"
    said |= {name: _said(config, clock, name) for name in ("status", "check")}
    return {
        "first": first,
        "days": days,
        "feeds": len(feeds),
        "minutes": minutes,
        "entries published": sum(
            since <= e.published <= now for feed in feeds for e in feed.entries
        ),
        "entries shown": len({url for one in web.shown.values() for url in one.urls}),
        "pages served": web.pages_served.total(),
        "pages served again": sum(n - 1 for n in web.pages_served.values()),
        "incidents": lived.happened,
        "reads": dict(lived.reads),
        "runs": _runs(store, folder),
        "verdicts": [asdict(one) for one in verdicts(store, web, now)],
        "backfill": _backfilled(folder, feeds, config, web, (first, last)),
        "said": said,
    }


def _outages(feeds: tuple[ReplayedFeed, ...], since: datetime) -> tuple[Outage, ...]:
    """Hosts of the five busiest feeds fail for hours or days, each in its own way."""
    busiest = sorted(feeds, key=lambda feed: -len(feed.entries))[:5]
    spans = ((1.5, 8, 503), (3, 30, 500), (4, 5, 429), (6, 50, 404), (10, 20, 403))
    return tuple(
        Outage(
            host=feed.url.split("/")[2],
            since=since + timedelta(days=day),
            until=since + timedelta(days=day, hours=hours),
            status=status,
        )
        for feed, (day, hours, status) in zip(busiest, spans, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What befalls the machine at a virtual instant."""

    at: datetime
    name: str


def _agenda(since: datetime, days: int, *, may_fill: bool) -> list[Incident]:
    """Incidents at their places in a fortnight, moved together for fewer days."""
    planned = [
        (2.3, "kill run"), (3.6, "kill run"), (4.4, "kill runner"), (5.5, "kill server"),
        (7.0, "off"), (7.8, "on"), (9.2, "upgrade"), (11.0, "fill disk"), (11.4, "free disk"),
        (12.5, "kill run"),
    ]  # fmt: skip
    return [
        Incident(at=since + timedelta(days=day * days / 14), name=name)
        for day, name in planned
        if may_fill or "disk" not in name
    ]


class Lived:
    """The machine: one `dateline serve` after another, and what happened to them."""

    def __init__(self, folder: Path, config: Path, clock: CompressedClock) -> None:
        self._folder = folder
        self._config = config
        self._clock = clock
        self._ballast = folder / "ballast"
        self._upgraded = False
        self._serve: Serve | None = None
        self.happened: list[str] = []
        self.reads: Counter[str] = Counter()

    def through(self, end: datetime, agenda: list[Incident]) -> None:
        """Keep runs coming until `end`, and let each incident happen when its time has come."""
        self._start()
        rechecked_at = self._clock()
        try:
            while (now := self._clock()) < end:
                if agenda and agenda[0].at <= now:
                    self._happen(agenda.pop(0).name)
                elif self._serve is not None:
                    if now - rechecked_at > timedelta(hours=12):
                        self._run(RECHECK)
                        rechecked_at = now
                    self._run(MONITOR)
                time.sleep(1)
            self._wait_idle()
            self._stop()
        finally:
            if self._serve is not None:
                self._serve.end()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """An analyst opens the published file all the while and asks the twenty questions."""
        stop = threading.Event()
        reader = threading.Thread(target=self._read, args=(stop,))
        reader.start()
        try:
            yield
        finally:
            stop.set()
            reader.join()

    def _read(self, stop: threading.Event) -> None:
        store = self._folder / "data/dateline.duckdb"
        asked = [each.sql for each in questions(PAGE.read_text(encoding="utf-8"))]
        while not stop.wait(1):
            if not store.exists():
                continue
            try:
                with duckdb.connect(str(store), read_only=True) as con:
                    for question in asked:
                        con.execute(question).fetchall()
                        self.reads["answered"] += 1
            except duckdb.Error as error:
                self.reads[f"refused: {error}"] += 1

    def _run(self, deployment: str) -> None:
        """Start a run unless one is under way, or none can be started now."""
        serve = self._serve
        assert serve is not None
        if serve.children("prefect.engine"):
            return
        with suppress(AssertionError):  # Prefect's server fails too while the disk is full
            path = f"/deployments/{serve.api.deployment(deployment)['id']}/create_flow_run"
            if serve.api.ask("POST", path, {}) is None:
                return
            until(lambda: serve.children("prefect.engine"), 20)

    def _happen(self, name: str) -> None:
        match name.split():
            case ["kill", part]:
                self._kill(PARTS[part])
            case ["off"]:
                self._off()
            case ["on"]:
                self._start()
            case ["upgrade"]:
                self._upgrade()
            case ["fill", _]:
                self._fill()
            case ["free", _]:
                self._ballast.unlink()
        self.happened.append(f"{self._clock():%d %b %H:%M} {name}")
        print(self.happened[-1], file=sys.stderr, flush=True)

    def _kill(self, part: str) -> None:
        assert self._serve is not None
        if part == "prefect.engine":
            self._run(MONITOR)
            time.sleep(4.5)  # it is at work by then: a run's start takes some three seconds
        for pid in self._serve.children(part)[:1]:
            os.kill(pid, signal.SIGKILL)

    def _off(self) -> None:
        assert self._serve is not None
        self._serve.end()
        self._serve = None

    def _upgrade(self) -> None:
        self._wait_idle()
        self._stop()
        self._upgraded = True
        self._start()

    def _fill(self) -> None:
        with self._ballast.open("wb") as file, suppress(OSError):
            while True:
                file.write(b"x" * 65_536)

    def _start(self) -> None:
        log = self._folder / "serve.log"
        ready = log.read_text().count("runner: ready") if log.exists() else 0
        upgraded = UPGRADED if self._upgraded else {}
        variables = (
            environment(self._folder)
            | upgraded
            | {
                "PYTHONPATH": os.pathsep.join((str(COMPRESSED), str(PROJECT))),
                "DATELINE_BENCH_TIME": self._clock.as_environment,
            }
        )
        self._serve = Serve(self._config, variables, log)
        until(lambda: self._said().count("runner: ready") > ready, 300)

    def _said(self) -> str:
        assert self._serve is not None
        return self._serve.said

    def _wait_idle(self) -> None:
        serve = self._serve
        assert serve is not None
        with suppress(AssertionError):
            until(lambda: not serve.children("prefect.engine"), 120)

    def _stop(self) -> None:
        assert self._serve is not None
        self._serve.stop()
        self._serve = None


def _configure(
    folder: Path, web: RecordedWeb, address: str, with_archive: tuple[ReplayedFeed, ...]
) -> Path:
    archived = {feed.source_id for feed in with_archive}
    return write_configuration(
        folder,
        sources=[
            SourceEntry(
                source_id=feed.source_id,
                outlet=feed.url.split("/")[2].removesuffix(".test"),
                kind="feed",
                url=feed.url,
                language=feed.language,
                repairs=(archive_url(feed),) if feed.source_id in archived else (),
            )
            for feed in web.web.feeds
        ],
        resolve=dict.fromkeys(sorted(web.web.hosts), address),
        topic_path=PROJECT / "config" / "topic.toml",
        seeds_dir=PROJECT / "seeds",
        timeout_seconds=30.0,
    )


def _said(config: Path, clock: CompressedClock, *command: str) -> str:
    """What a person is told by a command at the clock's hour."""
    variables = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(COMPRESSED), str(PROJECT))),
        "DATELINE_BENCH_TIME": clock.as_environment,
        "COLUMNS": "140",
        **UPGRADED,
    }
    code = "from flows.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code, *command, "--config", str(config)],
        env=variables, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return (ended.stdout + ended.stderr)[-6000:]


def _runs(store: Path, folder: Path) -> dict[str, object]:
    """Runs by state, as the store tells and as Prefect does."""
    with duckdb.connect(str(store), read_only=True) as con:
        ours = con.execute(
            "select kind || ' ' || state, count(*) from runs group by 1 order by 1"
        ).fetchall()
    database = folder / "data/.dateline/prefect/prefect.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as prefect:
        theirs = prefect.execute(
            "select f.name || ' ' || r.state_type, count(*) from flow_run r "
            "join flow f on f.id = r.flow_id "
            "where r.state_type <> 'SCHEDULED' group by 1 order by 1"
        ).fetchall()
    return {"store": dict(ours), "prefect": dict(theirs)}


def _backfilled(
    folder: Path,
    feeds: tuple[ReplayedFeed, ...],
    config: Path,
    lived: RecordedWeb,
    days: tuple[date, date],
) -> dict[str, object]:
    """The same days backfilled into a second store from a web at its end, compared."""
    place = folder / "backfill"
    end = lived.clock()
    clock = CompressedClock(began=time.time(), since=end, speed=1.0)
    web = RecordedWeb(
        feeds, clock, newest=NEWEST, filler_words=FILLER_WORDS, outages=(),
        with_archive=frozenset(feed.source_id for feed in feeds),
    )  # fmt: skip
    with Loopback(web) as loopback:
        again = _configure(place, web, loopback.address, feeds)
        began = time.monotonic()
        since, until_day = (day.isoformat() for day in days)
        said = _said(again, clock, "backfill", "--since", since, "--until", until_day)
    compared = rows_compared(
        config.parent / "data/dateline.duckdb", place / "data/dateline.duckdb", days
    )
    return {"seconds": round(time.monotonic() - began, 1), "said": said} | compared


def _print(found: dict[str, Any]) -> None:
    for name, value in found.items():
        if name == "verdicts":
            for one in value:
                print(f"{one['right']:>8} right {one['wrong']:>6} wrong  {one['question']}")
                for line in one["worst"]:
                    print(f"{'':>30}{line}")
        elif isinstance(value, dict):
            print(f"{name}:")
            for key, inner in value.items():
                print(f"    {key}: {inner}")
        else:
            print(f"{name}: {value}")


if __name__ == "__main__":
    main()
