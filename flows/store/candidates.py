"""Candidates: where each URL was seen, who works on it, and how it ended.

Decides which URLs need work: those never ended, those a vanished run left, and those whose passing
failure is due again. A URL is in the work of one run at a time.

When a URL that failed for a passing reason is worth another try. A pure decider.

Refuses to know what failed: only the reason, how often, and what the server asked for.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.core import TRANSIENT, Candidate, Reason
from flows.store.batch import Ended
from flows.store.connections import Connection
from flows.store.rows import append_rows, claim_columns, claim_of, instant, key_of

# From a quarter of an hour, doubled each time, to a day: eight tries span two days, longer than
# most outages. Unmeasured.
_FIRST = timedelta(minutes=15)
_LONGEST = timedelta(days=1)
MOST_ATTEMPTS = 8
# A refusal by robots.txt or of ourselves, or a wall, does not pass within minutes; nor does a fault
# of the program, which waits for another page or a better program.
_SLOW = frozenset(
    {
        Reason.ROBOTS,
        Reason.HTTP_403,
        Reason.BLOCKED,
        Reason.REPEATED_TEXT,
        Reason.PROGRAM_FAULT,
    }
)
_SLOW_FIRST = timedelta(hours=6)


def retry_at(
    reason: Reason, attempts: int, ended_at: datetime, retry_after: timedelta | None
) -> datetime | None:
    """When to try again after the `attempts`-th failure (counted from 1); None: never."""
    if reason not in TRANSIENT or attempts >= MOST_ATTEMPTS:
        return None
    first = _SLOW_FIRST if reason in _SLOW else _FIRST
    wait: timedelta = min(first * 2 ** (attempts - 1), _LONGEST)
    return ended_at + max(wait, retry_after or timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """What became of a batch of candidates: `fresh` are this run's to work on; `known` the rest."""

    fresh: tuple[Candidate, ...]
    known: int


def sight(
    con: Connection,
    run_id: str,
    candidates: Sequence[Candidate],
    *,
    brought: Collection[str] = (),
    eager: bool = False,
) -> Sighted:
    """Record where `candidates` were seen, and take those that need work into this run.

    A sighting is recorded the first time a source lists a URL, and when its claimed title changed.
    Of several candidates with one url_key the first is fresh, the others known. `brought` are the
    url_keys whose pages come from elsewhere than their URLs: that a URL could not be fetched does
    not settle them. `eager`: what failed for a passing reason is due now.
    """
    if not candidates:
        return Sighted(fresh=(), known=0)
    _record_sightings(con, run_id, candidates)
    now = max(candidate.seen_at for candidate in candidates)
    keys = [key_of(candidate.url_key) for candidate in candidates]
    asked = {
        "keys": keys,
        "due": datetime.max.replace(tzinfo=UTC) if eager else now,
        "brought": [key_of(url_key) for url_key in brought],
    }
    settled = {key for (key,) in con.execute(_SETTLED, asked).fetchall()}
    fresh: dict[int, Candidate] = {}
    for key, candidate in zip(keys, candidates, strict=True):
        if key not in settled:
            fresh.setdefault(key, candidate)
    _take(con, run_id, tuple(fresh.values()), now)
    return Sighted(fresh=tuple(fresh.values()), known=len(candidates) - len(fresh))


def open_candidates(con: Connection, run_id: str, now: datetime) -> tuple[Candidate, ...]:
    """Take into this run what others left open, each candidate as it was seen last: URLs whose run
    was lost, stopped or failed before they ended, and URLs whose retry is due."""
    rows = con.execute(_OPEN, {"now": now}).fetchall()
    candidates = tuple(_candidate(row) for row in rows)
    _take(con, run_id, candidates, now)
    return candidates


def record_endings(
    con: Connection, run_id: str, endings: Sequence[Ended], ended_at: datetime
) -> None:
    """Append how candidates ended; after a passing failure, when each is worth another try."""
    if not endings:
        return
    keys = [key_of(ended.candidate.url_key) for ended in endings]
    attempts: dict[int, int] = dict(con.execute(_ATTEMPTS, [keys]).fetchall())
    named = [ended.article_id for ended in endings if ended.article_id is not None]
    articles = article_numbers(con, named)
    append_rows(
        con,
        "kept.endings",
        [
            {"key": key, "run_id": run_id, "ended_at": ended_at}
            | _ending(ended, ended_at, attempts.get(key, 0))
            | {"article": articles.get(ended.article_id or "")}
            for key, ended in zip(keys, endings, strict=True)
        ],
    )


