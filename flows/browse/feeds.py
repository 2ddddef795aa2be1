"""Entries → Atom (RFC 4287) and JSON Feed 1.1.

Decides how an entry is written; refuses to know what is in it. Ids are for ever: they name what the
file names, never where it is served from.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from flows.browse.words import clean, machine_time, short
from flows.store.query import Row

_ATOM = "http://www.w3.org/2005/Atom"
# What XML 1.0 has no place for
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to follow. `updated`: when we saw it change; `url`: the original, `page`: ours."""

    ident: str
    title: str
    updated: datetime
    published: datetime | None = None
    summary: str = ""
    url: str | None = None
    page: str | None = None
    author: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed before it is written. `home` and `own`: the page it belongs to, and its own address;
    None where nobody knows yet which server the folder will lie on."""

    ident: str
    title: str
    home: str | None
    own: str | None
    entries: tuple[Entry, ...]


def article_entry(row: Row, page: str | None) -> Entry:
    """An article as an entry; its time is the publisher's claim where there is one."""
    published = row["published_at"]
    return Entry(
        ident=f"urn:dateline:article:{row['article_id']}",
        title=short(row["title"]) or "(no title)",
        updated=_instant(row["seen_at"]),
        published=published if isinstance(published, datetime) else None,
        summary=short(row.get("snippet") or "", 600),
        url=str(row["url"]) if row["url"] else None,
        page=page,
        author=clean(row["outlet"]) or None,
        language=str(row["language"]) if row["language"] else None,
    )


def edit_entry(row: Row, page: str | None) -> Entry:
    """A change by a publisher as an entry."""
    change = row["change"]
    share = f"{change:.0%} of the words changed" if isinstance(change, float) else "changed"
    retitled = row["title"] != row["title_before"]
    before = f"; the title was: {short(row['title_before'])}" if retitled else ""
    return Entry(
        ident=f"urn:dateline:revision:{row['article_id']}:{row['revision']}",
        title=f"{clean(row['outlet'])}: {short(row['title'])}",
        updated=_instant(row["seen_at"]),
        published=_instant(row["seen_at"]),
        summary=share + before,
        page=page,
        author=clean(row["outlet"]) or None,
        language=str(row["language"]) if row["language"] else None,
    )


def gap_entry(row: Row, page: str | None) -> Entry:
    """An open hole as an entry."""
    since, until = machine_time(row["since"]), machine_time(row["until"])
    return Entry(
        ident=f"urn:dateline:gap:{row['gap_id']}",
        title=f"{clean(row['outlet'] or row['source_id'])}: {clean(row['cause'])}",
        updated=_instant(row["found_at"]),
        published=_instant(row["found_at"]),
        summary=f"From {since} to {until}. What would close it: {clean(row['remedy'])}",
        page=page,
    )


def atom(feed: Feed, updated: datetime) -> bytes:
    """The feed as Atom; `updated` where it has no entries."""
    ElementTree.register_namespace("", _ATOM)
    root = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", feed.ident)
    _add(root, "title", feed.title)
    _add(root, "updated", machine_time(_newest(feed.entries, updated)))
    if feed.home:
        _add(root, "link", rel="alternate", type="text/html", href=feed.home)
    if feed.own:
        _add(root, "link", rel="self", type="application/atom+xml", href=feed.own)
    _add(_add(root, "author"), "name", "Dateline")
    for entry in feed.entries:
        _add_entry(root, entry)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return bytes(body)


def json_feed(feed: Feed) -> bytes:
    """The feed as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    told = _present(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.own,
            "items": [_item(entry) for entry in feed.entries],
        }
    )
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    plain = {key: _NO_XML.sub("", value) for key, value in attributes.items()}
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", plain)
    element.text = None if text is None else _NO_XML.sub("", text)
    return element


def _add_entry(root: ElementTree.Element, entry: Entry) -> None:
    element = _add(root, "entry")
    if entry.language and _LANGUAGE.fullmatch(entry.language):
        element.set("{http://www.w3.org/XML/1998/namespace}lang", entry.language)
    _add(element, "id", entry.ident)
    _add(element, "title", entry.title or "(no title)")
    _add(element, "updated", machine_time(entry.updated))
    if entry.published is not None:
        _add(element, "published", machine_time(entry.published))
    for rel, href in _links(entry):
        _add(element, "link", rel=rel, type="text/html", href=href)
    if entry.author:
        _add(_add(element, "author"), "name", entry.author)
    _add(element, "summary", entry.summary)


def _links(entry: Entry) -> Sequence[tuple[str, str]]:
    """The original first; our page beside it, or alone."""
    if entry.url and entry.page:
        return (("alternate", entry.url), ("related", entry.page))
    one = entry.url or entry.page
    return (("alternate", one),) if one else ()


def _item(entry: Entry) -> dict[str, object]:
    return _present(
        {
            "id": entry.ident,
            "url": entry.url or entry.page,
            "title": entry.title,
            "content_text": entry.summary,
            "date_published": machine_time(entry.published) or None,
            "date_modified": machine_time(entry.updated),
            "authors": [{"name": entry.author}] if entry.author else None,
            "language": entry.language,
            "_dateline": {"page": entry.page} if entry.url and entry.page else None,
        }
    )


def _present(told: dict[str, object | None]) -> dict[str, object]:
    return {name: value for name, value in told.items() if value is not None}


def _newest(entries: Sequence[Entry], otherwise: datetime) -> datetime:
    return max((entry.updated for entry in entries), default=otherwise)


def _instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime(1970, 1, 1, tzinfo=UTC)
