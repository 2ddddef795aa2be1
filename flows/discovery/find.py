"""Feeds and sitemaps of a site (`sources discover`): what its pages and robots.txt point to.

Decides which links and well-known paths are worth a request and what kind of source an answer is;
the network is the `web` it is handed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from flows.core import Page, Skipped, Source
from flows.core.errors import NothingReached
from flows.core.urls import fetch_url, url_key
from flows.discovery.candidates import candidates_of, claimed_instant
from flows.discovery.formats.announced import web_address
from flows.discovery.kinds import Answer
from flows.discovery.listing import MAX_BYTES, Listing, Unreadable
from flows.discovery.network import Reading, Web, in_thread, most_bytes

# Where sites keep them when nothing points there: the endings most frequent among 1,002 found
# feeds and sitemaps, and the interfaces of WordPress.
KNOWN_PATHS = (
    "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/feed.json", "/rss/feed.xml",
    "/wp-json/wp/v2/posts", "/news-sitemap.xml", "/sitemap-news.xml", "/sitemaps/news.xml",
    "/news.xml", "/sitemap_news.xml", "/sitemap.xml", "/sitemap_index.xml", "/wp-sitemap.xml",
)  # fmt: skip
MAX_PLACES = 40

_KINDS = {
    "rss": "feed", "atom": "feed", "json_feed": "feed", "urlset": "sitemap",
    "sitemapindex": "sitemap", "wordpress": "wordpress", "links": "list", "gdelt": "gdelt",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A place that answered with a listing: what kind of source it is and how fresh."""

    url: str
    kind: str
    form: str
    items: int
    newest_at: datetime | None


async def discover(
    site: str, web: Web, *, now: datetime, reading: Reading = in_thread
) -> tuple[Offer, ...]:
    """The feeds and sitemaps of a site, the freshest first; costs a request for each place tried.

    `site` is a host name or any URL on it. A place is tried once, whatever points to it; what a
    place that is a page points to, too. Raises `NothingReached` when nobody answers there at all.
    """
    front = front_of(site)
    if front is None:
        return ()
    page = await web.get(front, kind="feed", max_bytes=MAX_BYTES)
    # A site may have moved, or have its front page elsewhere: it is looked for where that leads
    home = (front_of(page.url) or front) if isinstance(page, Page) else front
    robots = await web.get(home + "robots.txt", kind="feed", max_bytes=MAX_BYTES)
    if isinstance(page, Skipped) and page.http_status is None and isinstance(robots, Skipped):
        raise NothingReached(f"{front} was not reached: {page.detail or page.reason}.")
    linked = await _pointed_to(page, "front", reading)
    named = await _pointed_to(robots, "robots", reading)
    first = places(home, (*linked, *named), *([front] if front != home else []))
    found = [await identify(place, web, now=now, reading=reading) for place in first]
    for place in _named_by(found, first):
        found.append(await identify(place, web, now=now, reading=reading))
    offers = (one for one in found if isinstance(one, Offer))
    return tuple(sorted(offers, key=_freshness, reverse=True))


async def _pointed_to(page: Page | Skipped, kind: str, reading: Reading) -> tuple[str, ...]:
    """The listings that a site's front page or robots.txt names."""
    if isinstance(page, Skipped):
        return ()
    source = Source(source_id="found", outlet="", kind=kind, url=page.url)
    read = await reading(Answer.of(page, source))
    return read.points_to if isinstance(read, Unreadable) else ()


def _named_by(found: Sequence[Offer | Unreadable], tried: Sequence[str]) -> list[str]:
    """What the pages among the places point to: a site's page about its feeds lists them."""
    known = {url_key(url) for url in tried}
    named: dict[str, str] = {}
    for one in found:
        for url in one.points_to if isinstance(one, Unreadable) else ():
            if url_key(url) not in known:
                named.setdefault(url_key(url), url)
    return list(named.values())[: max(0, MAX_PLACES - len(tried))]


async def identify(
    url: str, web: Web, *, now: datetime, reading: Reading = in_thread
) -> Offer | Unreadable:
    """What kind of source `url` is, or why it is none and what it points to."""
    page = await web.get(url, kind="feed", max_bytes=most_bytes("sitemap"))  # as it may be one
    if isinstance(page, Skipped):
        return Unreadable(problem=page.detail or str(page.reason))
    kind = "wordpress" if "/wp-json/" in url else "feed"
    source = Source(source_id="found", outlet="", kind=kind, url=url)
    listing = await reading(Answer.of(page, source))
    if isinstance(listing, Unreadable):
        return listing
    return _offer(url, listing, source, now)


def _offer(url: str, listing: Listing, source: Source, now: datetime) -> Offer:
    found = candidates_of(listing, source, now=now)
    newest = max((at for one in found.candidates if (at := claimed_instant(one))), default=None)
    google = urlsplit(url).hostname == "news.google.com"
    return Offer(
        url=url,
        kind="google_news" if google else _KINDS.get(listing.form, "feed"),
        form=listing.form,
        items=len(listing.children) or found.items,
        newest_at=newest,
    )


def _freshness(offer: Offer) -> tuple[bool, str]:
    return (offer.newest_at is not None, offer.newest_at.isoformat() if offer.newest_at else "")


def front_of(site: str) -> str | None:
    """`https://host/` of a host name or URL, or None when it is neither."""
    site = web_address(site)
    url = fetch_url(site if "://" in site else f"https://{site}")
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def places(front: str, pointed_to: Iterable[str], *others: str) -> tuple[str, ...]:
    """What is pointed to, then the known paths below `front` and `others`; each address once, at
    most `MAX_PLACES`."""
    known = [urljoin(root, path) for root in (front, *others) for path in KNOWN_PATHS]
    found: dict[str, str] = {}
    for raw in (*pointed_to, *known):
        url = fetch_url(web_address(raw, front), front)
        if url is not None:
            found.setdefault(url_key(url), url)
    return tuple(found.values())[:MAX_PLACES]
