"""What of the printed lines of server, runner and runs becomes a line of the log."""

import json
import os
from datetime import UTC, datetime, timedelta

import pytest

from flows.operations.serve.log import Entry, Log, Repeats, entries

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

LOCKED = """\
12:00:01.123 | ERROR   | prefect.server.services.scheduler - Unexpected error in: OperationalError('x')
Traceback (most recent call last):
  File "/x/sqlalchemy/engine/base.py", line 1967, in _exec_single_context
    self.dialect.do_execute(
sqlite3.OperationalError: database is locked

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/x/prefect/server/services/base.py", line 1, in start
    await self.run_once()
sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked
[SQL: INSERT INTO flow_run (id) VALUES (?)]
(Background on this error at: https://sqlalche.me/e/20/e3q8)
"""  # noqa: E501
KILLED_SERVER = """\
12:00:01.123 | ERROR   | prefect.runner - Failed to fetch runs
  + Exception Group Traceback (most recent call last):
  |   File "/x/anyio/_core/_sockets.py", line 232, in connect_tcp
  | OSError: All connection attempts failed
  +------------------------------------
"""
UNKNOWN = """\
Traceback (most recent call last):
  File "/x/flows/pipeline/run.py", line 7, in begin
    raise KeyError("x")
KeyError: 'x'
"""
CANCELLED = """\
12:00:01.123 | ERROR   | prefect.flow_runs - Encountered an exception
Traceback (most recent call last):
  File "/x/prefect/flow_engine.py", line 7, in run
    await work
asyncio.exceptions.CancelledError
"""


def said(printed: str) -> list[tuple[str, str]]:
    return [(entry.level, entry.text) for entry in entries("server", printed.splitlines())]


def test_a_locked_database_is_a_sentence_without_a_traceback() -> None:
    assert said(LOCKED) == [("warning", "Prefect's database was locked; it tries again")]


def test_a_server_that_is_gone_is_a_sentence_without_a_traceback() -> None:
    assert said(KILLED_SERVER) == [
        ("warning", "Prefect's server did not answer; it is asked again")
    ]


def test_a_stop_that_was_asked_for_and_an_end_that_came_twice_are_nothing() -> None:
    twice = "12:00:01.123 | ERROR   | prefect.server.events.actions - Run is already in a terminal state."  # noqa: E501

    assert [*said(CANCELLED), *said(twice), *said("nanobind: leaked 27 instances!")] == []


def test_a_traceback_that_nobody_knows_is_one_entry_and_kept_whole() -> None:
    (entry,) = entries("runner", UNKNOWN.splitlines())

    assert (entry.level, entry.text) == ("error", "KeyError: 'x'")
    assert len(entry.more) == 3


def test_a_word_of_trouble_in_what_goes_well_is_no_trouble() -> None:
    line = "run: monitor completed: 1 source failed: database is locked news"

    assert said(line) == [("info", "monitor completed: 1 source failed: database is locked news")]


def test_what_our_own_processes_say_keeps_who_said_it() -> None:
    (entry,) = entries("runner", ["run: monitor 2026-03-02 12:00 began"])

    assert (entry.source, entry.text) == ("run", "monitor 2026-03-02 12:00 began")


def test_a_warning_of_prefects_loses_its_clock_and_name() -> None:
    line = "12:00:01.123 | WARNING | flows.pipeline.run - run r1 was lost"

    assert said(line) == [("warning", "run r1 was lost")]


def test_an_error_of_ours_was_said_by_the_runs_own_line_and_another_is_kept() -> None:
    head = "12:00:01.123 | ERROR   | Flow run 'monitor 2026-03-02 12:00' - Encountered exception"
    trace = 'Traceback (most recent call last):\n  File "/x/monitor.py", line 7, in monitor\n'

    assert said(f"{head}\n{trace}flows.core.errors.NothingReached: None answered.") == []
    assert said(f"{head}\n{trace}KeyError: 'x'") == [
        ("error", "Encountered exception KeyError: 'x'")
    ]


def test_a_full_disk_is_a_sentence_whoever_met_it() -> None:
    line = "12:00:01.123 | WARNING | flows.x - not noted: [Errno 28] No space left on device"

    assert said(line) == [("error", "the disk is full: what was to be written is lost")]


def trouble(text: str) -> Entry:
    return Entry(source="server", level="warning", text=text)


def test_the_same_trouble_is_said_once_a_minute_with_a_count() -> None:
    repeats = Repeats()
    let = [
        repeats.let(trouble(f"run {number} of 7a55c4a3-1111-4222-8333-444455556666 failed"), at)
        for number in range(3)
        for at in [NOW + timedelta(seconds=20 * number)]
    ]
    later = repeats.let(
        trouble("run 9 of 7a55c4a3-1111-4222-8333-444455556666 failed"), NOW + timedelta(seconds=61)
    )

    assert [entry is not None for entry in let] == [True, False, False]
    assert later is not None
    assert later.text.endswith("failed (2 more times since)")


def test_what_was_held_back_is_said_when_its_minute_is_over() -> None:
    repeats = Repeats()
    repeats.let(trouble("it failed"), NOW)
    repeats.let(trouble("it failed"), NOW)
    repeats.let(trouble("it failed"), NOW)

    assert repeats.due(NOW + timedelta(seconds=30)) == []
    assert [entry.text for entry in repeats.due(NOW + timedelta(seconds=61))] == [
        "it failed (1 more time since)"
    ]


def test_what_goes_its_way_is_never_held_back() -> None:
    began = Entry(source="run", level="info", text="monitor began")
    repeats = Repeats()

    assert [repeats.let(began, NOW), repeats.let(began, NOW)] == [began, began]


def followed(log: Log, *printed: str) -> None:
    """Have the log follow a pipe into which this is printed."""
    reading, writing = os.pipe()
    following = log.follow("server", reading)
    for text in printed:
        os.write(writing, text.encode())
    os.close(writing)
    following.join(30)


def test_a_pipe_is_followed_to_its_end_across_torn_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    followed(Log(lambda: NOW), "rea", "dy\nno end of line")

    assert capsys.readouterr().out.splitlines() == [
        "2026-03-02 12:00:00Z server: ready",
        "2026-03-02 12:00:00Z server: no end of line",
    ]


def test_as_json_each_line_is_a_document_with_its_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    followed(Log(lambda: NOW, "json"), UNKNOWN)

    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert {name: found[name] for name in ("at", "level", "source", "text")} == {
        "at": "2026-03-02T12:00:00.000+00:00",
        "level": "error",
        "source": "server",
        "text": "KeyError: 'x'",
    }
    assert len(found["traceback"]) == 3
