"""`dateline recheck`: look again at recent articles for edits."""

from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.options import ask_for_contact, until_stopped
from flows.cli.run_report import print_report
from flows.core import Reason, RunReport
from flows.core.errors import NothingReached
from flows.core.settings import load_settings
from flows.core.times import utc_now
from flows.pipeline.recheck import run_recheck

_UNREACHED = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT})


@click.command()
@config_option
@json_option
def recheck(config_dir: Path, as_json: bool) -> None:
    """Look again at recent articles for edits, less and less often as they age."""
    settings = load_settings(config_dir)
    ask_for_contact(settings)
    report = until_stopped(run_recheck(settings, clock=utc_now))
    print_report(report, as_json=as_json)
    refuse_unreached(report)


def refuse_unreached(report: RunReport) -> None:
    """Raise `NothingReached` when no server answered for any article that was due."""
    unreached = sum(count for reason, count in report.skips if reason in _UNREACHED)
    if report.candidates and unreached == report.candidates:
        raise NothingReached(
            f"Not one of the {report.candidates} articles that were due could be reached: "
            "look at the network. The next rechecks try them again."
        )
