"""Feeds an HTML page announces by `<link rel="alternate">`: bytes → URLs."""

from flows.core.text.listing_markup import html_tree
from flows.core.urls import fetch_url

_FEED_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json",
        "application/rdf+xml", "text/xml", "application/xml",
    }
)  # fmt: skip


def feeds_linked_in(body: bytes, *, url: str, charset: str | None = None) -> tuple[str, ...]:
    """Feeds a page announces, in its order; `url` is where the page came from."""
    tree = html_tree(body, charset)
    if tree is None:
        return ()
    found: dict[str, None] = {}
    for link in tree.iter("link"):
        rels = str(link.get("rel") or "").lower().split()
        media_type = str(link.get("type") or "").lower().partition(";")[0].strip()
        if {"alternate", "feed"} & set(rels) and ("feed" in rels or media_type in _FEED_TYPES):
            target = fetch_url(str(link.get("href") or ""), url)
            if target is not None and not _is_api(target):
                found[target] = None
    return tuple(found)


def _is_api(url: str) -> bool:
    """WordPress announces its interface and oEmbed as `application/json` alternates."""
    return "/wp-json/" in url or "/oembed" in url
