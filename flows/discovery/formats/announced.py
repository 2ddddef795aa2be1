"""What a site announces: feeds in its pages, by `<link>` or linked in their text, and sitemaps in
its robots.txt. Bytes → URLs.

Decides which links read like feeds; whether they are is told by asking (`finding`).
"""

import re
from itertools import islice
from urllib.parse import urlsplit

from flows.core.text.listing_markup import Element, document_base, html_tree, words_of
from flows.core.urls import fetch_url

_MOST_ROBOTS_BYTES = 500_000

_FEED_TYPES = frozenset(
    {
        "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json",
        "application/rdf+xml", "text/xml", "application/xml", "application/x-rss+xml",
        "application/rss", "application/atom", "text/rss", "text/rss+xml", "text/atom+xml",
    }
)  # fmt: skip
# An `<a>` of these types says of itself that it is a feed; of the others anything may be.
_CERTAIN_TYPES = _FEED_TYPES - {"application/json", "text/xml", "application/xml"}
_FEED_WORDS = frozenset({"rss", "rss2", "atom", "rdf", "feed", "feeds"})
_NAMES = frozenset({"rss", "atom"})  # what a link to a feed is called; "feed" means much else
_WORDS = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 3  # of a file's name: `world-rss.xml` is a feed, `what-the-feed-says-of-us` a story
_LONGEST_NAME = 40
_MOST_LINKED = 30  # each costs a request; a page with a list of its feeds may name a hundred
_MOST_LOOKED_AT = 5_000  # links of a page; 20 µs each
_FEED_SCHEME = re.compile(r"\s*(?:feed|rss):(?://)?(?=(https?:)?)", re.IGNORECASE)


def feeds_linked_in(body: bytes, *, url: str, charset: str | None = None) -> tuple[str, ...]:
    """Feeds a page points to: those it announces, in its order, then those it links.

    `url` is where the page came from.
    """
    tree = html_tree(body, charset)
    if tree is None:
        return ()
    base = document_base(tree, url)
    announced = [link for link in tree.iter("link") if _announces(link)]
    found = dict.fromkeys(_targets(announced, base))
    anchors = list(islice(tree.iter("a"), _MOST_LOOKED_AT))
    found |= dict.fromkeys(_targets(anchors, base, only_feeds=True)[:_MOST_LINKED])
    return tuple(target for target in found if not _is_api(target))


def web_address(raw: str, base: str = "https://") -> str:
    """`raw` with the scheme of the web where it has one that feed readers know.

    `feed://host/x` is asked for as `base` is, `feed:https://host/x` as it says.
    """
    scheme = _FEED_SCHEME.match(raw)
    if scheme is None:
        return raw
    rest = raw[scheme.end() :]
    return rest if scheme[1] else f"{base.partition(':')[0]}://{rest.lstrip('/')}"


def _targets(links: list[Element], base: str, *, only_feeds: bool = False) -> list[str]:
    targets: list[str] = []
    for link in links:
        href = str(link.get("href") or "").strip()
        target = fetch_url(web_address(href, base), base) if href else None
        if target is not None and (not only_feeds or _reads_as_feed(link, href, target)):
            targets.append(target)
    return targets


def _announces(link: Element) -> bool:
    rels = set(str(link.get("rel") or "").lower().split())
    return "feed" in rels or ("alternate" in rels and _type_of(link) in _FEED_TYPES)


def _reads_as_feed(link: Element, href: str, target: str) -> bool:
    """By what the link says of itself, by its address, or by its name."""
    if _type_of(link) in _CERTAIN_TYPES or _FEED_SCHEME.match(href):
        return True
    parts = urlsplit(target.lower())
    steps = parts.path.strip("/").split("/")
    last = _WORDS.findall(steps[-1])
    if _FEED_WORDS.intersection(steps) or _FEED_WORDS.intersection(_WORDS.findall(parts.query)):
        return True
    if len(last) <= _MOST_WORDS and _FEED_WORDS.intersection(last):
        return True
    name = f"{words_of(link)} {link.get('title') or ''}"[:_LONGEST_NAME].lower()
    return bool(_NAMES.intersection(_WORDS.findall(name)))


def _type_of(link: Element) -> str:
    return str(link.get("type") or "").lower().partition(";")[0].strip()


def sitemaps_in_robots(body: bytes) -> tuple[str, ...]:
    """The `Sitemap:` lines of a robots.txt, in order."""
    found: dict[str, None] = {}
    for line in body[:_MOST_ROBOTS_BYTES].decode("utf-8", errors="replace").splitlines():
        # by string methods: a pattern that skips white space goes over many empty lines many times
        name, _, value = line.partition(":")
        if name.strip("\ufeff \t").lower() == "sitemap" and (words := value.split(maxsplit=1)):
            found[words[0]] = None
    return tuple(found)


def _is_api(url: str) -> bool:
    """WordPress announces its interface and oEmbed as `application/json` alternates."""
    return "/wp-json/" in url or "/oembed" in url
