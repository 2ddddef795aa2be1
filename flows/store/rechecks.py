"""Second looks at articles: what a decider needs to know when each is due, and what came of them.

Decides that a look which failed for a passing reason is none, and when it is tried again (as for
candidates, `retrying`); refuses to decide the rhythm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from flows.core import TRANSIENT, Reason, Validators
from flows.store.candidates import article_numbers, retry_at
from flows.store.connections import Connection
from flows.store.rows import append_rows, instant, instant_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkable:
    """An article on the topic that has a URL, and the looks it has had. `checks` counts those
    since it was stored, `revisions` its texts by the publisher. `last_checked_at` is the last look
    that was one; `retry_at`: the newest failed for a passing reason, and is due again then."""

    article_id: str
    url: str
    source_id: str | None
    outlet: str | None
    published_at: datetime | None
    first_seen_at: datetime
    last_checked_at: datetime | None
    last_outcome: str | None
    retry_at: datetime | None
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
     looks) = row  # fmt: skip
    newest = looks[0] if looks else {}
    again, counted = _standing(looks or [])
    return Checkable(
        article_id=article_id,
        url=url,
        source_id=source_id,
        outlet=outlet,
        published_at=instant_or_none(published_at),
        first_seen_at=instant(first_seen_at),
        last_checked_at=counted,
        last_outcome=newest.get("outcome"),
        retry_at=again,
        checks=checks,
        revisions=revisions,
        validators=Validators(etag=newest.get("etag"), last_modified=newest.get("last_modified")),
    )


def _standing(looks: Sequence[Mapping[str, Any]]) -> tuple[datetime | None, datetime | None]:
    """When the newest of `looks` (newest first) is tried again, and when the last that counts was.

    A look that is given up counts: the next is that of the rhythm.
    """
    failures = len(list(takewhile(_has_failed, looks)))
    if failures:
        failed_at = instant(looks[0]["checked_at"])
        again = retry_at(Reason(looks[0]["detail"]), failures, failed_at, None)
        if again is None:
            return None, failed_at
    else:
        again = None
    return again, next((instant(look["checked_at"]) for look in looks[failures:]), None)


def _has_failed(look: Mapping[str, Any]) -> bool:
    return look["outcome"] == "skipped" and look["detail"] in TRANSIENT


_CHECKABLE = """
select k.article_id, k.url, k.source_id, k.outlet, k.published_at, k.first_seen_at, k.revisions,
       coalesce(c.checks, 0), c.looks
from kept.known_at('infinity'::timestamptz) k
left join (
    select article, count(*) as checks,
           list({'checked_at': checked_at, 'outcome': outcome, 'detail': detail, 'etag': etag,
                 'last_modified': last_modified} order by rowid desc) as looks
    from kept.rechecks
    group by article
) c on c.article = k.article
where k.verdict <> 'off_topic' and k.url is not null and k.first_seen_at >= ?
order by k.first_seen_at, k.article
"""
