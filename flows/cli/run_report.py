"""A run's account as a person or a program reads it."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from flows.core import RunReport, RunState
from flows.core.terminal import print_json, print_line, print_table
from flows.core.text.cleaning import how_many
from flows.operations.run_report import IDLE, NAMED, faults_said, unit_named

# A URL, an instant, a host name or an address with its port
_ABOUT = re.compile(
    r"https?://\S+|\d{4}-\d\d-\d\d[ T]\d\d:\d\d\S*|\[[0-9a-f:.]+\](:\d+)?"
    r"|(?<![\w-])[\w-]++(?:\.[\w-]++)++(?::\d++)?"
)
_SAID = {
    RunState.COMPLETED: "completed",
    RunState.FAILED: "failed",
    RunState.STOPPED: "stopped; what was committed is whole, the next run takes the rest over",
    RunState.LOST: "lost",
    RunState.RUNNING: "running",
}


def print_report(report: RunReport, *, as_json: bool, verbose: bool = False) -> None:
    """One table: the totals, why candidates were skipped, which sources failed.

    Where many failed, how many for which cause; `verbose` names each all the same.
    """
    if as_json:
        print_json(as_facts(report))
        return
    seconds = (report.finished_at - report.started_at).total_seconds()
    print_table(
        ("run", "#sources", "#failed", "#candidates", "#stored", "#revised", "#known", "#skipped",
         "#open", "#seconds"),
        [(report.run_id, report.sources, report.sources_failed, report.candidates, report.stored,
          report.revised, report.known, report.skipped, report.left_open, f"{seconds:.1f}")],
    )  # fmt: skip
    for reason, count in report.skips:
        print_line(f"  skipped {count:>5}  {reason}")
    for line in _failed(report.failures, verbose=verbose):
        print_line(f"  {line}")
    if report.program_faults:
        print_line(f"  {faults_said(report.program_faults)}")
    print_line(f"{_sentence(report)}; totals {'balance' if report.balanced else 'DO NOT BALANCE'}.")


def _failed(failures: Sequence[tuple[str, str]], *, verbose: bool) -> list[str]:
    """Which sources failed, a line each; of more than a few, the commonest causes."""
    if verbose or len(failures) <= NAMED:
        return [f"{unit_named(name)} failed: {' '.join(error.split())}" for name, error in failures]
    causes = Counter(_cause(error) for _, error in failures).most_common()
    lines = [_counted(count, cause) for cause, count in causes[:NAMED]]
    if causes[NAMED:]:
        others = how_many(len(causes) - NAMED, "other cause")
        lines.append(_counted(sum(count for _, count in causes[NAMED:]), others))
    return [*lines, "their names: `dateline run --verbose`, `dateline status`"]


def _counted(count: int, cause: str) -> str:
    return f"{count:>5} {'source' if count == 1 else 'sources'} failed: {cause}"


def _cause(error: str) -> str:
    """An error without what it was about, so that the same one of many hosts is one."""
    return _ABOUT.sub("…", " ".join(error.split()))


def as_facts(report: RunReport) -> dict[str, object]:
    """The account as a program reads it."""
    return asdict(report) | {
        "balanced": report.balanced,
        "program_faults": report.program_faults,
    }


def _sentence(report: RunReport) -> str:
    if report.state is not RunState.COMPLETED:
        return f"Run {_SAID[report.state]}"
    if not report.candidates and not report.sources:
        return f"Run completed: {IDLE.get(report.kind, 'there was nothing to do')}"
    if not report.stored and not report.revised:
        return "Run completed: stored 0, nothing new"
    return f"Run completed: stored {report.stored}, revised {report.revised}"
