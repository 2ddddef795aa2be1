"""Bytes → listing: tells RSS, Atom, JSON, sitemap and HTML apart by what they are.

Decides which parser reads an answer; the configured kind counts only where bytes cannot say it
(a list page is any HTML, or any JSON). Pure and picklable, so that it can be run in a thread or a
worker process: a large feed costs a second of CPU.
"""

import re
from dataclasses import dataclass, replace

from flows.core import Page, Source
from flows.core.text.listing_markup import MAX_SITEMAP_BYTES, unpacked
from flows.discovery.formats.announced import feeds_linked_in, sitemaps_in_robots
from flows.discovery.formats.feeds import parse_feed
from flows.discovery.formats.gdelt import parse_articles, parse_bulk_file, parse_file_list
from flows.discovery.formats.json_feed import parse_json_feed
from flows.discovery.formats.json_lists import looks_like_json, parse_json_list
from flows.discovery.formats.list_pages import parse_list_page
from flows.discovery.formats.sitemaps import parse_sitemap
from flows.discovery.formats.wordpress import parse_posts
from flows.discovery.listing import MAX_BYTES, Listing, Unreadable

_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:[\w.-]+:)?(?:urlset|sitemapindex)[\s>/]")
_PLAIN_URLS = re.compile(rb"(?:\xef\xbb\xbf)?\s*https?://\S+\s*(?:\n|$)")
_FEED = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|RDF|channel)[\s>/]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a parser needs of a page. `media_type` and `charset` are the header's claims.

    `kind` is a source's, or what else is read for what it points to: `front` (a site's HTML page),
    `robots`, `gdelt_table` (one bulk file), `gdelt_articles` (the DOC API's answer). `selector` is
    for kind `list`, `hosts` for GDELT's.
    """

    kind: str
    url: str
    body: bytes
    media_type: str | None = None
    charset: str | None = None
    selector: str | None = None
    hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, page: Page, source: Source, hosts: frozenset[str] = frozenset()) -> "Answer":
        """What `page`, an answer of `source`, gives its parser."""
        return cls(
            kind=source.kind,
            url=page.url,
            body=page.body,
            media_type=page.media_type,
            charset=page.charset,
            selector=source.selector,
            hosts=hosts,
        )


def read_answer(answer: Answer) -> Listing | Unreadable:
    """The listing in an answer, or what it is instead."""
    body, missing = unpacked(answer.body)
    listing = _read(answer, body)
    if missing is None:
        return listing
    if isinstance(listing, Unreadable):
        return replace(listing, problem=f"{listing.problem}; {missing}")
    return replace(listing, flaw="; ".join(filter(None, (listing.flaw, missing))))


def _read(answer: Answer, body: bytes) -> Listing | Unreadable:
    if answer.kind == "front":
        links = feeds_linked_in(body, url=answer.url, charset=answer.charset)
        return Unreadable(problem="a page", points_to=links)
    if answer.kind == "robots":
        return Unreadable(problem="a robots.txt", points_to=sitemaps_in_robots(body))
    if answer.kind == "gdelt_table":
        return parse_bulk_file(answer.body, url=answer.url, hosts=answer.hosts)
    if answer.kind == "gdelt_articles":
        return parse_articles(body, url=answer.url)
    if answer.kind == "gdelt":
        if body.startswith(b"PK"):
            return parse_bulk_file(body, url=answer.url, hosts=answer.hosts)
        return parse_file_list(body, url=answer.url)
    head = body[:4_000]
    is_sitemap = _SITEMAP.search(head) or _PLAIN_URLS.match(head)
    if len(body) > MAX_BYTES and not is_sitemap:
        return Unreadable(
            problem=f"a listing of {len(body):,} bytes; at most {MAX_BYTES:,} are read, of a "
            f"sitemap {MAX_SITEMAP_BYTES:,}"
        )
    if answer.kind == "list":
        return _parse_list(body, answer)
    if answer.kind == "wordpress":
        return parse_posts(body, url=answer.url)
    if not body.strip():
        return Unreadable(problem="an empty body")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return parse_json_feed(body, url=answer.url)
    if is_sitemap:
        return parse_sitemap(body, url=answer.url)
    if _HTML.search(head) and not _FEED.search(head):
        links = feeds_linked_in(body, url=answer.url, charset=answer.charset)
        return Unreadable(problem="an HTML page where a listing should be", points_to=links)
    return parse_feed(body, url=answer.url, content_type=_content_type(answer))


def _parse_list(body: bytes, answer: Answer) -> Listing | Unreadable:
    selector, charset = answer.selector or "a[href]", answer.charset
    if looks_like_json(body, charset):
        return parse_json_list(body, url=answer.url, path=selector, charset=charset)
    return parse_list_page(body, url=answer.url, selector=selector, charset=charset)


def _content_type(answer: Answer) -> str | None:
    if answer.media_type is None:
        return None
    return f"{answer.media_type}; charset={answer.charset}" if answer.charset else answer.media_type
