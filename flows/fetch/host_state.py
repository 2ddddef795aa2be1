"""What this machine remembers of hosts: whose turn it is, who asked to be left alone, robots.txt.

One SQLite file in the state folder, shared by every process that fetches, so that a scheduled run
and a backfill keep one pace between them. A turn is a lease that expires, so that a process killed
in the middle of a request holds its host for no longer than that request might have taken.

Decides nothing about how long to wait (`manners` does); refuses to know HTTP.

Two clocks on purpose. Turns and paces are seconds of the monotonic clock, which all processes of a
machine share and nobody sets; after a restart of the machine it begins again, so a time further
ahead than any turn can be is an old one. Holds and robots.txt outlive restarts and are instants.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.core import Reason

_BUSY_SECONDS = 10.0  # a transaction here takes some 50 µs; ten seconds of waiting is a dead disk
_LONGEST_AHEAD_SECONDS = 7200.0  # pace_seconds is at most an hour, a request at most ten minutes
_KEEP_ROBOTS = timedelta(days=30)  # as long as RFC 9309, 2.3.1.4 lets a stale copy stand in

_SCHEMA = """
create table if not exists paces (host text primary key, next_at real not null) without rowid;
create table if not exists turns (
    turn integer primary key, host text not null, until real not null
);
create index if not exists turns_of_host on turns (host);
create table if not exists holds (
    host text not null, kind text not null, until real not null, in_a_row integer not null,
    reason text not null, primary key (host, kind)
) without rowid;
create table if not exists robots (
    origin text primary key, fetched_at real not null, fresh_until real not null,
    status text not null, rules text not null
) without rowid;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A host (or one kind of request to it) that is to be left alone until `until`."""

    until: datetime
    in_a_row: int
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The right to make one request, until it is given back or expires."""

    number: int
    host: str
    next_at: float  # what its host's pace was set to when it was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRobots:
    """What was learnt of a robots.txt: `status` and `rules` as `flows.fetch.robots` has them."""

    fetched_at: datetime
    fresh_until: datetime
    status: str
    rules: str


class HostMemory:
    """The shared file. Every method is one short transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            # Not a database any more. All it held can be learnt again, at the price of manners
            # forgotten once; a run that cannot start would cost more.
            path.replace(path.with_suffix(".damaged"))
            self._db = _opened(path)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def take_turn(
        self, host: str, *, now: float, pace: float, at_once: int, lease: float
    ) -> Turn | float:
        """A turn for `host`, or the seconds until it is worth asking again.

        `now` is monotonic seconds. The next turn is `pace` seconds away from this one, or from the
        answer to it (`end_turn`), whichever is later; at most `at_once` are out at a time.
        """
        with _Write(self._db) as db:
            next_at = _first(db, "select next_at from paces where host = ?", host)
            if next_at is not None and now < next_at <= now + _LONGEST_AHEAD_SECONDS:
                return next_at - now
            db.execute(
                "delete from turns where host = ? and (until <= ? or until > ?)",
                (host, now, now + _LONGEST_AHEAD_SECONDS),
            )
            out = _first(db, "select count(*) from turns where host = ?", host) or 0
            if out >= at_once:
                return 0.0
            number = db.execute(
                "insert into turns (host, until) values (?, ?)", (host, now + lease)
            ).lastrowid
            _set_pace(db, host, now + pace)
            assert number is not None
            return Turn(number=number, host=host, next_at=now + pace)

    def end_turn(self, turn: Turn, *, next_at: float) -> None:
        """Give `turn` back; nobody asks its host before `next_at` (monotonic seconds)."""
        with _Write(self._db) as db:
            db.execute("delete from turns where turn = ?", (turn.number,))
            db.execute(
                "insert into paces (host, next_at) values (?, ?) "
                "on conflict (host) do update set next_at = max(next_at, excluded.next_at)",
                (turn.host, next_at),
            )

    def return_turn(self, turn: Turn) -> None:
        """Give `turn` back as if it had not been taken: its host saw nothing of it."""
        with _Write(self._db) as db:
            db.execute("delete from turns where turn = ?", (turn.number,))
            db.execute(
                "delete from paces where host = ? and next_at = ?", (turn.host, turn.next_at)
            )

    def standing(self, host: str, kinds: Sequence[str]) -> tuple[Hold, ...]:
        """What stands against asking `host` for any of `kinds`, over or not."""
        rows = self._db.execute(
            "select until, in_a_row, reason from holds "
            "where host = ? and kind in (select value from json_each(?))",
            (host, json.dumps(kinds)),
        ).fetchall()
        return tuple(
            Hold(until=_instant(until), in_a_row=in_a_row, reason=Reason(reason))
            for until, in_a_row, reason in rows
        )

    def hold_of(self, host: str, kind: str) -> Hold | None:
        """What stands against asking `host` for `kind`, over or not."""
        row = self._db.execute(
            "select until, in_a_row, reason from holds where host = ? and kind = ?", (host, kind)
        ).fetchone()
        if row is None:
            return None
        return Hold(until=_instant(row[0]), in_a_row=row[1], reason=Reason(row[2]))

    def hold(self, host: str, kind: str, hold: Hold) -> None:
        """Remember `hold`, in the place of what stood there."""
        with _Write(self._db) as db:
            db.execute(
                "insert or replace into holds (host, kind, until, in_a_row, reason) "
                "values (?, ?, ?, ?, ?)",
                (host, kind, hold.until.timestamp(), hold.in_a_row, hold.reason),
            )

    def release(self, host: str, kind: str) -> None:
        """Forget what stood against asking `host` for `kind`."""
        with _Write(self._db) as db:
            db.execute("delete from holds where host = ? and kind = ?", (host, kind))

    def robots_of(self, origin: str) -> KeptRobots | None:
        """What is remembered of the robots.txt of `origin` (scheme://host)."""
        row = self._db.execute(
            "select fetched_at, fresh_until, status, rules from robots where origin = ?", (origin,)
        ).fetchone()
        if row is None:
            return None
        return KeptRobots(
            fetched_at=_instant(row[0]), fresh_until=_instant(row[1]), status=row[2], rules=row[3]
        )

    def keep_robots(self, origin: str, kept: KeptRobots) -> None:
        """Remember a robots.txt, and forget those nobody asked for in a month."""
        with _Write(self._db) as db:
            db.execute(
                "insert or replace into robots (origin, fetched_at, fresh_until, status, rules) "
                "values (?, ?, ?, ?, ?)",
                (
                    origin,
                    kept.fetched_at.timestamp(),
                    kept.fresh_until.timestamp(),
                    kept.status,
                    kept.rules,
                ),
            )
            oldest = (kept.fetched_at - _KEEP_ROBOTS).timestamp()
            db.execute("delete from robots where fetched_at < ?", (oldest,))


class _Write:
    """A transaction that begins with the write lock, so that it never fails half-way."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def __enter__(self) -> sqlite3.Connection:
        self._db.execute("begin immediate")
        return self._db

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("commit" if kind is None else "rollback")


def _opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = off")  # a power cut may cost what can be learnt again
        db.executescript(_SCHEMA)
    except BaseException:
        db.close()
        raise
    return db


def _set_pace(db: sqlite3.Connection, host: str, next_at: float) -> None:
    db.execute("insert or replace into paces (host, next_at) values (?, ?)", (host, next_at))


def _first(db: sqlite3.Connection, query: str, host: str) -> float | None:
    row = db.execute(query, (host,)).fetchone()
    return None if row is None else float(row[0])


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
