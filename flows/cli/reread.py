"""`dateline reread` and `dateline redecide`: decisions taken again, from the archive."""

from dataclasses import asdict
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.options import until_stopped
from flows.cli.run_report import as_facts, print_report
from flows.core import Verdict
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line, print_table
from flows.core.times import utc_now
from flows.pipeline.redecide import Change, run_redecide
from flows.pipeline.reread import run_reread

_MOST_SHOWN = 20


@click.command()
@config_option
@json_option
@click.option("--where", help="Only articles this SQL condition names, as in `articles`.")
def reread(config_dir: Path, as_json: bool, where: str | None) -> None:
    """Read archived pages again with today's reader, without a request.

    A text that reads differently becomes a revision marked as our change.
    """
    settings = load_settings(config_dir)
    print_report(until_stopped(run_reread(settings, clock=utc_now, where=where)), as_json=as_json)


@click.command()
@config_option
@json_option
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
def redecide(config_dir: Path, as_json: bool, dry_run: bool) -> None:
    """Judge everything again by today's topic rules, without a request."""
    settings = load_settings(config_dir)
    changes: list[Change] = []
    report = until_stopped(
        run_redecide(settings, clock=utc_now, dry_run=dry_run, tell=changes.append)
    )
    if as_json:
        print_json(as_facts(report) | {"changes": [asdict(change) for change in changes]})
        return
    _print_changes(changes, dry_run=dry_run)
    print_report(report, as_json=False)


def _print_changes(changes: list[Change], *, dry_run: bool) -> None:
    joined = sum(1 for change in changes if change.before is Verdict.OFF_TOPIC)
    left = sum(1 for change in changes if change.after is Verdict.OFF_TOPIC)
    would = "would " if dry_run else ""
    print_line(
        f"{joined} {would}join the topic, {left} {would}leave it, "
        f"{len(changes) - joined - left} {would}move between sure and borderline"
    )
    if not changes:
        return
    print_table(
        ("before", "#was", "after", "#is", "title"),
        [
            (c.before, f"{c.relevance_before:.2f}", c.after, f"{c.relevance_after:.2f}",
             c.title or c.url)
            for c in changes[:_MOST_SHOWN]
        ],
    )  # fmt: skip
    if len(changes) > _MOST_SHOWN:
        print_line(f"… and {len(changes) - _MOST_SHOWN} more")
