"""What an outlet's feed, sitemap or list page shows at an instant.

Decides which pieces, under which links, how many and how dated; refuses to know how each form is
written (`formats`). `listed` answers what a reader of that list could have seen at that instant,
which the expectations are derived from.
"""

from datetime import datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from flows.rehearsal.formats import Channel, Item, write
from flows.rehearsal.outlets import Feed, Outlet, Piece, text_at

_TEN_YEARS = timedelta(days=3652)


def listed(outlet: Outlet, feed: Feed, now: datetime) -> tuple[tuple[Piece, str], ...]:
    """The pieces `feed` shows at `now` with their URLs, newest first, at most `feed.items`."""
    if feed.empty_from is not None and feed.empty_from <= now:
        return ()
    published = [
        piece
        for piece in outlet.pieces
        if piece.published <= now and (not piece.listed_in or feed.source_id in piece.listed_in)
    ]
    published.sort(key=lambda piece: piece.published, reverse=True)
    lines = [(piece, outlet.url(path)) for piece in published for path in _paths(piece, now)]
    return tuple(lines[: feed.items])


def listing(outlet: Outlet, feed: Feed, now: datetime) -> tuple[str, bytes]:
    """The media type and bytes of `feed` at `now`; list pages in the outlet's encoding."""
    items = tuple(
        Item(
            href=url,
            guid=f"tag:{outlet.host},2023:{piece.path}",
            title=text_at(piece, now).title,
            summary=piece.paragraphs[0] if piece.paragraphs else "",
            dated=_dated(outlet, feed, piece),
        )
        for piece, url in listed(outlet, feed, now)
    )
    channel = Channel(
        name=outlet.name,
        home=outlet.url("/"),
        url=outlet.url(feed.path),
        language=outlet.language,
        items=items,
    )
    media_type, text = write(feed.form, channel)
    if feed.form != "list":
        return media_type, text.encode()
    return f"{media_type}; charset={outlet.encoding}", text.encode(outlet.encoding)


def _paths(piece: Piece, now: datetime) -> tuple[str, ...]:
    """A moved piece is listed under its old path until it has moved, then under its new one.

    One that moved before anyone looked stays listed under the old path for good.
    """
    if piece.moved_from is None or (piece.moved_at is not None and piece.moved_at <= now):
        return piece.listed_as
    return (piece.moved_from,)


def _dated(outlet: Outlet, feed: Feed, piece: Piece) -> str | None:
    at = piece.published.astimezone(ZoneInfo(outlet.timezone))
    if feed.form == "list":
        return f"{at:%Y-%m-%d}"
    if feed.dates == "none" or piece.shows == "day":
        return None
    if feed.dates == "future":
        at += _TEN_YEARS
    if feed.dates == "local":
        return f"{at:%d.%m.%Y %H:%M}"
    return format_datetime(at) if feed.form == "rss" else at.isoformat()
