"""What people were told, so that they are told once.

Refuses to know what is worth telling.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flows.store.connecting import Connection
from flows.store.rows import append_rows, instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something told about a subject (a source, a run, a gap); `kind` is what was told."""

    subject: str
    kind: str
    detail: str | None
    told_at: datetime


def last_notices(con: Connection) -> dict[str, Notice]:
    """Subject → what was told about it last."""
    rows = con.execute(
        "select subject, kind, detail, told_at from kept.notices "
        "qualify row_number() over (partition by subject order by rowid desc) = 1"
    ).fetchall()
    return {
        subject: Notice(subject=subject, kind=kind, detail=detail, told_at=instant(told_at))
        for subject, kind, detail, told_at in rows
    }


def record_notices(con: Connection, run_id: str | None, notices: Sequence[Notice]) -> None:
    """Append what was told."""
    append_rows(con, "kept.notices", [asdict(notice) | {"run_id": run_id} for notice in notices])
