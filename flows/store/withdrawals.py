"""Taking back what was read of pages that were no articles.

Decides what goes with a reading (its shingles, its links, the URL keys bound by its text) and that
its URLs are fetched again; refuses to decide what is no article. Nothing is deleted that says what
happened: the reading, its judgement and its first ending stay, `withdrawals` and a further ending
say that they count no longer.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flows.core import Reason, Stage
from flows.store.candidates import retry_at
from flows.store.connections import Connection
from flows.store.rows import append_rows, key_of

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Pages that gave one text that was no article. `text_prints` are their texts'."""

    url_keys: tuple[str, ...]
    text_prints: tuple[str, ...]
    reason: Reason
    detail: str
    rule_version: str


def withdraw(
    con: Connection,
    run_id: str,
    withdrawal: Withdrawal,
    now: datetime,
    *,
    ending_now: Collection[str] = (),
) -> tuple[str, ...]:
    """Take back the readings under `withdrawal`; returns the articles whose families change.

    Every URL that ended by them, or off the topic, gets a further ending and is due again later;
    `ending_now` are url_keys whose candidates end in this transaction anyway.
    """
    keys = {key_of(url_key) for url_key in withdrawal.url_keys}
    asked = {"keys": list(keys), "prints": list(withdrawal.text_prints)}
    read = con.execute(_READ, asked).fetchall()
    docs = [doc for doc, _, _ in read]
    if docs:
        con.execute(_TAKE_BACK, {"docs": docs, "reason": withdrawal.reason.value, "now": now,
                                 "run": run_id})  # fmt: skip
        con.execute(_INSTEAD, [sorted({article for _, article, _ in read})])
        keys |= {key for (key,) in con.execute(_UNBIND, [docs]).fetchall()}
        con.execute("delete from kept.fingerprints where doc in (select unnest(?::integer[]))",
                    [docs])  # fmt: skip
    parted = con.execute(_PART, [docs]).fetchall() if docs else []
    _end_again(con, run_id, withdrawal, keys - {key_of(one) for one in ending_now}, now)
    return tuple(sorted({name for pair in parted for name in pair}))


def _end_again(
    con: Connection, run_id: str, withdrawal: Withdrawal, keys: set[int], now: datetime
) -> None:
    """A further ending for each of `keys` whose last one was decided by the text."""
    last = con.execute(_ENDED, {"keys": list(keys), "reason": withdrawal.reason.value}).fetchall()
    append_rows(
        con,
        "kept.endings",
        [
            {
                "key": key, "url": url, "source_id": source_id, "run_id": run_id, "ended_at": now,
                "ending": WITHDRAWN, "stage": Stage.COMPARE.value,
                "reason": withdrawal.reason.value, "detail": withdrawal.detail,
                "rule_version": withdrawal.rule_version, "archive_ref": archive_ref,
                "final_url": final_url, "attempts": attempts + 1, "day": day,
                "retry_at": retry_at(withdrawal.reason, attempts + 1, now, None),
            }
            for key, url, source_id, archive_ref, final_url, attempts, day in last
        ],
    )  # fmt: skip


_READ = """
select doc, article, article_id
from kept.readings
where article in (
        select article from kept.aliases where key in (select unnest($keys::ubigint[])))
  and text_print in (select unnest($prints::varchar[]))
  and doc not in (select doc from kept.withdrawals)
"""

_TAKE_BACK = """
insert into kept.withdrawals (doc, article, reason, withdrawn_at, run_id)
select doc, article, $reason, $now, $run
from kept.readings
where doc in (select unnest($docs::integer[]))
"""

# Again for all that was taken back of these articles: what stood in its place may be gone now.
_INSTEAD = """
update kept.withdrawals w
set instead = (
    select max(r.doc) from kept.readings r
    where r.article = w.article and r.doc < w.doc
      and r.doc not in (select doc from kept.withdrawals))
where w.article in (select unnest(?::integer[]))
"""

# Keys bound since on the word of a text that was taken back; earlier ones keep their article.
_UNBIND = """
delete from kept.aliases a
using (
    select article, min(stored_at) as since
    from kept.readings where doc in (select unnest(?::integer[]))
    group by article
) d
where a.article = d.article and a.stored_at >= d.since
returning a.key
"""

_PART = """
delete from kept.links l
using (
    select article_id, min(stored_at) as since
    from kept.readings where doc in (select unnest(?::integer[]))
    group by article_id
) d
where (l.a = d.article_id or l.b = d.article_id) and l.decided_at >= d.since
returning l.a, l.b
"""

_ENDED = """
select key, url, newest.source_id, newest.archive_ref, newest.final_url, newest.attempts, newest.day
from (
    select key, url, arg_max({'source_id': source_id, 'archive_ref': archive_ref,
                              'final_url': final_url, 'attempts': attempts, 'day': day,
                              'ending': ending, 'stage': stage, 'reason': reason}, rowid) as newest
    from kept.endings
    where key in (select unnest($keys::ubigint[]))
      and key not in (select key from kept.aliases)
    group by key, url
)
where newest.reason is distinct from $reason
  and (newest.ending <> 'skipped' or newest.stage in ('judge', 'compare'))
"""
