"""OPML subscription lists (opml.org): bytes → feeds with their titles.

Decides which outlines are feeds; refuses to know what becomes of them.
"""

from dataclasses import dataclass

from flows.core.carriers import link_target
from flows.core.text.cleaning import clean_line
from flows.core.text.listing_markup import xml_attributes
from flows.core.urls import url_key
from flows.discovery.formats.announced import web_address
from flows.discovery.listing import Unreadable

_MAX_OUTLINES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list; `language` as the list claims it."""

    url: str
    title: str
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """The feeds of a list, in its order, each address once. `refused`: those whose address is no
    http(s) URL that can be asked."""

    outlines: tuple[Outline, ...]
    refused: int = 0


def parse_opml(body: bytes) -> Subscriptions | Unreadable:
    """The feeds of a list; folders, which have no address, are ignored."""
    found: dict[str, Outline] = {}
    outlines = refused = 0
    for attributes in xml_attributes(body, "outline"):
        outlines += 1
        if outlines > _MAX_OUTLINES:
            break
        address = attributes.get("xmlurl", "")
        url = link_target(web_address(address))
        if url is None:
            refused += bool(address.strip())
            continue
        title = clean_line(attributes.get("title") or attributes.get("text") or "", 200)
        language = attributes.get("language", "").strip().lower().partition("-")[0]
        found.setdefault(
            url_key(url),
            Outline(
                url=url,
                title=title or url,
                language=language if language.isalpha() and len(language) in (2, 3) else None,
            ),
        )
    if not outlines:
        return Unreadable(problem="no OPML: it has no <outline>")
    return Subscriptions(outlines=tuple(found.values()), refused=refused)
