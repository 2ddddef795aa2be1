"""A WARC file → its records, from bytes as they come: nothing is kept but the member at hand.

For files too large to be kept, of which few records are wanted: a record's fields are read first,
and its content is only decoded where they are wanted. Refuses to know where the bytes come from.
"""

from collections.abc import Callable, Iterator

from flows.archive.records import Record, decoded, decoded_head
from flows.core.deflate import InflateError, Inflater
from flows.core.errors import ArchiveError

_INFLATED_PIECE = 1024 * 1024
# A page of the news has 0.1 to 2 MB; a larger member is passed over
_MOST_MEMBER_BYTES = 50_000_000

Fields = tuple[tuple[str, str], ...]


class RecordStream:
    """Fed with a gzipped WARC file in pieces of any size; gives the records that are wanted.

    `wants` decides by a record's fields. `oversized` counts members passed over.
    """

    def __init__(self, wants: Callable[[Fields], bool]) -> None:
        self._wants = wants
        self._inflater: Inflater | None = None
        self._content = bytearray()
        self._is_passed_over = False
        self.oversized = 0

    def feed(self, piece: bytes) -> Iterator[Record]:
        """The wanted records that end in `piece`. Raises `ArchiveError` for what is no WARC."""
        while piece:
            if self._inflater is None:
                self._begin()
            assert self._inflater is not None
            self._inflate(self._inflater, piece)
            if not self._inflater.eof:
                return
            piece = self._inflater.rest
            self._inflater = None
            if not self._is_passed_over:
                yield from self._records(bytes(self._content))

    def end(self) -> None:
        """The file is over. Raises `ArchiveError` when it ends inside a member."""
        if self._inflater is not None:
            raise ArchiveError("the file ends inside a record")

    def _begin(self) -> None:
        self._inflater = Inflater.gzip()
        self._content.clear()
        self._is_passed_over = False

    def _inflate(self, inflater: Inflater, piece: bytes) -> None:
        try:
            for part in inflater.feed(piece, _INFLATED_PIECE):
                if self._is_passed_over:
                    continue
                self._content += part
                if len(self._content) > _MOST_MEMBER_BYTES:
                    self._is_passed_over = True
                    self.oversized += 1
                    self._content.clear()
        except InflateError as error:
            raise ArchiveError(f"the file is damaged: {error}") from error

    def _records(self, content: bytes) -> Iterator[Record]:
        start = 0
        while start < len(content):
            fields, begin, length = decoded_head(content, start)
            if self._wants(fields):
                record, start = decoded(content, start)
                yield record
            else:
                start = min(begin + length + 4, len(content))
