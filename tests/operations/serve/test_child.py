"""How a watched process starts, dies and is stopped: real processes, each ended by its id."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.operations.serve.child import STEADY_SECONDS, Child, restart_delay


def until(true: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait for what another process does; fail when it does not."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def born(tmp_path: Path) -> Iterator[Callable[..., tuple[Child, int]]]:
    """Start a sleeper with these manners: the child, and the id of its own child (0: none)."""
    children: list[Child] = []

    def start(*manners: str) -> tuple[Child, int]:
        ready = tmp_path / f"ready-{len(children)}"
        child = Child(
            "sleeper", ("tests.operations.serve.sleeper", str(ready), *manners), os.environ
        )
        children.append(child)
        child.start(now=0.0)
        until(ready.exists)
        return child, int(ready.read_text())

    yield start
    for child in children:
        child.stop(0.0)


Born = Callable[..., tuple[Child, int]]


def test_a_child_that_is_asked_ends_by_itself(born: Born) -> None:
    child, _ = born()

    assert child.stop(30.0)
    assert not child.alive


def test_a_child_that_does_not_listen_is_killed_with_its_group(born: Born) -> None:
    child, grandchild = born("deaf", "child")

    assert not child.stop(0.2)
    until(lambda: not is_alive(grandchild))


def test_what_a_dead_child_left_behind_is_ended(born: Born) -> None:
    child, grandchild = born("child")
    assert child.process is not None
    os.kill(child.process.pid, signal.SIGKILL)
    until(lambda: not child.alive)

    assert child.bury(now=1.0) == -signal.SIGKILL
    until(lambda: not is_alive(grandchild))


def test_a_child_ends_when_its_supervisor_vanishes(born: Born) -> None:
    child, _ = born()
    assert child.process is not None
    assert child.process.stdin is not None

    child.process.stdin.close()  # as the kernel does for a supervisor killed with -9

    until(lambda: not child.alive)


def test_the_first_restart_is_at_once_and_the_next_ones_wait_longer_up_to_a_minute() -> None:
    assert [restart_delay(deaths) for deaths in (1, 2, 3, 4, 9, 99)] == [0, 1, 2, 4, 60, 60]


def test_early_deaths_add_up_and_a_steady_life_forgives_them(born: Born) -> None:
    child, _ = born()
    assert child.process is not None
    child.deaths = 3
    child.process.kill()
    child.process.wait()

    child.bury(now=STEADY_SECONDS + 1)

    assert (child.deaths, child.start_at) == (1, STEADY_SECONDS + 1)
