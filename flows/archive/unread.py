"""What of archive files was not read: a closed vocabulary, each kind with its words.

Refuses to know whom it concerns.
"""

from collections.abc import Callable
from enum import Enum

from flows.core.text.cleaning import how_many

Fields = tuple[tuple[str, str], ...]


class Unread(Enum):
    """A kind of thing that was not read: one of it, many of it, and why."""

    EMPTY = ("empty file", "empty files", "")
    NO_ARCHIVE = ("file", "files", "that does not begin as an archive does")
    UNREADABLE = ("file", "files", "the system did not let be read to the end")
    ZSTD = ("file", "files", "compressed with zstd")
    ARC = ("file", "files", "in ARC, the format before WARC")
    PACKED = ("packed file", "packed files", "(zip, WACZ and the like: unpack it)")
    OTHER_FORMAT = ("file", "files", "in another format")
    NO_ADDRESS = ("saved page", "saved pages", "without an address")
    TORN = ("record", "records", "cut off by the end of the file")
    BROKEN_MEMBER = ("broken gzip member", "broken gzip members", "")
    NO_RECORD = ("stretch of bytes", "stretches of bytes", "where a record should be")
    NO_HEAD = ("record", "records", "without an end of its head")
    BAD_LENGTH = ("record", "records", "without a Content-Length that holds")
    BAD_DATE = ("record", "records", "without a WARC-Date that can be")
    TOO_LARGE = ("record", "records", "of more than 50 MB")
    NO_HTTP = ("response record", "response records", "without a head of HTTP")
    REVISIT = ("revisit record", "revisit records", "whose page is not here")
    CONVERSION = ("conversion record", "conversion records", "whose page is not here")
    SEGMENT = ("piece", "pieces", "of a record in several pieces")
    OTHER_KIND = ("record", "records", "of another kind")
    FAULT = (
        "record or file",
        "records or files",
        "this program failed on (program_fault, see the log)",
    )

    def counted(self, count: int, first_in: str = "") -> str:
        """So many of it, in words, and where the first was met."""
        one, many, why = self.value
        place = f" ({first_in})" if first_in and count == 1 else ""
        place = f" (the first in {first_in})" if first_in and count > 1 else place
        return how_many(count, one, many) + (f" {why}" if why else "") + place


# Told of each thing that is not read, with its fields where they are known
Lost = Callable[[Unread, Fields], None]
