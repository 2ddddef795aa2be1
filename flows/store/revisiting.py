"""What the archive can be asked about again: pages behind articles, and pages that were skipped.

Decides what is handed out for reading or judging again, so that an interrupted pass goes on where
it stopped; refuses to read or judge.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.records import Candidate, Reason
from flows.store.candidates import candidates_by_key
from flows.store.connecting import Connection
from flows.store.rows import append_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedReading:
    """The newest reading of an article whose page is archived. `source_id` None: a seed's."""

    doc: int
    article_id: str
    url: str
    source_id: str | None
    archive_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedSkip:
    """A skipped candidate whose page is archived, as it ended last."""

    candidate: Candidate
    archive_ref: str
    relevance: float | None


def archived_readings(
    con: Connection, reader_version: str, article_ids: Sequence[str] | None = None
) -> tuple[ArchivedReading, ...]:
    """Articles whose page this reader has not read yet, in the order of storing; of `article_ids`
    only, if given."""
    rows = con.execute(
        _READINGS, {"version": reader_version, "ids": list(article_ids or ()),
                    "every": article_ids is None}
    ).fetchall()  # fmt: skip
    return tuple(
        ArchivedReading(doc=doc, article_id=name, url=url, source_id=source_id, archive_ref=ref)
        for doc, name, url, source_id, ref in rows
    )


def record_reread(
    con: Connection, run_id: str, docs: Sequence[int], reader_version: str, now: datetime
) -> None:
    """Record that readings were read again, whatever came of it."""
    append_rows(
        con,
        "kept.rereads",
        [
            {"doc": doc, "reader_version": reader_version, "run_id": run_id, "reread_at": now}
            for doc in docs
        ],
    )


def archived_skips(
    con: Connection, reasons: Sequence[Reason], decided_by: str
) -> tuple[ArchivedSkip, ...]:
    """Candidates that ended last for one of `reasons`, decided by another rule version than
    `decided_by`, whose page is archived, in the order they ended."""
    rows = con.execute(_SKIPS, [[reason.value for reason in reasons], decided_by]).fetchall()
    candidates = candidates_by_key(con, [key for key, _, _ in rows])
    return tuple(
        ArchivedSkip(candidate=candidates[key], archive_ref=ref, relevance=relevance)
        for key, ref, relevance in rows
        if key in candidates
    )


def archive_refs(con: Connection) -> frozenset[str]:
    """Every archive_ref an article was read from."""
    rows = con.execute(
        "select distinct archive_ref from kept.readings where archive_ref is not null"
    ).fetchall()
    return frozenset(ref for (ref,) in rows)


_READINGS = """
select r.doc, r.article_id, r.url, r.source_id, r.archive_ref
from kept.known_at('infinity'::timestamptz) r
where r.archive_ref is not null and r.reader_version <> $version
  and ($every or r.article_id in (select unnest($ids::varchar[])))
  and r.doc not in (select doc from kept.rereads where reader_version = $version)
order by r.doc
"""

_SKIPS = """
with last as (
    select key, arg_max({'ending': ending, 'reason': reason, 'archive_ref': archive_ref,
                         'relevance': relevance, 'rule_version': rule_version}, rowid) as newest,
           max(rowid) as place
    from kept.endings
    group by key
)
select key, newest.archive_ref, newest.relevance
from last
where newest.ending in ('skipped', 'withdrawn') and newest.archive_ref is not null
  and newest.reason in (select unnest(?::varchar[]))
  and newest.rule_version is distinct from ?
order by place
"""
