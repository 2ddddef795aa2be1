"""A WARC file → its records, from bytes as they come: nothing is kept but the member at hand.

For files of others, too large to be kept, of which few records are wanted. Decides what a file is
by its first bytes, and where the next gzip member begins after one that is broken. Refuses to know
where the bytes come from; what is not read is told, not raised.
"""

import re
from collections.abc import Callable, Iterator

from flows.archive.parsing import Parser
from flows.archive.records import Record
from flows.archive.unread import Fields, Lost, Unread
from flows.core.deflate import InflateError, Inflater

_INFLATED_PIECE = 1024 * 1024
_SLICE = 64 * 1024
_GZIP = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_LONGEST_GZIP = 4
_PADDING = b"\0\r\n \t"
_ANY_PADDING = re.compile(rb"[\0\r\n \t]*")
# What a file that is no WARC begins with
_OTHERS = (
    (re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"), Unread.ZSTD),
    (re.compile(rb"filedesc:"), Unread.ARC),
    (re.compile(rb"PK\x03\x04|PK\x05\x06|7z\xbc\xaf|Rar!|\xfd7zXZ|BZh"), Unread.PACKED),
    (re.compile(rb"bplist|From: <Saved|MIME-Version|\{"), Unread.OTHER_FORMAT),
)
_HEAD_BYTES = 16
# The bytes kept of a member, to look in them for the next one should it be broken; and how many
# places are tried there, and bytes inflated for it, before they are given up. Unmeasured.
_MOST_KEPT_BYTES = 64_000_000
_MOST_TRIES = 200
_MOST_TRIED_BYTES = 4 * _MOST_KEPT_BYTES


class RecordStream:
    """Fed with a WARC file, gzipped or plain, in pieces of any size.

    Gives the records that `wants` wants by their fields; `lost` is told of what is not read.
    `size`: the file's bytes, where they are known.
    """

    def __init__(
        self, wants: Callable[[Fields], bool], lost: Lost, *, size: int | None = None
    ) -> None:
        self._given_wants = wants
        self._given_lost = lost
        self._size = size
        self._is_empty = True
        self._head = b""
        self._is_passed_over = False
        self._plain: Parser | None = None
        self._members: _Members | None = None

    def feed(self, piece: bytes) -> Iterator[Record]:
        """The wanted records that are whole with `piece`."""
        if self._plain is None and self._members is None and not self._is_passed_over:
            self._head += piece
            if len(self._head.lstrip(_PADDING)) < _HEAD_BYTES:
                return
            piece, self._head = self._head, b""
            self._begin(piece)
        yield from self._fed(piece)

    def end(self) -> Iterator[Record]:
        """The last records, when the file is over."""
        if self._head:
            self._begin(self._head)
            yield from self._fed(self._head)
        if self._plain is not None:
            yield from self._plain.end(Unread.TORN)
        elif self._members is not None:
            yield from self._members.end()
        if self._is_empty:
            self._lost(Unread.EMPTY, ())

    def _wants(self, fields: Fields) -> bool:
        self._is_empty = False
        return self._given_wants(fields)

    def _lost(self, kind: Unread, fields: Fields) -> None:
        self._is_empty = False
        self._given_lost(kind, fields)

    def _fed(self, piece: bytes) -> Iterator[Record]:
        if self._plain is not None:
            for start in range(0, len(piece), _INFLATED_PIECE):
                yield from self._plain.feed(piece[start : start + _INFLATED_PIECE])
        elif self._members is not None:
            yield from self._members.feed(piece)

    def _begin(self, piece: bytes) -> None:
        start = piece.lstrip(_PADDING)
        what = _other(start)
        if what is not None or not start:
            self._is_passed_over = True
            if what is not None:
                self._lost(what, ())
            return
        is_gzip = _GZIP.match(start) is not None
        if not is_gzip and not start.startswith(b"WARC/"):
            self._lost(Unread.NO_ARCHIVE, ())
        if is_gzip or (not start.startswith(b"WARC/") and b"\nWARC/" not in piece):
            self._members = _Members(self._wants, self._lost, is_astray=not is_gzip)
        else:
            self._plain = Parser(self._wants, self._lost, size=self._size)


def _other(start: bytes) -> Unread | None:
    return next((kind for pattern, kind in _OTHERS if pattern.match(start)), None)


class _Members:
    """Gzip members one after the other, each a record or several."""

    def __init__(self, wants: Callable[[Fields], bool], lost: Lost, *, is_astray: bool) -> None:
        self._wants = wants
        self._lost = lost
        self._raw = bytearray()  # from the member at hand on
        self._fed = 0  # bytes of it that were inflated
        self._inflater: Inflater | None = None
        self._parser = Parser(wants, lost)
        self._start = b""  # what the member begins with, until it is enough to tell
        self._is_begun = False
        self._is_astray = is_astray
        self._tries = 0
        self._tried_bytes = 0
        self._is_over = False
        self._is_foreign = False

    def feed(self, piece: bytes) -> Iterator[Record]:
        if not self._is_foreign:
            self._raw += piece
            yield from self._records()

    def end(self) -> Iterator[Record]:
        self._is_over = True
        yield from self._records()
        while self._inflater is not None and not self._is_foreign:
            # torn, or broken so that it swallowed those behind it
            was_astray, self._is_astray = self._is_astray, True
            self._go_astray(Unread.TORN)
            yield from self._records()
            if not was_astray:
                self._lost(Unread.TORN if self._is_astray else Unread.BROKEN_MEMBER, ())

    def _records(self) -> Iterator[Record]:
        while not self._is_foreign and (self._inflater is not None or self._is_at_member()):
            assert self._inflater is not None
            piece = bytes(memoryview(self._raw)[self._fed : self._fed + _SLICE])
            if not piece:
                return
            try:
                for part in self._inflater.feed(piece, _INFLATED_PIECE):
                    yield from self._inflated(part)
                    if self._inflater is None or self._is_foreign:
                        break
            except InflateError:
                self._go_astray(Unread.BROKEN_MEMBER)
            if self._inflater is None or self._is_foreign:
                continue
            self._fed += len(piece)
            if self._inflater.eof:
                self._fed -= len(self._inflater.rest)
                yield from self._ended()
            elif self._fed > _MOST_KEPT_BYTES:
                del self._raw[: self._fed]
                self._fed = 0

    def _inflated(self, part: bytes) -> Iterator[Record]:
        """Hand a part of a member on, once its beginning shows that it is WARC."""
        if not self._is_begun:
            self._start += part
            start = self._start.lstrip(_PADDING)
            if len(start) < _HEAD_BYTES:
                return
            if self._is_astray and not start.startswith(b"WARC/"):
                self._go_astray(Unread.BROKEN_MEMBER)
                return
            if (what := _other(start)) is not None:
                self._lost(what, ())
                self._is_foreign = True
                return
            self._is_begun, part, self._start = True, self._start, b""
        yield from self._parser.feed(part)

    def _ended(self) -> Iterator[Record]:
        """The member at hand is whole."""
        if self._start.strip(_PADDING):
            yield from self._parser.feed(self._start)
        yield from self._parser.end()
        del self._raw[: self._fed]
        self._is_astray, self._tries, self._tried_bytes = False, 0, 0
        self._forget()

    def _go_astray(self, why: Unread) -> None:
        """Tell of a broken member, once for a stretch, and look behind its beginning."""
        if not self._is_astray:
            self._lost(why, ())
        self._is_astray = True
        self._tries += 1
        self._tried_bytes += self._fed
        if self._tries > _MOST_TRIES or self._tried_bytes > _MOST_TRIED_BYTES:
            self._tries, self._tried_bytes = 0, 0
            self._raw.clear()
        del self._raw[:1]
        self._forget()

    def _forget(self) -> None:
        self._fed = 0
        self._inflater = None
        self._parser = Parser(self._wants, self._lost)
        self._start, self._is_begun = b"", False

    def _is_at_member(self) -> bool:
        """Go on to where a member begins; False when more bytes are needed for that."""
        raw = self._raw
        if not self._is_astray:
            padding = _ANY_PADDING.match(raw)
            del raw[: padding.end() if padding is not None else 0]
        if len(raw) < _LONGEST_GZIP and not (self._is_over and raw):
            return False
        found = _GZIP.search(raw)
        if (found is None or found.start() > 0) and not self._is_astray:
            self._lost(Unread.BROKEN_MEMBER, ())
            self._is_astray = True
        if found is None:
            del raw[: len(raw) if self._is_over else -(_LONGEST_GZIP - 1)]
            return False
        del raw[: found.start()]
        self._inflater = Inflater.gzip()
        return True
