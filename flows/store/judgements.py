"""Judgements taken again: appended, so that what was thought before can still be asked.

Decides what is handed out to be judged; refuses to judge.

What the archive can be asked about again: pages behind articles, and pages that were skipped.

Decides what is handed out for reading or judging again, so that an interrupted pass goes on where
it stopped; refuses to read or judge.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.core import Candidate, Judgement, Reason
from flows.store.append import judgement_row
from flows.store.candidates import article_numbers, candidates_listed
from flows.store.connections import Connection
from flows.store.rows import append_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a stored article was judged last, and where its page lies."""

    article_id: str
    verdict: str
    relevance: float
    rules_version: str | None
    archive_ref: str | None
    origin: str


def standing_judgements(con: Connection) -> Iterator[Standing]:
    """The newest judgement of every stored article, off topic or not, in the order of storing."""
    rows = con.execute(
        "select article_id, verdict, relevance, rules_version, archive_ref, origin "
        "from kept.known_at('infinity'::timestamptz) order by article"
    ).fetchall()
    for article_id, verdict, relevance, rules_version, archive_ref, origin in rows:
        yield Standing(
            article_id=article_id,
            verdict=verdict,
            relevance=relevance,
            rules_version=rules_version,
            archive_ref=archive_ref,
            origin=origin,
        )


def off_topic(con: Connection, article_ids: Sequence[str]) -> frozenset[str]:
    """Those of `article_ids` that were judged off the topic last."""
    numbers = {number: name for name, number in article_numbers(con, article_ids).items()}
    rows = con.execute(_OFF_TOPIC, [list(numbers)]).fetchall()
    return frozenset(numbers[article] for (article,) in rows)


def append_judgements(
    con: Connection, run_id: str, judgements: Mapping[str, Judgement], judged_at: datetime
) -> None:
    """Append newer judgements of stored articles, by article_id. Raises `KeyError` for others."""
    numbers = article_numbers(con, list(judgements))
    append_rows(
        con,
        "kept.judgements",
        [
            judgement_row(judgement)
            | {
                "article": numbers[article_id],
                "doc": numbers[article_id],
                "first": False,
                "judged_at": judged_at,
                "run_id": run_id,
            }
            for article_id, judgement in judgements.items()
        ],
    )


_OFF_TOPIC = """
select article
from kept.judgements
where article in (select unnest(?::integer[]))
  and (not first or doc not in (select doc from kept.withdrawals))
group by article
having arg_max(verdict, rowid) = 'off_topic'
"""


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
    candidates = candidates_listed(con, [(key, url) for key, url, _, _ in rows])
    return tuple(
        ArchivedSkip(candidate=candidates[key, url], archive_ref=ref, relevance=relevance)
        for key, url, ref, relevance in rows
        if (key, url) in candidates
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
    select key, url, arg_max({'ending': ending, 'reason': reason, 'archive_ref': archive_ref,
                         'relevance': relevance, 'rule_version': rule_version},
                        rowid) as newest,
           max(rowid) as place
    from kept.endings
    group by key, url
)
select key, url, newest.archive_ref, newest.relevance
from last
where newest.ending in ('skipped', 'withdrawn') and newest.archive_ref is not null
  and newest.reason in (select unnest(?::varchar[]))
  and newest.rule_version is distinct from ?
order by place
"""