def article_numbers(con: Connection, article_ids: Sequence[str]) -> dict[str, int]:
    """article_id → the number tables join by; ids the store does not have are left out."""
    if not article_ids:
        return {}
    return dict(con.execute(_NUMBERS, [list(article_ids)]).fetchall())


def _record_sightings(con: Connection, run_id: str, candidates: Sequence[Candidate]) -> None:
    keys = [key_of(candidate.url_key) for candidate in candidates]
    titles: dict[tuple[int, str], str | None] = {
        (key, source_id): newest["title"]
        for key, source_id, newest in con.execute(_TITLES, [keys]).fetchall()
    }
    rows = []
    for key, candidate in zip(keys, candidates, strict=True):
        place = (key, candidate.source_id)
        if place in titles and candidate.claimed_title in (None, titles[place]):
            continue
        titles[place] = candidate.claimed_title
        rows.append({"key": key, "run_id": run_id} | _sighting(candidate))
    append_rows(con, "kept.sightings", rows)


def candidates_by_key(con: Connection, keys: Sequence[int]) -> dict[int, Candidate]:
    """64-bit key of a url_key → the candidate as it was seen last; keys never seen are left out."""
    rows = con.execute(_BY_KEY, [list(keys)]).fetchall()
    return {key: _candidate(row) for key, *row in rows}


def first_sightings(con: Connection, url_keys: Sequence[str]) -> dict[str, datetime]:
    """url_key → when a source listed it first; keys never seen are left out."""
    if not url_keys:
        return {}
    keys = {key_of(url_key): url_key for url_key in url_keys}
    rows = con.execute(_FIRST_SEEN, [list(keys)]).fetchall()
    return {keys[key]: instant(seen_at) for key, seen_at in rows}


def candidates_stored(con: Connection, article_ids: Sequence[str]) -> dict[str, Candidate]:
    """article_id → the candidate that was stored as it, as its source listed it last.

    Left out: seeds, what a second look found, and ids the store does not have.
    """
    rows = con.execute(_STORED, [list(article_ids)]).fetchall()
    return {article_id: _candidate(row) for article_id, *row in rows}


def _sighting(candidate: Candidate) -> dict[str, object]:
    return {
        "url": candidate.url,
        "url_key": candidate.url_key,
        "source_id": candidate.source_id,
        "seen_at": candidate.seen_at,
        "claimed_title": candidate.claimed_title,
        "claimed_summary": candidate.claimed_summary,
        "guid": candidate.guid,
    } | claim_columns(candidate.claimed_at)


def _take(con: Connection, run_id: str, candidates: Sequence[Candidate], now: datetime) -> None:
    append_rows(
        con,
        "kept.claims",
        [
            {
                "key": key_of(candidate.url_key),
                "source_id": candidate.source_id,
                "run_id": run_id,
                "claimed_at": now,
            }
            for candidate in candidates
        ],
    )


def _candidate(row: Sequence[Any]) -> Candidate:
    url, url_key, source_id, seen_at, title, summary, guid, *claim = row
    return Candidate(
        url=url,
        url_key=url_key,
        source_id=source_id,
        seen_at=instant(seen_at),
        claimed_title=title,
        claimed_summary=summary,
        claimed_at=claim_of(*claim),
        guid=guid,
    )


def _ending(ended: Ended, ended_at: datetime, attempts: int) -> dict[str, object]:
    skipped = ended.skipped
    again = (
        retry_at(skipped.reason, attempts + 1, ended_at, skipped.retry_after) if skipped else None
    )
    return {
        "url": ended.candidate.url,
        "source_id": ended.candidate.source_id,
        "ending": ended.ending.value,
        "stage": skipped.stage.value if skipped else None,
        "reason": skipped.reason.value if skipped else None,
        "detail": skipped.detail or None if skipped else None,
        "http_status": skipped.http_status if skipped else None,
        "relevance": skipped.relevance if skipped else None,
        "rule_version": skipped.rule_version if skipped else None,
        "archive_ref": skipped.archive_ref if skipped else None,
        "final_url": skipped.final_url if skipped else None,
        "attempts": attempts + 1 if skipped else attempts,
        "retry_at": again,
        "day": ended.day or ended_at.astimezone(UTC).date(),
    }


