"""Candidates: where each URL was seen, who works on it, and how it ended.

Enters what `flows.store.due` decides: which URLs need work, those a vanished run left, and those
whose passing failure is due again. A URL is in the work of one run at a time.

When a URL that failed is worth another try. Pure deciders.

Refuses to know what failed: only the reason, how often, how new the item is, and what the server
asked for.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.core import TRANSIENT, Candidate, Ending, Reason
from flows.store.batch import Ended
from flows.store.connections import Connection
from flows.store.due import (
    Kin,
    Looked,
    Need,
    dated_at,
    is_settled,
    may_wait,
    need,
    need_of_item,
    restless_claims,
)
from flows.store.kin import item_of, kin_of, links_of, moment_of
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
# What a page that has just been published may be for a while: a flash of eight words, a shell that
# is filled later, an address that its server does not know yet. Tried after half an hour, two hours
# and eight more, then no longer. Unmeasured.
_UNRIPE = frozenset({Reason.TOO_SHORT, Reason.NO_TEXT, Reason.HTTP_404})
_UNRIPE_FIRST = timedelta(minutes=30)
_UNRIPE_ATTEMPTS = 4
_FRESH = timedelta(days=1)


def retry_at(
    reason: Reason,
    attempts: int,
    ended_at: datetime,
    retry_after: timedelta | None,
    *,
    is_fresh: bool = False,
) -> datetime | None:
    """When to try again after the `attempts`-th failure (counted from 1); None: never."""
    if is_fresh and reason in _UNRIPE and attempts < _UNRIPE_ATTEMPTS:
        unripe: timedelta = _UNRIPE_FIRST * 4 ** (attempts - 1)
        return ended_at + unripe
    if reason not in TRANSIENT or attempts >= MOST_ATTEMPTS:
        return None
    first = _SLOW_FIRST if reason in _SLOW else _FIRST
    wait: timedelta = min(first * 2 ** (attempts - 1), _LONGEST)
    return ended_at + max(wait, retry_after or timedelta(0))


def is_fresh(candidate: Candidate, first_seen_at: datetime, now: datetime) -> bool:
    """Whether an item has been published within a day, as its source says; where it says nothing,
    or dates it ahead, whether it was listed first within a day."""
    claimed = dated_at(candidate)
    since = first_seen_at if claimed is None else min(claimed, now)
    return now - since <= _FRESH


# Links of one item that are recorded: enough to see that they change. What is asked is always.
_MOST_LINKS_RECORDED = 3
# What says that a twin on the same host would fail, too
_OF_THE_HOST = frozenset(
    {Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT, Reason.THROTTLED, Reason.ROBOTS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """What became of a batch of candidates: `fresh` are this run's to work on; `known` the rest,
    `behind` the URLs of those that wait for a twin."""

    fresh: tuple[Candidate, ...]
    known: int
    behind: frozenset[str] = frozenset()


def sight(
    con: Connection,
    run_id: str,
    candidates: Sequence[Candidate],
    *,
    brought: Collection[str] = (),
    eager: bool = False,
) -> Sighted:
    """Record where `candidates` were seen, and take those that need work into this run.

    A sighting is recorded the first time a source lists a URL, when its claimed title changed, and
    when what it newly claims makes the URL due. Of candidates with one URL the first is fresh, the
    others known; of twins that nothing tells apart one is fresh, and the next is taken when it
    brings no text (`take_twins`). `brought` are the url_keys whose pages come from elsewhere than
    their URLs: that a URL could not be fetched does not settle them. `eager`: what failed for a
    passing reason is due now.
    """
    if not candidates:
        return Sighted(fresh=(), known=0)
    now = max(candidate.seen_at for candidate in candidates)
    keys = [key_of(candidate.url_key) for candidate in candidates]
    needs = _needs(con, run_id, candidates, keys, brought, eager)
    fresh: dict[str, Candidate] = {}
    taken: dict[int, list[Candidate]] = defaultdict(list)
    behind = {
        candidate.url
        for candidate, its_need in zip(candidates, needs.of, strict=True)
        if its_need is Need.BEHIND
    }
    for key, candidate, its_need in zip(keys, candidates, needs.of, strict=True):
        if its_need is not Need.DUE or candidate.url in fresh:
            continue
        if any(may_wait(candidate, other) for other in taken[key]):
            behind.add(candidate.url)
            continue
        fresh[candidate.url] = candidate
        taken[key].append(candidate)
    _record_sightings(con, run_id, keys, candidates, needs, fresh)
    _take(con, run_id, tuple(fresh.values()), now)
    return Sighted(
        fresh=tuple(fresh.values()),
        known=len(candidates) - len(fresh),
        behind=frozenset(behind),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Needs:
    """What each of some candidates needs, with the facts it was decided by; `plain`: their places
    of which nothing has changed since they ended, and of which no facts were asked for."""

    of: tuple[Need, ...]
    kin: dict[int, Kin]
    links: tuple[Kin, ...]
    plain: frozenset[int]


def _needs(
    con: Connection,
    run_id: str,
    candidates: Sequence[Candidate],
    keys: Sequence[int],
    brought: Collection[str],
    eager: bool,
) -> _Needs:
    plain = frozenset() if brought or eager else _plainly_known(con, candidates, keys)
    open_keys = [key for place, key in enumerate(keys) if place not in plain]
    kin = kin_of(con, open_keys)
    here = {url for (url,) in con.execute(_TAKEN, [run_id, open_keys]).fetchall()}
    restless = restless_claims(
        candidates,
        [Kin() if place in plain else kin.get(key, Kin()) for place, key in enumerate(keys)],
        Counter(candidates[place].source_id for place in plain),
    )
    needs = [Need.KNOWN] * len(candidates)
    looked: dict[int, Looked] = {}
    new: list[int] = []
    for place, (one, key) in enumerate(zip(candidates, keys, strict=True)):
        if place in plain or one.url in here:
            continue
        looked[place] = Looked(
            now=one.seen_at,
            due_by=datetime.max.replace(tzinfo=UTC) if eager else one.seen_at,
            brought=one.url_key in brought,
            restless=restless.get(one.source_id, frozenset()),
        )
        held = kin.get(key, Kin())
        needs[place] = need(one, held, looked[place])
        if needs[place] is Need.DUE and held.past_of(one.url) is None:
            new.append(place)
    links = links_of(con, candidates, new)
    for place in new:
        needs[place] = need_of_item(candidates[place], links[place], looked[place])
    return _Needs(of=tuple(needs), kin=kin, links=tuple(links), plain=plain)


def _plainly_known(
    con: Connection, candidates: Sequence[Candidate], keys: Sequence[int]
) -> frozenset[int]:
    """The places of candidates that ended, are not due for a retry, and of which their source says
    what it said when they ended: nearly all of a listing, told without handing their rows over."""
    claims = [claim_columns(one.claimed_at)["claimed_at"] for one in candidates]
    asked = {
        "keys": list(keys),
        "urls": [one.url for one in candidates],
        "sources": [one.source_id for one in candidates],
        "titles": [_encodable(one.claimed_title) for one in candidates],
        "guids": [_encodable(one.guid) for one in candidates],
        "claims": claims,
        "now": [one.seen_at for one in candidates],
    }
    return frozenset(place for (place,) in con.execute(_PLAINLY_KNOWN, asked).fetchall())


def _encodable(text: str | None) -> str | None:
    """A half of a sign, which no table holds, is told from what is held; appending refuses it."""
    return None if text is None else text.encode("utf-8", "replace").decode()


def open_candidates(con: Connection, run_id: str, now: datetime) -> tuple[Candidate, ...]:
    """Take into this run what others left open: URLs whose run was lost, stopped or failed before
    they ended, and URLs whose retry is due, each as it was listed last.

    Where its source lists the page under another URL since that was never asked, that one is
    asked. What a twin's text has settled meanwhile ends as known.
    """
    rows = con.execute(_OPEN, {"now": now}).fetchall()
    keys = {key for key, _ in rows}
    kin = kin_of(con, keys)
    listed = _listed(con, keys)
    fresh: dict[str, Candidate] = {}
    settled: list[Ended] = []
    for key, url in rows:
        candidate = listed.get((key, url))
        if candidate is None:
            continue
        if is_settled(candidate, kin[key]):
            settled.append(Ended(candidate=candidate, ending=Ending.KNOWN))
            continue
        newest = _newest_of(candidate, key, kin[key], listed)
        fresh.setdefault(newest.url, newest)
    taken = tuple(sorted(fresh.values(), key=lambda one: (one.seen_at, one.url)))
    # what has ended here is not sighted again by this run
    _take(con, run_id, (*taken, *(one.candidate for one in settled)), now)
    record_endings(con, run_id, settled, now)
    return taken


def take_twins(con: Connection, run_id: str, failed: Sequence[Ended]) -> tuple[Candidate, ...]:
    """Take into this run what waited behind candidates that ended without a text: of each key the
    URL listed last that was never asked. Where their host is in trouble its other URLs wait."""
    of_key = {
        key_of(one.candidate.url_key): one
        for one in failed
        if one.skipped is not None and one.skipped.reason is not Reason.OFF_TOPIC
    }
    if not of_key:
        return ()
    kin = kin_of(con, of_key)
    listed = _listed(con, of_key)
    taken: dict[int, Candidate] = {}
    for (key, url), candidate in listed.items():
        past, ended = kin[key].past_of(url), of_key[key]
        if past is not None or kin[key].at_work or is_settled(candidate, kin[key]):
            continue
        reason = ended.skipped.reason if ended.skipped else None
        if reason in _OF_THE_HOST and _host(url) == _host(ended.candidate.url):
            continue
        taken[key] = candidate  # the one listed last stands
    now = max(one.seen_at for one in taken.values()) if taken else None
    if now is not None:
        _take(con, run_id, tuple(taken.values()), now)
    return tuple(taken.values())


def _newest_of(
    candidate: Candidate, key: int, kin: Kin, listed: dict[tuple[int, str], Candidate]
) -> Candidate:
    """The twin to ask instead: listed later and never asked."""
    places = [one for (its_key, _), one in listed.items() if its_key == key]
    later = places[places.index(candidate) + 1 :]
    for other in reversed(later):
        untried = kin.past_of(other.url) is None and other.url not in kin.at_work
        if untried and may_wait(other, candidate):
            return other
    return candidate


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]


def _listed(con: Connection, keys: Collection[int]) -> dict[tuple[int, str], Candidate]:
    """Key and URL → the candidate as it was listed last, in the order of listing."""
    rows = con.execute(_LISTED, [list(keys)]).fetchall()
    return {(key, row[0]): _candidate(row) for key, *row in rows}


def record_endings(
    con: Connection, run_id: str, endings: Sequence[Ended], ended_at: datetime
) -> None:
    """Append how candidates ended; after a passing failure, when each is worth another try."""
    if not endings:
        return
    keys = [key_of(ended.candidate.url_key) for ended in endings]
    before = {
        (key, url): _Before(attempts=attempts, waits=retry is not None, fruitless=fruitless or 0)
        for key, url, attempts, retry, fruitless in con.execute(_BEFORE, [keys]).fetchall()
    }
    first_seen = first_sightings(con, [ended.candidate.url_key for ended in endings])
    is_past = con.execute(_KIND, [run_id]).fetchall() == [("backfill",)]
    named = [ended.article_id for ended in endings if ended.article_id is not None]
    articles = article_numbers(con, named)
    append_rows(
        con,
        "kept.endings",
        [
            {"key": key, "run_id": run_id, "ended_at": ended_at}
            | _ending(
                ended,
                ended_at,
                before.get((key, ended.candidate.url)),
                first_seen.get(ended.candidate.url_key, ended.candidate.seen_at),
                is_past=is_past,
            )
            | {"article": articles.get(ended.article_id or "")}
            for key, ended in zip(keys, endings, strict=True)
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """A URL's last ending: how often it had failed, whether another try was to come, and how often
    what its listings newly said had come to nothing."""

    attempts: int
    waits: bool
    fruitless: int


def article_numbers(con: Connection, article_ids: Sequence[str]) -> dict[str, int]:
    """article_id → the number tables join by; ids the store does not have are left out."""
    if not article_ids:
        return {}
    return dict(con.execute(_NUMBERS, [list(article_ids)]).fetchall())


def _record_sightings(
    con: Connection,
    run_id: str,
    keys: Sequence[int],
    candidates: Sequence[Candidate],
    needs: _Needs,
    fresh: Collection[str],
) -> None:
    titles = {
        (one.url, one.source_id): one.title for held in needs.kin.values() for one in held.said
    }
    rows, added = [], []
    for number, (key, candidate, links) in enumerate(
        zip(keys, candidates, needs.links, strict=True)
    ):
        place = (candidate.url, candidate.source_id)
        if number in needs.plain:
            continue
        if place not in titles:
            links_known = {one.url for one in links.said}
            if candidate.url not in fresh and len(links_known) >= _MOST_LINKS_RECORDED:
                continue
            added += [(key, candidate, past.url) for past in links.pasts if past.stored][:1]
        elif candidate.claimed_title in (None, titles[place]) and not (
            candidate.url in fresh and _claims_anew(candidate, needs.kin.get(key, Kin()))
        ):
            continue
        titles[place] = candidate.claimed_title
        rows.append({"key": key, "run_id": run_id} | _sighting(candidate))
    append_rows(con, "kept.sightings", rows)
    for key, candidate, url in added:
        if candidate.url not in fresh:
            con.execute(
                _ALIAS_OF_ITEM,
                {"key": key, "url_key": candidate.url_key, "url": candidate.url,
                 "now": candidate.seen_at, "of": url},
            )  # fmt: skip


def _claims_anew(candidate: Candidate, kin: Kin) -> bool:
    """Whether a source that had listed the URL gives it another guid or time now."""
    said = [
        one for one in kin.said if one.url == candidate.url and one.source_id == candidate.source_id
    ]
    at = dated_at(candidate)
    return bool(said) and (candidate.guid, at) != (said[-1].guid, said[-1].dated_at)


def candidates_listed(
    con: Connection, places: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], Candidate]:
    """64-bit key and URL → the candidate as it was listed last; what was never listed is left
    out."""
    wanted = set(places)
    listed = _listed(con, {key for key, _ in wanted})
    return {place: one for place, one in listed.items() if place in wanted}


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
        "item": item_of(candidate),
        "moment": moment_of(candidate),
    } | claim_columns(candidate.claimed_at)


def _take(con: Connection, run_id: str, candidates: Sequence[Candidate], now: datetime) -> None:
    append_rows(
        con,
        "kept.claims",
        [
            {
                "key": key_of(candidate.url_key),
                "url": candidate.url,
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


def _ending(
    ended: Ended,
    ended_at: datetime,
    before: _Before | None,
    first_seen_at: datetime,
    *,
    is_past: bool,
) -> dict[str, object]:
    skipped = ended.skipped
    # tries are counted while another is to come: what a listing newly says begins anew
    attempts = before.attempts if before is not None and before.waits else 0
    # what a backfill finds without a date is of the past all the same
    fresh = not is_past and is_fresh(ended.candidate, first_seen_at, ended_at)
    again = (
        retry_at(skipped.reason, attempts + 1, ended_at, skipped.retry_after, is_fresh=fresh)
        if skipped
        else None
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
        "fruitless": _fruitless(ended, before),
        "day": ended.day or ended_at.astimezone(UTC).date(),
    }


def _fruitless(ended: Ended, before: _Before | None) -> int:
    if before is None or ended.ending in (Ending.STORED, Ending.REVISED):
        return 0
    return before.fruitless if before.waits else before.fruitless + 1


_PLAINLY_KNOWN = """
with asked as (
    select unnest(range(len($keys::ubigint[]))) as place, unnest($keys::ubigint[]) as key,
           unnest($urls::varchar[]) as url, unnest($sources::varchar[]) as source_id,
           unnest($titles::varchar[]) as title, unnest($guids::varchar[]) as guid,
           unnest($claims::timestamptz[]) as claimed_at, unnest($now::timestamptz[]) as now
), ended as (
    select key, url, arg_max({'at': ended_at, 'retry_at': retry_at}, rowid) as newest
    from kept.endings where key in (select key from asked)
    group by key, url
), said as (
    select key, url, source_id,
           arg_max({'at': seen_at, 'title': claimed_title, 'guid': guid, 'claimed_at': claimed_at},
                   rowid) as newest
    from kept.sightings where key in (select key from asked)
    group by key, url, source_id
)
select a.place
from asked a
join ended e using (key, url)
join said s using (key, url, source_id)
where (e.newest.retry_at is null or e.newest.retry_at > a.now) and s.newest.at <= e.newest.at
  and s.newest.title is not distinct from a.title and s.newest.guid is not distinct from a.guid
  and s.newest.claimed_at is not distinct from a.claimed_at
