"""Whether an article's time of publication stands against what a later reading of it claims.

Decides between two claims of one publisher; refuses to know how claims are read. Systems drop the
time of publication from an edited page, write the time of the edit over it, or leave its day: what
was claimed first is nearer the truth then. Every other new claim is a correction, and counts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.core import ClaimedTime, Precision
from flows.store.batch import StoredText

# A day of somewhere, on the clock of UTC: it begins up to 14 hours before that day there (Kiribati)
# and ends up to 12 hours after it (Baker Island).
_DAY_BEGINS, _DAY_ENDS = timedelta(hours=-14), timedelta(hours=36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What stands of an article: its claimed time, a `Precision` with it, and when we saw it."""

    at: datetime | None
    precision: str | None
    first_seen_at: datetime

    def stands_against(self, claim: ClaimedTime | None) -> bool:
        """Whether `claim` is silent, later than an article that was there to be seen, or only the
        day of the time that stands."""
        if self.at is None:
            return False
        if claim is None or claim.at > max(self.at, self.first_seen_at):
            return True
        is_coarser = claim.precision is Precision.DAY and self.precision != Precision.DAY
        return is_coarser and _DAY_BEGINS <= self.at - claim.at < _DAY_ENDS


def publication_of(stored: StoredText) -> Publication:
    """What stands of a stored article."""
    return Publication(
        at=stored.published_at,
        precision=stored.published_precision,
        first_seen_at=stored.first_seen_at,
    )


def published(claim: ClaimedTime | None, first_seen_at: datetime) -> Publication:
    """What stands of an article once `claim` is believed."""
    return Publication(
        at=claim.at if claim else None,
        precision=claim.precision.value if claim else None,
        first_seen_at=first_seen_at,
    )
