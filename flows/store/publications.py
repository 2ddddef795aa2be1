"""What a reading says of its article's publication: the columns that stay or change together.

Decides how a claim becomes columns; refuses to decide which of two claims stands.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from flows.records import ClaimedTime
from flows.store.connecting import Connection

_COLUMNS = (
    "published_at", "published_precision", "published_origin", "published_zone", "published_raw",
    "published_alternatives", "published_problem",
)  # fmt: skip


def standing_publications(con: Connection, articles: Sequence[int]) -> dict[int, dict[str, Any]]:
    """article → these columns of its newest reading; what was taken back does not count."""
    rows = con.execute(_STANDING, [articles]).fetchall()
    return {article: dict(zip(_COLUMNS, told, strict=True)) for article, *told in rows}


def publication_in(row: Mapping[str, object]) -> dict[str, Any]:
    """These columns of a row."""
    return {name: row[name] for name in _COLUMNS}


def with_claim(standing: Mapping[str, Any], claim: ClaimedTime | None) -> dict[str, Any]:
    """`standing`, and a later page's claim among what others claimed."""
    others = list(standing["published_alternatives"] or ())
    if claim is not None and claim_row(claim) not in others:
        others.append(claim_row(claim))
    return {**standing, "published_alternatives": others}


def claim_row(claim: ClaimedTime) -> dict[str, object]:
    """One of the alternatives."""
    return {
        "claimed_at": claim.at.astimezone(UTC),
        "precision": claim.precision.value,
        "origin": claim.origin,
        "zone": claim.zone.value,
        "raw": claim.raw,
    }


_STANDING = f"""
select article, {", ".join(_COLUMNS)}
from kept.readings
where article in (select unnest(?::integer[])) and doc not in (select doc from kept.withdrawals)
qualify row_number() over (partition by article order by doc desc) = 1
"""
