"""How far back a listing provably reaches: its entries → whether nothing can lie beyond it.

Decides when entries from before a window prove that the window is listed whole. One old entry
proves nothing: feeds pin items, and sitemaps that drop articles after two days keep pages of years
ago. Refuses to know how the listing was fetched.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from flows.discovery.candidates import claim_of
from flows.discovery.listing import Listing
from flows.records import ClaimedTime, Source

_IN_ORDER = frozenset({"rss", "atom", "json_feed", "wordpress"})
# Entries that must stand beyond the window at the end of a feed. Pinned items stand at its top;
# a feed sorted by date has one or two of them at its end. Unmeasured.
_AT_THE_END = 3
# A longer pause than this many of the listing's own is no pause: older entries were dropped.
_PAUSES = 4
_DAY = timedelta(days=1)


def reaches_back_to(listing: Listing, since: datetime, source: Source, *, now: datetime) -> bool:
    """Whether `listing` goes on beyond `since`: a feed in its own order, a sitemap by its pace."""
    claims = [claim_of(entry, source, now) for entry in listing.entries]
    instants = [claim.at for claim in claims if isinstance(claim, ClaimedTime)]
    if listing.form in _IN_ORDER:
        return _ends_before(instants, since)
    return _goes_on_before(sorted(instants), since)


def _ends_before(instants: Sequence[datetime], since: datetime) -> bool:
    """Newest first: whether the last entries lie beyond, in a short feed half of it."""
    last = min(_AT_THE_END, (len(instants) + 1) // 2)
    return bool(instants) and all(at <= since for at in instants[-last:])


def _goes_on_before(instants: Sequence[datetime], since: datetime) -> bool:
    """Oldest first: whether the newest entry beyond lies no further off than a pause."""
    beyond = [at for at in instants if at <= since]
    within = [at for at in instants if at > since]
    if not beyond or not within:
        return bool(beyond)
    paced = within if len(within) > 1 else beyond
    longest = max((later - earlier for earlier, later in pairwise(paced)), default=_DAY)
    return since - beyond[-1] <= max(_DAY, _PAUSES * longest)
