"""The supervisor's eye on the schedule: looks every minute, tells what is new, keeps what it saw.

Told from the last configuration that loaded, by a process that runs whatever befalls the runs: with
a wrong configuration, a full disk, a server that does not come up. Decides when to look and to
tell; what is wrong is decided in `flows.operations.health`.
"""

import os
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from flows.core.errors import ConfigurationError
from flows.core.settings import Settings, load_settings
from flows.operations.alerts.decide import Message, Told, Trouble, message
from flows.operations.alerts.tell import send
from flows.operations.health import Vitals, wrong
from flows.operations.serve.log import Level, Log
from flows.operations.vitals import (
    read_watched,
    sampled,
    vitals_of,
    write_watched,
)
from flows.topic import load_topic

LOOK_EVERY = timedelta(minutes=1)
# A machine that slept, or a clock that was set: what came due meanwhile is nobody's fault
_BREAK = timedelta(minutes=5)
# What could not be sent is tried again, not every minute
_SEND_AGAIN = timedelta(minutes=10)
_FILES = ("dateline.toml", "sources.toml", "topic.toml")


class Watch:
    """Watches the schedule of `settings`; `look` is called as often as one likes."""

    def __init__(self, settings: Settings, log: Log) -> None:
        self.settings = settings
        self._log = log
        self.vitals: Vitals | None = None
        # what stood when another start of us looked last still stands, and was told
        kept = read_watched(settings.state_dir)
        self._watched = replace(kept, restarts={}, configuration=None)
        self._read: object = None  # the first look reads it, topic included
        self._sending: threading.Thread | None = None
        self._sent: frozenset[str] = frozenset()
        self._send_at: datetime | None = None
        self._unkept: str | None = None

    def look(self, now: datetime, restarts: Mapping[str, int]) -> tuple[Trouble, ...] | None:
        """What is wrong now, told where it is new; None when it is too soon to look again."""
        seen = self._watched.looked_at
        age = None if seen is None else now - seen
        if self.vitals is not None and age is not None and timedelta(0) <= age < LOOK_EVERY:
            return None
        self._read_again()
        unbroken = age is not None and timedelta(0) <= age < _BREAK
        since = self._watched.watched_since if unbroken else now
        self._watched = replace(
            self._watched, watched_since=since, looked_at=now, restarts=dict(restarts)
        )
        self.vitals = vitals_of(self.settings, self._watched)
        troubles = wrong(self.vitals, now)
        self._watched = replace(self._watched, free=sampled(self._watched, self.vitals.disks, now))
        self._tell(troubles, now)
        self._keep()
        return troubles

    def wait(self, seconds: float) -> None:
        """Let a message under way arrive."""
        if self._sending is not None:
            self._sending.join(seconds)

    def _read_again(self) -> None:
        """Take up a configuration that changed; one that is wrong is a trouble, not our end."""
        standing = _standing(self.settings.config_dir)
        if standing == self._read:
            return
        self._read = standing
        try:
            settings = load_settings(self.settings.config_dir)
            load_topic(settings.topic_path)
        except ConfigurationError as error:
            first, *others = error.problems
            more = f" (and {len(others)} more)" if others else ""
            self._watched = replace(self._watched, configuration=f"{first}{more}")
            return
        self.settings = settings
        self._watched = replace(self._watched, configuration=None)

    def _tell(self, troubles: tuple[Trouble, ...], now: datetime) -> None:
        """Send what is new, in a thread: a slow server must not keep us from looking."""
        if self._sending is not None and self._sending.is_alive():
            return
        keys = frozenset(trouble.key for trouble in troubles)
        told = (self._watched.told | self._sent) & keys
        self._sent = frozenset()
        self._watched = replace(self._watched, told=told)
        new = [trouble for trouble in troubles if trouble.key not in self._watched.told]
        wanted = message(new, Told())
        if wanted is None or (self._send_at and now < self._send_at):
            return
        for trouble in new:
            level: Level = "warning" if trouble.severity == "warning" else "error"
            self._log.say("health", trouble.text, level)
        if not self.settings.notify.urls:
            self._watched = replace(self._watched, told=keys)
            return
        self._send_at = now + _SEND_AGAIN
        arguments = (self.settings, wanted, keys)
        self._sending = threading.Thread(target=self._send, args=arguments, daemon=True)
        self._sending.start()

    def _send(self, settings: Settings, wanted: Message, keys: frozenset[str]) -> None:
        if send(settings.notify.urls, wanted, os.environ):
            self._sent = keys  # taken up by the next look: one thread alone changes the rest
            self._send_at = None

    def _keep(self) -> None:
        """Keep what was seen; what cannot be kept, as on a full disk, we know all the same."""
        try:
            write_watched(self.settings.state_dir, self._watched)
            self._unkept = None
        except OSError as error:
            if self._unkept != error.strerror:
                what = f"not kept in {self.settings.state_dir}: {error.strerror}"
                self._log.say("health", what, "warning")
            self._unkept = error.strerror


def _standing(config_dir: Path) -> tuple[tuple[int, int] | None, ...]:
    """What tells that a file of the configuration was changed."""
    found: list[tuple[int, int] | None] = []
    for name in _FILES:
        try:
            stat = (config_dir / name).stat()
            found.append((stat.st_mtime_ns, stat.st_size))
        except OSError:
            found.append(None)
    return tuple(found)
