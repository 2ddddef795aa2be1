"""The ledger's rows: what was seen each day, what was decided about it, and the holes.

Decides how counts come out of looks and endings; refuses to judge them: expectation and state are
written here by whoever decided.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from flows.store.connections import Connection
from flows.store.rows import append_rows, instant


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCounts:
    """What was seen of a source on a UTC day. `looks`: those that brought a listing."""

    source_id: str
    day: date
    looks: int
    failed_looks: int
    empty_looks: int
    items: int
    stored: int
    skipped: int
    rolled_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayState:
    """What was expected of a source on a day, and how well it is covered: `covered`, `partial`,
    `missed` or `repaired`."""

    source_id: str
    day: date
    expected: float | None
    state: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedGap:
    """A hole in what was seen of a source, and what would close it."""

    source_id: str
    since: datetime
    until: datetime
    cause: str
    found_at: datetime
    remedy: str | None = None

    @property
    def gap_id(self) -> str:
        """The same hole has the same id, however often it is found."""
        named = f"{self.source_id} {self.since.isoformat()} {self.cause}"
        return hashlib.blake2b(named.encode(), digest_size=6).hexdigest()


def day_counts(con: Connection, since: date, until: date) -> tuple[DayCounts, ...]:
    """What was seen of every source on each day from `since` to `until`, both included; days
    without a look or an ending have no row."""
    rows = con.execute(_COUNTS, {"since": since, "until": until}).fetchall()
    return tuple(
        DayCounts(
            source_id=row[0], day=row[1], looks=row[2], failed_looks=row[3],
            empty_looks=row[4], items=row[5], stored=row[6], skipped=row[7], rolled_over=row[8],
        )
        for row in rows
    )  # fmt: skip


def known_from(con: Connection, source_ids: Sequence[str], since: date) -> dict[str, datetime]:
    """source_id → the instant from which its first listing from `since` on tells what it published;
    those that gave none are left out.

    That of its oldest claim, the oldest quarter apart, for one old entry proves nothing; of the
    look itself where it has no dates.
    """
    begins_at = datetime.combine(since, datetime.min.time(), UTC)
    rows = con.execute(_KNOWN_FROM, {"ids": list(source_ids), "since": begins_at}).fetchall()
    return {source_id: instant(at) for source_id, at in rows}


def standing_days(con: Connection, since: date, until: date) -> dict[tuple[str, date], DayState]:
    """What stands of every source's days from `since` to `until`, both included."""
    return {
        (source_id, day): DayState(
            source_id=source_id, day=day, expected=newest["expected"], state=newest["state"],
            reason=newest["reason"],
        )
        for source_id, day, newest in con.execute(_STANDING).fetchall()
        if since <= day <= until
    }  # fmt: skip


def record_day_states(con: Connection, states: Sequence[DayState], decided_at: datetime) -> None:
    """Append what was decided about days, where it differs from what stands."""
    standing = {
        (source_id, day): (newest["expected"], newest["state"], newest["reason"])
        for source_id, day, newest in con.execute(_STANDING).fetchall()
    }
    rows = [
        {
            "source_id": state.source_id,
            "day": state.day,
            "expected": state.expected,
            "state": state.state,
            "reason": state.reason,
            "decided_at": decided_at,
        }
        for state in states
        if standing.get((state.source_id, state.day)) != (state.expected, state.state, state.reason)
    ]
    append_rows(con, "kept.day_states", rows)


def record_gaps(con: Connection, run_id: str, gaps: Sequence[RecordedGap]) -> None:
    """Append holes that are not recorded yet."""
    known = {gap_id for (gap_id,) in con.execute("select gap_id from kept.gaps").fetchall()}
    fresh = {gap.gap_id: gap for gap in gaps if gap.gap_id not in known}
    append_rows(
        con,
        "kept.gaps",
        [
            {
                "gap_id": gap_id,
                "source_id": gap.source_id,
                "since": gap.since,
                "until": gap.until,
                "cause": gap.cause,
                "remedy": gap.remedy,
                "found_at": gap.found_at,
                "run_id": run_id,
            }
            for gap_id, gap in fresh.items()
        ],
    )


def open_gaps(con: Connection) -> tuple[RecordedGap, ...]:
    """Holes nothing has closed yet, the oldest first."""
    rows = con.execute(
        "select source_id, since, until, cause, remedy, found_at from gaps "
        "order by since, source_id"
    ).fetchall()
    return tuple(
        RecordedGap(
            source_id=row[0], since=instant(row[1]), until=instant(row[2]), cause=row[3],
            remedy=row[4], found_at=instant(row[5]),
        )
        for row in rows
    )  # fmt: skip


def gaps_since(con: Connection, since: datetime) -> tuple[tuple[RecordedGap, bool], ...]:
    """Holes that reach past `since`, each with whether it was repaired, the oldest first."""
    rows = con.execute(_GAPS_SINCE, [since]).fetchall()
    return tuple(
        (
            RecordedGap(
                source_id=row[0], since=instant(row[1]), until=instant(row[2]), cause=row[3],
                remedy=row[4], found_at=instant(row[5]),
            ),
            row[6] == "repaired",
        )
        for row in rows
    )  # fmt: skip


def close_gap(
    con: Connection, run_id: str, gap: RecordedGap, state: str, detail: str, now: datetime
) -> None:
    """Record that a hole was `repaired`, or is `beyond_repair`, and how."""
    append_rows(
        con,
        "kept.gap_endings",
        [
            {
                "gap_id": gap.gap_id,
                "state": state,
                "detail": detail,
                "ended_at": now,
                "run_id": run_id,
            }
        ],
    )


_KNOWN_FROM = """
with first as (
    select source_id, min(started_at) as looked_at, arg_min(run_id, started_at) as run_id
    from kept.source_checks
    where started_at >= $since and source_id in (select unnest($ids::varchar[]))
      and status not in ('failed', 'gone', 'empty')
    group by source_id
)
select f.source_id, least(f.looked_at, quantile_disc(s.claimed_at, 0.25))
from first f left join kept.sightings s on s.source_id = f.source_id and s.run_id = f.run_id
group by f.source_id, f.looked_at
order by f.source_id
"""

_COUNTS = """
with looked as (
    select source_id, (started_at at time zone 'UTC')::date as day,
           count(*) filter (status not in ('failed', 'gone', 'empty')) as looks,
           count(*) filter (status in ('failed', 'gone')) as failed_looks,
           count(*) filter (status = 'empty') as empty_looks,
           sum(new_items) as items, count(*) filter (rolled_over) as rolled_over
    from kept.source_checks
    where (started_at at time zone 'UTC')::date between $since and $until
    group by all
), ended as (
    select source_id, day, count(*) filter (ending = 'stored') as stored,
           count(*) filter (ending in ('skipped', 'withdrawn')) as skipped
    from kept.endings
    where day between $since and $until
    group by all
)
select source_id, day, coalesce(looks, 0), coalesce(failed_looks, 0),
       coalesce(empty_looks, 0), coalesce(items, 0)::bigint, coalesce(stored, 0),
       coalesce(skipped, 0), coalesce(rolled_over, 0)
from looked full join ended using (source_id, day)
order by source_id, day
"""

_STANDING = """
select source_id, day, arg_max({'expected': expected, 'state': state, 'reason': reason}, rowid)
from kept.day_states
group by source_id, day
"""

_GAPS_SINCE = """
select g.source_id, g.since, g.until, g.cause, g.remedy, g.found_at, e.state
from kept.gaps g
left join kept.gap_endings e using (gap_id)
where g.until >= ?
order by g.since, g.source_id
"""
