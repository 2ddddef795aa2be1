"""How the sources stand and what was covered, day by day; what is open; what runs did.

Decides which days a calendar shows; refuses to judge a day: the store's `coverage` did.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from flows.store.browsing.newest import Opened
from flows.store.query import Row, rows_of
from flows.store.rows import one_row

CALENDAR_DAYS = 35  # five weeks: a month and what stood before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """`states`: (source, day) → its row of `coverage`, from `first` to `last`."""

    first: date
    last: date
    sources: tuple[Row, ...]
    states: dict[tuple[str, date], Row]


def calendar(opened: Opened, *, until: date | None = None) -> Calendar | None:
    """The last weeks of every source that is asked or has been; None while nothing was watched."""
    oldest, newest = one_row(opened.con, "select min(day), max(day) from coverage")
    if newest is None:
        return None
    last = min(until, newest) if until is not None else newest
    first = max(last - timedelta(days=CALENDAR_DAYS - 1), min(oldest, last))
    rows = rows_of(opened.con, _COVERAGE, {"first": first, "last": last})
    return Calendar(
        first=first,
        last=last,
        sources=rows_of(opened.con, _SOURCES),
        states={(str(row["source_id"]), _day(row)): row for row in rows},
    )


def strip(opened: Opened) -> tuple[Row, ...]:
    """Each of the last days with how many sources stood in each state."""
    return tuple(reversed(rows_of(opened.con, _STRIP, {"most": CALENDAR_DAYS})))


def source(opened: Opened, source_id: str) -> Row | None:
    """One source as configured and as it stands."""
    rows = rows_of(opened.con, f"{_SOURCE} where s.source_id = $id", {"id": source_id})
    return rows[0] if rows else None


def source_days(opened: Opened, source_id: str, *, most: int = 120) -> tuple[Row, ...]:
    """The last days of one source, newest first."""
    return rows_of(
        opened.con,
        "select day, expected, looks, items, stored, skipped, state, reason from coverage "
        f"where source_id = $id order by day desc limit {int(most)}",
        {"id": source_id},
    )


def source_checks(opened: Opened, source_id: str, *, most: int = 30) -> tuple[Row, ...]:
    """The last looks at one source, newest first."""
    return rows_of(
        opened.con,
        "select started_at, status, http_status, items, new_items, rolled_over, error, suggestion "
        "from source_checks where source_id = $id "
        f"order by started_at desc limit {int(most)}",
        {"id": source_id},
    )


def gaps(opened: Opened, *, source_id: str | None = None, most: int = 200) -> tuple[Row, ...]:
    """Open holes, the newest first."""
    return rows_of(
        opened.con,
        "select g.gap_id, g.source_id, s.outlet, g.since, g.until, g.cause, g.remedy, g.found_at "
        "from gaps g left join sources s using (source_id) "
        "where $source is null or g.source_id = $source "
        f"order by g.until desc, g.gap_id limit {int(most)}",
        {"source": source_id},
    )


def reasons(opened: Opened, *, since: date) -> tuple[Row, ...]:
    """Why candidates were skipped since a day, the commonest reason first."""
    return rows_of(
        opened.con,
        "select stage, reason, count(*) as urls from skips where seen_at >= $since::timestamptz "
        "group by stage, reason order by urls desc, reason limit 12",
        {"since": since},
    )


def last_run(opened: Opened) -> Row | None:
    """The run that began last."""
    rows = rows_of(
        opened.con,
        "select run_id, kind, started_at, finished_at, state, candidates, stored, revised, known, "
        "skipped, sources, sources_failed from runs order by started_at desc limit 1",
    )
    return rows[0] if rows else None


def attention(opened: Opened, *, most: int = 400) -> tuple[Row, ...]:
    """Rows of `attention`, newest first; empty where the file has no such view."""
    if not opened.has("attention"):
        return ()
    columns = ", ".join(sorted(opened.views["attention"]))
    order = "order by day desc" if opened.has("attention", "day") else ""
    return rows_of(opened.con, f"select {columns} from attention {order} limit {int(most)}")


def _day(row: Row) -> date:
    day = row["day"]
    assert isinstance(day, date)
    return day


_COVERAGE = """
select source_id, day, expected, looks, items, stored, skipped, state, reason
from coverage
where day between $first and $last
"""
_SOURCE = """
select s.source_id, s.outlet, s.kind, s.url, s.language, s.country, s.character, s.enabled,
       s.last_look_at, s.last_success_at, s.next_due_at, s.interval_minutes, s.failures,
       s.newest_item_at, s.headlines_only
from sources s
"""
_SOURCES = """
with last as (
    select source_id, arg_max(status, started_at) as status, arg_max(error, started_at) as error
    from source_checks
    group by source_id
), articles_of as (
    select source_id, count(*) as articles from temp.browsed group by source_id
)
select s.source_id, s.outlet, s.kind, s.language, s.country, s.character, s.enabled,
       s.last_success_at, s.newest_item_at, coalesce(l.status, 'never') as status, l.error,
       coalesce(a.articles, 0) as articles
from sources s
left join last l using (source_id)
left join articles_of a using (source_id)
where s.enabled or s.last_look_at is not null
order by lower(s.outlet), s.source_id
"""
_STRIP = """
select day, count(*) filter (state = 'covered') as covered,
       count(*) filter (state = 'partial') as partial, count(*) filter (state = 'missed') as missed,
       count(*) filter (state = 'repaired') as repaired, sum(stored)::bigint as stored
from coverage
group by day
order by day desc
limit $most
"""
