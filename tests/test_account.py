"""What an operator reads of a run, and when the run counts as failed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.account import refuse_failure, rows, sentence, warnings
from flows.errors import NothingReached
from flows.records import RunReport, RunState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
REPORT = RunReport(
    run_id="r1", kind="monitor", state=RunState.COMPLETED, started_at=NOW, finished_at=NOW,
    sources=3, sources_failed=1, candidates=4, stored=1, revised=0, known=2, skipped=1,
    skips=(("off_topic", 1),), failures=(("daily", "timeout"),),
)  # fmt: skip


def test_the_table_holds_the_totals_the_skips_and_each_failed_source() -> None:
    table = rows(REPORT)

    assert [(row["what"], row["count"]) for row in table[:3]] == [
        ("sources looked at", 3),
        ("sources failed", 1),
        ("candidates", 4),
    ]
    assert table[-2:] == [
        {"what": "skipped: off_topic", "count": 1, "detail": ""},
        {"what": "failed: daily", "count": 1, "detail": "timeout"},
    ]


def test_a_failed_source_is_a_warning_and_stands_in_the_sentence() -> None:
    assert warnings(REPORT) == ["source daily failed: timeout"]
    assert sentence(REPORT) == (
        "3 sources, 4 candidates: 1 stored, 0 revised, 2 known, 1 skipped; 1 sources failed: daily"
    )


def test_totals_that_do_not_balance_are_a_warning() -> None:
    lost_one = replace(REPORT, stored=0, failures=())

    assert warnings(lost_one) == ["the totals of run r1 do not balance: 4 candidates"]


def test_a_run_in_which_some_sources_failed_is_no_failure() -> None:
    refuse_failure(REPORT)


@pytest.mark.parametrize(
    "report",
    [
        replace(REPORT, sources_failed=3),
        replace(REPORT, sources_failed=3, state=RunState.FAILED),
    ],
)
def test_a_run_in_which_no_source_answered_is_a_failure(report: RunReport) -> None:
    with pytest.raises(NothingReached, match="None of the 3 sources answered"):
        refuse_failure(report)


def test_a_run_that_looked_at_nothing_is_no_failure() -> None:
    refuse_failure(replace(REPORT, sources=0, sources_failed=0, failures=()))


def test_more_failed_sources_than_fit_a_sentence_are_counted() -> None:
    failures = tuple((f"s{n}", "timeout") for n in range(8))

    assert sentence(replace(REPORT, sources_failed=8, failures=failures)).endswith(
        "8 sources failed: s0, s1, s2, s3, s4 and 3 more"
    )
