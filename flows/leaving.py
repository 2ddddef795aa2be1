"""Families when an article leaves the topic, or comes back to it.

Decides that they are looked at again then: what nobody is shown is no original of what is shown.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from flows.relating import rejoined
from flows.store import Connection
from flows.store.appending import append
from flows.store.batch import Batch
from flows.store.judging import off_topic


@contextmanager
def followed(
    con: Connection, article_ids: Sequence[str], run_id: str, now: datetime
) -> Iterator[None]:
    """What is judged of stored articles within, their families follow in the same transaction."""
    before = off_topic(con, article_ids)
    yield
    changed = before ^ off_topic(con, article_ids)
    if changed:
        memberships = tuple(rejoined(con, sorted(changed)))
        append(con, Batch(run_id=run_id, stored_at=now, memberships=memberships))
