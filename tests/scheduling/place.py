"""A place to schedule in: a small news web on loopback, a configuration, `dateline serve`.

Everything is real: processes, ports, Prefect's server and its SQLite; all of it below one folder.
"""

import base64
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from flows.operations.serve.access import Access, access_now
from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.loopback import Answer, Loopback, Request

PROJECT = Path(__file__).parents[2]
HOST = "daily.test"
T = TypeVar("T")

_ARTICLE = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="article:published_time" content="2026-03-01T08:00:00Z"></head><body>
<article><h1>{title}</h1>
<p>China's 12-point position paper on the war in Ukraine returned to the table on Sunday, when
envoys of eight countries met to speak about a ceasefire and about peace talks. {title}.</p>
<p>The Chinese envoy said that Beijing's proposal, first published a year into the war, stood for
dialogue between Moscow and Kyiv, and that China would go on with its mediation in Ukraine.</p>
<p>Diplomats from Europe answered that any peace plan had to begin with the withdrawal of Russian
troops, and asked China to use its weight in Moscow. Another round of talks is planned for May.</p>
</article></body></html>"""


class News:
    """One outlet with one feed of two articles.

    While it `stalls` its feed never answers; while it `fails` everything is an error. `asked` are
    the paths it was asked for.
    """

    def __init__(self) -> None:
        self.stalls = False
        self.fails = False
        self.asked: list[str] = []

    def __call__(self, request: Request) -> Answer:
        self.asked.append(request.target)
        if self.fails or request.target == "/robots.txt":
            return Answer(status=404)
        if request.target == "/feed.xml":
            return Answer(
                headers=(("Content-Type", "application/rss+xml"),), body=_feed(), stalls=self.stalls
            )
        title = f"Talks on the plan, part {request.target.rpartition('-')[2]}"
        body = _ARTICLE.format(title=title).encode()
        return Answer(headers=(("Content-Type", "text/html; charset=utf-8"),), body=body)


def _feed() -> bytes:
    items = "".join(
        f"<item><title>Talks on the plan, part {n}</title>"
        f"<link>http://{HOST}/talks-{n}</link></item>"
        for n in (1, 2)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Daily</title>'
        f"<link>http://{HOST}/</link>{items}</channel></rss>"
    ).encode()


def configure(folder: Path, web: Loopback, minutes: int) -> Path:
    """Write a configuration of one source into `folder`; its path."""
    config = write_configuration(
        folder,
        sources=[
            SourceEntry(
                source_id="daily", outlet="The Daily", kind="feed", url=f"http://{HOST}/feed.xml"
            )
        ],
        resolve={HOST: web.address},
        topic_path=PROJECT / "config" / "topic.toml",
        seeds_dir=PROJECT / "seeds",
        timeout_seconds=600.0,
    )
    main = config / "dateline.toml"
    # a killed run's turn at its host lasts until its request would have ended: here that is for
    # ever, so there are turns for each run that is killed
    patient = main.read_text(encoding="utf-8").replace("[fetch]", "[fetch]\nper_host = 8")
    schedule = f"\n[schedule]\nmonitor_minutes = {minutes}\nrecheck_minutes = {max(minutes, 5)}\n"
    main.write_text(patient + schedule, encoding="utf-8")
    return config


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def until(true: Callable[[], T], seconds: float = 150.0) -> T:
    """Wait for what other processes do and return it; fail when it does not come."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)
    return found


class Api:
    """The REST API of the server that serves from `home`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    @property
    def access(self) -> Access | None:
        """As the operator has it; None before it starts."""
        return access_now(self._home)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The decoded answer; None while nobody answers, and for what is not there."""
        if (access := self.access) is None:
            return None
        connection = http.client.HTTPConnection("127.0.0.1", access.port, timeout=20)
        try:
            sent = None if body is None else json.dumps(body)
            said = base64.b64encode(access.auth_string.encode()).decode()
            headers = {"Content-Type": "application/json", "Authorization": f"Basic {said}"}
            connection.request(method, f"/api{path}", sent, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300 or answer.status in (404, 503), (path, text)
            return json.loads(text) if text and answer.status < 300 else None
        except OSError:
            return None
        finally:
            connection.close()

    def runs(self, deployment: str, *states: str) -> list[dict[str, Any]]:
        """Runs of `monitor/served` or the like in these states, the oldest first."""
        found = self.ask(
            "POST",
            "/flow_runs/filter",
            {
                "deployments": {"id": {"any_": [self.deployment(deployment)["id"]]}},
                "flow_runs": {"state": {"type": {"any_": list(states)}}},
                "sort": "EXPECTED_START_TIME_ASC",
            },
        )
        return found or []

    def deployment(self, name: str) -> dict[str, Any]:
        found = self.ask("GET", f"/deployments/name/{name}")
        return found or {"id": "00000000-0000-0000-0000-000000000000"}

    def start(self, deployment: str) -> str:
        """Ask for a run over all sources now; its id."""
        path = f"/deployments/{self.deployment(deployment)['id']}/create_flow_run"
        run = until(lambda: self.ask("POST", path, {"parameters": {"all_sources": True}}))
        return str(run["id"])

    def unschedule(self, deployment: str) -> None:
        """Let only runs that are asked for start, whatever the hour is."""
        found = self.deployment(deployment)
        for schedule in found["schedules"]:
            path = f"/deployments/{found['id']}/schedules/{schedule['id']}"
            self.ask("PATCH", path, {"active": False})

    def state(self, run_id: str) -> str:
        run = self.ask("GET", f"/flow_runs/{run_id}")
        return str(run["state"]["type"]) if run else ""

    def comes_to(self, run_id: str, *states: str) -> str:
        """Wait until a run is in one of these states; which."""
        return until(lambda: now if (now := self.state(run_id)) in states else "")

    def slots(self, deployment: str) -> int:
        """Slots taken of a deployment's limit."""
        limit = self.deployment(deployment)["global_concurrency_limit"]
        return int(limit["active_slots"])


class Serve:
    """A running `dateline serve`. `said` is what it and its children have printed so far."""

    def __init__(self, config: Path, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.api = Api(config.parent / "data" / ".dateline" / "prefect")
        self._log = log
        command = [sys.executable, "-c", "from flows.cli.main import main; main()", "serve"]
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--config", str(config), "--port", str(self.port)],
                env=dict(environment),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8", errors="replace")

    def child(self, part: str) -> int:
        """The process of ours whose command line holds `part`; waits for it."""
        return until(lambda: next(iter(self.children(part)), 0))

    def children(self, part: str = "") -> list[int]:
        """Processes below `dateline serve` whose command line holds `part`."""
        return [pid for pid in _below(self.process.pid) if part in _command(pid)]

    def stop(self) -> int:
        """SIGTERM, and the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(90)

    def end(self) -> None:
        """Leave nothing running, whatever happened before."""
        if self.process.poll() is None:
            below = self.children()
            self.process.kill()
            self.process.wait()
            for pid in below:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def environment(folder: Path) -> dict[str, str]:
    """This process's environment for processes under test, which note every foreign address."""
    watching = str(Path(__file__).parent / "watching")
    path = os.environ.get("PYTHONPATH", "")
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (watching, path))),
        "PYTHONUNBUFFERED": "1",
        "DATELINE_TEST_ADDRESSES": str(folder / "addresses"),
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
    }


def _below(pid: int) -> list[int]:
    """Every living process below `pid`, by the kernel's table."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(stat.parent.name)] = int(parent)
    found = {pid}
    while below := {child for child, parent in parents.items() if parent in found} - found:
        found |= below
    return sorted(found - {pid})


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
