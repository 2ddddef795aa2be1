"""One watched process: started with a lifeline in a group of its own, and stopped with its group.

Decides how a process is started and stopped, and (`restart_delay`) how long to wait before it is
started again; refuses to know what it does.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

# A child that stood this long had started well: its next death counts as the first.
STEADY_SECONDS = 120.0
# The first restart at once, then after 1, 2, 4, … seconds, at most a minute: a broken machine must
# not burn a core (a server's start is 4–10 s of CPU), a passing trouble must not cost a run.
LONGEST_DELAY_SECONDS = 60.0
_HOUR_SECONDS = 3600.0


def restart_delay(deaths: int) -> float:
    """Seconds to wait before the start that follows `deaths` deaths in a row."""
    return 0.0 if deaths <= 1 else min(LONGEST_DELAY_SECONDS, 2.0 ** (deaths - 2))


@dataclass(slots=True)
class Child:
    """A process to keep alive. Times are monotonic seconds; `deaths` counts early ones in a row.

    `follow` is given its name and a descriptor, to be closed, of what it and its own print.
    """

    name: str
    arguments: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)  # holds secrets
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    start_at: float = 0.0
    deaths: int = 0
    died_at: list[float] = field(default_factory=list)
    follow: Callable[[str, int], object] | None = None

    def start(self, now: float) -> None:
        """Start `python -m <arguments>`; what it prints is followed, or goes to our own error."""
        printed = os.pipe() if self.follow else None
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flows.operations.serve.lifeline", *self.arguments],
                env=dict(self.environment),
                stdin=subprocess.PIPE,
                stdout=printed[1] if printed else sys.stderr.fileno(),
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            if printed:
                os.close(printed[1])
        if printed and self.follow:
            self.follow(self.name, printed[0])
        self.started_at = now

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def bury(self, now: float) -> int:
        """End what a death left of the group and set when to start again; the exit status."""
        assert self.process is not None
        status = self._end_group(self.process)
        self.process = None
        self.deaths = 1 if now - self.started_at > STEADY_SECONDS else self.deaths + 1
        self.died_at = [*(at for at in self.died_at if now - at < _HOUR_SECONDS), now]
        self.start_at = now + restart_delay(self.deaths)
        return status

    def restarts(self, now: float) -> int:
        """How often it died within the last hour."""
        return sum(now - at < _HOUR_SECONDS for at in self.died_at)

    def stop(self, seconds: float) -> bool:
        """Ask the process to end, wait, then kill its group; whether it ended when asked."""
        if self.process is None:
            return True
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        else:
            return True
        finally:
            self._end_group(self.process)

    @staticmethod
    def _end_group(process: "subprocess.Popen[bytes]") -> int:
        """Kill whatever lives of the process's group and let go of its lifeline; exit status."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        if process.stdin is not None:
            process.stdin.close()
        return process.wait()
