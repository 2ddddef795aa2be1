"""`dateline serve`: the schedule on one machine, until stopped."""

import os
import signal
import threading
from pathlib import Path

import click

from flows.cli.main import config_option
from flows.core.errors import ConfigurationError, DatelineError, Problem
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_line
from flows.core.times import utc_now
from flows.operations.alerts.tell import missing_names
from flows.operations.serve.access import access_now
from flows.operations.serve.beside import beside
from flows.operations.serve.health_port import answering
from flows.operations.serve.log import Format, Log
from flows.operations.serve.supervisor import keep_alive
from flows.operations.serve.watch import Watch


@click.command()
@config_option
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=4200,
    show_default=True,
    help="Where Prefect's page and API listen, on 127.0.0.1 only.",
)
@click.option(
    "--access",
    is_flag=True,
    help="Only say where the page of the `dateline serve` at work is, and its password.",
)
@click.option(
    "--log-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="A line of text, or of JSON, for each thing that happened.",
)
def serve(config_dir: Path, port: int, access: bool, log_format: Format) -> None:
    """Run the schedule on this machine: everything needed, in one process tree, until stopped.

    SIGTERM or Ctrl-C stops it within seconds. What was committed is whole; the next run takes
    over what a stopped run left open.
    """
    settings = load_settings(config_dir)
    home = settings.state_dir / "prefect"
    if access:
        _print_access(home)
        return
    _check_secrets(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    schedule = settings.schedule
    log = Log(utc_now, log_format)
    log.say(
        "serve",
        f"monitoring every {schedule.monitor_minutes} minutes, rechecking every "
        f"{schedule.recheck_minutes}; Prefect's page is http://127.0.0.1:{port}, "
        "its password is told by `dateline serve --access`",
    )
    watch = Watch(settings, log)
    with (
        beside(
            settings.config_dir, port=settings.browse.port, out=settings.report.out, clock=utc_now
        ),
        answering(lambda: watch.settings, utc_now) as health_port,
    ):
        if health_port is not None:
            log.say("serve", f"/health and /metrics on {settings.health.host}:{health_port}")
        keep_alive(watch, log, home, port, stop)


def _print_access(home: Path) -> None:
    """The one place that shows the secret, to whoever may read its file."""
    access = access_now(home)
    if access is None:
        raise DatelineError(
            f"No `dateline serve` of this user runs from {home}; its password is made at each start"
        )
    print_line(f"page      {access.page}")
    print_line(f"password  {access.auth_string}")


def _check_secrets(settings: Settings) -> None:
    """Raise `ConfigurationError` for names in `[notify] urls` that are not in the environment."""
    missing = missing_names(settings.notify.urls, os.environ)
    path = settings.config_dir / "dateline.toml"
    problems = tuple(
        Problem(path=path, what=f"[notify] urls: ${{{name}}} is not in the environment")
        for name in missing
    )
    if problems:
        raise ConfigurationError(problems)
