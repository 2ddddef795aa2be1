"""A run that is killed or stopped loses nothing committed; the next takes its open work over."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.rehearsal.configuration import resolved, source_entries, write_configuration
from flows.rehearsal.loopback import Loopback
from flows.rehearsal.reprint import outlets_with_reprints
from flows.rehearsal.timeline import START
from flows.rehearsal.web import NewsWeb
from flows.store import open_published

PROJECT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class _Place:
    """The invented web, and a configuration that watches it."""

    loopback: Loopback
    config: Path

    def run(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "flows", "run", "--no-prefect", "--all", "--config",
             str(self.config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )  # fmt: skip

    def run_until_it_reads(self) -> "subprocess.Popen[str]":
        """A run that is in the middle of its pages: feeds and robots.txt do not count."""
        running = self.run()
        deadline = time.monotonic() + 90
        while running.poll() is None and time.monotonic() < deadline:
            asked = (line.target for line in self.loopback.served)
            if sum(1 for target in asked if "/2023" in target or "/202302" in target) >= 5:
                break
            time.sleep(0.01)
        return running

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with open_published(self.config.parent / "data" / "dateline.duckdb") as published:
            return published.execute(query).fetchall()


@pytest.fixture
def place(tmp_path: Path) -> Iterator[_Place]:
    outlets = outlets_with_reprints(PROJECT / "seeds")
    with Loopback(NewsWeb(PROJECT / "seeds", START)) as loopback:
        config = write_configuration(
            tmp_path,
            sources=source_entries(outlets),
            resolve=resolved(outlets, served=loopback.address, refusing=loopback.refusing_address),
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )
        yield _Place(loopback, config)


def test_a_killed_run_is_taken_over_and_the_store_balances(place: _Place) -> None:
    with place.run_until_it_reads() as killed:
        os.killpg(killed.pid, signal.SIGKILL)
    with place.run() as following:
        assert following.wait(timeout=150) == 0
    assert place.rows("select state from runs order by started_at") == [("lost",), ("completed",)]
    assert _nothing_twice_or_open(place)


def test_a_stopped_run_closes_itself_with_the_account_of_what_it_kept(place: _Place) -> None:
    with place.run_until_it_reads() as stopped:
        stopped.send_signal(signal.SIGTERM)
        stopped.send_signal(signal.SIGTERM)  # a supervisor and a shell may both send one
        _, said = stopped.communicate(timeout=60)
    assert (stopped.returncode, said) == (1, "Stopped; what was committed is whole.\n")
    assert place.rows("select state, stored + revised + skipped from runs") == [
        ("stopped", *row)
        for row in place.rows("select count(*) from kept.endings where ending <> 'known'")
    ]


def _nothing_twice_or_open(place: _Place) -> bool:
    twice = place.rows(
        "select url from articles where url is not null group by url having count(*) > 1"
    )
    left_open = place.rows(
        "select c.key from kept.claims c where not exists (from kept.endings e where e.key = c.key)"
    )
    return twice == left_open == []
