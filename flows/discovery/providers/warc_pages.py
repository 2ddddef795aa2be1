"""WARC records → pages of the sources asked; what is not read is entered with its reason.

Decides which records are articles' pages worth reading: HTML answered with status 200, or kept
without its answer (`resource`), under the URL of a source, of a day that may be one of those asked.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flows.archive.pages import Oversized, decoded_page
from flows.archive.parsing import MOST_CONTENT_BYTES
from flows.archive.records import Record, instant
from flows.archive.unread import Fields, Unread
from flows.core import Candidate, Page, Source
from flows.core.errors import ArchiveError
from flows.core.urls import fetch_url, url_key
from flows.discovery.providers.losses import NO_PAGES, Losses, target
from flows.discovery.providers.provider import Outlets, Part, may_belong, url_day
from flows.fetch.failure import NotFetched
from flows.fetch.response import check_page, content_type

_log = logging.getLogger(__name__)

_PAGES = frozenset({"response", "resource"})
_NOT_READ = {
    "revisit": Unread.REVISIT,
    "conversion": Unread.CONVERSION,
    "continuation": Unread.SEGMENT,
}
# Clocks of crawlers differ from ours
_AHEAD = timedelta(days=1)


def wanted(
    outlets: Outlets, days: Collection[date], losses: Losses, where: str
) -> Callable[[Fields], bool]:
    """Whether a record's fields make it worth decoding: a page of a source's host.

    A record of a host that is not read, by its kind, is entered into `losses` as of file `where`.
    """

    def wants(fields: Fields) -> bool:
        record = Record(fields=fields, content=b"")
        if record.kind in NO_PAGES:
            return False
        try:
            url = target(record)
            if url is None or not outlets.sources_of(url) or not may_belong(url, days):
                return False
        except Exception:  # one odd address must not end the file  # noqa: BLE001
            _entered(losses, fields, where)
            return False
        kind = None if record.kind in _PAGES else _NOT_READ.get(record.kind, Unread.OTHER_KIND)
        if (record.get("WARC-Segment-Number") or "1") != "1":
            kind = Unread.SEGMENT
        if kind is not None:
            losses.enter(kind, fields, where=where)
        return kind is None

    return wants


def pages_in(
    records: Iterable[Record], losses: Losses, where: str, now: datetime
) -> Iterator[Page]:
    """The pages in records of the file `where`; what should hold one and does not is entered."""
    for record in records:
        try:
            page = page_of(record, now)
        except Exception:  # one odd record must not end the file  # noqa: BLE001
            _entered(losses, record.fields, where)
            continue
        if isinstance(page, Page):
            losses.has_read(page.url)
            yield page
        elif page is not None:
            losses.enter(page, record.fields, where=where)


def _entered(losses: Losses, fields: Fields, where: str) -> None:
    _log.exception("program_fault: a record of %s, which is passed over", where)
    losses.enter(Unread.FAULT, fields, where=where)


def page_of(record: Record, now: datetime) -> Page | Unread | None:
    """The page in a record, or why it should be one and is not; None for what is no HTML page of
    status 200."""
    captured_at = instant(record.get("WARC-Date"))
    is_dated = captured_at is not None and captured_at <= now + _AHEAD
    try:
        if record.kind == "resource":
            page = _kept(record)
        else:
            page = decoded_page(record, None, "", most_bytes=MOST_CONTENT_BYTES)
        if page.status != 200:
            return None
        check_page(page.headers, page.body)
    except Oversized:
        return Unread.TOO_LARGE
    except ArchiveError:
        return Unread.NO_HTTP
    except NotFetched:
        return None
    url = fetch_url(page.url)
    if url is None:
        return None
    return replace(page, url=url, archive_ref=None) if is_dated else Unread.BAD_DATE


def _kept(record: Record) -> Page:
    """A page that was kept as it was got, without the answer it came in."""
    headers = (("content-type", record.get("Content-Type") or ""),)
    media_type, charset = content_type(headers)
    url = (record.get("WARC-Target-URI") or "").strip("<>")
    return Page(
        requested_url=url,
        url=url,
        status=200,
        fetched_at=instant(record.get("WARC-Date")) or datetime.fromtimestamp(0, UTC),
        headers=headers,
        body=record.content,
        media_type=media_type,
        charset=charset,
    )


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
