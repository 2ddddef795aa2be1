"""A folder of one's own: everything in it is read, or told and no day done."""

import asyncio
import gzip
import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest
import zstandard

from flows.core import Source
from flows.core.backfills import Window
from flows.discovery.providers.folder import Folder
from flows.discovery.providers.provider import Asked, Part
from flows.pipeline.backfill.work import Backfill, run_backfill
from flows.store.backfills import CellState
from tests.pipeline.backfill.past import DAILY, Piece, member, response
from tests.pipeline.backfill.place import NOW, asked_rows, clock, configured, stored

DAY = date(2024, 2, 29)
AT = datetime(2024, 2, 29, 9, tzinfo=UTC)
HTTP = "application/http; msgtype=response"


def piece(number: int) -> Piece:
    return Piece(host=DAILY, number=number, published_at=AT, known_to=frozenset())


def page(number: int) -> bytes:
    return response(piece(number).url, AT, piece(number).page)


def dated(number: int, said: str) -> bytes:
    return page(number).replace(b"Date: 2024-02-29T09:00:00Z", f"Date: {said}".encode())


def in_bare_line_feeds(record: bytes) -> bytes:
    head, _, content = record.partition(b"\r\n\r\n")
    return head.replace(b"\r\n", b"\n") + b"\n\n" + content


@dataclass(frozen=True)
class Ended:
    """What a folder gave of the day: URLs, and how its cell is to end."""

    urls: list[str]
    state: str
    reason: str | None


def folder_of(tmp_path: Path, files: dict[str, bytes]) -> Path:
    folder = tmp_path / "mine"
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def filled(tmp_path: Path, files: dict[str, bytes]) -> Ended:
    """What a folder of these files gives of the day."""
    provider = Folder(folder_of(tmp_path, files))
    source = Source(source_id="daily", outlet="Daily", kind="feed", url=f"http://{DAILY}/feed")
    (job,) = provider.jobs([Asked(source=source, days=(DAY,), hosts=(DAILY,))])

    async def parts() -> list[Part]:
        # nothing is asked of the network
        return [part async for part in provider.work(job, None, NOW)]  # type: ignore[arg-type]

    found = asyncio.run(parts())
    (place,) = job.places
    urls = sorted({page.url for part in found for page in part.pages.values()})
    for part in found:
        for state, reasons in (("failed", part.failed), ("impossible", part.impossible)):
            if place in reasons:
                return Ended(urls, state, reasons[place])
    assert any(place in part.done for part in found)
    return Ended(urls, "done", None)


def of_kind(kind: str, number: int, content_type: str = "text/plain", block: bytes = b"x") -> bytes:
    return member(kind, piece(number).url, AT, content_type, block)


def odd_length(said: str) -> bytes:
    record = page(2)
    start = record.index(b"Content-Length: ") + 16
    end = record.index(b"\r\n", start)
    return record[:start] + said.encode() + record[end:]


pack = gzip.compress
BROKEN = pack(response(piece(2).url, AT, Random(7).randbytes(50_000)))

WHOLE: dict[str, dict[str, bytes]] = {
    "members": {"a.warc.gz": pack(page(1)) + pack(page(3))},
    "plain": {"a.warc": page(1) + page(3)},
    "resource": {
        "a.warc.gz": pack(of_kind("resource", 1, "text/html", piece(1).page)) + pack(page(3))
    },
    "bare line feeds": {"a.warc.gz": pack(in_bare_line_feeds(page(1))) + pack(page(3))},
    "NULs": {"a.warc.gz": bytes(512) + pack(page(1)) + bytes(512) + pack(page(3)) + bytes(512)},
    "what stands beside pages": {
        "a.warc.gz": b"".join(
            pack(one)
            for one in (
                of_kind("warcinfo", 1), of_kind("metadata", 1), page(1), of_kind("request", 1),
                page(3), of_kind("resource", 4, "image/png", b"\x89PNG\r\n\x1a\n"),
            )
        )
    },
    "a revisit of a page that is there": {
        "a.warc.gz": pack(of_kind("revisit", 1, HTTP)) + pack(page(1)),
        "b.warc": page(3) + of_kind("revisit", 3, HTTP),
    },
    "of another host": {
        "a.warc.gz": pack(page(1)) + pack(page(3))
        + pack(member("revisit", "http://elsewhere.test/1", AT, HTTP, b""))
        + pack(member("conversion", "http://elsewhere.test/1", AT, HTTP, b"")),
    },
    "another name": {"a.warc.1": page(1), "b": pack(page(3))},
    "no type of content": {
        "a.warc": page(1).replace(b"Content-Type: application/http; msgtype=response\r\n", b"")
        + page(3)
    },
    "beside pages": {"a.warc": page(1) + page(3), "x/style.css": b"a", "b.png": b"\x89PNG"},
}  # fmt: skip


