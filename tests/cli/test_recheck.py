"""A recheck that reached nobody says so."""

from datetime import UTC, datetime

import pytest

from flows.cli.recheck import refuse_unreached
from flows.core import RunReport, RunState
from flows.core.errors import NothingReached

NOON = datetime(2023, 2, 24, 12, tzinfo=UTC)


def _report(candidates: int, *skips: tuple[str, int]) -> RunReport:
    return RunReport(
        run_id="r", kind="recheck", state=RunState.COMPLETED, started_at=NOON, finished_at=NOON,
        candidates=candidates, skipped=sum(count for _, count in skips), skips=skips,
    )  # fmt: skip


def test_when_no_server_answered_nothing_was_reached() -> None:
    with pytest.raises(NothingReached, match="Not one of the 3 articles"):
        refuse_unreached(_report(3, ("dns", 2), ("timeout", 1)))


@pytest.mark.parametrize(
    "report", [_report(0), _report(3, ("dns", 2)), _report(2, ("http_404", 2))]
)
def test_one_answer_or_nothing_due_is_no_failure(report: RunReport) -> None:
    refuse_unreached(report)
