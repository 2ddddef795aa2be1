"""A run that is killed loses nothing committed; the next one takes its open work over."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from flows.rehearsal.configuration import resolved, source_entries, write_configuration
from flows.rehearsal.loopback import Loopback
from flows.rehearsal.reprint import outlets_with_reprints
from flows.rehearsal.timeline import START
from flows.rehearsal.web import NewsWeb
from flows.store import open_published

PROJECT = Path(__file__).parents[2]


def _run(config: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "flows", "run", "--no-prefect", "--all", "--config", str(config)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _articles(loopback: Loopback) -> int:
    """Pages asked for so far: feeds and robots.txt apart."""
    return sum(1 for line in loopback.served if "/2023" in line.target or "/202302" in line.target)


def test_a_killed_run_is_taken_over_and_the_store_balances(tmp_path: Path) -> None:
    outlets = outlets_with_reprints(PROJECT / "seeds")
    with Loopback(NewsWeb(PROJECT / "seeds", START)) as loopback:
        config = write_configuration(
            tmp_path,
            sources=source_entries(outlets),
            resolve=resolved(outlets, served=loopback.address, refusing=loopback.refusing_address),
            topic_path=PROJECT / "config" / "topic.toml",
            seeds_dir=PROJECT / "seeds",
        )
        killed = _run(config)
        deadline = time.monotonic() + 90
        while _articles(loopback) < 5 and time.monotonic() < deadline:
            if killed.poll() is not None:
                break
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait()
        assert _run(config).wait(timeout=150) == 0
    with open_published(tmp_path / "data" / "dateline.duckdb") as published:
        states = published.execute("select state from runs order by started_at").fetchall()
        twice = published.execute(
            "select url from articles where url is not null group by url having count(*) > 1"
        ).fetchall()
        open_work = published.execute(
            "select count(*) from kept.claims c where not exists "
            "(from kept.endings e where e.key = c.key)"
        ).fetchone()
    assert states == [("lost",), ("completed",)]
    assert twice == []
    assert open_work == (0,)
