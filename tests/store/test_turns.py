import fcntl
import os
import subprocess
import sys
import threading
from pathlib import Path

from flows.store.connections import turn_in

_HOLD = """
import sys, time
from pathlib import Path
from flows.store.connections import turn_in
with turn_in(Path(sys.argv[1])):
    print("mine", flush=True)
    sys.stdin.read()
"""


def tickets(queue: Path) -> list[str]:
    return sorted(path.name for path in queue.glob("*.ticket"))


def test_a_turn_leaves_nothing_behind(tmp_path: Path) -> None:
    with turn_in(tmp_path / "turns"):
        assert tickets(tmp_path / "turns") == ["1.ticket"]
    assert tickets(tmp_path / "turns") == []


def test_turns_are_given_in_the_order_of_asking(tmp_path: Path) -> None:
    given: list[int] = []
    threads = []

    def take(number: int) -> None:
        with turn_in(tmp_path):
            given.append(number)

    with turn_in(tmp_path):
        for number in range(5):
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            while len(tickets(tmp_path)) < number + 2:  # it has asked
                threading.Event().wait(0.001)
    for thread in threads:
        thread.join()
    assert given == [0, 1, 2, 3, 4]


def test_only_one_has_the_turn(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(20):
            with turn_in(tmp_path):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 80


def test_the_turn_of_a_killed_process_passes_on(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"mine\n"
        holder.kill()
    with turn_in(tmp_path):
        assert tickets(tmp_path) == ["2.ticket"]
    assert tickets(tmp_path) == []


def test_a_turn_ends_though_a_child_shares_its_descriptors(tmp_path: Path) -> None:
    with turn_in(tmp_path):
        (ticket,) = tmp_path.glob("*.ticket")
        own = [
            int(entry.name)
            for entry in Path("/proc/self/fd").iterdir()
            if entry.is_symlink() and str(entry.readlink()) == str(ticket)
        ]
        shared = os.dup(own[0])  # as a forked child has it
    fcntl.flock(shared, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(shared)
