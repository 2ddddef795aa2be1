"""When an article is looked at again for edits: soon at first, then less and less, then never."""

from datetime import datetime, timedelta

# Most corrections come within hours; GDELT looks again after a day and a week. Ages since the
# first sight, each looked at once.
RHYTHM = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=10),
)


def next_recheck(
    first_seen_at: datetime,
    last_check_at: datetime | None = None,
    published_at: datetime | None = None,
) -> datetime | None:
    """The instant from which the article is due for another look; None when it is left in peace.

    Looks that were missed are not made up for: after a pause of two days the next is that of the
    third day. An article first seen when it was older than the whole rhythm, as backfills find
    them, is not looked at again.
    """
    if published_at is not None and first_seen_at - published_at > RHYTHM[-1]:
        return None
    seen_age = (last_check_at or first_seen_at) - first_seen_at
    return next((first_seen_at + age for age in RHYTHM if age > seen_age), None)
