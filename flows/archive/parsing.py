"""WARC records out of bytes that come in pieces, whatever is broken between them.

Decides where a record begins and ends when lengths lie, heads end in bare line feeds, NULs pad, or
bytes are missing: what cannot be read is told, and the next head is looked for, so that nothing
after it is lost. Refuses to know how files are compressed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flows.archive.records import Record
from flows.archive.unread import Fields, Lost, Unread
from flows.core.text.counts import claimed_count

# A page of the news has 0.1 to 2 MB; a larger record is passed over
MOST_CONTENT_BYTES = 50_000_000
# Far beyond any header block
_MOST_HEAD_BYTES = 64 * 1024
_MAGIC = b"WARC/"
_BETWEEN = re.compile(rb"[\r\n\0 \t]*")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_NEXT = re.compile(rb"(?<=[\r\n\0])WARC/\d\.\d{1,2}[ \t]*\r?\n")
_LONGEST_NEXT = 16
_MUCH_PADDING = 64
_KEPT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """A record's fields, and where in the buffer its content begins and ends."""

    fields: Fields
    begin: int
    end: int


class Parser:
    """Fed with WARC in pieces; gives the records that `wants` wants by their fields.

    `lost` is told what is not read. `size`: how many bytes will come, where that is known.
    """

    def __init__(
        self, wants: Callable[[Fields], bool], lost: Lost, *, size: int | None = None
    ) -> None:
        self._wants = wants
        self._lost = lost
        self._left = size
        self._buffer = bytearray()
        self._at = 0
        self._head: _Head | None = None
        self._passing = 0
        self._is_astray = False
        self._unending: Fields | None = None

    def feed(self, piece: bytes) -> Iterator[Record]:
        """The wanted records that are whole with `piece`."""
        self._buffer += piece
        yield from self._records(is_over=False)
        if self._at > _KEPT_BYTES or self._at == len(self._buffer):
            self._forget()

    def end(self, torn: Unread = Unread.BAD_LENGTH) -> Iterator[Record]:
        """The last records, once no more bytes come; `torn`: what a record is whose end lacks."""
        if self._passing:
            self._lost(torn, ())
            self._passing = 0
        yield from self._records(is_over=True, torn=torn)
        self._tell_unending(torn)

    def _tell_unending(self, why: Unread) -> None:
        """Of a record longer than its file: that lied when another comes, else it is torn."""
        if self._unending is not None:
            self._lost(why, self._unending)
        self._unending = None

    def _records(self, *, is_over: bool, torn: Unread = Unread.BAD_LENGTH) -> Iterator[Record]:
        while self._is_at_content(is_over=is_over, torn=torn):
            head = self._head
            assert head is not None
            lacking = head.end - len(self._buffer)
            if lacking > 0 and not is_over:
                if not self._is_too_long(head, lacking):
                    return
                continue
            if lacking > 0:
                self._go_astray(torn, head.fields, head.begin)
                continue
            follows = self._follows(head.end, is_over=is_over)
            if follows is None:
                return
            if not follows:
                self._go_astray(Unread.BAD_LENGTH, head.fields, head.begin)
                continue
            self._at, self._head = head.end, None
            if self._wants(head.fields):
                content = bytes(memoryview(self._buffer)[head.begin : head.end])
                yield Record(fields=head.fields, content=content)

    def _is_at_content(self, *, is_over: bool, torn: Unread) -> bool:
        """Whether a head is read; reads one where it can."""
        while self._head is None:
            if not self._is_at_head(is_over=is_over):
                return False
            found = _HEAD_END.search(self._buffer, self._at, self._at + _MOST_HEAD_BYTES)
            if found is None:
                if len(self._buffer) - self._at < _MOST_HEAD_BYTES and not is_over:
                    return False
                is_cut = torn is Unread.TORN and is_over
                self._go_astray(torn if is_cut else Unread.NO_HEAD, (), self._at + len(_MAGIC))
                continue
            fields = _fields(bytes(memoryview(self._buffer)[self._at : found.start()]))
            length = claimed_count(_first(fields, "content-length"))
            if length is None:
                self._go_astray(Unread.BAD_LENGTH, fields, found.end())
                continue
            self._tell_unending(Unread.BAD_LENGTH)
            if self._is_beyond(length, found.end()):
                self._unending, self._is_astray = fields, True
                self._at = found.end()
                continue
            self._is_astray = False
            self._head = _Head(fields=fields, begin=found.end(), end=found.end() + length)
        return True

    def _is_at_head(self, *, is_over: bool) -> bool:
        """Go on to where a record begins; False when more bytes are needed for that."""
        buffer = self._buffer
        if self._passing:
            passed = min(self._passing, len(buffer) - self._at)
            self._at += passed
            self._passing -= passed
            if self._passing:
                return False
        self._at = _after_padding(buffer, self._at)
        rest = bytes(memoryview(buffer)[self._at : self._at + len(_MAGIC)])
        if rest == _MAGIC:
            return True
        if not rest or (_MAGIC.startswith(rest) and not is_over):
            return False
        if not self._is_astray:
            self._go_astray(Unread.NO_RECORD, (), self._at)
        found = _NEXT.search(buffer, self._at)
        if found is not None:
            self._at = found.start()
            return True
        self._at = len(buffer) if is_over else max(self._at, len(buffer) - _LONGEST_NEXT)
        return False

    def _go_astray(self, why: Unread, fields: Fields, at: int) -> None:
        """Tell what is lost, once for a stretch, and look for the next head from `at` on."""
        if not self._is_astray or fields:
            self._lost(why, fields)
        self._is_astray = True
        self._at, self._head = at, None

    def _is_beyond(self, length: int, begin: int) -> bool:
        """Whether fewer bytes than `length` can follow."""
        if self._left is None:
            return length >= 10**15
        return length > self._left - begin

    def _is_too_long(self, head: _Head, lacking: int) -> bool:
        if head.end - head.begin <= MOST_CONTENT_BYTES:
            return False
        self._lost(Unread.TOO_LARGE, head.fields)
        self._passing = lacking
        self._at, self._head = len(self._buffer), None
        return True

    def _follows(self, end: int, *, is_over: bool) -> bool | None:
        """Whether at `end` the next record begins, or nothing; None when too little is there."""
        position = _after_padding(self._buffer, end)
        rest = bytes(memoryview(self._buffer)[position : position + len(_MAGIC)])
        if rest == _MAGIC or (is_over and not rest):
            return True
        if _MAGIC.startswith(rest) and not is_over:
            # not yet given: a gzip member's checksum may still show that it is broken
            return True if position - end > _MUCH_PADDING else None
        return self._buffer.startswith((b"\r\n\r\n", b"\n\n"), end)  # whatever then follows

    def _forget(self) -> None:
        gone = max(self._at - 1, 0)  # the byte before shows that a line begins here
        del self._buffer[:gone]
        self._at -= gone
        if self._left is not None:
            self._left -= gone
        if self._head is not None:
            self._head = _Head(
                fields=self._head.fields, begin=self._head.begin - gone, end=self._head.end - gone
            )


def _fields(head: bytes) -> Fields:
    lines = head.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")[1:]
    pairs = (line.partition(":") for line in lines)
    return tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)


def _after_padding(buffer: bytearray, at: int) -> int:
    found = _BETWEEN.match(buffer, at)
    return found.end() if found is not None else at


def _first(fields: Fields, name: str) -> str | None:
    return next((value for key, value in fields if key.lower() == name), None)
