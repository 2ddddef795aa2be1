"""Which seed documents are loaded, by the print of their bytes.

Refuses to read them.
"""

from datetime import datetime

from flows.store.connecting import Connection
from flows.store.rows import append_rows


def loaded_seeds(con: Connection) -> dict[str, str]:
    """File name → SHA-256 of the bytes it was loaded from last."""
    rows = con.execute(
        "select name, sha256 from kept.seeds "
        "qualify row_number() over (partition by name order by rowid desc) = 1"
    ).fetchall()
    return dict(rows)


def record_seed(con: Connection, name: str, sha256: str, article_id: str, now: datetime) -> None:
    """Record that a seed document became an article."""
    row = {"name": name, "sha256": sha256, "article_id": article_id, "loaded_at": now}
    append_rows(con, "kept.seeds", [row])
