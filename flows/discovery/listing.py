"""What a source's answer says before we believe any of it: entries, child sitemaps, problems.

Decides the words between the parsers, one per kind of source, and `candidates`; refuses to know
how an answer was fetched and what a date or a link in it is worth.
"""

from dataclasses import dataclass

from flows.core import Reason

# A listing longer than this is cut to its newest items. 2,000 is what Media Cloud keeps of a feed
# (fetcher/tasks.py); news sitemaps hold 1,000 by their protocol.
MAX_ENTRIES = 2_000

# The largest listing read, decompressed: real feeds have 225 KB on average (200 feeds measured).
MAX_BYTES = 10_000_000
# What a sitemap may name (sitemaps.org); its size is `MAX_SITEMAP_BYTES`.
MAX_SITEMAP_URLS = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item as the source gave it: raw strings, nothing resolved, nothing believed.

    `published` and `updated` are the claimed dates' texts; `claim` names the witness of
    `published` (`feed`, `sitemap`, …).
    """

    link: str | None
    title: str | None = None
    summary: str | None = None
    published: str | None = None
    updated: str | None = None
    guid: str | None = None
    claim: str = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A sitemap named by a sitemap index, with the `lastmod` text it gave."""

    url: str
    lastmod: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A source's answer, read. `entries` stand in the source's order.

    `form`: `rss`, `atom`, `json_feed`, `urlset`, `sitemapindex`, `links`, `wordpress`, `gdelt`.
    `base` resolves relative links. `beyond`: entries dropped over the cap. `advertised_minutes`:
    how often the source says it changes. `older`: where the page of older entries is (RFC 5005
    `prev-archive` or `next`). `flaw`: what was wrong with an answer that could still be used.
    """

    form: str
    base: str
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    beyond: int = 0
    advertised_minutes: int | None = None
    older: str | None = None
    generator: str | None = None
    flaw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An answer that lists nothing: what it is instead, and the listings it points to (of HTML the
    feeds, of a robots.txt the sitemaps). `reason`: an answer may also be too much for its reader,
    or meet a fault of ours."""

    problem: str
    points_to: tuple[str, ...] = ()
    reason: Reason = Reason.NOT_A_LISTING
