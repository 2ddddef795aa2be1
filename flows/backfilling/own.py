"""The sources' own memory: their sitemaps, archive pages, paged feeds and posts by date."""

from collections.abc import Sequence
from datetime import date, datetime

from flows.backfilling.plan import stretches
from flows.backfilling.providing import Asked, Job, Listed
from flows.discovery import Web, repair, ways_of
from flows.records import Candidate, Source


class Own:
    """Asks every way a source itself offers; a day is done when a way reached over it."""

    name = "own"
    requests_a_cell = 1.0  # an index and a file a day of a sitemap by day; less by month

    def refuses(self, source: Source) -> str | None:
        """Feeds alone hold only their newest items."""
        if ways_of(source):
            return None
        return "has no sitemap, archive or paged feed: name some in its `repairs`"

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """One job a source: its ways are asked once for all its days."""
        return [Job(name=f"own {one.source.source_id}", asked=(one,)) for one in asked]

    async def work(self, job: Job, web: Web, now: datetime) -> Listed:
        """Repair each stretch of days as if it were a gap."""
        candidates: dict[str, Candidate] = {}
        failed: dict[tuple[str, date], str] = {}
        for one in job.asked:
            for window in stretches(one.days):
                gap = window.gap(one.source.source_id)
                found = await repair(one.source, web, gap, now=now)
                candidates |= {candidate.url_key: candidate for candidate in found.candidates}
                if not found.closed:
                    failed |= {(one.source.source_id, day): found.detail for day in window.days}
        return Listed(candidates=tuple(candidates.values()), failed=failed)