@pytest.mark.parametrize("name", list(WHOLE))
def test_what_is_odd_and_whole_is_read_and_the_day_done(tmp_path: Path, name: str) -> None:
    assert filled(tmp_path, WHOLE[name]) == Ended([piece(1).url, piece(3).url], "done", None)


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.warc.gz", content)
    return buffer.getvalue()


# Files beside two pages that are read, and how the day's reason tells them
UNREAD: dict[str, tuple[dict[str, bytes], str]] = {
    "year 1": ({"x.warc.gz": pack(dated(2, "0001-01-01T00:00:00Z"))}, "1 record without a WARC-"),
    "year 1, west": ({"x.warc": dated(2, "0001-01-01T00:00:00+14:00")}, "1 record without a WARC-"),
    "year 9999": ({"x.warc": dated(2, "9999-12-31T23:59:59-12:00")}, "1 record without a WARC-Dat"),
    "next year": ({"x.warc": dated(2, "2025-02-28T00:00:00Z")}, "1 record without a WARC-Date"),
    "no date": ({"x.warc": dated(2, "")}, "1 record without a WARC-Date that can be (x.warc)"),
    "length": ({"x.warc.gz": pack(odd_length("9" * 5000))}, "1 record without a Content-Length"),
    "superscript": ({"x.warc.gz": pack(odd_length("²"))}, "1 record without a Content-Length"),
    "arabic": (
        {"x.warc": odd_length("٣")},
        "1 record without a Content-Length that holds (x.warc)",
    ),
    "negative": ({"x.warc": odd_length("-1")}, "1 record without a Content-Length"),
    "status": (
        {"x.warc": page(2).replace(b"HTTP/1.1 200", b"HTTP/1.1 abc")},
        "1 response record without a head of HTTP (x.warc)",
    ),
    "bomb": (
        {
            "x.warc": member(
                "response", piece(2).url, AT, HTTP,
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
                + gzip.compress(bytes(60_000_000), 1),
            )
        },
        "1 record of more than 50 MB (x.warc)",
    ),
    "conversion": ({"x.warc": of_kind("conversion", 2)}, "1 conversion record whose page is not"),
    "continuation": ({"x.warc": of_kind("continuation", 2)}, "1 piece of a record in several"),
    "another kind": ({"x.warc": of_kind("memento", 2)}, "1 record of another kind (x.warc)"),
    "zstd": ({"x.warc.zst": zstandard.compress(page(2))}, "1 file compressed with zstd (x.warc"),
    "ARC": ({"x.arc.gz": pack(b"filedesc://x.arc 0.0.0.0 2020 text/plain 9\n")}, "1 file in ARC"),
    "WACZ": ({"x.wacz": zipped(pack(page(2)))}, "1 packed file (zip, WACZ and the like: unpack i"),
    "MHTML": ({"x.mhtml": b"From: <Saved by Blink>\r\nMIME-Version: 1.0"}, "1 file in another"),
    "broken member": (
        {"0.warc.gz": BROKEN[:9000] + b"\xff\0\xff" + BROKEN[9003:] + pack(page(4))},
        "1 broken gzip member (0.warc.gz)",
    ),
    "torn": ({"x.warc.gz": pack(page(4)) + pack(page(2))[:-9]}, "1 record cut off by the end of"),
    "no archive": ({"x.warc.gz": b"<!doctype html>" * 9}, "1 file that does not begin as an arch"),
    "empty": ({"x.warc.gz": b"", "y.warc": b""}, "2 empty files (the first in x.warc.gz)"),
    "no address": ({"x.html": b"<html><p>Of what?</p></html>"}, "1 saved page without an address"),
    "an empty page": ({"x.html": b""}, "1 empty file (x.html)"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(UNREAD))
def test_what_is_not_read_is_told_and_the_day_not_done(tmp_path: Path, name: str) -> None:
    files, said = UNREAD[name]
    sound = {"m.warc.gz": pack(page(1)), "z.warc": page(3)}
    ended = filled(tmp_path, files | sound)

    assert {piece(1).url, piece(3).url} <= set(ended.urls)
    assert ended.state == "failed"
    assert (ended.reason or "").startswith(f"not read: {said}")


def test_the_report_and_the_table_of_backfills_tell_what_was_not_read(tmp_path: Path) -> None:
    odd = page(1) + dated(2, "0001-01-01T00:00:00+14:00")
    folder = folder_of(tmp_path, {"x.warc": odd, "y.warc": page(3)})
    settings = configured(tmp_path, "127.0.0.1:9")
    sources = tuple(one for one in settings.sources if one.source_id == "daily")
    asked = Backfill(
        window=Window(since=DAY, until=DAY), providers=(Folder(folder),), sources=sources
    )
    report, (cell,) = asyncio.run(run_backfill(settings, asked, clock=clock))

    said = "not read: 1 record without a WARC-Date that can be (x.warc)"
    assert (cell.state, cell.reason, cell.found) == (CellState.FAILED, said, 2)
    assert asked_rows(settings, "select state, reason from backfills") == [("failed", said)]
    assert [row[0] for row in stored(settings)] == [piece(1).url, piece(3).url]
    assert (report.balanced, report.state, report.sources_failed) == (True, "completed", 0)


def test_after_a_broken_member_everything_is_read(tmp_path: Path) -> None:
    broken = BROKEN[:9000] + bytes(4096) + BROKEN[13_096:]
    cell = filled(tmp_path, {"x.warc.gz": pack(page(1)) + broken + pack(page(3))})

    assert cell.urls == [piece(1).url, piece(3).url]
    assert cell.reason == "not read: 1 broken gzip member (x.warc.gz)"


def test_a_revisit_whose_page_is_nowhere_can_never_be_complete(tmp_path: Path) -> None:
    cell = filled(tmp_path, {"x.warc": page(1) + of_kind("revisit", 2, HTTP)})

    assert cell.state == "impossible"
    assert cell.reason == "not read: 1 revisit record whose page is not here (x.warc)"


def test_a_record_of_another_day_keeps_no_day_open(tmp_path: Path) -> None:
    other = of_kind("conversion", 2).replace(b"/2024/02/29/", b"/2023/01/01/")
    cell = filled(tmp_path, {"x.warc": page(1) + other})

    assert cell.state == "done"


def test_kinds_are_counted_each(tmp_path: Path) -> None:
    odd = of_kind("conversion", 2) + of_kind("conversion", 4) + dated(5, "")
    cell = filled(tmp_path, {"x.warc": odd, "y.warc.zst": zstandard.compress(b"x")})

    assert cell.reason is not None
    assert set(cell.reason.removeprefix("not read: ").split(", ")) == {
        "1 file compressed with zstd (y.warc.zst)",
        "2 conversion records whose page is not here (the first in x.warc)",
        "1 record without a WARC-Date that can be (x.warc)",
    }


def test_a_page_saved_without_the_usual_end_of_its_name_is_read(tmp_path: Path) -> None:
    saved = b"<!-- saved from url=(0030)" + piece(1).url.encode() + b" -->\n" + piece(1).page
    cell = filled(tmp_path, {"story?id=1": saved, "own_files/frame.html": b"<html>"})

    assert cell.urls == [piece(1).url]
    assert cell.state == "done"


@pytest.mark.parametrize("seconds", [-(10**10), 0, 10**10, 10**12])
def test_a_page_written_at_no_time_there_is_was_captured_now(tmp_path: Path, seconds: int) -> None:
    saved = b"<!-- saved from url=(0030)" + piece(1).url.encode() + b" -->\n" + piece(1).page
    folder = folder_of(tmp_path, {"x.html": saved})
    os.utime(folder / "x.html", (seconds, seconds))

    assert filled(tmp_path, {}).urls == [piece(1).url]


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_what_is_no_file_is_left_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    (tmp_path / "mine").mkdir()
    make(tmp_path / "mine" / "x.warc")
    cell = filled(tmp_path, {"a.warc": page(1)})

    assert cell.state == "done"
