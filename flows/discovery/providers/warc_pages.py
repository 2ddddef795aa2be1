"""A WARC record → a page of a source asked, or nothing. Pure.

Decides which records are articles' pages worth reading: answers of status 200 that are HTML, under
the URL of a source, of a day that may be one of those asked.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from flows.archive.pages import decoded_page, is_page
from flows.archive.records import Record
from flows.core import Candidate, Page, Source
from flows.core.errors import ArchiveError
from flows.core.urls import fetch_url, url_key
from flows.discovery.providers.provider import Outlets, Part, may_belong, url_day
from flows.fetch.failure import NotFetched
from flows.fetch.response import check_page

Fields = tuple[tuple[str, str], ...]


def wanted(outlets: Outlets, days: Collection[date]) -> Callable[[Fields], bool]:
    """Whether a record's fields make it worth decoding: a response of a source's host."""

    def wants(fields: Fields) -> bool:
        record = Record(fields=fields, content=b"")
        url = target(record)
        if url is None or not is_page(record):
            return False
        return bool(outlets.sources_of(url)) and may_belong(url, days)

    return wants


def target(record: Record) -> str | None:
    """The URL a record is of."""
    return fetch_url((record.get("WARC-Target-URI") or "").strip("<>"))


def page_of(record: Record) -> Page | None:
    """The page in a record; None for what is no HTML page of status 200."""
    try:
        page = decoded_page(record, None, "")
        if page.status != 200:
            return None
        check_page(page.headers, page.body)
    except (ArchiveError, NotFetched):
        return None
    url = fetch_url(page.url)
    return replace(page, url=url, archive_ref=None) if url is not None else None


def candidates_for(url: str, sources: Collection[Source], now: datetime) -> list[Candidate]:
    """A candidate for each source the page of `url` belongs to. Nobody claims a date for it."""
    return [
        Candidate(url=url, url_key=url_key(url), source_id=source.source_id, seen_at=now)
        for source in sources
    ]


def part_of(pages: Iterable[Page], outlets: Outlets, now: datetime) -> Part:
    """Pages that came with their listing, as a part; of a URL met twice the later page stands.

    Each counts for the day its URL names, else for the day it was captured.
    """
    candidates: list[Candidate] = []
    by_key: dict[str, Page] = {}
    days: dict[str, date] = {}
    for page in pages:
        key = url_key(page.url)
        if key not in by_key:
            candidates += candidates_for(page.url, outlets.sources_of(page.url), now)
        by_key[key] = page
        days[key] = url_day(page.url) or page.fetched_at.astimezone(UTC).date()
    return Part(candidates=tuple(candidates), pages=by_key, days=days)
