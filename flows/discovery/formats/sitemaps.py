"""Sitemaps, sitemap indexes and news sitemaps (sitemaps.org 0.9, Google News): bytes → listing.

Decides what an entry of a sitemap claims and which children of an index are worth a request for a
window of time; refuses to fetch them. Namespaces are ignored: real ones are misspelt, unbound and
nested any way.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TypeVar

from flows.core import ClaimedTime
from flows.core.text.dates import read_time
from flows.core.text.listing_markup import inflated, xml_records
from flows.discovery.listing import MAX_SITEMAP_URLS, Child, Entry, Listing, Unreadable
from flows.discovery.ways_back import begin_of_period_in_url, end_of_period_in_url

Named = TypeVar("Named")

# How far a child's `lastmod` may lag behind its newest URL before the child is not looked at:
# generators write it once a day.
_LASTMOD_SLACK = timedelta(days=1)

_NUMBERS = re.compile(r"[-_.]?\d+")
_LINE = re.compile(rb"\S+")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)[\s>/]")


def parse_sitemap(
    body: bytes, *, url: str, max_entries: int = MAX_SITEMAP_URLS
) -> Listing | Unreadable:
    """Read a sitemap or index, gzipped or not; `url` is where the bytes came from.

    Memory is that of the entries kept; a torn file gives the entries before the tear.
    """
    body = inflated(body)
    entries: list[Entry] = []
    children: list[Child] = []
    nameless = 0
    for name, texts in xml_records(body, "url", "sitemap"):
        if "loc" not in texts:
            nameless += 1
            if nameless > max_entries:
                break
            continue
        if len(entries) + len(children) >= max_entries:
            break  # a bomb of 50 MB holds a million
        location = "".join(texts["loc"].split())  # generators wrap long lines inside <loc>
        if name == "sitemap":
            children.append(Child(url=location, lastmod=texts.get("lastmod")))
        else:
            entries.append(_entry(texts, location))
    full = len(entries) + len(children) >= max_entries
    if not entries and not children and not _ROOT.search(body[:10_000]):
        return parse_url_list(body, url=url)
    return Listing(
        form="sitemapindex" if children and not entries else "urlset",
        base=url,
        entries=tuple(entries),
        children=tuple(children),
        beyond=max(0, body.count(b"<loc") - len(entries) - len(children)) if full else 0,
    )


def parse_url_list(body: bytes, *, url: str) -> Listing | Unreadable:
    """Read a sitemap in plain text: one absolute URL a line and nothing else (sitemaps.org)."""
    links: list[str] = []
    beyond = 0
    for line in _LINE.finditer(body.removeprefix(b"\xef\xbb\xbf")):
        if not line[0].startswith((b"http://", b"https://")):
            links = []
            break
        if len(links) == MAX_SITEMAP_URLS:
            beyond = body.count(b"://", line.start())
            break
        links.append(line[0].decode("utf-8", errors="replace"))
    if not links:
        return Unreadable(problem="no sitemap: neither <url> nor <sitemap> in it")
    return Listing(
        form="urlset",
        base=url,
        entries=tuple(Entry(link=link, claim="sitemap") for link in links),
        beyond=beyond,
    )


def children_for(
    children: Sequence[Child], since: datetime, *, now: datetime, until: datetime | None = None
) -> tuple[str, ...]:
    """The children that may list URLs changed after `since`, the likeliest first.

    By `lastmod` where given; else by the month or day in the child's own URL; else all of them.
    What that does not part is taken from both ends of the index, where generators put the newest.
    With `until` those named for a later month or day are left out, and what changed first after
    `since` is the likeliest.
    """
    dated: list[tuple[datetime, str]] = []
    undated: list[str] = []
    for child in children:
        changed = _changed_at(child, now)
        begin = begin_of_period_in_url(child.url) if until is not None else None
        if begin is not None and until is not None and begin > until:
            continue
        if changed is None:
            undated.append(child.url)
        elif changed >= since:
            dated.append((changed, child.url))
    # stable: of many files changed at once, as some generators say of all, those at the ends first
    likeliest = sorted(_both_ends(dated), key=itemgetter(0), reverse=until is None)
    return tuple(dict.fromkeys([*(url for _, url in likeliest), *_both_ends(undated)]))


def _both_ends(children: Sequence[Named]) -> list[Named]:
    """The first, the last, the second, the last but one, …; each twice."""
    return [one for pair in zip(children, reversed(children), strict=True) for one in pair]


def begins_before(children: Sequence[Child], at: datetime, *, now: datetime) -> bool:
    """Whether an index names a file that changed last before `at`: what came after is in others.

    In others of its series, whose URLs differ in their numbers only: an old file of static pages
    says nothing about how far its neighbour with the news of two days reaches.
    """
    older: set[str] = set()
    newer: set[str] = set()
    for child in children:
        changed = _changed_at(child, now)
        if changed is not None:
            (older if changed < at else newer).add(_NUMBERS.sub("", child.url))
    return bool(older & newer if newer else older)


def _entry(texts: dict[str, str], location: str) -> Entry:
    """`publication_date` is a claim of publication; `lastmod` only says the page changed."""
    return Entry(
        link=location,
        title=texts.get("title"),
        published=texts.get("publication_date"),
        updated=texts.get("lastmod"),
        claim="sitemap",
    )


def _changed_at(child: Child, now: datetime) -> datetime | None:
    """The latest instant at which `child` can have changed, as far as anything says so."""
    if child.lastmod:
        claim = read_time(child.lastmod, origin="sitemap", now=now)
        if isinstance(claim, ClaimedTime):
            return claim.at + _LASTMOD_SLACK
    return end_of_period_in_url(child.url)
