"""How much memory a piece of work takes, measured in a process of its own.

A process's peak never falls, so in one that had a high peak before nothing seems to grow. The new
process first does what such work does at its first time (imports, a request, a look), then counts.
"""

import gc
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def grown_kb(work: Callable[..., T], *given: object) -> tuple[T, int]:
    """What `work` returns for `given`, and how far above the start its process's memory peaked.

    `work` is a function of a module; it, `given` and what it returns can be pickled.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.alone"],
        input=pickle.dumps((work, given)), capture_output=True, check=False, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    result, kilobytes = pickle.loads(done.stdout)
    return result, kilobytes


def _measured() -> None:
    work, given = pickle.load(sys.stdin.buffer)
    _used()
    gc.collect()
    before = _fresh_peak_kb()
    result = work(*given)
    after = _peak_kb()
    sys.stdout.buffer.write(pickle.dumps((result, after - before)))


def _used() -> None:
    """A request and a look at a feed, as they usually are."""
    from tempfile import TemporaryDirectory

    from tests.hostile.listed_threats import usual_look
    from tests.hostile.server import says
    from tests.hostile.threats import reason

    with TemporaryDirectory() as folder:
        assert reason(says(), Path(folder)) is None
        usual_look(Path(folder))


def _fresh_peak_kb() -> int:
    """The peak, counted from now on where the system can do that (Linux, proc(5))."""
    if _CLEAR_REFS.exists():
        _CLEAR_REFS.write_text("5")
    return _peak_kb()


def _peak_kb() -> int:
    if _STATUS.exists():
        lines = _STATUS.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    _measured()
