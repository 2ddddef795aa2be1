"""The working file: who writes it when, and how it becomes the file people query.

Decides that every write is a short turn with one transaction; refuses to know what is written.
"""

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import duckdb

from flows.core.errors import StoreTooNew
from flows.core.times import Clock
from flows.store.connections import Connection, explained, open_working, turn_in
from flows.store.migrating import migrate, number_of
from flows.store.publish import last_published, publish_copy
from flows.store.rows import Progress
from flows.store.rules.renew import Rules, renew, versions
from flows.store.search import sort_recent

logger = logging.getLogger(__name__)


class _Unseen:
    def advance(self, steps: int = 1) -> None:
        """Nobody looks."""


@contextmanager
def _silently(*_: object) -> Iterator[_Unseen]:
    yield _Unseen()


class Store:
    """The store at `path`, with its working file in `state_dir`. Safe to use from any thread."""

    def __init__(self, path: Path, state_dir: Path, clock: Clock) -> None:
        self.path = path
        self._state_dir = state_dir
        self._working = state_dir / "work.duckdb"
        self._record = state_dir / "published.json"
        self._clock = clock
        self._prepared: object = None

    def prepare(self, rules: Rules | None = None, progress: Progress = _silently) -> None:
        """Create the working file or bring it to this program's schema; publish the first copy.

        Keys and fingerprints that other rules than `rules` made are made anew. Raises
        `StoreTooNew`, `StoreDamaged` or `StoreFull`, each saying what to do.
        """
        renewed: tuple[str, ...] = ()
        self._state_dir.mkdir(parents=True, exist_ok=True)
        with turn_in(self._queue), explained(self._working):
            self._adopt_published()
            self._explain_recovery()
            with open_working(self._working) as connection:
                before, after = migrate(connection, self._working, self._clock())
                if rules is not None:
                    renewed = renew(connection, self._working, rules, self._clock(), progress)
                self._prepared = _standing(connection)
        if 0 < before < after:
            logger.warning("the store was brought from schema %d to %d", before, after)
        if renewed and before:
            logger.warning("the store was brought to the rules %s", ", ".join(renewed))
        if not self.path.exists():
            self.publish()

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """This caller's turn to write: one transaction, committed on leaving, or rolled back.

        Waits for the turns asked for before, of all processes. Raises `StoreFull` when the disk
        has no room; the transaction is then lost and everything before it whole. Raises
        `StoreTooNew` when a newer program has changed the file since `prepare`.
        """
        with turn_in(self._queue), open_working(self._working) as connection:
            self._refuse_changed(connection)
            connection.execute("begin")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                with suppress(duckdb.Error):  # after a full disk there is nothing to roll back
                    connection.execute("rollback")
                raise

    def publish(self, least_seconds: float = 0.0) -> bool:
        """Put a whole copy at `path`, unless nothing changed or the last is younger than that.

        Returns whether a copy was made. Raises `StoreFull`; the last copy then stays.
        """
        if not self._is_due(least_seconds):
            return False
        with turn_in(self._queue), explained(self.path):
            if not self._is_due(0):
                return False
            with open_working(self._working) as connection:
                _tidy(connection)
            publish_copy(self._working, self.path, self._record, self._clock())
        return True

    def _refuse_changed(self, connection: Connection) -> None:
        if self._prepared not in (None, _standing(connection)):
            raise StoreTooNew(
                f"Another version of Dateline has changed {self._working} while this one was at "
                "work. What was committed before is whole: run again with the newer version."
            )

    @property
    def _queue(self) -> Path:
        return self._state_dir / "turns"

    def _is_due(self, least_seconds: float) -> bool:
        last = last_published(self._record)
        if last is None or not self.path.exists():
            return True
        age = self._clock() - datetime.fromisoformat(last.published_at)
        if 0 <= age.total_seconds() < least_seconds:
            return False
        return _has_log(self._working) or not last.is_still(self._working)

    def _adopt_published(self) -> None:
        """Without a working file, begin from what is published: never publish an empty store over
        a full one."""
        if self._working.exists() or not self.path.exists():
            return
        logger.warning("%s is gone; beginning again from %s", self._working, self.path)
        beside = self._working.with_name(f"{self._working.name}.new")
        shutil.copyfile(self.path, beside)
        log = self._working.with_name(f"{self._working.name}.wal")
        if log.exists():  # of the file that is gone: it fits no other
            log.replace(log.with_suffix(".wal.orphaned"))
        beside.replace(self._working)

    def _explain_recovery(self) -> None:
        if _has_log(self._working):
            logger.warning(
                "the last writer of %s ended without closing it; "
                "every committed batch is taken from its log",
                self._working,
            )


def _standing(connection: Connection) -> object:
    """What a program must agree on with all others that write the file."""
    return number_of(connection), versions(connection)


def _tidy(connection: Connection) -> None:
    """What commits leave for later: the search index sorted, the log emptied into the file."""
    connection.execute("begin")
    sort_recent(connection)
    connection.execute("commit")
    connection.execute("checkpoint")


def _has_log(working: Path) -> bool:
    log = working.with_name(f"{working.name}.wal")
    return log.exists() and log.stat().st_size > 0
