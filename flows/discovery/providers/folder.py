"""A folder of one's own: WARC files and saved HTML pages.

Decides which files are read, under which URL a saved page stands, and which pages belong to the
sources and days asked. No request is made for what lies there.
"""

import asyncio
import hashlib
import logging
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote

from flows.archive.records import Record
from flows.archive.stream import RecordStream
from flows.archive.unread import Fields, Unread
from flows.core import Page, Source
from flows.core.urls import fetch_url
from flows.discovery import Reading, in_thread
from flows.discovery.providers.losses import Losses
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
from flows.discovery.providers.warc_pages import pages_in, part_of, wanted

_log = logging.getLogger(__name__)

_WARC = (".warc", ".warc.gz")
_HTML = (".html", ".htm", ".xhtml")
# Archives of other kinds: they are not read, and that is told
_ARCHIVES = (
    ".gz", ".zst", ".arc", ".wacz", ".zip", ".7z", ".rar", ".xz", ".bz2", ".tar", ".tgz", ".mht",
    ".mhtml", ".maff", ".webarchive", ".har",
)  # fmt: skip
# What lies beside saved pages and is none
_OF_PAGES = (
    ".css", ".js", ".json", ".txt", ".xml", ".csv", ".md", ".pdf", ".png", ".jpg", ".jpeg", ".gif",
    ".svg", ".webp", ".avif", ".ico", ".woff", ".woff2", ".ttf", ".eot", ".mp3", ".mp4", ".webm",
    ".cdx", ".cdxj",
)  # fmt: skip
# Folders in which browsers keep the frames of a page they save
_PARTS_OF_PAGES = ("_files", ".files", "_archivos", "_fichiers", "-Dateien")
_ARCHIVE = re.compile(
    rb"\x1f\x8b\x08|WARC/|\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18|PK\x03\x04|filedesc:|"
    rb"From: <Saved"
)
_HTML_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,300}?-->\s*)?<(?:!doctype html|html)\b",
                        re.IGNORECASE | re.DOTALL)  # fmt: skip
_GLANCE_BYTES = 1000
_WEB_BEGINS_SECONDS = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
_PIECE_BYTES = 1_000_000
_MOST_HTML_BYTES = 10_000_000
_A_PART_BYTES = 32_000_000
_HEAD_BYTES = 100_000
# Comments in which browsers and mirrors write the address of what they saved, the surest first
_COMMENTS = (
    re.compile(rb"<!--\s*saved from url=\(\d+\)(https?://[^\s>]+)", re.IGNORECASE),
    re.compile(rb"<!--\s*Mirrored from ([^\s>]+)", re.IGNORECASE),
)
# A name, and its value where it has one: each run of characters is gone over once
_ATTRIBUTE = re.compile(
    r"""([^\s=<>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+""",
)
# As HTML has it, only what ends in a semicolon: `&copy=2` is a parameter
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


class Folder:
    """Reads a folder once for all sources and days; its `name` changes when its files do."""

    sees_all = False

    def __init__(self, path: Path) -> None:
        self._path = path
        self._files = sorted(
            file for file in path.rglob("*") if file.is_file() and _is_relevant(file)
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

    async def work(
        self,
        job: Job,
        web: Web,  # noqa: ARG002
        now: datetime,
        reading: Reading = in_thread,  # noqa: ARG002
    ) -> AsyncGenerator[Part, None]:
        """Read file after file; the days end with the last, those done of which all was read."""
        outlets = Outlets(job.asked)
        days = frozenset(day for one in job.asked for day in one.days)
        losses = Losses(outlets, job.places)
        pages = self._pages(outlets, days, losses, now)
        while held := await asyncio.to_thread(_some, pages):
            yield part_of(held, outlets, now)
        yield _ended(frozenset(job.places), losses)

    def _pages(
        self, outlets: Outlets, days: frozenset[date], losses: Losses, now: datetime
    ) -> Iterator[Page]:
        for file in self._files:
            where = file.relative_to(self._path).as_posix()
            try:
                if _is_html(file):
                    yield from _saved(file, self._path, outlets, days, losses, now)
                else:
                    wants = wanted(outlets, days, losses, where)
                    yield from pages_in(_records(file, wants, losses, where), losses, where, now)
            except OSError:
                losses.enter(Unread.UNREADABLE, where=where)
            except Exception:  # one odd file must not end the others  # noqa: BLE001
                _log.exception("program_fault: %s, which is passed over", file)
                losses.enter(Unread.FAULT, where=where)


def _ended(places: frozenset[Place], losses: Losses) -> Part:
    failed: dict[Place, str] = {}
    impossible: dict[Place, str] = {}
    for place in places:
        if (why := losses.why_not(place)) is not None:
            (impossible if losses.is_final(place) else failed)[place] = why
    done = places - failed.keys() - impossible.keys()
    return Part(done=done, failed=failed, impossible=impossible)


def _records(
    file: Path, wants: Callable[[Fields], bool], losses: Losses, where: str
) -> Iterator[Record]:
    def lost(kind: Unread, fields: Fields) -> None:
        losses.enter(kind, fields, where=where)

    stream = RecordStream(wants, lost, size=file.stat().st_size)
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE_BYTES):
            yield from stream.feed(piece)
    yield from stream.end()


