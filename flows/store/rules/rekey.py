"""Every stored URL key made anew by other rules.

Decides what becomes of rows whose keys now coincide or part, keeping all of them; refuses to know
the rules. Articles keep their identifiers, whatever becomes of the keys they are met under.

Keys that coincide: their sightings, claims and endings stand under one key; two articles under one
key stay two, with a warning, for a key alone merges nothing. Keys that part: an article stays under
the keys of the URLs it was read from. A URL that was passed over because its old key was an
article's may be another page's: it is left open, as a stopped run leaves its work, for the next
pass to take over.
"""

from collections.abc import Callable
from datetime import datetime

from flows.store.connections import Connection
from flows.store.rows import Progress, append_columns, one_row

_AT_ONCE = 50_000  # URLs made keys of at once: some ten megabytes


def rekey(
    con: Connection,
    url_key: Callable[[str], str],
    version: str,
    now: datetime,
    progress: Progress,
) -> None:
    """Replace all keys, within the caller's transaction. `url_key` gives back what is no URL."""
    _find_changed(con, url_key, progress)
    con.execute(_MET_BEFORE)
    _rekey_memories(con, url_key)
    for table, rows in _REWRITTEN.items():
        _rewrite(con, table, rows)
    con.execute(_ALIASES_OF_ENDINGS, {"now": now})
    con.execute(_WARNINGS, {"now": now, "version": version})
    _leave_open(con, f"{now:%Y%m%dT%H%M%S}-rekey-{version}", now)
    for table in ("changed", "met_before"):
        con.execute(f"drop table temp.{table}")


def _find_changed(con: Connection, url_key: Callable[[str], str], progress: Progress) -> None:
    """temp.changed: every URL whose key changes, with its old key and the new one."""
    con.execute(_ASKED)
    con.execute(_CHANGED)
    count = int(one_row(con, "select count(*) from temp.asked")[0])
    with progress("making URL keys anew", count) as bar:
        for first in range(0, count, _AT_ONCE):
            rows = con.execute(
                "select url, old, url_key from temp.asked where place > ? and place <= ?",
                [first, first + _AT_ONCE],
            ).fetchall()
            made = [(url, old, _key(url_key, url, before), before) for url, old, before in rows]
            kept = [(url, old, key) for url, old, key, before in made if key != before]
            append_columns(
                con,
                "temp.changed",
                {
                    "url": [url for url, _, _ in kept],
                    "old": [old for _, old, _ in kept],
                    "url_key": [key for _, _, key in kept],
                },
            )
            bar.advance(len(rows))
    con.execute("update temp.changed set key = md5_number_lower(url_key)")
    con.execute("delete from temp.changed where key = old")
    con.execute("drop table temp.asked")


def _key(url_key: Callable[[str], str], url: str, before: str) -> str:
    made = url_key(url)
    return before if made == url else made  # a seed's name, or no URL by newer rules: as before


def _rewrite(con: Connection, table: str, rows: str) -> None:
    """Put `rows` in the place of a table's. Not by an update: of a million rows it would hold what
    they were in memory until the commit; this takes disk."""
    con.execute(f"create or replace temp table rewritten as {rows}")
    con.execute(f"delete from kept.{table}")
    con.execute(f"insert into kept.{table} by name from temp.rewritten")
    con.execute("drop table temp.rewritten")


def _rekey_memories(con: Connection, url_key: Callable[[str], str]) -> None:
    """What each source listed last, so that its next look finds where it left off."""
    renamed = {
        (source_id, before): after
        for source_id, before, after in con.execute(_RENAMED_IN_SOURCES).fetchall()
    }
    remembered = con.execute(
        "select source_id, recent_keys from kept.memories where len(recent_keys) > 0"
    ).fetchall()
    for source_id, before in remembered:
        after = [
            renamed.get((source_id, key)) or _key(url_key, f"https://{key}", key) for key in before
        ]
        if after != before:
            con.execute(
                "update kept.memories set recent_keys = ? where source_id = ?", [after, source_id]
            )


def _leave_open(con: Connection, run_id: str, now: datetime) -> None:
    """Enter the URLs that parted from an article's key as the open work of a run that stopped."""
    asked = {"run": run_id, "now": now}
    con.execute(_OPENED, asked)
    (left,) = one_row(con, "select count(*) from kept.claims where run_id = ?", [run_id])
    if left:
        con.execute(_RUN, asked)
        con.execute(_RUN_ENDING, asked | {"left": left})


