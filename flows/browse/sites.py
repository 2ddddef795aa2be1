"""What a site is made of: the file, the topic, where archive and labels lie; and its feeds.

Decides what every answer shares; refuses to know requests.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.browse.addresses import Addresses
from flows.browse.feeds import Entry, Feed, article_entry, edit_entry, gap_entry
from flows.browse.pages import sections
from flows.browse.rendering import Frame
from flows.browse.words import moment, short
from flows.core.csv_writing import write_csv
from flows.store.browsing import listing, told, watched
from flows.store.browsing.listing import Choice
from flows.store.browsing.newest import Opened
from flows.store.query import Row
from flows.topic import Topic

FEED_ENTRIES = 50
CSV_ROWS = 5_000
CSV_COLUMNS = (
    "article_id", "outlet", "country", "language", "character", "title", "published_at",
    "published_precision", "first_seen_at", "relevance", "story_id", "copy_of", "copy_kind",
    "revisions", "url",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where everything lies. `labels`: the file labels go to; None: none are taken."""

    store: Path
    archive: Path
    topic: Topic
    labels: Path
    can_label: bool = False


def frame_of(site: Site, opened: Opened, *, live: bool) -> Frame:
    """What the pages of one published file share."""
    return Frame(
        topic=site.topic.name,
        sections=sections(opened, live=live),
        published=moment(opened.published_at),
        can_label=site.can_label and live,
    )


def feed_of(
    opened: Opened, choice: Choice, at: Addresses, base: str, home: str | None, own: str | None
) -> Feed:
    """The newest articles of a choice as a feed; `base` goes before addresses of pages."""
    if choice.words:
        listing.look_up(opened, choice.words)
    rows = listing.listed(opened, choice, most=FEED_ENTRIES)
    told_by = " · ".join(
        short(part, 60) for part in (choice.words, *(value for _, value in choice.picks)) if part
    )
    return Feed(
        ident=f"urn:dateline:feed:{at.chosen(choice) or 'all'}",
        title=f"Dateline: {told_by or 'everything'}",
        home=home,
        own=own,
        entries=tuple(
            article_entry(row, _page(at, base, "article", row["article_id"])) for row in rows
        ),
    )


def edits_feed(opened: Opened, at: Addresses, base: str, home: str | None, own: str | None) -> Feed:
    """The newest edits as a feed."""
    entries = [
        edit_entry(row, _page(at, base, "article", row["article_id"]))
        for row in told.edited(opened, most=FEED_ENTRIES, largest=False)
    ]
    return _feed("edits", "edits by publishers", entries, home, own)


def gaps_feed(opened: Opened, at: Addresses, base: str, home: str | None, own: str | None) -> Feed:
    """Open gaps as a feed."""
    entries = [
        gap_entry(row, _page(at, base, "source", row["source_id"]))
        for row in watched.gaps(opened, most=FEED_ENTRIES)
    ]
    return _feed("gaps", "open gaps", entries, home, own)


def table_of(rows: Sequence[Row]) -> str:
    """Rows of articles as CSV that no spreadsheet runs."""
    written = io.StringIO()
    write_csv(written, CSV_COLUMNS, ([row[name] for name in CSV_COLUMNS] for row in rows))
    return written.getvalue()


def _feed(
    name: str, title: str, entries: Sequence[Entry], home: str | None, own: str | None
) -> Feed:
    return Feed(
        ident=f"urn:dateline:feed:{name}", title=f"Dateline: {title}", home=home, own=own,
        entries=tuple(entries),
    )  # fmt: skip


def _page(at: Addresses, base: str, name: str, ident: object) -> str | None:
    page = at.page(name, ident)
    return base + page if page is not None else None
