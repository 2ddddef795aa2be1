"""List pages: the links a CSS selector chooses on an HTML page → listing.

For official sites without feeds, such as a foreign ministry's briefings. Decides a link's title
and the date written beside it; refuses to know which selector is right for which site.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from flows.core.text.listing_markup import Element, chosen, document_base, html_tree, words_of
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable

# A date beside a link: numeric, CJK, or day, word and year; what it means is `dates`' business
_DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{4}(?:,?\s+\d{1,2}:\d{2})?"
    r"|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,15}\.?,?\s+(?:de\s+)?\d{4}(?:,?\s+\d{1,2}:\d{2})?"
    r"|[^\W\d_]{3,10}\.?\s+\d{1,2},\s+\d{4}"
)
# How far from the link its date may stand: `<li><a>…</a><span>date</span></li>` and one deeper
_LEVELS = 3
_MAX_ROW_CHARS = 600


def parse_list_page(
    body: bytes, *, url: str, selector: str, charset: str | None = None
) -> Listing | Unreadable:
    """Read the links `selector` chooses: links themselves, or elements that hold links."""
    tree = html_tree(body, charset)
    if tree is None:
        return Unreadable(problem="no HTML")
    try:
        elements = chosen(tree, selector)
    except ValueError as error:
        return Unreadable(problem=str(error))
    links = [link for element in elements for link in _links(element)]
    if not links:
        return Unreadable(problem=f"the selector {selector!r} chooses no link on this page")
    distinct = list(dict.fromkeys(links))
    return Listing(
        form="links",
        base=document_base(tree, url),
        entries=_each_once(_entry(link) for link in distinct[:MAX_ENTRIES]),
        beyond=max(0, len(distinct) - MAX_ENTRIES),
    )


def _each_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """A story's picture and its headline lead to one address: what either says is said of it."""
    found: dict[object, Entry] = {}
    for entry in entries:
        first = found.setdefault(entry.link or entry, entry)
        if first is not entry:
            found[entry.link or entry] = replace(
                first,
                title=first.title or entry.title,
                published=first.published or entry.published,
            )
    return tuple(found.values())


def _links(element: Element) -> list[Element]:
    if element.tag == "a":
        return [element]
    return [link for link in element.iter("a") if isinstance(link, Element)]


def _entry(link: Element) -> Entry:
    title = words_of(link) or str(link.get("title") or "")
    return Entry(
        link=str(link.get("href") or "").strip() or None,
        title=title or None,
        published=_date_beside(link),
        claim="list",
    )


def _date_beside(link: Element) -> str | None:
    """The one date in the row of `link`; a row that holds more links than this one is a list."""
    row: Element = link
    for _ in range(_LEVELS):
        stamp = next((time for time in row.iter("time") if time.get("datetime")), None)
        if stamp is not None:
            return str(stamp.get("datetime"))
        words = words_of(row)
        if len(words) > _MAX_ROW_CHARS:
            return None
        if found := _DATE.search(words.replace(words_of(link), " ") if row is not link else words):
            return found[0]
        parent = row.getparent()
        if not isinstance(parent, Element) or _holds_another(parent, link):
            return None
        row = parent
    return None


def _holds_another(row: Element, link: Element) -> bool:
    """Stops at the first other address, so that a page of one row stays linear."""
    return any(other.get("href") != link.get("href") for other in row.iter("a"))
