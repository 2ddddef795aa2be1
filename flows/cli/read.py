"""`dateline read`: what the reader makes of a page, as JSON; for trying and for measuring."""

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click

from flows.core import Article, ClaimedTime, Page, Precision, Skipped
from flows.core.settings import zone_name
from flows.core.terminal import print_json, print_line
from flows.core.text.dates import as_claimed
from flows.core.times import utc_now
from flows.core.urls import fetch_url
from flows.extraction import Hints
from flows.extraction.pool import Readers

# Pages read ahead of the one printed next, so that every worker is busy and memory stays flat.
_AHEAD = 16


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--url", help="The address of the page; relative links and dates in it count.")
@click.option("--timezone", help="IANA zone of the outlet, for times that state none.")
@click.option("--processes", type=click.IntRange(0, 64), default=0, help="0: one per core.")
@click.option("--timeout", type=click.FloatRange(0.1), default=20.0, show_default=True,
              help="Seconds a page may take.")  # fmt: skip
def read(
    files: tuple[Path, ...], url: str | None, timezone: str | None, processes: int, timeout: float
) -> None:
    """Read pages and print what the reader makes of them.

    FILE is an HTML page (also gzipped), or JSON Lines of `url, html` (name ending in .jsonl or
    .ndjson, or - for standard input). One page prints one JSON document, more print JSON Lines.
    """
    for file in files:
        if str(file) != "-" and not file.is_file():
            raise click.UsageError(f"{file} is no file")
    if url is not None and fetch_url(url) is None:
        raise click.BadParameter(f"{url!r} is no http(s) URL", param_hint="--url")
    if timezone is not None:
        try:
            zone_name(timezone)
        except ValueError as error:
            raise click.BadParameter(f"{timezone!r} {error}", param_hint="--timezone") from error
    single = len(files) == 1 and not _holds_lines(files[0])
    asyncio.run(_print_readings(_pages(files, url), timezone, processes, timeout, single=single))


async def _print_readings(
    pages: Iterator[Page], timezone: str | None, processes: int, timeout: float, *, single: bool
) -> None:
    async with Readers(processes, timeout) as readers:
        async for page, reading in _readings(readers, pages, Hints(timezone=timezone)):
            said = _said(page, reading)
            if single:
                print_json(said)
            else:
                print_line(json.dumps(said, ensure_ascii=False))


async def _readings(
    readers: Readers, pages: Iterator[Page], hints: Hints
) -> AsyncIterator[tuple[Page, Article | Skipped]]:
    """Each page with its reading, in the order asked, several under way."""
    under_way: list[tuple[Page, asyncio.Task[Article | Skipped]]] = []
    for page in pages:
        under_way.append((page, asyncio.create_task(readers.read(page, hints))))
        if len(under_way) >= _AHEAD:
            first, task = under_way.pop(0)
            yield first, await task
    for page, task in under_way:
        yield page, await task


def _pages(files: tuple[Path, ...], url: str | None) -> Iterator[Page]:
    for file in files:
        if _holds_lines(file):
            yield from _pages_of_lines(file)
        else:
            yield _page(url or f"https://unknown.invalid/{file.name}", _body(file))


def _body(file: Path) -> bytes:
    body = file.read_bytes()
    try:
        return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:  # click takes an EOFError for Ctrl-C
        raise click.ClickException(f"{file} is gzipped and cannot be unpacked: {error}") from error


def _pages_of_lines(file: Path) -> Iterator[Page]:
    lines = sys.stdin if str(file) == "-" else file.open(encoding="utf-8")
    with lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield _page(str(row["url"]), str(row["html"]).encode("utf-8", "replace"))
            except (ValueError, KeyError, TypeError) as error:
                what = f"{file}, line {number}: no JSON object with `url` and `html`"
                raise click.ClickException(what) from error


def _holds_lines(file: Path) -> bool:
    return str(file) == "-" or file.suffix in {".jsonl", ".ndjson"}


def _page(said_url: str, body: bytes) -> Page:
    url = fetch_url(said_url) or "https://unknown.invalid/"
    return Page(
        requested_url=url,
        url=url,
        status=200,
        fetched_at=utc_now(),
        headers=(),
        body=body,
        media_type="text/html",
    )


def _said(page: Page, reading: Article | Skipped) -> dict[str, object]:
    if isinstance(reading, Skipped):
        return {"url": page.url, "skipped": reading.reason, "detail": reading.detail}
    published = reading.published
    return {
        "url": reading.url,
        "canonical_url": reading.canonical_url,
        "title": reading.title,
        "title_origin": reading.title_origin,
        "authors": reading.authors,
        "agencies": reading.agencies,
        "dateline": reading.dateline,
        "published_at": _as_written(published),
        "published_precision": published.precision if published else None,
        "published_origin": published.origin if published else None,
        "published_zone": published.zone if published else None,
        "published_raw": published.raw if published else None,
        "published_alternatives": [_alternative(time) for time in reading.published_alternatives],
        "published_problem": reading.published_problem,
        "modified_at": _as_written(reading.modified),
        "language": reading.language,
        "site_name": reading.site_name,
        "section": reading.section,
        "tags": reading.tags,
        "image_url": reading.image_url,
        "free_to_read": reading.free_to_read,
        "form": reading.form,
        "extractor": reading.extractor,
        "reader_version": reading.reader_version,
        "word_count": reading.word_count,
        "lede": reading.lede,
        "text": reading.text,
    }


def _alternative(time: ClaimedTime) -> dict[str, object]:
    return {"at": _as_written(time), "origin": time.origin, "raw": time.raw}


def _as_written(time: ClaimedTime | None) -> str | None:
    """RFC 3339 in the offset claimed, so that the day is the publisher's; a day as a day."""
    if time is None:
        return None
    if time.precision is Precision.DAY:
        return time.at.date().isoformat()
    return as_claimed(time).isoformat()