"""

_TAKEN = """
select url from kept.claims where run_id = ? and key in (select unnest(?::ubigint[]))
"""

# Another link of an item leads to the article its first one gave; what it shows was not read
_ALIAS_OF_ITEM = """
insert into kept.aliases (key, url_key, article, stored_at, url, fetched)
select $key, $url_key, e.article, $now, $url, false
from kept.endings e
where e.url = $of and e.article is not null
  and not exists (from kept.aliases a where a.key = $key and a.article = e.article)
order by e.rowid desc limit 1
"""

_FIRST_SEEN = """
select key, min(seen_at)
from kept.sightings where key in (select unnest(?::ubigint[]))
group by key
"""

_KIND = "select kind from kept.runs where run_id = ?"

_BEFORE = """
select key, url, newest.attempts, newest.retry_at, newest.fruitless
from (
    select key, url, arg_max({'attempts': attempts, 'retry_at': retry_at, 'fruitless': fruitless},
                             rowid) as newest
    from kept.endings where key in (select unnest(?::ubigint[]))
    group by key, url
)
"""

_NUMBERS = """
select article_id, doc
from kept.readings where revision = 1 and article_id in (select unnest(?::varchar[]))
"""

_OPEN = """
with left_behind as (
    select c.key, c.url
    from kept.claims c
    where c.run_id in (select run_id from kept.run_endings where state <> 'completed')
      and not exists (from kept.endings e
                      where e.key = c.key and e.url = c.url and e.ended_at >= c.claimed_at)
    union
    select key, url
    from kept.endings
    where key in (select key from kept.endings where retry_at <= $now)
    group by key, url
    having arg_max({'retry_at': retry_at}, rowid).retry_at <= $now
)
select key, url from left_behind where url is not null
except
select key, url from kept.claims where run_id not in (select run_id from kept.run_endings)
order by key, url
"""

_LISTED = """
with newest as (
    select key, url, max(rowid) as row
    from kept.sightings where key in (select unnest(?::ubigint[]))
    group by key, url
)
select s.key, s.url, s.url_key, s.source_id, s.seen_at, s.claimed_title, s.claimed_summary, s.guid,
       s.claimed_at, s.claimed_precision, s.claimed_zone, s.claimed_origin, s.claimed_raw,
       s.claimed_problem
from kept.sightings s join newest n on s.rowid = n.row
order by s.rowid
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
