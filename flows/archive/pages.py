"""A page ↔ its records: the response, how it was fetched, the request.

The response holds the body decoded, under its true length; the codings it travelled in are kept as
`X-Archive-…` headers. That is what Common Crawl does, and the one form every WARC tool reads right:
few of them undo brotli or zstd, and none can tell a body that was dechunked from one that was not.
"""

import base64
import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from flows.archive.records import Record, encoded, instant, read_warc_fields, warc_date, warc_fields
from flows.core import Page, Reason, Redirect, Validators
from flows.core.errors import ArchiveError
from flows.core.text.counts import claimed_count
from flows.fetch.decoding import Decoder
from flows.fetch.failure import NotFetched
from flows.fetch.response import content_type, header

# Headers that speak of the bytes on the wire, not of the body that is kept.
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_KEPT_AS = "x-archive-"
_LARGEST_BODY = 500_000_000  # bytes; the most `max_bytes` may be set to
_A_DAY_SECONDS = 86_400
_NAMESPACE = uuid.UUID("6f0c2a52-3a0e-5d0c-9e39-6f5b1f3f2c11")
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(r"\r?\n")
_MOST_HEAD_BYTES = 1_000_000
_HTTP = "application/http; msgtype="


def record_id(ref: str) -> str:
    """The WARC-Record-ID of the response written at archive_ref `ref`.

    Derived from the reference, so that a later decision can name the record without reading it.
    """
    return f"<urn:uuid:{uuid.uuid5(_NAMESPACE, ref)}>"


def encoded_page(page: Page, ref: str, request: Iterable[tuple[str, str]]) -> tuple[bytes, ...]:
    """The page's records, in the order they are written: response, metadata, request."""
    target, date = page.url, warc_date(page.fetched_at)
    response_id = record_id(ref)
    with_response = [
        ("WARC-Concurrent-To", response_id), ("WARC-Target-URI", target), ("WARC-Date", date),
    ]  # fmt: skip
    digest = base64.b32encode(hashlib.sha1(page.body, usedforsecurity=False).digest()).decode()
    return (
        encoded(
            [
                ("WARC-Type", "response"),
                ("WARC-Record-ID", response_id),
                ("WARC-Target-URI", target),
                ("WARC-Date", date),
                ("WARC-Payload-Digest", f"sha1:{digest}"),
                ("Content-Type", f"{_HTTP}response"),
            ],
            _http_response(page),
        ),
        encoded(
            [
                ("WARC-Type", "metadata"),
                ("WARC-Record-ID", _new_id()),
                *with_response,
                ("Content-Type", "application/warc-fields"),
            ],
            warc_fields(_fetched(page)),
        ),
        encoded(
            [
                ("WARC-Type", "request"),
                ("WARC-Record-ID", _new_id()),
                *with_response,
                ("Content-Type", f"{_HTTP}request"),
            ],
            _http_request(target, request),
        ),
    )


def encoded_note(ref: str, decision: Mapping[str, str], *, at: datetime) -> bytes:
    """A metadata record that tells what was decided of the page at `ref`."""
    return encoded(
        [
            ("WARC-Type", "metadata"),
            ("WARC-Record-ID", _new_id()),
            ("WARC-Refers-To", record_id(ref)),
            ("WARC-Date", warc_date(at)),
            ("Content-Type", "application/warc-fields"),
        ],
        warc_fields(decision.items()),
    )


def encoded_info(file_name: str, run_id: str, *, at: datetime) -> bytes:
    """The warcinfo record that begins a file."""
    return encoded(
        [
            ("WARC-Type", "warcinfo"),
            ("WARC-Record-ID", _new_id()),
            ("WARC-Date", warc_date(at)),
            ("WARC-Filename", file_name),
            ("Content-Type", "application/warc-fields"),
        ],
        warc_fields(
            [("software", "Dateline"), ("format", "WARC File Format 1.1"), ("isPartOf", run_id)]
        ),
    )


def speaks_of(record: Record, response: Record) -> bool:
    """Whether `record` is our metadata on how `response` was fetched."""
    return record.kind == "metadata" and record.get("WARC-Concurrent-To") == response.get(
        "WARC-Record-ID"
    )


def is_page(record: Record) -> bool:
    """Whether the record is an HTTP response, ours or another tool's."""
    return record.kind == "response" and (record.get("Content-Type") or "").startswith(
        "application/http"
    )


class Oversized(ArchiveError):
    """A body unpacks to more than may be held."""


