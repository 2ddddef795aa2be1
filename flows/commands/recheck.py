"""`dateline recheck`: look again at recent articles for edits."""

from pathlib import Path

import click

from flows.cli import config_option, json_option
from flows.clock import utc_now
from flows.commands.contact import ask_for_contact
from flows.commands.stopping import until_stopped
from flows.rechecking import run_recheck
from flows.reporting import print_report
from flows.settings import load_settings


@click.command()
@config_option
@json_option
def recheck(config_dir: Path, as_json: bool) -> None:
    """Look again at recent articles for edits, less and less often as they age."""
    settings = load_settings(config_dir)
    ask_for_contact(settings)
    print_report(until_stopped(run_recheck(settings, clock=utc_now)), as_json=as_json)
