"""What the whole pipeline makes of the invented web is what was published there."""

from flows.rehearsal.rehearse import Rehearsal


def test_everything_published_ends_as_it_must(rehearsal: Rehearsal) -> None:
    assert [str(check) for check in rehearsal.score.differences] == []


def test_the_totals_of_every_pass_balance(rehearsal: Rehearsal) -> None:
    assert all(report.balanced for report in rehearsal.reports)


def test_nothing_but_the_invented_hosts_was_asked(rehearsal: Rehearsal) -> None:
    assert {line.host.split(":")[0].rsplit(".", 1)[1] for line in rehearsal.served} == {"test"}