# Keys nobody need work on: ended for good or not due again, an article's, or in the work of a run.
_SETTLED = """
with asked as (select unnest($keys::ubigint[]) as key)
select key
from (
    select key, arg_max({'retry_at': retry_at, 'stage': coalesce(stage, '')}, rowid) as newest
    from kept.endings where key in (from asked)
    group by key
)
where (newest.retry_at is null or newest.retry_at > $due)
  and not (newest.stage = 'fetch' and key in (select unnest($brought::ubigint[])))
union
select key from kept.aliases where key in (from asked)
union
select key from kept.claims
where key in (from asked) and run_id not in (select run_id from kept.run_endings)
"""

_TITLES = """
select key, source_id, arg_max({'title': claimed_title}, rowid)
from kept.sightings where key in (select unnest(?::ubigint[]))
group by key, source_id
"""

_FIRST_SEEN = """
select key, min(seen_at)
from kept.sightings where key in (select unnest(?::ubigint[]))
group by key
"""

_ATTEMPTS = """
select key, arg_max(attempts, rowid)
from kept.endings where key in (select unnest(?::ubigint[]))
group by key
"""

_NUMBERS = """
select article_id, doc
from kept.readings where revision = 1 and article_id in (select unnest(?::varchar[]))
"""

_OPEN = """
with left_behind as (
    select c.key
    from kept.claims c
    where c.run_id in (select run_id from kept.run_endings where state <> 'completed')
      and not exists (from kept.endings e where e.key = c.key and e.ended_at >= c.claimed_at)
    union
    select key
    from kept.endings
    where key in (select key from kept.endings where retry_at <= $now)
    group by key
    having arg_max({'retry_at': retry_at}, rowid).retry_at <= $now
), free as (
    select key from left_behind
    except
    select key from kept.claims where run_id not in (select run_id from kept.run_endings)
    except
    select key from kept.aliases
), newest as (
    select key, max(rowid) as row
    from kept.sightings where key in (from free)
    group by key
)
select s.url, s.url_key, s.source_id, s.seen_at, s.claimed_title, s.claimed_summary, s.guid,
       s.claimed_at, s.claimed_precision, s.claimed_zone, s.claimed_origin, s.claimed_raw,
       s.claimed_problem
from kept.sightings s join newest n on s.rowid = n.row
order by s.seen_at, s.url
"""

_BY_KEY = """
with newest as (
    select key, max(rowid) as row
    from kept.sightings where key in (select unnest(?::ubigint[]))
    group by key
)
select s.key, s.url, s.url_key, s.source_id, s.seen_at, s.claimed_title, s.claimed_summary, s.guid,
       s.claimed_at, s.claimed_precision, s.claimed_zone, s.claimed_origin, s.claimed_raw,
       s.claimed_problem
from kept.sightings s join newest n on s.rowid = n.row
"""

_STORED = """
with first as (
    select r.article_id, e.key, e.source_id
    from kept.readings r join kept.endings e on e.article = r.doc and e.ending = 'stored'
    where r.revision = 1 and r.article_id in (select unnest(?::varchar[]))
    qualify row_number() over (partition by r.doc order by e.rowid) = 1
), newest as (
    select f.article_id, max(s.rowid) as row
    from kept.sightings s join first f on s.key = f.key and s.source_id = f.source_id
    group by f.article_id
)
select n.article_id, s.url, s.url_key, s.source_id, s.seen_at, s.claimed_title, s.claimed_summary,
       s.guid, s.claimed_at, s.claimed_precision, s.claimed_zone, s.claimed_origin, s.claimed_raw,
       s.claimed_problem
from kept.sightings s join newest n on s.rowid = n.row
"""
