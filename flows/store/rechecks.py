"""Second looks at articles: what a decider needs to know when each is due, and what came of them.

Refuses to decide the rhythm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.records import Validators
from flows.store.candidates import article_numbers
from flows.store.connecting import Connection
from flows.store.rows import append_rows, instant, instant_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkable:
    """An article on the topic that has a URL, and the looks it has had. `checks` counts those
    since it was stored, `revisions` its texts by the publisher."""

    article_id: str
    url: str
    source_id: str | None
    outlet: str | None
    published_at: datetime | None
    first_seen_at: datetime
    last_checked_at: datetime | None
    last_outcome: str | None
    checks: int
    revisions: int
    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a second look: `revised`, `known` or `skipped`."""

    article_id: str
    outcome: str
    detail: str | None = None
    validators: Validators | None = None


def checkable_articles(con: Connection, seen_since: datetime) -> tuple[Checkable, ...]:
    """Articles first seen since `seen_since`, the oldest first."""
    return tuple(_checkable(row) for row in con.execute(_CHECKABLE, [seen_since]).fetchall())


def record_rechecks(
    con: Connection, run_id: str, checks: Sequence[Checked], checked_at: datetime
) -> None:
    """Append second looks."""
    numbers = article_numbers(con, [check.article_id for check in checks])
    append_rows(
        con,
        "kept.rechecks",
        [
            {
                "article": numbers[check.article_id],
                "checked_at": checked_at,
                "outcome": check.outcome,
                "detail": check.detail,
                "etag": check.validators.etag if check.validators else None,
                "last_modified": check.validators.last_modified if check.validators else None,
                "run_id": run_id,
            }
            for check in checks
        ],
    )


def _checkable(row: tuple[Any, ...]) -> Checkable:
    (article_id, url, source_id, outlet, published_at, first_seen_at, revisions, checks,
     newest) = row  # fmt: skip
    newest = newest or {}
    return Checkable(
        article_id=article_id,
        url=url,
        source_id=source_id,
        outlet=outlet,
        published_at=instant_or_none(published_at),
        first_seen_at=instant(first_seen_at),
        last_checked_at=instant_or_none(newest.get("checked_at")),
        last_outcome=newest.get("outcome"),
        checks=checks,
        revisions=revisions,
        validators=Validators(etag=newest.get("etag"), last_modified=newest.get("last_modified")),
    )


_CHECKABLE = """
select k.article_id, k.url, k.source_id, k.outlet, k.published_at, k.first_seen_at, k.revisions,
       coalesce(c.checks, 0), c.newest
from kept.known_at('infinity'::timestamptz) k
left join (
    select article, count(*) as checks,
           arg_max({'checked_at': checked_at, 'outcome': outcome, 'etag': etag,
                    'last_modified': last_modified}, rowid) as newest
    from kept.rechecks
    group by article
) c on c.article = k.article
where k.verdict <> 'off_topic' and k.url is not null and k.first_seen_at >= ?
order by k.first_seen_at, k.article
"""
