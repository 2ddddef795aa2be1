"""Lists of items written as RSS 2.0, RSS 1.0, Atom, JSON Feed, sitemap, news sitemap, list page.

Decides the bytes of each form, by hand, as servers write them; refuses to know which items are
shown and how their dates are worded.

What an outlet's feed, sitemap or list page shows at an instant.

Decides which pieces, under which links, how many and how dated; refuses to know how each form is
written (`formats`). `listed` answers what a reader of that list could have seen at that instant,
which the expectations are derived from.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from zoneinfo import ZoneInfo

from flows.rehearsal.outlets import Feed, Outlet, Piece, text_at

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_RDF = (
    'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list; `dated` is the date as it is written, None when there is none."""

    href: str
    guid: str
    title: str
    summary: str
    dated: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A list and what it says of itself."""

    name: str
    home: str
    url: str
    language: str
    items: tuple[Item, ...]


def write(form: str, channel: Channel) -> tuple[str, str]:
    """The media type and text of `channel`; `form` is one of the names below."""
    media_type, writer = _FORMS[form]
    return media_type, writer(channel)


def _rss(channel: Channel) -> str:
    items = "".join(
        f"<item>{_tag('title', item.title)}{_tag('link', item.href)}"
        f"{_tag('description', item.summary)}"
        f'<guid isPermaLink="false">{escape(item.guid)}</guid>'
        f"{_tag('pubDate', item.dated)}</item>\n"
        for item in channel.items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>'
        f"{_tag('title', channel.name)}{_tag('link', channel.home)}"
        f"{_tag('description', channel.name)}{_tag('language', channel.language)}\n"
        f"{items}</channel></rss>\n"
    )


def _rdf(channel: Channel) -> str:
    order = "".join(f'<rdf:li rdf:resource="{escape(item.href)}"/>' for item in channel.items)
    items = "".join(
        f'<item rdf:about="{escape(item.href)}">{_tag("title", item.title)}'
        f"{_tag('link', item.href)}{_tag('description', item.summary)}"
        f"{_tag('dc:date', item.dated)}</item>\n"
        for item in channel.items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rdf:RDF {_RDF}>'
        f'<channel rdf:about="{escape(channel.url)}">{_tag("title", channel.name)}'
        f"{_tag('link', channel.home)}{_tag('description', channel.name)}"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _atom(channel: Channel) -> str:
    items = "".join(
        f'<entry>{_tag("title", item.title)}<link rel="alternate" href="{escape(item.href)}"/>'
        f"{_tag('id', item.guid)}{_tag('published', item.dated)}{_tag('updated', item.dated)}"
        f"{_tag('summary', item.summary)}</entry>\n"
        for item in channel.items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{channel.language}">'
        f"{_tag('title', channel.name)}{_tag('id', channel.url)}"
        f'<link rel="self" href="{escape(channel.url)}"/>\n{items}</feed>\n'
    )


def _json_feed(channel: Channel) -> str:
    items = [
        {
            "id": item.guid,
            "url": item.href,
            "title": item.title,
            "summary": item.summary,
        }
        | ({} if item.dated is None else {"date_published": item.dated})
        for item in channel.items
    ]
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.name,
        "home_page_url": channel.home,
        "feed_url": channel.url,
        "items": items,
    }
    return json.dumps(value, ensure_ascii=False, indent=1)


def _sitemap(channel: Channel) -> str:
    """With line ends inside `<loc>`, as many are written."""
    items = "".join(
        f"<url><loc>\n{escape(item.href)}\n</loc>{_tag('lastmod', item.dated)}</url>\n"
        for item in channel.items
    )
    return f'<?xml version="1.0"?>\n<urlset xmlns="{_SITEMAP}">\n{items}</urlset>\n'


def _news_sitemap(channel: Channel) -> str:
    """With a prefix of its own for the news namespace."""
    publication = _tag("n:name", channel.name) + _tag("n:language", channel.language)
    items = "".join(
        f"<url>{_tag('loc', item.href)}<n:news><n:publication>{publication}</n:publication>"
        f"{_tag('n:publication_date', item.dated)}{_tag('n:title', item.title)}</n:news></url>\n"
        for item in channel.items
    )
    names = f'xmlns="{_SITEMAP}" xmlns:n="{_NEWS}"'
    return f'<?xml version="1.0"?>\n<urlset {names}>\n{items}</urlset>\n'


def _list_page(channel: Channel) -> str:
    items = "".join(
        f'<li class="item"><a href="{escape(item.href.removeprefix(channel.home.rstrip("/")))}">'
        f"{escape(item.title)}</a><span>{item.dated or ''}</span></li>\n"
        for item in channel.items
    )
    return (
        f'<!DOCTYPE html><html lang="{channel.language}"><head>{_tag("title", channel.name)}</head>'
        f'<body><ul class="menu"><li><a href="/section/1">{escape(channel.name)}</a></li></ul>\n'
        f'<ul class="news-list">\n{items}</ul></body></html>\n'
    )


def _tag(name: str, value: str | None) -> str:
    return "" if value is None else f"<{name}>{escape(value)}</{name}>"


_FORMS: Mapping[str, tuple[str, Callable[[Channel], str]]] = {
    "rss": ("application/rss+xml; charset=utf-8", _rss),
    "rdf": ("application/rdf+xml", _rdf),
    "atom": ("application/atom+xml", _atom),
    "json_feed": ("application/feed+json", _json_feed),
    "sitemap": ("application/xml", _sitemap),
    "news_sitemap": ("application/xml", _news_sitemap),
    "list": ("text/html", _list_page),
}


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
