"""A folder of one's own: WARC files and saved HTML pages.

Decides which files are read, under which URL a saved page stands, and which pages belong to the
sources and days asked. No request is made for what lies there.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

from flows.archive.members import records
from flows.core import Page, Source
from flows.core.errors import ArchiveError
from flows.core.urls import fetch_url
from flows.discovery.providers.provider import (
    Asked,
    Cost,
    Job,
    Outlets,
    Part,
    Place,
    Web,
    has_no_host,
    may_belong,
)
from flows.discovery.providers.warc_pages import page_of, part_of, wanted

_WARC = (".warc", ".warc.gz")
_HTML = (".html", ".htm", ".xhtml")
_MOST_HTML_BYTES = 10_000_000
_A_PART_BYTES = 32_000_000
_HEAD_BYTES = 100_000
# Where browsers and mirrors write the address of what they saved, the surest first
_ADDRESSES = (
    re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE),
    re.compile(rb"<!--\s*Mirrored from ([^\s>]+)", re.IGNORECASE),
    re.compile(rb"<link[^>]+rel=[\"']?canonical[\"']?[^>]*href=[\"']?([^\"'\s>]+)", re.IGNORECASE),
    re.compile(rb"<link[^>]+href=[\"']?([^\"'\s>]+)[^>]*rel=[\"']?canonical", re.IGNORECASE),
    re.compile(
        rb"<meta[^>]+property=[\"']og:url[\"'][^>]*content=[\"']([^\"'\s>]+)", re.IGNORECASE
    ),
)


class Folder:
    """Reads a folder once for all sources and days; its `name` changes when its files do."""

    sees_all = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = sorted(
            file
            for file in path.rglob("*")
            if file.is_file() and file.name.lower().endswith(_WARC + _HTML)
        )
        self.name = f"folder:{path.name}#{_fingerprint(path, self._files)}"

    def refuses(self, source: Source, day: date, today: date) -> str | None:  # noqa: ARG002
        """Sources without a host of their own."""
        return has_no_host(source)

    def cost(self, asked: Sequence[Asked]) -> Cost:  # noqa: ARG002  the same whatever is asked
        """No request at all."""
        return Cost(requests=0, to_one_host=0, bytes=sum(f.stat().st_size for f in self._files))

    def jobs(self, asked: Sequence[Asked]) -> Sequence[Job]:
        """The folder, once."""
        return [Job(name=self.name, asked=tuple(asked))]

    async def work(self, job: Job, web: Web, now: datetime) -> AsyncGenerator[Part, None]:  # noqa: ARG002
        """Read file after file; all days end with the last, failed when a file was unreadable."""
        outlets = Outlets(job.asked)
        days = frozenset(day for one in job.asked for day in one.days)
        problems: list[str] = []
        reading = self._pages(outlets, days, problems)
        while held := await asyncio.to_thread(_some, reading):
            yield part_of(held, outlets, now)
        places = frozenset(job.places)
        failed: dict[Place, str] = {}
        if problems:
            failed = dict.fromkeys(places, "; ".join(problems[:3]))
        yield Part(done=places - failed.keys(), failed=failed)

    def _pages(
        self, outlets: Outlets, days: frozenset[date], problems: list[str]
    ) -> Iterator[Page]:
        for file in self._files:
            try:
                if file.name.lower().endswith(_WARC):
                    yield from _archived(file, outlets, days)
                else:
                    yield from _saved(file, self._path, outlets, days)
            except (ArchiveError, OSError) as error:
                problems.append(str(error))


def _archived(file: Path, outlets: Outlets, days: frozenset[date]) -> Iterator[Page]:
    wants = wanted(outlets, days)
    for _, record in records(file):
        if wants(record.fields) and (page := page_of(record)) is not None:
            yield page


def _saved(file: Path, folder: Path, outlets: Outlets, days: frozenset[date]) -> Iterator[Page]:
    """The page in an HTML file, captured when the file was written."""
    with file.open("rb") as opened:
        body = opened.read(_MOST_HTML_BYTES)
    url = saved_url(body, file.relative_to(folder))
    if url is None or not outlets.sources_of(url) or not may_belong(url, days):
        return
    yield Page(
        requested_url=file.as_uri(),
        url=url,
        status=200,
        fetched_at=datetime.fromtimestamp(file.stat().st_mtime, UTC),
        headers=(("content-type", "text/html"),),
        body=body,
        media_type="text/html",
    )


def saved_url(body: bytes, path: Path) -> str | None:
    """The address a saved page came from: as it says itself, or as its path in a mirror says."""
    for pattern in _ADDRESSES:
        if found := pattern.search(body[:_HEAD_BYTES]):
            address = found[1].decode("utf-8", errors="replace").replace("&amp;", "&")
            url = fetch_url(address if "://" in address else f"http://{address}")
            if url is not None:
                return url
    host, *steps = path.as_posix().split("/")
    if not steps or "." not in host:
        return None
    return fetch_url(f"https://{host}/{quote('/'.join(steps))}".removesuffix("index.html"))


def _some(pages: Iterator[Page]) -> list[Page]:
    """As many pages as are held at a time; none at the end."""
    held: list[Page] = []
    size = 0
    for page in pages:
        held.append(page)
        size += len(page.body)
        if size > _A_PART_BYTES:
            break
    return held


def _fingerprint(folder: Path, files: Sequence[Path]) -> str:
    """Names and sizes: a folder to which a file was added is another folder."""
    named = "\n".join(f"{file.relative_to(folder)} {file.stat().st_size}" for file in files)
    return hashlib.blake2b(f"{folder}\n{named}".encode(), digest_size=4).hexdigest()
