"""A process is there for as long as it holds its mark, whoever has its number later."""

import os
import subprocess
import sys
from pathlib import Path

from flows.presence import Presence

_OTHER = (
    "import sys; from pathlib import Path; from flows.presence import Presence;"
    "Presence(Path(sys.argv[1])).show(); print('shown', flush=True); sys.stdin.read()"
)


def test_a_process_that_never_showed_itself_is_not_there(tmp_path: Path) -> None:
    assert not Presence(tmp_path).sees(os.getpid())


def test_another_run_of_this_process_is_there_until_it_leaves(tmp_path: Path) -> None:
    with Presence(tmp_path) as first, Presence(tmp_path) as second:
        first.show()
        second.show()
        first.__exit__()
        assert Presence(tmp_path).sees(os.getpid())
    assert not Presence(tmp_path).sees(os.getpid())
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_is_gone_though_its_mark_is_left(tmp_path: Path) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with other:
        assert other.stdout is not None
        other.stdout.readline()
        assert Presence(tmp_path).sees(other.pid)
        other.kill()
        other.wait()
        assert not Presence(tmp_path).sees(other.pid)
