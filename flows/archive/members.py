"""A WARC file → its records, one gzip member or one plain record at a time.

A member is inflated whole, within a bound; a file compressed as one member instead of record by
record is read as long as it stays within that bound. Refuses to know what the records hold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flows.archive.records import Record, decoded, decoded_head
from flows.core.deflate import InflateError, Inflater
from flows.core.errors import ArchiveError
from flows.core.text.counts import claimed_count

_PIECE = 256 * 1024
_INFLATED_PIECE = 1024 * 1024
# The largest body the settings allow is 500 MB.
_MOST_MEMBER_BYTES = 600_000_000
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record lies: `offset` of its member in the file, `skip` bytes into its content."""

    offset: int
    skip: int = 0

    def __str__(self) -> str:
        return f"{self.offset}+{self.skip}" if self.skip else str(self.offset)

    @classmethod
    def parse(cls, text: str) -> "Place":
        """Raises ValueError."""
        offset, _, skip = text.partition("+")
        begin, within = claimed_count(offset), claimed_count(skip or "0")
        if begin is None or within is None:
            raise ValueError(f"{text!r} is no place")
        return cls(offset=begin, skip=within)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A gzip member, or a plain record: where it lies (`start`, `end`) and what it holds."""

    start: int
    end: int
    content: bytes


class Torn(ArchiveError):
    """The file ends inside a member; everything before `start` is whole."""

    def __init__(self, path: Path, start: int) -> None:
        super().__init__(f"{path} ends inside the record at byte {start}")
        self.start = start


def members(path: Path, start: int = 0) -> Iterator[Member]:
    """The members from byte `start` on. Raises `Torn`, or `ArchiveError` for what is no WARC."""
    try:
        with path.open("rb") as file:
            file.seek(start)
            is_gzip = file.read(2) == _GZIP
            file.seek(start)
            yield from _gzip_members(path, file) if is_gzip else _plain_members(path, file)
    except OSError as error:
        raise ArchiveError(f"cannot read {path}: {error}") from error


def records(path: Path, start: int = 0) -> Iterator[tuple[Place, Record]]:
    """The records from the member at byte `start` on."""
    for member in members(path, start):
        skip = 0
        while skip < len(member.content):
            record, after = decoded(member.content, skip)
            yield Place(offset=member.start, skip=skip), record
            skip = after


def _gzip_members(path: Path, file: BinaryIO) -> Iterator[Member]:
    start = file.tell()
    piece = file.read(_PIECE)
    while piece:
        inflater, content, fed = Inflater.gzip(), bytearray(), 0
        while True:
            _inflate(path, start, inflater, piece, content)
            if inflater.eof:
                break
            fed += len(piece)
            piece = file.read(_PIECE)
            if not piece:
                raise Torn(path, start)
        end = start + fed + len(piece) - len(inflater.rest)
        yield Member(start=start, end=end, content=bytes(content))
        start, piece = end, inflater.rest or file.read(_PIECE)


def _inflate(path: Path, start: int, inflater: Inflater, piece: bytes, content: bytearray) -> None:
    try:
        for part in inflater.feed(piece, _INFLATED_PIECE):
            content += part
            if len(content) > _MOST_MEMBER_BYTES:
                raise ArchiveError(f"{path}: the member at byte {start} is too large to read")
    except InflateError as error:
        raise Torn(path, start) from error


def _plain_members(path: Path, file: BinaryIO) -> Iterator[Member]:
    while head := file.read(_PIECE):
        start = file.tell() - len(head)
        _, begin, length = decoded_head(head)
        if length > _MOST_MEMBER_BYTES:
            raise ArchiveError(f"{path}: the record at byte {start} is too large to read")
        file.seek(start)
        content = file.read(begin + length + 4)
        if len(content) < begin + length:
            raise Torn(path, start)
        yield Member(start=start, end=start + len(content), content=content)
