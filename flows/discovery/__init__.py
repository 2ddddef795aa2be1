"""Finding candidates: where each source's answer becomes claims about articles.

`look` asks one source; the parsers under it, one file per kind, are pure.
"""

from flows.discovery.answers import Answer, read_answer
from flows.discovery.asking import Reading, Web, in_thread
from flows.discovery.finding import Offer, discover, identify
from flows.discovery.google_news import headline_only
from flows.discovery.listing import Entry, Listing, Unreadable
from flows.discovery.looking import look
from flows.discovery.opml import Outline, parse_opml
from flows.discovery.repairing import Repair, Way, repair, ways_of
from flows.discovery.schedule import is_due

__all__ = [
    "Answer",
    "Entry",
    "Listing",
    "Offer",
    "Outline",
    "Reading",
    "Repair",
    "Unreadable",
    "Way",
    "Web",
    "discover",
    "headline_only",
    "identify",
    "in_thread",
    "is_due",
    "look",
    "parse_opml",
    "read_answer",
    "repair",
    "ways_of",
]
