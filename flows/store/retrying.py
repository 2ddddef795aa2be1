"""When a URL that failed for a passing reason is worth another try. A pure decider.

Refuses to know what failed: only the reason, how often, and what the server asked for.
"""

from datetime import datetime, timedelta

from flows.records import TRANSIENT, Reason

# From a quarter of an hour, doubled each time, to a day: eight tries span two days, longer than
# most outages. Unmeasured.
_FIRST = timedelta(minutes=15)
_LONGEST = timedelta(days=1)
MOST_ATTEMPTS = 8
# A refusal by robots.txt or of ourselves, or a wall, does not pass within minutes.
_SLOW = frozenset({Reason.ROBOTS, Reason.HTTP_403, Reason.BLOCKED, Reason.REPEATED_TEXT})
_SLOW_FIRST = timedelta(hours=6)


def retry_at(
    reason: Reason, attempts: int, ended_at: datetime, retry_after: timedelta | None
) -> datetime | None:
    """When to try again after the `attempts`-th failure (counted from 1); None: never."""
    if reason not in TRANSIENT or attempts >= MOST_ATTEMPTS:
        return None
    first = _SLOW_FIRST if reason in _SLOW else _FIRST
    wait: timedelta = min(first * 2 ** (attempts - 1), _LONGEST)
    return ended_at + max(wait, retry_after or timedelta(0))
