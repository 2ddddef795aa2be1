"""Feeds and sitemaps of a site (`sources discover`): what its pages and robots.txt point to.

Decides which links and well-known paths are worth trying; refuses to fetch.
"""

from flows.discovery.markup import html_tree
from flows.urls import fetch_url

_FEED_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json",
        "application/rdf+xml", "text/xml", "application/xml",
    }
)  # fmt: skip


def feeds_linked_in(body: bytes, *, url: str, charset: str | None = None) -> tuple[str, ...]:
    """Feeds a page announces by `<link rel="alternate" type="…">`, in its order."""
    tree = html_tree(body, charset)
    if tree is None:
        return ()
    found: dict[str, None] = {}
    for link in tree.iter("link"):
        rels = str(link.get("rel") or "").lower().split()
        media_type = str(link.get("type") or "").lower().partition(";")[0].strip()
        if {"alternate", "feed"} & set(rels) and ("feed" in rels or media_type in _FEED_TYPES):
            target = fetch_url(str(link.get("href") or ""), url)
            if target is not None and "/wp-json/" not in target:
                found[target] = None
    return tuple(found)