def decoded_page(
    response: Record, fetched: Record | None, ref: str, *, most_bytes: int = _LARGEST_BODY
) -> Page:
    """The page of a response record; `fetched` is our metadata record, None for other tools'.

    Raises `ArchiveError` for what is no HTTP response, `Oversized` for a body that another tool
    kept packed and that is larger than `most_bytes`.
    """
    status, headers, body = _parsed(response.content, most_bytes)
    url = (response.get("WARC-Target-URI") or "").strip("<>")
    said = read_warc_fields(fetched.content) if fetched is not None else []
    media_type, charset = content_type(headers)
    return Page(
        requested_url=_first(said, "requested-url") or url,
        url=url,
        status=status,
        fetched_at=instant(response.get("WARC-Date")) or datetime.fromtimestamp(0, UTC),
        headers=headers,
        body=body,
        media_type=media_type,
        charset=charset,
        redirects=tuple(_redirects(said)),
        validators=Validators(
            etag=header(headers, "etag"), last_modified=header(headers, "last-modified")
        ),
        elapsed_seconds=_seconds(_first(said, "elapsed-seconds")),
        archive_ref=ref,
    )


def _http_response(page: Page) -> bytes:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = ""
    lines = [f"HTTP/1.1 {page.status} {phrase}"]
    lines += [f"{_KEPT_AS if name in _OF_THE_WIRE else ''}{name}: {_plain(value)}"
              for name, value in page.headers]  # fmt: skip
    lines.append(f"content-length: {len(page.body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + page.body


def _http_request(url: str, request: Iterable[tuple[str, str]]) -> bytes:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {_plain(value)}" for name, value in request)]
    if not any(line.lower().startswith("host:") for line in lines):
        lines.insert(1, f"host: {parts.netloc}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _plain(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ")


def _fetched(page: Page) -> list[tuple[str, str]]:
    return [
        ("requested-url", page.requested_url),
        *(("redirect", f"{hop.status} {hop.url}") for hop in page.redirects),
        ("elapsed-seconds", repr(page.elapsed_seconds)),
    ]


def _redirects(said: list[tuple[str, str]]) -> Iterable[Redirect]:
    for name, value in said:
        status, _, url = value.partition(" ")
        code = claimed_count(status)
        if name == "redirect" and code is not None:
            yield Redirect(url=url, status=code)


def _seconds(said: str | None) -> float:
    """What other tools say there may be anything."""
    try:
        seconds = float(said or 0)
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < _A_DAY_SECONDS else 0.0


def _first(pairs: list[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in pairs if key == name), None)


def _parsed(block: bytes, most_bytes: int) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and decoded body of an HTTP response as archived."""
    end = _HEAD_END.search(block, 0, _MOST_HEAD_BYTES)
    head, body = (block[: end.start()], block[end.end() :]) if end else (b"", b"")
    status_line, *lines = _LINE_END.split(head.decode("utf-8", "replace"))
    words = status_line.split(None, 2)
    status = claimed_count(words[1]) if len(words) > 1 else None
    if status is None or not words[0].startswith("HTTP/"):
        raise ArchiveError("an archived response without an HTTP head")
    pairs = [_pair(line) for line in lines]
    if any(name.startswith(_KEPT_AS) for name, _ in pairs) or not _is_of_the_wire(pairs):
        return status, _as_received(pairs), body
    return status, tuple(pairs), _unwired(pairs, body, most_bytes)


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value.strip()


def _is_of_the_wire(pairs: list[tuple[str, str]]) -> bool:
    return any(name in ("content-encoding", "transfer-encoding") for name, _ in pairs)


def _as_received(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers as the server sent them: without our length, under their own names."""
    if pairs and pairs[-1][0] == "content-length":
        pairs = pairs[:-1]
    return tuple((name.removeprefix(_KEPT_AS), value) for name, value in pairs)


def _unwired(pairs: list[tuple[str, str]], body: bytes, most_bytes: int) -> bytes:
    """A body another tool kept as it came: chunks joined, codings undone, where they are there."""
    if any(name == "transfer-encoding" and "chunked" in value.lower() for name, value in pairs):
        body = _dechunked(body)
    codings = ",".join(value for name, value in pairs if name == "content-encoding")
    try:
        decoder = Decoder(codings, max_bytes=most_bytes)
        decoder.feed(body)
        return decoder.finish()
    except NotFetched as failure:
        if failure.reason is Reason.TOO_LARGE and len(body) <= most_bytes:
            raise Oversized(f"a body of more than {most_bytes:,} bytes") from failure
        return body  # kept decoded, under the headers it came with


def _dechunked(body: bytes) -> bytes:
    """The chunks joined; `body` itself when it does not consist of chunks."""
    joined, position = bytearray(), 0
    while match := _CHUNK.match(body, position):
        size, begin = int(match[1], 16), match.end()
        if size == 0:
            return bytes(joined)
        joined += body[begin : begin + size]
        position = begin + size
    return body


def _new_id() -> str:
    return f"<urn:uuid:{uuid.uuid4()}>"
