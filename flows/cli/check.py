"""`dateline check`: is the configuration right, the store sound, the archive whole."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line
from flows.operations.check import check_everything
from flows.store.check import Finding


@click.command()
@config_option
@json_option
def check(config_dir: Path, as_json: bool) -> None:
    """Read everything and count what breaks a rule; exit status 1 if anything does."""
    settings = load_settings(config_dir)  # raises with every problem
    findings = list(check_everything(settings))
    if as_json:
        print_json([asdict(finding) | {"holds": finding.holds} for finding in findings])
    else:
        print_line("configuration  right")
        for finding in findings:
            print_line(_line(finding))
        broken = sum(not finding.holds for finding in findings)
        print_line(f"{broken} of {len(findings)} rules are broken." if broken else "All is sound.")
        if any(finding.part == "store" and not finding.holds for finding in findings):
            print_line(
                f"{settings.store.path} is a copy, which the next run writes anew from "
                f"{settings.state_dir / 'work.duckdb'}; what is still broken then is so in both."
            )
    sys.exit(0 if all(finding.holds for finding in findings) else 1)


def _line(finding: Finding) -> str:
    if finding.holds:
        return f"{finding.part:<13}  {finding.rule}"
    broken = "cannot be told" if finding.broken is None else f"{finding.broken} break it"
    detail = f" — {finding.detail}" if finding.detail else ""
    return f"{finding.part:<7} BROKEN {finding.rule}: {broken}{detail}"
