"""A run is there while its process lives, whatever number or machine name that process has."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from flows.core.errors import StoreError
from flows.pipeline.liveness import Presence

_OTHER = """
import sys
from pathlib import Path
from flows.pipeline.liveness import Presence
Presence(Path(sys.argv[1]), sys.argv[2]).show()
print("shown", flush=True)
sys.stdin.read()
"""


@contextmanager
def another(folder: Path, run_id: str, *command: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process with the run `run_id` open, started through `command`."""
    with subprocess.Popen(
        [*command, sys.executable, "-c", _OTHER, str(folder), run_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"shown\n"
        yield process
        process.kill()


def test_a_run_that_never_showed_itself_is_not_there(tmp_path: Path) -> None:
    with closing(Presence(tmp_path, "ours")) as ours:
        ours.show()
        assert not ours.sees("another")


def test_each_run_of_one_process_is_there_until_it_leaves(tmp_path: Path) -> None:
    with closing(Presence(tmp_path, "second")) as second:
        with closing(Presence(tmp_path, "first")) as first:
            first.show()
            second.show()
            assert second.sees("first")
        assert not second.sees("first")
        assert first.sees("second")
    assert list(tmp_path.iterdir()) == []


def test_a_killed_run_is_gone_and_its_mark_is_cleared_by_the_next(tmp_path: Path) -> None:
    with closing(Presence(tmp_path, "ours")) as ours:
        with another(tmp_path, "killed") as other:
            assert ours.sees("killed")
            other.send_signal(signal.SIGKILL)
            other.wait()
            assert not ours.sees("killed")
        ours.show()
        assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def _can_unshare() -> bool:
    own = ["unshare", "--fork", "--pid", "--uts", "true"]
    try:
        return subprocess.run(own, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not _can_unshare(), reason="this machine lets nobody make namespaces")
def test_of_two_containers_with_the_same_process_id_only_the_killed_one_is_gone(
    tmp_path: Path,
) -> None:
    container = ("unshare", "--fork", "--pid", "--uts", "--kill-child", "sh", "-c",
                 'hostname "$0"; exec "$@"')  # fmt: skip
    with (
        closing(Presence(tmp_path, "ours")) as ours,
        another(tmp_path, "lost", *container, "0123456789ab") as lost,
        another(tmp_path, "living", *container, "ba9876543210"),
    ):
        said = {path.name: path.read_text() for path in tmp_path.iterdir()}
        assert "process 1 on 0123456789ab" in said["lost"]
        assert "process 1 on ba9876543210" in said["living"]
        lost.send_signal(signal.SIGKILL)
        while ours.sees("lost"):  # its first process follows the one that was killed
            os.sched_yield()
        ours.show()
        assert (ours.sees("lost"), ours.sees("living")) == (False, True)


def test_a_mark_left_before_a_reboot_is_cleared_once_it_was_seen_to_lie_still(
    tmp_path: Path,
) -> None:
    (tmp_path / "old").write_text("00000007 beats of process 1 on here, another-boot\n")

    with closing(Presence(tmp_path, "ours", beat_seconds=0.01)) as ours:
        ours.show()

    assert list(tmp_path.iterdir()) == []


def test_a_machine_whose_locks_are_not_seen_here_is_not_written_beside(tmp_path: Path) -> None:
    mark = tmp_path / "theirs"
    mark.write_text("00000000 beats of process 7 on elsewhere, another-boot\n")
    done = threading.Event()

    def beat() -> None:
        count = 0
        while not done.wait(0.05):
            count += 1
            mark.write_text(f"{count:08} beats of process 7 on elsewhere, another-boot\n")

    beating = threading.Thread(target=beat)
    beating.start()
    try:
        with (
            closing(Presence(tmp_path, "ours", beat_seconds=20)) as ours,
            pytest.raises(StoreError, match=r"elsewhere is writing to .* on one machine"),
        ):
            ours.show()
    finally:
        done.set()
        beating.join()
    assert mark.exists()
    assert not (tmp_path / "ours").exists()


def test_a_run_of_this_boot_is_not_watched(tmp_path: Path) -> None:
    with closing(Presence(tmp_path, "lost")) as lost:
        lost.show()
        said = (tmp_path / "lost").read_text()
    (tmp_path / "lost").write_text(said)

    with closing(Presence(tmp_path, "ours", beat_seconds=10_000)) as ours:
        ours.show()  # a watch would outlast the test
        assert [path.name for path in tmp_path.iterdir()] == ["ours"]


def test_a_mark_names_its_process(tmp_path: Path) -> None:
    with closing(Presence(tmp_path, "ours")) as ours:
        ours.show()
        assert f"process {os.getpid()} on " in (tmp_path / "ours").read_text()
