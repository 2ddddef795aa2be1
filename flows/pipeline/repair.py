"""Open gaps → asked again: what a poll came too late for is fetched from where it still stands.

Decides which gaps are tried in a pass and when one counts as repaired: after every candidate of its
repair has ended. How a source can be asked for the past is `flows.discovery`'s.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.core import Candidate, Gap, GapCause, Source
from flows.discovery import Repair, repair, ways_of
from flows.pipeline.run import Run
from flows.store import Connection
from flows.store.candidates import Sighted
from flows.store.coverage import RecordedGap, close_gap, open_gaps
from flows.store.runs import last_started

# A gap that could not be repaired is tried again once a day: sitemaps fill in late, hosts recover.
_AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A gap whose repair reached over its whole window, and how."""

    gap: RecordedGap
    detail: str


def gaps_to_try(con: Connection, run: Run) -> list[RecordedGap]:
    """Gaps found in this pass, and older ones whose day has come round since the last pass.

    A source that has stopped has nothing newer anywhere: its gap is a person's to look into.
    """
    before = last_started(con, run.kind, run.run_id)
    return [
        gap
        for gap in open_gaps(con)
        if gap.cause != GapCause.STALE and _is_due(gap.found_at, before, run.started_at)
    ]


def _is_due(found_at: datetime, before: datetime | None, now: datetime) -> bool:
    if before is None or found_at >= before:
        return True
    return (now - found_at) // _AGAIN > (before - found_at) // _AGAIN


async def mend(
    run: Run, source: Source, gap: RecordedGap, take: Callable[[Sequence[Candidate]], object]
) -> Mended | None:
    """Ask every way of `source` for the window of `gap`; `take` gets what is unknown of it."""
    if not ways_of(source):
        return None
    window = Gap(
        source_id=gap.source_id, since=gap.since, until=gap.until, cause=GapCause(gap.cause)
    )
    found: Repair = await repair(
        source, run.web, window, now=run.clock(), hosts=run.outlet_hosts, reading=run.reading
    )
    sighted: Sighted = await run.sight(found.candidates)
    take(sighted.fresh)
    return Mended(gap=gap, detail=found.detail) if found.closed else None


async def close(run: Run, mended: Iterable[Mended]) -> None:
    """Record repaired gaps; called once their candidates have ended.

    What another run closed meanwhile is closed already.
    """
    done = list(mended)

    def work(con: Connection) -> None:
        still_open = {gap.gap_id for gap in open_gaps(con)}
        for one in (one for one in done if one.gap.gap_id in still_open):
            close_gap(con, run.run_id, one.gap, "repaired", one.detail, run.clock())

    if done:
        await run.clerk.do(work)
