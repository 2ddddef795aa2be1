"""A run's account as a person or a program reads it."""

from dataclasses import asdict

from flows.core import RunReport, RunState
from flows.core.terminal import print_json, print_line, print_table
from flows.operations.run_report import IDLE

_SAID = {
    RunState.COMPLETED: "completed",
    RunState.FAILED: "failed",
    RunState.STOPPED: "stopped; what was committed is whole, the next run takes the rest over",
    RunState.LOST: "lost",
    RunState.RUNNING: "running",
}


def print_report(report: RunReport, *, as_json: bool) -> None:
    """One table: the totals, why candidates were skipped, which sources failed."""
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
    for source_id, error in report.failures:
        print_line(f"  source {source_id} failed: {' '.join(error.split())}")
    print_line(f"{_sentence(report)}; totals {'balance' if report.balanced else 'DO NOT BALANCE'}.")


def as_facts(report: RunReport) -> dict[str, object]:
    """The account as a program reads it."""
    return asdict(report) | {"balanced": report.balanced}


def _sentence(report: RunReport) -> str:
    if report.state is not RunState.COMPLETED:
        return f"Run {_SAID[report.state]}"
    if not report.candidates and not report.sources:
        return f"Run completed: {IDLE.get(report.kind, 'there was nothing to do')}"
    if not report.stored and not report.revised:
        return "Run completed: stored 0, nothing new"
    return f"Run completed: stored {report.stored}, revised {report.revised}"
