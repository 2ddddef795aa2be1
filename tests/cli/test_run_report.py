"""A run's account in one sentence that is true, or as JSON that holds all of it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from flows.cli.run_report import print_report
from flows.core import RunReport, RunState

NOON = datetime(2023, 2, 24, 12, tzinfo=UTC)
REPORT = RunReport(
    run_id="r1", kind="monitor", state=RunState.COMPLETED, started_at=NOON,
    finished_at=NOON + timedelta(seconds=2), sources=3, sources_failed=1, candidates=4, stored=1,
    known=2, skipped=1, skips=(("off_topic", 1),), failures=(("daily", "no\nanswer"),),
)  # fmt: skip
QUIET = replace(REPORT, stored=0, known=3)
IDLE = replace(REPORT, sources=0, candidates=0, stored=0, known=0, skipped=0, skips=(), failures=())


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (REPORT, "Run completed: stored 1, revised 0; totals balance."),
        (QUIET, "Run completed: stored 0, nothing new; totals balance."),
        (IDLE, "Run completed: no source was due; totals balance."),
        (replace(REPORT, kind="recheck", sources=0, candidates=0, stored=0, known=0, skipped=0),
         "Run completed: no article was due; totals balance."),
        (replace(REPORT, state=RunState.FAILED), "Run failed; totals balance."),
        (replace(REPORT, stored=0, left_open=1),
         "Run completed: stored 0, nothing new; totals DO NOT BALANCE."),
        (replace(REPORT, state=RunState.STOPPED, stored=0, left_open=1),
         "Run stopped; what was committed is whole, the next run takes the rest over; "
         "totals balance."),
    ],
)  # fmt: skip
def test_the_last_line_is_a_true_sentence(
    report: RunReport, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    print_report(report, as_json=False)
    assert capsys.readouterr().out.splitlines()[-1] == sentence


def test_skips_and_failures_are_told_one_to_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(REPORT, as_json=False)
    assert capsys.readouterr().out.splitlines()[2:4] == [
        "  skipped     1  off_topic",
        "  source daily failed: no answer",
    ]


OFFLINE = replace(
    REPORT,
    sources=245,
    sources_failed=245,
    state=RunState.FAILED,
    failures=tuple(
        (f"s{n}", f"the name www{n}.outlet{n}.test was not found: no such host, or no network")
        for n in range(240)
    )
    + tuple((f"t{n}", f"https://a{n}.test/feed answered 503") for n in range(4))
    + (("u", "left alone until 2026-11-28 15:11Z"),),
)


def test_many_failures_are_told_by_their_cause_in_a_few_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_report(OFFLINE, as_json=False)

    assert capsys.readouterr().out.splitlines()[3:-1] == [
        "    240 sources failed: the name … was not found: no such host, or no network",
        "      4 sources failed: … answered 503",
        "      1 source failed: left alone until …",
        "  their names: `dateline run --verbose`, `dateline status`",
    ]


def test_causes_beyond_the_commonest_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    causes = "abcdefgh"
    report = replace(
        REPORT, sources=8, sources_failed=8, failures=tuple((one, one * 3) for one in causes)
    )
    print_report(report, as_json=False)

    assert "      3 sources failed: 3 other causes" in capsys.readouterr().out.splitlines()


def test_each_is_named_for_who_asks(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(OFFLINE, as_json=False, verbose=True)

    lines = capsys.readouterr().out.splitlines()
    assert len([line for line in lines if line.startswith("  source ")]) == 245


def test_json_holds_the_whole_account(capsys: pytest.CaptureFixture[str]) -> None:
    print_report(REPORT, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["state"], told["candidates"], told["balanced"]) == ("completed", 4, True)
    assert told["failures"] == [["daily", "no\nanswer"]]


def test_an_account_that_ends_a_candidate_twice_does_not_balance() -> None:
    assert not replace(REPORT, stored=2, left_open=-1).balanced
