"""Keeps a Prefect server and a runner of our flows alive until asked to stop.

Decides the order of starting and stopping and when a process that runs counts as hung; refuses to
know what either of them does. Imports no Prefect: this process costs next to nothing for months.
"""

import http.client
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from flows.core.errors import DatelineError
from flows.core.times import utc_now
from flows.operations.health import standing
from flows.operations.serve.access import alone, kept, new_access
from flows.operations.serve.child import Child
from flows.operations.serve.environment import for_client, for_server, prefect_environment
from flows.operations.serve.log import Log
from flows.operations.serve.port import held
from flows.operations.serve.systemd import notify
from flows.operations.serve.watch import Watch

LOOK_SECONDS = 1.0
# A cold start with the database migration took 11 s on idle cores, over 45 s at a load of eight; a
# server that does not answer for this long is started again.
HUNG_AFTER_SECONDS = 180.0
ANSWER_SECONDS = 5.0
# An answer holds for this long: one a second would cost the server a third of its rest
ASK_SECONDS = 15.0
# One that dies so often without ever having answered is not started again: someone must look.
HOPELESS_DEATHS = 5
# Runs get 30 s by Prefect's own rule; a run drops its batch in hand within a second or two.
STOP_RUNNER_SECONDS = 20.0
STOP_SERVER_SECONDS = 8.0
# A message that is under way when we are asked to stop
LAST_WORD_SECONDS = 5.0


def keep_alive(watch: Watch, log: Log, home: Path, port: int, stop: threading.Event) -> None:
    """Run server and runner for the configuration that `watch` watches until `stop` is set.

    Everything they print is entered into `log`. `home` is the folder of Prefect's own state.
    Raises `DatelineError` when another `dateline serve` uses it or something else listens on
    `port`.
    """
    with alone(home) as is_alone:
        if not is_alone:
            raise DatelineError(f"Another `dateline serve` already runs from {home}")
        access = new_access(port)
        with held(port), kept(home, access):
            common = prefect_environment(home, port, os.environ)
            listen = ("flows.operations.serve.server", str(port))
            serve = ("flows.operations.serve.runner", str(watch.settings.config_dir))
            family = _Family(
                server=Child("server", listen, for_server(common, access), follow=log.follow),
                runner=Child("runner", serve, for_client(common, access), follow=log.follow),
                port=port,
                log=log,
            )
            try:
                _look_after(family, watch, stop)
            finally:
                notify("STOPPING=1")
                _end(family)
                watch.wait(LAST_WORD_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """The two processes, the server's port, and where what befalls them is said."""

    server: Child
    runner: Child
    port: int
    log: Log


def _look_after(family: _Family, watch: Watch, stop: threading.Event) -> None:
    server, runner = family.server, family.runner
    answered_at: float | None = None
    while not stop.wait(LOOK_SECONDS):
        now = time.monotonic()
        _revive(server, now, family.log)
        if server.alive and runner.alive and now - (answered_at or 0) < ASK_SECONDS:
            pass  # it answered just now, and nothing waits for it
        elif server.alive and _answers(family.port):
            answered_at = now
            _revive(runner, now, family.log)
        elif server.alive and now - max(answered_at or 0, server.started_at) > HUNG_AFTER_SECONDS:
            said = f"no answer for {HUNG_AFTER_SECONDS:.0f} s; starting it again"
            family.log.say("server", said, "error")
            server.stop(STOP_SERVER_SECONDS)
        _see(watch, now, server, runner)
        if answered_at is None and server.deaths >= HOPELESS_DEATHS:
            raise DatelineError(
                f"Prefect's server ended {server.deaths} times and never answered; "
                "what it said stands above. The store was not touched"
            )


def _see(watch: Watch, now: float, *children: Child) -> None:
    """Look after the schedule, and tell systemd that somebody does and what was seen."""
    at = utc_now()
    restarts = {child.name: count for child in children if (count := child.restarts(now))}
    troubles = watch.look(at, restarts)
    if troubles is None:
        notify("WATCHDOG=1")
    elif watch.vitals is not None:
        said = troubles[0].text if troubles else standing(watch.vitals, at)
        notify(f"READY=1\nWATCHDOG=1\nSTATUS={said}")


def _revive(child: Child, now: float, log: Log) -> None:
    """Start a child that is due; bury one that died."""
    if child.alive:
        return
    if child.process is not None:
        status = child.bury(now)
        wait = child.start_at - now
        how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
        log.say(child.name, f"{how}; starting again in {wait:.0f} s", "error")
    if now >= child.start_at:
        child.start(now)
        log.say(child.name, "started")


def _end(family: _Family) -> None:
    """The runner first, so that its runs can tell the server that they were stopped."""
    for child, seconds in (
        (family.runner, STOP_RUNNER_SECONDS),
        (family.server, STOP_SERVER_SECONDS),
    ):
        asked = child.stop(seconds)
        family.log.say(child.name, "stopped" if asked else f"killed after {seconds:.0f} s")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/api/health")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
