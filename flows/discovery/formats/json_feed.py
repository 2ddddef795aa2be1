"""JSON Feed 1.0 and 1.1 (jsonfeed.org): bytes → listing.

Decides which members are an item's link, identity, title and dates; refuses to resolve links or
read dates. Members of the wrong type are taken as absent.
"""

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from flows.core.text.cleaning import MAX_SUMMARY_CHARS
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable

Item = TypeVar("Item")


def parse_json_feed(body: bytes, *, url: str) -> Listing | Unreadable:
    """Read one JSON Feed; `url` is where the bytes came from."""
    document = read_json(body)
    if isinstance(document, Unreadable):
        return document
    if not isinstance(document, Mapping) or not isinstance(document.get("items"), list):
        return Unreadable(problem="JSON, and no JSON Feed: it has no list of items")
    items = [item for item in document["items"] if isinstance(item, Mapping)]
    return Listing(
        form="json_feed",
        base=url,
        entries=tuple(_entry(item) for item in newest_of(items)),
        beyond=max(0, len(items) - MAX_ENTRIES),
        older=_text(document, "next_url"),
    )


def newest_of(items: Sequence[Item]) -> Sequence[Item]:
    """At most `MAX_ENTRIES`, half from either end: the newest stand first, or last, not between."""
    half = MAX_ENTRIES // 2
    return items if len(items) <= MAX_ENTRIES else [*items[:half], *items[-half:]]


def read_json(body: bytes) -> object:
    """The JSON value in `body` (any UTF, with or without BOM), or why there is none."""
    try:
        value: object = json.loads(body.lstrip(b"\xef\xbb\xbf \t\r\n"), strict=False)
    except UnicodeDecodeError:
        return Unreadable(problem="JSON in no Unicode encoding")
    except ValueError as error:
        return Unreadable(problem=f"no valid JSON: {error}")
    except RecursionError:
        return Unreadable(problem="JSON nested too deeply")
    return value


def _entry(item: Mapping[str, object]) -> Entry:
    summary = _text(item, "summary") or _text(item, "content_text") or _text(item, "content_html")
    identity = item.get("id")
    return Entry(
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        summary=summary[:MAX_SUMMARY_CHARS] if summary else None,
        published=_text(item, "date_published"),
        updated=_text(item, "date_modified"),
        guid=str(identity) if isinstance(identity, str | int | float) else None,
    )


def _text(item: Mapping[str, object], name: str) -> str | None:
    value = item.get(name)
    return value.strip() or None if isinstance(value, str) else None
