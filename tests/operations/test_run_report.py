"""What an operator reads of a run, and when the run counts as failed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flows.core import Look, LookStatus, RunReport, RunState, SourceMemory
from flows.core.errors import NothingReached
from flows.operations.run_report import refuse_failure, rows, sentence, trouble_of, warnings

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
        "3 sources, 4 candidates: 1 stored, 0 revised, 2 known, 1 skipped; 1 source failed: daily"
    )


@pytest.mark.parametrize(
    ("kind", "said"),
    [("monitor", "no source was due"), ("recheck", "no article was due")],
)
def test_a_run_with_nothing_to_do_says_so(kind: str, said: str) -> None:
    idle = RunReport(
        run_id="r1", kind=kind, state=RunState.COMPLETED, started_at=NOW, finished_at=NOW
    )

    assert sentence(idle) == said


def test_a_run_without_sources_speaks_of_none() -> None:
    assert sentence(replace(REPORT, kind="recheck", sources=0, failures=())) == (
        "4 candidates: 1 stored, 0 revised, 2 known, 1 skipped"
    )


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(LookStatus.FAILED, "answered 500"), (LookStatus.GONE, "answered 500"), (LookStatus.OK, None)],
)
def test_a_source_that_did_not_answer_is_trouble(status: LookStatus, trouble: str | None) -> None:
    seen = Look(
        source_id="daily", started_at=NOW, finished_at=NOW, status=status, error="answered 500",
        memory=SourceMemory(source_id="daily"),
    )  # fmt: skip

    assert trouble_of(seen) == trouble
    assert trouble_of("a host's pages") is None


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
