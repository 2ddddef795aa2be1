"""Deflate in its three wrappings, through ISA-L: the one place where `isal` is imported.

`Inflater` undoes a stream in pieces of bounded size; `gzip_member` makes one member of a gzip
file. Refuses to know what the bytes are.
"""

from collections.abc import Iterator

from isal import isal_zlib

# The stub calls the class an instance.
InflateError: type[Exception] = isal_zlib.error  # type: ignore[assignment]
# ISA-L's levels run 0-3. At 1 a page of 205 KB is archived in 0.5 ms and 47 KB; warcio at zlib's
# best level takes 5.8 ms and 40 KB (bench_archive). Invented pages of 96 KB take 0.30 ms and 37 KB;
# zlib's level 1 takes 1.00 ms and 40 KB, and 0.29 ms instead of 0.13 to inflate them.
_LEVEL = 1


class Inflater:
    """One deflate stream. `eof` once its end was seen; `rest` is what followed it."""

    __slots__ = ("_stream",)

    def __init__(self, wbits: int) -> None:
        self._stream = isal_zlib.decompressobj(wbits=wbits)

    @classmethod
    def gzip(cls) -> "Inflater":
        return cls(31)

    @classmethod
    def zlib(cls) -> "Inflater":
        return cls(15)

    @classmethod
    def bare(cls) -> "Inflater":
        return cls(-15)

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof)

    @property
    def rest(self) -> bytes:
        return bytes(self._stream.unused_data)

    def feed(self, piece: bytes, at_most: int) -> Iterator[bytes]:
        """What `piece` inflates to, in parts of `at_most` bytes; raises `InflateError`."""
        part = self._stream.decompress(piece, at_most)
        while part:
            yield part
            if self._stream.eof:
                return
            part = self._stream.decompress(self._stream.unconsumed_tail, at_most)


def gzip_member(content: bytes) -> bytes:
    """`content` as one whole gzip member."""
    deflater = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, 31)
    return bytes(deflater.compress(content) + deflater.flush())
