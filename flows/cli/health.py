"""`dateline health`: is the schedule alive, in one sentence and an exit status."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.core.errors import ConfigurationError
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line
from flows.core.times import utc_now
from flows.operations.health import next_due, standing, wrong
from flows.operations.vitals import vitals_from_outside


@click.command()
@config_option
@json_option
def health(config_dir: Path, as_json: bool) -> None:
    """Whether the schedule is alive: status 0 and a sentence, or status 1 and what is wrong.

    For whatever watches from outside: a container's health check, cron, a monitoring agent. Opens
    no store and asks no server.
    """
    try:
        settings = load_settings(config_dir)
    except ConfigurationError as error:
        first, *others = error.problems
        more = f" (and {len(others)} more)" if others else ""
        print_line(f"The configuration is wrong: {first}{more}.")
        sys.exit(1)
    now = utc_now()
    vitals = vitals_from_outside(settings)
    troubles = wrong(vitals, now)
    last = vitals.runs.get("monitor")
    if as_json:
        print_json(
            {
                "healthy": not troubles,
                "last_pass_ended_at": last and last.ended_at,
                "next_pass_due_at": next_due(vitals),
                "troubles": [asdict(trouble) for trouble in troubles],
            }
        )
    elif troubles:
        print_line("; ".join(trouble.text for trouble in troubles) + ".")
    else:
        print_line(standing(vitals, now))
    sys.exit(1 if troubles else 0)