def _is_relevant(file: Path) -> bool:
    """Whether a file is a page or an archive, by its name or by what it begins with."""
    name = file.name.lower()
    if name.endswith(_WARC + _HTML + _ARCHIVES):
        return True
    if name.endswith(_OF_PAGES):
        return False
    try:
        with file.open("rb") as opened:
            head = opened.read(_GLANCE_BYTES)
    except OSError:
        return True  # told when it is to be read
    return _ARCHIVE.match(head) is not None or _HTML_HEAD.match(head) is not None


def _is_html(file: Path) -> bool:
    if file.name.lower().endswith(_HTML):
        return True
    if file.name.lower().endswith(_WARC):
        return False
    with file.open("rb") as opened:
        return _HTML_HEAD.match(opened.read(_GLANCE_BYTES)) is not None


def _saved(
    file: Path,
    folder: Path,
    outlets: Outlets,
    days: frozenset[date],
    losses: Losses,
    now: datetime,
) -> Iterator[Page]:
    """The page in an HTML file, captured when the file was written."""
    with file.open("rb") as opened:
        body = opened.read(_MOST_HTML_BYTES)
    path = file.relative_to(folder)
    url = saved_url(body, path)
    if url is None and not any(step.endswith(_PARTS_OF_PAGES) for step in path.parts[:-1]):
        losses.enter(Unread.NO_ADDRESS if body else Unread.EMPTY, where=path.as_posix())
    if url is None or not outlets.sources_of(url) or not may_belong(url, days):
        return
    losses.has_read(url)
    yield Page(
        requested_url=file.as_uri(),
        url=url,
        status=200,
        fetched_at=_written_at(file, now),
        headers=(("content-type", "text/html"),),
        body=body,
        media_type="text/html",
    )


def _written_at(file: Path, now: datetime) -> datetime:
    """When the file was written; `now` where its time cannot be one."""
    seconds = file.stat().st_mtime
    is_time = _WEB_BEGINS_SECONDS <= seconds <= now.timestamp()
    return datetime.fromtimestamp(seconds, UTC) if is_time else now


def saved_url(body: bytes, path: Path) -> str | None:
    """The address a saved page came from: as it says itself, or as its path in a mirror says."""
    for address in _addresses(body[:_HEAD_BYTES]):
        url = fetch_url(address if "://" in address else f"http://{address}")
        if url is not None:
            return url
    host, *steps = path.as_posix().split("/")
    if not steps or "." not in host:
        return None
    return fetch_url(f"https://{host}/{quote('/'.join(steps))}".removesuffix("index.html"))


def _addresses(head: bytes) -> Iterator[str]:
    """What a page says its address is, the surest first."""
    for pattern in _COMMENTS:
        if found := pattern.search(head):
            yield _unescaped(found[1].decode("utf-8", errors="replace"))
    for link in _tags(head, b"<link"):
        if "canonical" in link.get("rel", "").lower().split() and link.get("href"):
            yield link["href"]
    for meta in _tags(head, b"<meta"):
        if meta.get("property", "").lower() == "og:url" and meta.get("content"):
            yield meta["content"]


def _tags(head: bytes, opening: bytes) -> Iterator[dict[str, str]]:
    """The attributes of each tag that begins so; by hand, as a pattern for a whole tag would go
    over the rest of a page again for each beginning in it. The first of two names stands."""
    lower = head.lower()
    start = lower.find(opening)
    while start >= 0:
        end = lower.find(b">", start)
        end = len(head) if end < 0 else end
        written = head[start + len(opening) : end].decode("utf-8", errors="replace")
        attributes: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(written):
            attributes.setdefault(name.lower(), _unescaped("".join(values)).strip())
        yield attributes
        start = lower.find(opening, end)


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(lambda found: unescape(found[0]), value)


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
