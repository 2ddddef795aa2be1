"""Judgements taken again: appended, so that what was thought before can still be asked.

Decides what is handed out to be judged; refuses to judge.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flows.records import Judgement
from flows.store.appending import judgement_row
from flows.store.candidates import article_numbers
from flows.store.connecting import Connection
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
