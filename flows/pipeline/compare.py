"""Compare: arrivals → the batch that one transaction appends.

Decides the order: what has no text of its own is left out, `flows.pipeline.identity` says what each
arrival is, and `flows.pipeline.copies` whose copy a new text is.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from flows.core import Candidate, Reason, Skipped, Stage
from flows.dedup.furniture import is_shell
from flows.pipeline.copies import linked, placed
from flows.pipeline.identity import Arrival, identify
from flows.store import Connection
from flows.store.batch import Batch, Ended


def compare_arrivals(
    con: Connection,
    arrivals: Sequence[Arrival],
    *,
    endings: tuple[Ended, ...] = (),
    run_id: str,
    now: datetime,
) -> Batch:
    """Everything one transaction must append for `arrivals` and for `endings` decided elsewhere."""
    decided = identify(con, arrivals)
    links = tuple(linked(con, decided.articles, decided.revisions, now))
    return Batch(
        run_id=run_id,
        stored_at=now,
        articles=tuple(decided.articles),
        revisions=tuple(decided.revisions),
        links=links,
        memberships=tuple(placed(con, decided.articles, links)),
        aliases=tuple(decided.aliases),
        endings=(*endings, *decided.endings),
        warnings=tuple(decided.warnings),
    )


def without_shells(
    arrivals: Iterable[Arrival],
) -> Iterator[Arrival | tuple[Candidate, Skipped]]:
    """Arrivals as they are, but a fetched shell text as its candidate's skip."""
    for arrival in arrivals:
        if arrival.candidate is not None and is_shell(arrival.article.text):
            yield (
                arrival.candidate,
                Skipped(
                    stage=Stage.COMPARE,
                    reason=Reason.SHELL_TEXT,
                    archive_ref=arrival.archive_ref,
                    final_url=arrival.article.url,
                ),
            )
        else:
            yield arrival
