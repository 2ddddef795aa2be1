"""Content codings undone piece by piece, with the size counted as it grows.

A body is never expanded further than its limit allows, whatever was nested in what: each coding
hands out at most `_PIECE` bytes before the next sees them. A stream that ends before its coding
says so was truncated, which no client library here reports. Refuses to know HTTP beyond the
names of codings (RFC 9110, 8.4.1; RFC 7932 brotli; RFC 8878 and 9659 zstd).
"""

from collections.abc import Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # ships no types
import zstandard

from flows.core import Reason
from flows.core.deflate import InflateError, Inflater
from flows.fetch.failure import NotFetched

_PIECE = 64 * 1024
_MOST_CODINGS = 3  # real answers carry one; two happen behind careless proxies
# A zstd block of 3 bytes may stand for 128 KiB and the binding has no output limit, so input is
# fed in slices: 128 bytes make at most 42 blocks, 5.5 MB.
_ZSTD_SLICE = 128
_ZSTD_WINDOW = 8 * 1024 * 1024  # the most RFC 9659 lets a server use


class _Coding(Protocol):
    def feed(self, piece: bytes) -> Iterator[bytes]: ...

    def is_complete(self) -> bool: ...


class Decoder:
    """The body of one answer, growing to at most `max_bytes` after every coding.

    `feed` and `finish` raise `NotFetched`: `too_large`, or `decode_error` for what is corrupt,
    truncated or coded too often. With `cut`, what exceeds the limit is dropped instead.
    """

    def __init__(self, content_encoding: str, *, max_bytes: int, cut: bool = False) -> None:
        self._codings = _codings(content_encoding)
        self._max_bytes = max_bytes
        self._cut = cut
        self._body = bytearray()
        self._has_begun = False
        self.is_full = False

    def feed(self, piece: bytes) -> None:
        """Take the next bytes off the wire."""
        self._has_begun = self._has_begun or bool(piece)
        if not self.is_full:
            self._through(piece, 0)

    def finish(self) -> bytes:
        """The whole body, once the wire has ended."""
        is_whole = all(one.is_complete() for one in self._codings)
        if self._has_begun and not self.is_full and not is_whole:
            raise NotFetched(Reason.DECODE_ERROR, "the compressed body ends before its end")
        return bytes(self._body)

    def _through(self, piece: bytes, level: int) -> None:
        if level == len(self._codings):
            self._keep(piece)
            return
        try:
            for part in self._codings[level].feed(piece):
                self._through(part, level + 1)
                if self.is_full:
                    return
        except (InflateError, brotli.error, zstandard.ZstdError) as error:
            raise NotFetched(Reason.DECODE_ERROR, f"corrupt compressed body: {error}") from error

    def _keep(self, piece: bytes) -> None:
        room = self._max_bytes - len(self._body)
        if len(piece) <= room:
            self._body += piece
            return
        if not self._cut:
            raise NotFetched(Reason.TOO_LARGE, f"more than {self._max_bytes:,} bytes")
        self._body += piece[:room]
        self.is_full = True


def inflate_undeclared(body: bytes, *, max_bytes: int) -> bytes:
    """`body`, inflated when it is gzip that no header declared; otherwise as it is."""
    if not body.startswith(b"\x1f\x8b\x08"):
        return body
    decoder = Decoder("gzip", max_bytes=max_bytes)
    decoder.feed(body)
    return decoder.finish()


def _codings(content_encoding: str) -> list[_Coding]:
    """The codings in the order to undo them. Names nobody knows count as none, as in browsers."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    known = [_BY_NAME[name] for name in reversed(names) if name in _BY_NAME]
    if len(known) > _MOST_CODINGS:
        raise NotFetched(Reason.DECODE_ERROR, f"{len(known)} content codings on one body")
    return [make() for make in known]


class _Gzip:
    """RFC 1952, members one after the other; what follows the last is padding."""

    def __init__(self) -> None:
        self._inflater = Inflater.gzip()
        self._members = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while piece:
            if self._inflater.eof:
                if not piece.startswith(b"\x1f"):
                    return
                self._inflater = Inflater.gzip()
            yield from self._inflater.feed(piece, _PIECE)
            piece = self._inflater.rest if self._inflater.eof else b""

    def is_complete(self) -> bool:
        return self._inflater.eof


class _Deflate:
    """zlib-wrapped (RFC 1950) as the standard says, or bare (RFC 1951) as some servers send it."""

    def __init__(self) -> None:
        self._inflater: Inflater | None = None
        self._head = b""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            self._head += piece
            if len(self._head) < 2:
                return
            piece, method, flags = self._head, self._head[0], self._head[1]
            is_wrapped = method & 0x0F == 8 and (method << 8 | flags) % 31 == 0
            self._inflater = Inflater.zlib() if is_wrapped else Inflater.bare()
        if not self._inflater.eof:
            yield from self._inflater.feed(piece, _PIECE)

    def is_complete(self) -> bool:
        return self._inflater is not None and self._inflater.eof


class _Brotli:
    def __init__(self) -> None:
        self._decompressor = brotli.Decompressor()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        if self._decompressor.is_finished():
            return
        part = self._decompressor.process(piece, output_buffer_limit=_PIECE)
        while part or not self._decompressor.can_accept_more_data():
            yield part
            part = self._decompressor.process(b"", output_buffer_limit=_PIECE)

    def is_complete(self) -> bool:
        return bool(self._decompressor.is_finished())


class _Zstd:
    """Frames one after the other."""

    def __init__(self) -> None:
        self._frame = _zstd_frame()

    def feed(self, piece: bytes) -> Iterator[bytes]:
        view = memoryview(piece)
        for start in range(0, len(view), _ZSTD_SLICE):
            rest = bytes(view[start : start + _ZSTD_SLICE])
            while rest:
                if self._frame.eof:
                    self._frame = _zstd_frame()
                part = self._frame.decompress(rest)
                rest = self._frame.unused_data if self._frame.eof else b""
                if part:
                    yield part

    def is_complete(self) -> bool:
        return self._frame.eof


def _zstd_frame() -> "zstandard.ZstdDecompressionObj":  # named by the stubs only
    return zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()


_BY_NAME: dict[str, type[_Gzip] | type[_Deflate] | type[_Brotli] | type[_Zstd]] = {
    "gzip": _Gzip,
    "x-gzip": _Gzip,
    "deflate": _Deflate,
    "br": _Brotli,
    "zstd": _Zstd,
}
