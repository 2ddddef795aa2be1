"""What orchestration costs, and how long recovery takes: real server, runner, runs, `kill -9`.

`python -m tests.benchmarks.bench_scheduling [--only cost|crashes|hour] [--minutes N]` prints tables
and writes build/bench/scheduling.json. `cost`: CPU of a pass over 200 unchanged sources, direct and
under Prefect (run, server, runner apart). `crashes`: each process killed while a run is at work.
`hour`: a run every minute, something killed every other minute.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request
from tests.scheduling.place import PROJECT, News, Serve, configure, environment, until

RESULT = PROJECT / "build/bench/scheduling.json"
SOURCES = 200
TICK = os.sysconf("SC_CLK_TCK")
MONITOR = "monitor/monitor-served"
A_DAY = 1440
# pandas is here for tests alone, and pyarrow imports it where it is: half a second of CPU
_LIKE_AN_OPERATORS = {"DATELINE_TEST_ABSENT": "pandas"}


def main() -> None:
    options = _options()
    found: dict[str, Any] = {}
    for name, bench in (("cost", cost), ("crashes", crashes), ("hour", hour)):
        if options.only in (None, name):
            with tempfile.TemporaryDirectory(prefix=f"bench-{name}-") as folder:
                found[name] = bench(Path(folder), options.minutes)
            _print(name, found[name])
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    RESULT.write_text(json.dumps(kept | found, indent=2))


def cost(folder: Path, _: int) -> list[dict[str, Any]]:
    """CPU seconds of one pass over `SOURCES` sources that answer 304."""
    with Loopback(_unchanging) as web:
        config = _many_sources(folder, web)
        rows = []
        with serving(config, folder, poll_seconds=10) as serve:
            until(lambda: serve.api.runs(MONITOR, "COMPLETED", "FAILED"), 300)
            time.sleep(5)  # the server writes down what it was told
            for _pass in range(3):
                rows.append(_one_pass(serve))
        direct = _direct_pass(config)
    return [{"pass": "direct, without Prefect", "run": direct, "total": direct}, *rows]


def _one_pass(serve: Serve) -> dict[str, Any]:
    server, runner = (
        serve.child("flows.operations.serve.server"),
        serve.child("flows.operations.serve.runner"),
    )
    before = _cpu(server), _cpu(runner), _cpu(runner, children=True)
    run_id = serve.api.start(MONITOR)
    began = time.monotonic()
    # watched by the kernel's table: asking the server ten times a second cost it 3 s of CPU
    until(lambda: serve.children("prefect.engine"))
    until(lambda: not serve.children("prefect.engine"))
    wall = time.monotonic() - began
    state = serve.api.state(run_id)
    time.sleep(8)  # events and task runs are flushed every 2–5 s
    spent = [
        round(now - then, 2)
        for now, then in zip(
            (_cpu(server), _cpu(runner), _cpu(runner, children=True)), before, strict=True
        )
    ]
    return {
        "pass": f"scheduled, {state.lower()}", "run": spent[2], "server": spent[0],
        "runner": spent[1], "total": round(sum(spent), 2), "wall": round(wall, 1),
    }  # fmt: skip


def _direct_pass(config: Path) -> float:
    code = "from flows.cli.main import main; main()"
    before = os.times()
    subprocess.run(
        [sys.executable, "-c", code, "run", "--all", "--no-prefect", "--config", str(config)],
        check=True, stdout=subprocess.DEVNULL,
        env=environment(config.parent) | _LIKE_AN_OPERATORS,
    )  # fmt: skip
    after = os.times()
    return round(
        after.children_user + after.children_system - before.children_user - before.children_system,
        2,
    )


def _unchanging(request: Request) -> Answer:
    """A feed of ten articles that has not changed since anyone asked, on each of many hosts."""
    if request.target != "/feed.xml":
        return Answer(status=404)
    if request.headers.get("if-none-match") == '"1"':
        return Answer(status=304, headers=(("ETag", '"1"'),))
    items = "".join(
        f"<item><title>Weather {n}</title><link>http://{request.host}/weather-{n}</link></item>"
        for n in range(10)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()
    return Answer(headers=(("ETag", '"1"'), ("Content-Type", "application/rss+xml")), body=body)


def _many_sources(folder: Path, web: Loopback) -> Path:
    hosts = [f"outlet-{n}.test" for n in range(SOURCES)]
    config = write_configuration(
        folder,
        sources=[
            SourceEntry(
                source_id=h.split(".")[0], outlet=h, kind="feed", url=f"http://{h}/feed.xml"
            )
            for h in hosts
        ],
        resolve=dict.fromkeys(hosts, web.address),
        topic_path=PROJECT / "config" / "topic.toml",
        seeds_dir=PROJECT / "seeds",
        timeout_seconds=60.0,
    )
    main_file = config / "dateline.toml"
    schedule = f"\n[schedule]\nmonitor_minutes = {A_DAY}\nrecheck_minutes = {A_DAY}\n"
    main_file.write_text(main_file.read_text() + schedule)
    return config


def _cpu(pid: int, *, children: bool = False) -> float:
    """Seconds of CPU a process has used, or those its ended children used (proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    user, system = (fields[13], fields[14]) if children else (fields[11], fields[12])
    return (int(user) + int(system)) / TICK


def crashes(folder: Path, _: int) -> list[dict[str, Any]]:
    """Kill each process while a run is at work; seconds until the next run is at work."""
    news = News()
    with Loopback(news) as web:
        config = configure(folder, web, A_DAY)
        rows = []
        with serving(config, folder) as serve:
            until(lambda: serve.api.runs(MONITOR, "COMPLETED"), 300)
            rows.append(_killed(serve, news, "run", _kill("prefect.engine")))
            rows.append(_killed(serve, news, "runner", _kill("flows.operations.serve.runner")))
            rows.append(
                _killed(serve, news, "server", _kill("flows.operations.serve.server"), goes_on=True)
            )
        rows.append(_reboot(config, folder, news))
        rows.append(_stopped(config, folder, news))
        rows.append({"event": "store", "old run": _balance(folder)})
    return rows


def _kill(part: str) -> Callable[[Serve], None]:
    return lambda serve: os.kill(serve.child(part), signal.SIGKILL)


def _killed(
    serve: Serve, news: News, what: str, kill: Callable[[Serve], None], *, goes_on: bool = False
) -> dict[str, Any]:
    """What became of a run at work, and how soon another one was."""
    old = _at_work(serve, news)
    began = time.monotonic()
    kill(serve)
    if goes_on:  # the run outlives its server and reports when there is one again
        until(lambda: serve.said.count("server: started") > 1)
        until(lambda: serve.api.state(old) == "RUNNING", 300)
        os.kill(serve.child("prefect.engine"), signal.SIGKILL)
    ended = serve.api.comes_to(old, "CRASHED", "CANCELLED", "COMPLETED", "FAILED")
    ended_after = time.monotonic() - began
    until(lambda: serve.api.slots(MONITOR) == 0)
    new = _at_work(serve, news)
    row = {
        "event": f"kill -9 of the {what}", "old run": ended.lower(),
        "ended after": round(ended_after, 1),
        "next at work after": round(time.monotonic() - began, 1),
    }  # fmt: skip
    os.kill(serve.child("prefect.engine"), signal.SIGKILL)
    serve.api.comes_to(new, "CRASHED")
    return row


def _reboot(config: Path, folder: Path, news: News) -> dict[str, Any]:
    """Everything killed at once, and `dateline serve` started again."""
    with serving(config, folder) as serve:
        old = _at_work(serve, news)
        serve.end()
    began = time.monotonic()
    with serving(config, folder) as serve:
        ended = serve.api.comes_to(old, "CRASHED")
        ended_after = time.monotonic() - began
        _at_work(serve, news)
        return {
            "event": "reboot", "old run": ended.lower(), "ended after": round(ended_after, 1),
            "next at work after": round(time.monotonic() - began, 1),
        }  # fmt: skip


def _stopped(config: Path, folder: Path, news: News) -> dict[str, Any]:
    """SIGTERM while a run is at work."""
    with serving(config, folder) as serve:
        old = _at_work(serve, news)
        began = time.monotonic()
        status = serve.stop()
        seconds = round(time.monotonic() - began, 1)
    database = folder / "data/.dateline/prefect/prefect.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as con:
        ((state,),) = con.execute("select state_type from flow_run where id = ?", [old]).fetchall()
    return {"event": f"SIGTERM, status {status}", "old run": state.lower(), "ended after": seconds}


def _at_work(serve: Serve, news: News) -> str:
    """A run that is at work and will not end by itself."""
    news.stalls = True
    run_id = serve.api.start(MONITOR)
    state = serve.api.comes_to(run_id, "RUNNING", "CANCELLED")
    assert state == "RUNNING", "the slot was still taken"
    asked = {"flow_runs": {"id": {"any_": [run_id]}}}
    until(lambda: serve.api.ask("POST", "/task_runs/filter", asked))
    return run_id


def _balance(folder: Path) -> str:
    with duckdb.connect(str(folder / "data/dateline.duckdb"), read_only=True) as con:
        ((wrong, doubled),) = con.execute(
            "select (select count(*) from runs where candidates <> "
            "        stored + revised + known + skipped + left_open), "
            "       (select count(*) - count(distinct url) from articles where url is not null)"
        ).fetchall()
    return f"{wrong} runs out of balance, {doubled} articles twice"


def hour(folder: Path, minutes: int) -> list[dict[str, Any]]:
    """A run every minute for `minutes`, something killed every other minute."""
    news = News()
    chance = random.Random(9)
    with Loopback(news) as web:
        config = configure(folder, web, 1)
        kills: list[str] = []
        with serving(config, folder) as serve:
            end = time.monotonic() + 60 * minutes
            while time.monotonic() < end:
                time.sleep(chance.uniform(60, 180))
                part = chance.choice(
                    (
                        "prefect.engine",
                        "flows.operations.serve.runner",
                        "flows.operations.serve.server",
                    )
                )
                for pid in serve.children(part)[:1]:
                    os.kill(pid, signal.SIGKILL)
                    kills.append(part)
            until(lambda: serve.api.ask("GET", "/health"))
            time.sleep(70)
            serve.stop()
        return [{**_counted(folder, minutes), "killed": len(kills), "store": _balance(folder)}]


def _counted(folder: Path, minutes: int) -> dict[str, Any]:
    database = folder / "data/.dateline/prefect/prefect.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as con:
        states = dict(
            con.execute(
                "select r.state_type, count(*) from flow_run r join flow f on f.id = r.flow_id "
                "where f.name = 'monitor' and r.state_type <> 'SCHEDULED' group by 1"
            ).fetchall()
        )
        ((most,),) = con.execute(
            "select coalesce(max(n), 0) from (select count(*) as n from flow_run r "
            "join flow f on f.id = r.flow_id where f.name = 'monitor' and start_time is not null "
            "group by strftime('%H:%M', start_time))"
        ).fetchall()
    return {"minutes": minutes, **{state.lower(): n for state, n in states.items()},
            "most started in a minute": most}  # fmt: skip


@contextmanager
def serving(config: Path, folder: Path, *, poll_seconds: int = 1) -> Iterator[Serve]:
    """`dateline serve`, ready; ended when left. Operators have Prefect's `poll_seconds`, 10."""
    log = folder / "said"
    ready_before = log.read_text().count("runner: ready") if log.exists() else 0
    polling = {"PREFECT_RUNNER_POLL_FREQUENCY": str(poll_seconds)}
    serve = Serve(config, environment(folder) | polling | _LIKE_AN_OPERATORS, log)
    try:
        until(lambda: serve.said.count("runner: ready") > ready_before, 300)
        yield serve
    except AssertionError:
        print(serve.said[-4000:])
        raise
    finally:
        serve.end()


def _print(name: str, rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(key for row in rows for key in row))
    widths = [max(len(c), *(len(str(row.get(c, ""))) for row in rows)) for c in columns]
    print(f"\n{name}")
    for row in (dict(zip(columns, columns, strict=True)), *rows):
        line = (str(row.get(c, "")).ljust(w) for c, w in zip(columns, widths, strict=True))
        print("  ".join(line))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("cost", "crashes", "hour"))
    parser.add_argument("--minutes", type=int, default=12)
    return parser.parse_args()


if __name__ == "__main__":
    main()
