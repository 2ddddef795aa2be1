"""Sources: their configuration as it was over time, what is remembered of each, every look.

Decides how looks become rows, and that a roll-over becomes a gap; refuses to know when a source
should be looked at: the schedule's decider wrote that into its memory.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flows.core import Look, RecentItem, Source, SourceMemory, Validators
from flows.store.connections import Connection
from flows.store.coverage import RecordedGap, record_gaps
from flows.store.kin import item_of, moment_of
from flows.store.rows import append_rows, instant, instant_or_none, key_of


def save_sources(con: Connection, sources: Sequence[Source], now: datetime) -> None:
    """Append the configuration of sources that are new or changed; those no longer configured
    are kept as not enabled. A source that is asked elsewhere now, or read otherwise, is due."""
    before = _saved(con)
    rows = [asdict(source) | {"repairs": list(source.repairs)} for source in sources]
    configured = {source.source_id for source in sources}
    gone = [
        row | {"enabled": False}
        for source_id, row in before.items()
        if source_id not in configured and row["enabled"]
    ]
    changed = [row for row in rows if before.get(str(row["source_id"])) != row]
    append_rows(con, "kept.sources", [row | {"saved_at": now} for row in changed + gone])
    _forget_answers(con, [str(row["source_id"]) for row in changed if _is_another(row, before)])


def _is_another(row: dict[str, Any], before: dict[str, dict[str, Any]]) -> bool:
    """Whether what its last answer was asked for, or read by, is not what is configured now."""
    saved = before.get(str(row["source_id"]), row)
    return any(saved[name] != row[name] for name in ("url", "kind", "selector"))


def _forget_answers(con: Connection, source_ids: Sequence[str]) -> None:
    """Forget what holds for the old address only: its validators, its moves, its failures. What
    was listed stays known, so that a listing that does not join it is a roll-over."""
    if source_ids:
        con.execute(_FORGET, [source_ids])


def enabled_since(con: Connection) -> dict[str, datetime]:
    """source_id → the instant since which the configuration has it enabled, without a break."""
    return {name: instant(at) for name, at in con.execute(_ENABLED_SINCE).fetchall()}


def source_memories(con: Connection, source_ids: Sequence[str]) -> dict[str, SourceMemory]:
    """What is remembered of the named sources; those never looked at are left out."""
    columns = ", ".join(_MEMORY_COLUMNS)
    rows = con.execute(
        f"select {columns} from kept.memories where source_id in (select unnest(?::varchar[]))",
        [list(source_ids)],
    ).fetchall()
    memories = (_memory(dict(zip(_MEMORY_COLUMNS, row, strict=True))) for row in rows)
    return {memory.source_id: memory for memory in memories}


def hosts_listed_last(con: Connection) -> dict[str, dict[str, int]]:
    """source_id → host → how many items of its last listing lay there."""
    hosts: dict[str, dict[str, int]] = {}
    for source_id, host, count in con.execute(_HOSTS).fetchall():
        hosts.setdefault(source_id, {})[host] = count
    return hosts


def record_looks(con: Connection, run_id: str, looks: Sequence[Look]) -> None:
    """Append looks, replace the memories of their sources, and record a gap for each roll-over."""
    append_rows(con, "kept.source_checks", [_check(con, run_id, look) for look in looks])
    _remember(con, [look.memory for look in looks])
    record_gaps(con, run_id, [_gap(look) for look in looks if look.rolled_over])


def _saved(con: Connection) -> dict[str, dict[str, Any]]:
    columns = [
        "source_id", "outlet", "kind", "url", "language", "country", "character", "timezone",
        "min_minutes", "max_minutes", "enabled", "selector", "repairs", "headlines_only",
    ]  # fmt: skip
    rows = con.execute(
        f"select {', '.join(columns)} from kept.sources "
        "qualify row_number() over (partition by source_id order by rowid desc) = 1"
    ).fetchall()
    return {str(row[0]): dict(zip(columns, row, strict=True)) for row in rows}


def _check(con: Connection, run_id: str, look: Look) -> dict[str, object]:
    return {
        "run_id": run_id,
        "source_id": look.source_id,
        "started_at": look.started_at,
        "finished_at": look.finished_at,
        "status": look.status.value,
        "http_status": look.http_status,
        "reason": look.reason.value if look.reason else None,
        "error": look.error,
        "items": look.items,
        "new_items": _new_items(con, look),
        "rolled_over": look.rolled_over,
        "problems": [{"reason": reason, "count": count} for reason, count in look.problems],
        "suggestion": look.suggestion,
    }


def _new_items(con: Connection, look: Look) -> int:
    """How many of the look's candidates this source had not listed before the look."""
    keys = {key_of(candidate.url_key) for candidate in look.candidates}
    if not keys:
        return 0
    of_items: dict[int, set[int]] = {}
    for candidate in look.candidates:
        for number in (item_of(candidate), moment_of(candidate)):
            if number is not None:
                of_items.setdefault(number, set()).add(key_of(candidate.url_key))
    # what two links of one listing are called names neither
    names = {number: keys_ for number, keys_ in of_items.items() if len(keys_) == 1}
    rows = con.execute(
        _OLD_ITEMS,
        {"keys": list(keys), "names": list(names), "source": look.source_id,
         "before": look.started_at},
    ).fetchall()  # fmt: skip
    titles = {key_of(one.url_key): one.claimed_title for one in look.candidates}
    old: set[int] = set()
    for key, item, moment, title in rows:
        old |= {key} & keys
        for number in (item, moment):
            old |= {its for its in names.get(number, ()) if titles[its] == title}
    return len(keys - old)


