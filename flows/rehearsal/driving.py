"""Goes through the timeline: sets the web's clock, and calls a pass at each step.

Decides the order only; the passes themselves are handed in, so that a test, a command or a bench
drives what it wants to try.
"""

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from flows.rehearsal.timeline import STEPS, Action, Step
from flows.rehearsal.web import NewsWeb


class VirtualClock:
    """A `Clock` that starts at a virtual instant and runs on with the real seconds.

    It runs, so that whoever waits for an instant is not left waiting.
    """

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def __call__(self) -> datetime:
        return self._set_to + timedelta(seconds=time.monotonic() - self._set_at)

    def set(self, now: datetime) -> None:
        self._set_to = now
        self._set_at = time.monotonic()


def drive(
    web: NewsWeb,
    clock: VirtualClock,
    *,
    run_pass: Callable[[datetime], None],
    recheck: Callable[[datetime], None],
    steps: Iterable[Step] = STEPS,
) -> None:
    """Call `run_pass` or `recheck` with each step's instant, web and clock set to it first."""
    for step in steps:
        web.now = step.at
        clock.set(step.at)
        {Action.RUN: run_pass, Action.RECHECK: recheck}[step.action](step.at)
