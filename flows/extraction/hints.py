"""What the reader is told about a page from outside, and which reader we are."""

from dataclasses import dataclass

from flows.core import ClaimedTime, UnreadTime

# Raised by hand whenever the same bytes may read differently; kept with every article.
READER_VERSION = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What the source is, and what its feed or sitemap claimed of the page.

    `timezone` is the source's IANA zone: it is applied to times that carry none. `country` is the
    source's, as ISO 3166 writes it: it tells the order of day and month. Claims are
    witnesses among others, not orders. `title_ends` are segments that most titles of the page's
    host begin or end with, as written: they go from its headlines like the site's name.
    """

    outlet: str | None = None
    timezone: str | None = None
    language: str | None = None
    country: str | None = None
    claimed_title: str | None = None
    claimed_at: ClaimedTime | UnreadTime | None = None
    claimed_summary: str | None = None
    title_ends: tuple[str, ...] = ()
