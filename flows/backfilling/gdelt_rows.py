"""What GDELT saw, as candidates of the sources asked. Pure.

GDELT tells when it saw an article. That is no publication time: only its day is kept as a claim, so
that no reader takes the minute of a crawl for the minute of publication.
"""

from dataclasses import replace
from datetime import UTC, datetime, time

from flows.backfilling.outlets import Outlets
from flows.discovery import Listing, candidates_of
from flows.records import Candidate, ClaimedTime, Precision

# A window holds at most 250 rows, a quarter's table some thousands of articles of all the world
_MOST_CANDIDATES = 20_000


def candidates_in(listing: Listing, outlets: Outlets, now: datetime) -> list[Candidate]:
    """The candidates of a listing, for each source whose host an article lies on."""
    return [
        _by_day(candidate)
        for source, entries in outlets.by_source(listing.entries)
        for candidate in candidates_of(
            replace(listing, entries=entries), source, now=now, max_candidates=_MOST_CANDIDATES
        ).candidates
    ]


def _by_day(candidate: Candidate) -> Candidate:
    claim = candidate.claimed_at
    if not isinstance(claim, ClaimedTime):
        return candidate
    day = datetime.combine(claim.at.astimezone(UTC).date(), time(), UTC)
    return replace(candidate, claimed_at=replace(claim, at=day, precision=Precision.DAY))
