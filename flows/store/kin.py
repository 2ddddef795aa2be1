"""What the store holds of the URLs that candidates share a key or an item with.

Gathers facts for `due`'s deciders, a batch at a time; decides nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flows.core import Candidate, Ending, Stage
from flows.store.connections import Connection
from flows.store.due import Kin, Past, Read, Said, exact_time
from flows.store.rows import instant, instant_or_none, key_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STORED = (Ending.STORED, Ending.REVISED, Ending.KNOWN)


def item_of(candidate: Candidate) -> int | None:
    """The number links of one source and guid share; migration 0005 makes it of older rows."""
    if candidate.guid is None:
        return None
    return key_of(f"guid {candidate.source_id} {candidate.guid}")


def moment_of(candidate: Candidate) -> int | None:
    """The number links of one source, title and exact time share; as above."""
    at = exact_time(candidate)
    if at is None or not candidate.claimed_title:
        return None
    micros = (at - _EPOCH) // timedelta(microseconds=1)
    return key_of(f"moment {candidate.source_id} {micros} {candidate.claimed_title}")


def kin_of(con: Connection, keys: Collection[int]) -> dict[int, Kin]:
    """64-bit key → what is held of its URLs; keys never met are left out."""
    asked = [list(set(keys))]
    found: dict[int, Kin] = defaultdict(Kin)
    for key, pasts in _grouped(con.execute(_PASTS, asked).fetchall()).items():
        found[key] = replace(found[key], pasts=tuple(map(_past, pasts)))
    for key, said in _grouped(con.execute(_SAID, asked).fetchall()).items():
        found[key] = replace(found[key], said=tuple(map(_said, said)))
    for key, urls in _grouped(con.execute(_AT_WORK, asked).fetchall()).items():
        found[key] = replace(found[key], at_work=frozenset(url for (url,) in urls))
    for key, read in _grouped(con.execute(_READ, asked).fetchall()).items():
        found[key] = replace(found[key], read=tuple(Read(url=u, title=t) for u, t in read))
    return dict(found)


def links_of(con: Connection, candidates: Sequence[Candidate], places: Sequence[int]) -> list[Kin]:
    """For each candidate at one of `places` what is held of its item's other links; empty for the
    others, and for an item never met.

    A name that two URLs of `candidates` share names no item.
    """
    found = [Kin()] * len(candidates)
    if not places:
        return found
    names = _names(candidates)
    asked = sorted({number for place in places for number in names[place]})
    rows = con.execute(_LINKS, [asked, asked]).fetchall() if asked else []
    kin = kin_of(con, {row[2] for row in rows})
    for place in places:
        if rows:
            found[place] = _links(candidates[place], names[place], rows, kin)
    return found


def _names(candidates: Sequence[Candidate]) -> list[tuple[int, ...]]:
    """The numbers of each candidate's item that no other URL of its listing has."""
    holders: dict[int, set[str]] = defaultdict(set)
    every = []
    for candidate in candidates:
        numbers = [n for n in (item_of(candidate), moment_of(candidate)) if n is not None]
        every.append(numbers)
        for number in numbers:
            holders[number].add(candidate.url)
    return [tuple(n for n in numbers if len(holders[n]) == 1) for numbers in every]


def _links(
    candidate: Candidate,
    numbers: Collection[int],
    rows: Iterable[Sequence[Any]],
    kin: dict[int, Kin],
) -> Kin:
    urls: dict[int, set[str]] = defaultdict(set)
    for item, moment, key, url, title in rows:
        same = item in numbers or moment in numbers
        if same and title == candidate.claimed_title and url != candidate.url:
            urls[key].add(url)
    pasts: list[Past] = []
    said: list[Said] = []
    at_work: set[str] = set()
    for key, of_item in urls.items():
        held = kin[key]
        pasts += [past for past in held.pasts if past.url in of_item]
        said += [one for one in held.said if one.url in of_item]
        at_work |= held.at_work & of_item
    return Kin(pasts=tuple(pasts), said=tuple(said), at_work=frozenset(at_work))


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    groups: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for key, *row in rows:
        groups[key].append(row)
    return groups


def _past(row: Sequence[Any]) -> Past:
    url, ending, stage, ended_at, retry_at, fruitless = row
    stored = ending in _STORED
    return Past(
        url=url,
        told=stored or (ending == Ending.SKIPPED and stage == Stage.JUDGE),
        stored=stored,
        fetching=stage == Stage.FETCH,
        ended_at=instant(ended_at),
        retry_at=instant_or_none(retry_at),
        fruitless=fruitless or 0,
    )


def _said(row: Sequence[Any]) -> Said:
    url, source_id, seen_at, title, guid, claimed_at, origin = row
    return Said(
        url=url,
        source_id=source_id,
        seen_at=instant(seen_at),
        title=title,
        guid=guid,
        dated_at=None if (origin or "").endswith("_updated") else instant_or_none(claimed_at),
        where=origin.removesuffix("_updated") if origin else None,
    )


_PASTS = """
select key, url, newest.ending, newest.stage, newest.ended_at, newest.retry_at, newest.fruitless
from (
    select key, url,
           arg_max({'ending': ending, 'stage': stage, 'ended_at': ended_at, 'retry_at': retry_at,
                    'fruitless': fruitless}, rowid) as newest
    from kept.endings where key in (select unnest(?::ubigint[]))
    group by key, url
)
"""

_SAID = """
select key, url, source_id, seen_at, claimed_title, guid, claimed_at, claimed_origin
from kept.sightings where key in (select unnest(?::ubigint[]))
order by rowid
"""

_AT_WORK = """
select distinct key, url
from kept.claims c
where key in (select unnest(?::ubigint[])) and url is not null
  and run_id not in (select run_id from kept.run_endings)
  and not exists (from kept.endings e where e.key = c.key and e.url = c.url
                  and e.run_id = c.run_id and e.ended_at >= c.claimed_at)
"""

_READ = """
select a.key, a.url, r.title
from kept.aliases a join kept.readings r on r.article = a.article
where a.key in (select unnest(?::ubigint[])) and a.fetched
  and r.doc not in (select doc from kept.withdrawals)
order by r.doc desc
"""

_LINKS = """
select distinct item, moment, key, url, claimed_title
from kept.sightings
where item in (select unnest(?::ubigint[])) or moment in (select unnest(?::ubigint[]))
"""
