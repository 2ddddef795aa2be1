"""Whether a source that answers has stopped: its newest item is too old for its own rhythm."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

# No source is called stale within a week: holidays. A think tank that publishes monthly is stale
# after four of its own longest pauses. Unmeasured beyond the zombies in the list of feeds, whose
# newest items were years old.
_LEAST = timedelta(days=7)
_PAUSES = 4
_UNKNOWN = timedelta(days=30)


def stale_since(claimed: Sequence[datetime], *, now: datetime) -> datetime | None:
    """The newest of the claimed times when it is too old, else None; without dates nobody knows."""
    times = sorted(set(claimed))
    if not times:
        return None
    if len(times) < 3:
        patience = _UNKNOWN
    else:
        gaps = sorted(later - earlier for earlier, later in pairwise(times))
        # One pinned item of years ago makes one huge gap: the longest is left out of many
        longest = gaps[-2] if len(gaps) > 4 else gaps[-1]
        patience = max(_LEAST, _PAUSES * longest)
    return times[-1] if now - times[-1] > patience else None
