"""Finding candidates: where each source's answer becomes claims about articles.

`look` asks one source; the parsers under it, one file per kind, are pure.
"""

from flows.discovery.candidates import candidates_of
from flows.discovery.find import Offer, discover, identify
from flows.discovery.formats.announced import web_address
from flows.discovery.formats.gdelt import (
    DOC_API,
    QUARTER,
    bulk_file,
    doc_query,
    parse_articles,
    parse_bulk_file,
    split_window,
    window_complete,
)
from flows.discovery.formats.google_news import headline_only
from flows.discovery.formats.opml import Outline, Subscriptions, parse_opml
from flows.discovery.kinds import Answer, read_answer
from flows.discovery.listing import Entry, Listing, Unreadable
from flows.discovery.look import faulted, look
from flows.discovery.network import READ_OPML, Reading, Web, in_thread, in_workers, unread
from flows.discovery.providers.cc_news import (
    CC_NEWS,
    FIRST_MONTH,
    WarcFile,
    files_holding,
    month_list,
    months_of,
    parse_paths,
)
from flows.discovery.providers.wayback import (
    WAYBACK,
    Capture,
    Captures,
    capture_address,
    capture_of,
    cdx_query,
    parse_cdx,
)
from flows.discovery.repair import Repair, Way, repair, ways_of
from flows.discovery.schedule import is_due

__all__ = [
    "CC_NEWS",
    "DOC_API",
    "FIRST_MONTH",
    "QUARTER",
    "READ_OPML",
    "WAYBACK",
    "Answer",
    "Capture",
    "Captures",
    "Entry",
    "Listing",
    "Offer",
    "Outline",
    "Reading",
    "Repair",
    "Subscriptions",
    "Unreadable",
    "WarcFile",
    "Way",
    "Web",
    "bulk_file",
    "candidates_of",
    "capture_address",
    "capture_of",
    "cdx_query",
    "discover",
    "doc_query",
    "faulted",
    "files_holding",
    "headline_only",
    "identify",
    "in_thread",
    "in_workers",
    "is_due",
    "look",
    "month_list",
    "months_of",
    "parse_articles",
    "parse_bulk_file",
    "parse_cdx",
    "parse_opml",
    "parse_paths",
    "read_answer",
    "repair",
    "split_window",
    "unread",
    "ways_of",
    "web_address",
    "window_complete",
]