_ASKED = """
create or replace temp table asked as
select row_number() over () as place, url, key as old, max(url_key) as url_key
from (
    select url, key, url_key from kept.sightings
    union all
    select coalesce(url, 'https://' || url_key), key, url_key from kept.aliases
    union all
    select url, key, '' from kept.endings  -- there the old key is not spelt out
)
group by url, key
"""

_CHANGED = """
create or replace temp table changed (url varchar, old ubigint, url_key varchar, key ubigint)
"""

_RENAMED_IN_SOURCES = """
with remembered as (
    select distinct source_id, unnest(recent_keys) as url_key from kept.memories
)
select s.source_id, s.url_key, arg_max(c.url_key, s.rowid)
from remembered r
join kept.sightings s on s.source_id = r.source_id and s.url_key = r.url_key
join temp.changed c on c.url = s.url and c.old = s.key
group by s.source_id, s.url_key
"""

# Table → its rows by the new keys, in the order they had: the newest of equal rows counts
_REWRITTEN = {
    "claims": """
select k.* replace (coalesce(c.key, k.key) as key)
from kept.claims k left join temp.changed c on c.url = k.url and c.old = k.key
order by k.rowid
""",
    "sightings": """
select s.* replace (coalesce(c.key, s.key) as key, coalesce(c.url_key, s.url_key) as url_key)
from kept.sightings s left join temp.changed c on c.url = s.url and c.old = s.key
order by s.rowid
""",
    "endings": """
select e.* replace (coalesce(c.key, e.key) as key)
from kept.endings e left join temp.changed c on c.url = e.url and c.old = e.key
order by e.rowid
""",
    "aliases": """
select a.* replace (coalesce(c.key, a.key) as key, coalesce(c.url_key, a.url_key) as url_key)
from kept.aliases a
left join temp.changed c on c.url = coalesce(a.url, 'https://' || a.url_key) and c.old = a.key
order by a.rowid
""",
}

# Every URL that was read and found to be an article leads to it, also where its key has parted
_ALIASES_OF_ENDINGS = """
insert into kept.aliases (key, url_key, article, stored_at, url, fetched)
select c.key, any_value(c.url_key), e.article, $now, min(e.url), true
from kept.endings e join temp.changed c on c.url = e.url and c.key = e.key
where e.article is not null
  and not exists (from kept.aliases a where a.key = c.key and a.article = e.article)
group by c.key, e.article
"""

_MET_BEFORE = """
create or replace temp table met_before as select distinct key, article from kept.aliases
"""

# Articles that are met under one key now and were not before
_WARNINGS = """
insert into kept.warnings (warned_at, kind, article_id, detail)
with met as (
    select distinct key, url_key, article
    from kept.aliases where key in (select key from temp.changed)
), pairs as (
    select min(x.url_key) as url_key, x.article as first, y.article as second
    from met x join met y on y.key = x.key and y.article > x.article
    where not exists (
        from temp.met_before b join temp.met_before c on c.key = b.key
        where b.article = x.article and c.article = y.article)
    group by x.article, y.article
)
select $now, 'same_key_other_text', s.article_id,
       p.url_key || ' by rules ' || $version || ' names ' || s.article_id || ' and '
           || f.article_id || '; kept as two articles'
from pairs p
join kept.readings f on f.doc = p.first
join kept.readings s on s.doc = p.second
order by p.second, p.first
"""

_OPENED = """
insert into kept.claims (key, url, source_id, run_id, claimed_at)
select s.key, s.url, arg_max(s.source_id, s.rowid), $run, $now
from kept.sightings s
where s.key in (select key from temp.changed union all select old from temp.changed)
  and s.key not in (select key from kept.aliases)
  and s.key not in (select key from kept.endings)
  and s.key not in (select key from kept.claims)
group by s.key, s.url
"""

_RUN = """
insert into kept.runs (run_id, kind, started_at) values ($run, 'rekey', $now)
"""

_RUN_ENDING = """
insert into kept.run_endings (run_id, finished_at, state, sources, sources_failed, candidates,
                              stored, revised, known, skipped, left_open, skips, failures)
values ($run, $now, 'stopped', 0, 0, $left, 0, 0, 0, 0, $left, [], [])
"""