def _remember(con: Connection, memories: Iterable[SourceMemory]) -> None:
    newest = {memory.source_id: memory for memory in memories}
    con.execute(
        "delete from kept.memories where source_id in (select unnest(?::varchar[]))",
        [list(newest)],
    )
    append_rows(con, "kept.memories", [_memory_row(memory) for memory in newest.values()])


def _memory_row(memory: SourceMemory) -> dict[str, object]:
    row: dict[str, object] = asdict(memory)
    row["recent_items"] = [asdict(item) for item in memory.recent_items]
    del row["validators"]
    validators = asdict(memory.validators)
    looks = [{"looked_at": looked_at, "new_items": new} for looked_at, new in memory.recent_looks]
    return row | validators | {"recent_keys": list(memory.recent_keys), "recent_looks": looks}


def _memory(row: dict[str, Any]) -> SourceMemory:
    validators = Validators(etag=row.pop("etag"), last_modified=row.pop("last_modified"))
    for name in ("last_look_at", "last_success_at", "next_due_at", "newest_item_at", "fresh_until"):
        row[name] = instant_or_none(row[name])
    row["recent_keys"] = tuple(row["recent_keys"] or ())
    row["recent_items"] = tuple(
        RecentItem(guid=one["guid"], title=one["title"],
                   claimed_at=instant_or_none(one["claimed_at"]))
        for one in row["recent_items"] or ()
    )  # fmt: skip
    row["recent_looks"] = tuple(
        (instant(look["looked_at"]), int(look["new_items"])) for look in row["recent_looks"] or ()
    )
    return SourceMemory(validators=validators, **row)


def _gap(look: Look) -> RecordedGap:
    return RecordedGap(
        source_id=look.source_id,
        since=look.gap_since or look.started_at,
        until=look.gap_until or look.started_at,
        cause="rolled_over",
        remedy=look.suggestion,
        found_at=look.finished_at,
    )


_MEMORY_COLUMNS = (
    "source_id", "etag", "last_modified", "body_sha256", "conditional_in_a_row", "last_look_at",
    "last_success_at", "next_due_at", "interval_minutes", "failures", "recent_keys",
    "recent_looks", "newest_item_at", "moved_to", "moved_times", "advertised_minutes",
    "validators_lie", "fresh_until", "recent_items", "restless_links",
)  # fmt: skip

_ENABLED_SINCE = """
with saved as (
    select source_id, saved_at, enabled,
           lag(enabled, 1, false) over (partition by source_id order by rowid) as before
    from kept.sources
)
select source_id, max(saved_at) from saved where enabled and not before group by source_id
"""

_FORGET = """
update kept.memories
set etag = null, last_modified = null, body_sha256 = null, conditional_in_a_row = 0,
    validators_lie = false, moved_to = null, moved_times = 0, failures = 0, next_due_at = null,
    fresh_until = null
where source_id in (select unnest(?::varchar[]))
"""

_HOSTS = """
select source_id, split_part(url_key, '/', 1), count(*)
from (select source_id, unnest(recent_keys) as url_key from kept.memories)
group by all
"""

_OLD_ITEMS = """
select distinct key, item, moment, claimed_title
from kept.sightings
where (key in (select unnest($keys::ubigint[])) or item in (select unnest($names::ubigint[]))
       or moment in (select unnest($names::ubigint[])))
  and source_id = $source and seen_at < $before
"""
