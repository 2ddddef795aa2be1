import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.core import Reason
from flows.fetch.host_state import Hold, HostMemory, KeptRobots, Turn

NOW = datetime(2023, 2, 24, 12, tzinfo=UTC)


@pytest.fixture
def memories(tmp_path: Path) -> Iterator[Callable[[], HostMemory]]:
    """Opens the one file of this test, as each process would."""
    opened: list[HostMemory] = []

    def open_one() -> HostMemory:
        opened.append(HostMemory(tmp_path / "hosts.sqlite"))
        return opened[-1]

    yield open_one
    for memory in opened:
        memory.close()


@pytest.fixture
def memory(memories: Callable[[], HostMemory]) -> HostMemory:
    return memories()


def _turn(memory: HostMemory, now: float, *, at_once: int = 1, host: str = "a") -> Turn | float:
    return memory.take_turn(host, now=now, pace=5.0, at_once=at_once, lease=30.0)


def _taken(memory: HostMemory, now: float, *, at_once: int = 1) -> Turn:
    turn = _turn(memory, now, at_once=at_once)
    assert isinstance(turn, Turn)
    return turn


def test_the_next_turn_comes_a_pace_after_the_last_ended(memory: HostMemory) -> None:
    turn = _taken(memory, 100.0)
    memory.end_turn(turn, next_at=107.0)
    assert _turn(memory, 103.0) == 4.0
    assert isinstance(_turn(memory, 107.0), Turn)


def test_another_host_waits_for_nothing(memory: HostMemory) -> None:
    _taken(memory, 100.0)
    assert isinstance(_turn(memory, 100.0, host="b"), Turn)


def test_a_turn_under_way_keeps_others_out_beyond_the_pace(memory: HostMemory) -> None:
    _taken(memory, 100.0)
    assert _turn(memory, 120.0) == 0.0


def test_a_turn_nobody_gave_back_expires(memory: HostMemory) -> None:
    _taken(memory, 100.0)
    assert isinstance(_turn(memory, 131.0), Turn)


def test_with_two_at_once_the_pace_still_holds_between_starts(memory: HostMemory) -> None:
    _taken(memory, 100.0, at_once=2)
    assert _turn(memory, 101.0, at_once=2) == 4.0
    _taken(memory, 105.0, at_once=2)
    assert _turn(memory, 110.0, at_once=2) == 0.0


def test_an_earlier_turn_that_ends_late_does_not_shorten_the_pace(memory: HostMemory) -> None:
    first = _taken(memory, 100.0, at_once=2)
    _taken(memory, 105.0, at_once=2)
    memory.end_turn(first, next_at=106.0)
    assert _turn(memory, 107.0, at_once=2) == 3.0


def test_after_a_restart_of_the_machine_old_times_hold_nobody_up(memory: HostMemory) -> None:
    _taken(memory, 9_000_000.0)
    assert isinstance(_turn(memory, 12.0), Turn)


def test_two_processes_share_one_pace(memories: Callable[[], HostMemory]) -> None:
    one, other = memories(), memories()
    turn = _taken(one, 100.0)
    assert _turn(other, 101.0) == 4.0
    one.end_turn(turn, next_at=106.0)
    assert isinstance(_turn(other, 106.0), Turn)


def test_a_hold_is_remembered_until_released(memories: Callable[[], HostMemory]) -> None:
    hold = Hold(until=NOW + timedelta(hours=1), in_a_row=2, reason=Reason.THROTTLED)
    memories().hold("a", "feed", hold)
    memory = memories()
    assert memory.hold_of("a", "feed") == hold
    assert memory.hold_of("a", "page") is None
    memory.release("a", "feed")
    assert memory.hold_of("a", "feed") is None


def test_a_robots_file_is_remembered_for_a_month(memory: HostMemory) -> None:
    old = KeptRobots(fetched_at=NOW, fresh_until=NOW, status="rules", rules="user-agent: *")
    memory.keep_robots("https://a", old)
    assert memory.robots_of("https://a") == old
    later = NOW + timedelta(days=31)
    new = KeptRobots(fetched_at=later, fresh_until=later, status="absent", rules="")
    memory.keep_robots("https://b", new)
    assert memory.robots_of("https://a") is None


def test_a_damaged_file_is_put_aside_and_begun_anew(
    tmp_path: Path, memories: Callable[[], HostMemory]
) -> None:
    (tmp_path / "hosts.sqlite").write_bytes(b"this is no database at all" * 100)
    memory = memories()
    assert isinstance(_turn(memory, 1.0), Turn)
    assert (tmp_path / "hosts.damaged").read_bytes().startswith(b"this is no")


def test_a_transaction_that_fails_changes_nothing(memory: HostMemory) -> None:
    with pytest.raises(sqlite3.Error):
        memory.take_turn(["no text"], now=1.0, pace=1.0, at_once=1, lease=1.0)  # type: ignore[arg-type]  # on purpose
    assert isinstance(_turn(memory, 1.0), Turn)
