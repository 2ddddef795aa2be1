"""One WARC record ↔ bytes. Refuses to know what the records hold, and how files are compressed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flows.core.errors import ArchiveError
from flows.core.text.counts import claimed_count

_VERSION = b"WARC/1.1\r\n"
# Far beyond any header block; a file that has none within this is no WARC file.
_MOST_HEADER_BYTES = 64 * 1024
# The web's first pages, and a time whose neighbours can be counted to as well
_FIRST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record's named fields, in order, and its content block."""

    fields: tuple[tuple[str, str], ...]
    content: bytes

    def get(self, name: str) -> str | None:
        """The first field of that name, whatever its case."""
        name = name.lower()
        return next((value for key, value in self.fields if key.lower() == name), None)

    @property
    def kind(self) -> str:
        """`response`, `request`, `metadata`, `warcinfo`, …"""
        return (self.get("WARC-Type") or "").lower()


def encoded(fields: Iterable[tuple[str, str]], content: bytes) -> bytes:
    """The record as bytes. Line breaks inside values become spaces."""
    lines = [f"{name}: {_one_line(value)}\r\n" for name, value in fields]
    lines.append(f"Content-Length: {len(content)}\r\n\r\n")
    return b"".join((_VERSION, "".join(lines).encode(), content, b"\r\n\r\n"))


def decoded(buffer: bytes, start: int = 0) -> tuple[Record, int]:
    """The record at `start` of `buffer`, and where the next one begins.

    Raises `ArchiveError` when there is none, or not all of it.
    """
    fields, begin, length = decoded_head(buffer, start)
    end = begin + length
    if end > len(buffer):
        raise ArchiveError("a WARC record ends before its Content-Length")
    content = bytes(memoryview(buffer)[begin:end])
    return Record(fields=fields, content=content), min(end + 4, len(buffer))


def decoded_head(buffer: bytes, start: int = 0) -> tuple[tuple[tuple[str, str], ...], int, int]:
    """The fields of the record at `start`, where its content begins, and how long it is."""
    end = buffer.find(b"\r\n\r\n", start, start + _MOST_HEADER_BYTES)
    if end < 0 or not buffer.startswith(b"WARC/", start):
        raise ArchiveError("no WARC record where one should be")
    fields: list[tuple[str, str]] = []
    for line in buffer[start:end].decode("utf-8", "replace").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.append((name.strip(), value.strip()))
    length = next((value for name, value in fields if name.lower() == "content-length"), "")
    size = claimed_count(length)
    if size is None:
        raise ArchiveError("a WARC record without a Content-Length")
    return tuple(fields), end + 4, size


def warc_date(at: datetime) -> str:
    """An instant as WARC-Date, to the microsecond."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def instant(warc_date: str | None) -> datetime | None:
    """A WARC-Date as an instant; None when absent, unreadable, or of no year of the web's."""
    try:
        at = datetime.fromisoformat(warc_date or "")
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if _FIRST_YEAR <= at.year <= _LAST_YEAR else None


def warc_fields(pairs: Iterable[tuple[str, str]]) -> bytes:
    """An `application/warc-fields` block."""
    return "".join(f"{name}: {_one_line(value)}\r\n" for name, value in pairs).encode()


def read_warc_fields(content: bytes) -> list[tuple[str, str]]:
    """The pairs of an `application/warc-fields` block."""
    pairs = []
    for line in content.decode("utf-8", "replace").splitlines():
        name, colon, value = line.partition(":")
        if colon:
            pairs.append((name.strip(), value.strip()))
    return pairs


def _one_line(value: str) -> str:
    return " ".join(value.splitlines()) if "\r" in value or "\n" in value else value
