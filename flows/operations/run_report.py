"""The account of a run as Prefect shows it: a table, warnings, a sentence.

Decides what an operator reads of a `RunReport`, and whether the run failed; refuses to know Prefect
or a terminal.
"""

from flows.core import Look, LookStatus, RunReport, RunState
from flows.core.errors import NothingReached

# What a run without a source and without a candidate says, by its kind
IDLE = {"monitor": "no source was due", "recheck": "no article was due"}
# As many failed sources as fit a sentence; the table names them all.
NAMED = 5

Row = dict[str, str | int]


def rows(report: RunReport) -> list[Row]:
    """The report as a table of `what`, `count`, `detail`: totals, reasons of skips, failures."""
    totals = [
        ("sources looked at", report.sources),
        ("sources failed", report.sources_failed),
        ("candidates", report.candidates),
        ("stored", report.stored),
        ("revised", report.revised),
        ("known", report.known),
        ("skipped", report.skipped),
        ("left open", report.left_open),
    ]
    if report.program_faults:
        totals.append(("program faults", report.program_faults))
    skips = [(f"skipped: {reason}", count) for reason, count in report.skips]
    counted = [_row(what, count, "") for what, count in [*totals, *skips]]
    return [*counted, *(_row(f"failed: {name}", 1, error) for name, error in report.failures)]


def warnings(report: RunReport) -> list[str]:
    """One sentence for each thing an operator may have to mend."""
    said = [f"{unit_named(name)} failed: {error}" for name, error in report.failures]
    if report.program_faults:
        said.append(faults_said(report.program_faults))
    if not report.balanced:
        said.append(
            f"the totals of run {report.run_id} do not balance: {report.candidates} candidates"
        )
    return said


def sentence(report: RunReport) -> str:
    """The run in one line, with the list of failed sources."""
    if not report.sources and not report.candidates:
        return IDLE.get(report.kind, "there was nothing to do")
    said = (
        f"{_sources(report)}{_counted(report.candidates, 'candidate')}: {report.stored} stored, "
        f"{report.revised} revised, {report.known} known, {report.skipped} skipped"
    )
    if report.failures:
        said += f"; {_counted(report.sources_failed, 'source')} failed: {_named(report)}"
    return said


def unit_named(name: str) -> str:
    """A unit of `failures` as a sentence begins: a source by its identifier, any other by name."""
    return name if " " in name or ":" in name else f"source {name}"


def faults_said(count: int) -> str:
    """What the faults of a run mean, for whoever reads its account."""
    return (
        f"{_counted(count, 'unit')} of work ended as program_fault: a fault of Dateline's, whose "
        "traceback stands in the log"
    )


def trouble_of(result: object) -> str | None:
    """Why a unit of work failed that ended without an error: a source that did not answer."""
    if isinstance(result, Look) and result.status in (LookStatus.FAILED, LookStatus.GONE):
        return result.error or str(result.reason or result.status)
    return None


def failure_of(report: RunReport) -> str | None:
    """Why a run failed that gave its account: it reached nothing."""
    nothing_answered = report.sources > 0 and report.sources_failed >= report.sources
    if report.state is RunState.FAILED or nothing_answered:
        return (
            f"None of the {report.sources} sources answered: {_named(report)}. "
            "The store holds what it held before; look at the network and at `dateline status`."
        )
    return None


def refuse_failure(report: RunReport) -> None:
    """Raise `NothingReached` when the run reached nothing: failures mean failure."""
    if (failure := failure_of(report)) is not None:
        raise NothingReached(failure)


def _sources(report: RunReport) -> str:
    """Rechecks and decisions taken again have no sources."""
    return f"{_counted(report.sources, 'source')}, " if report.sources else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _named(report: RunReport) -> str:
    named = ", ".join(source_id for source_id, _ in report.failures[:NAMED])
    more = len(report.failures) - NAMED
    return f"{named} and {more} more" if more > 0 else named


def _row(what: str, count: int, detail: str) -> Row:
    return {"what": what, "count": count, "detail": detail}
