"""A WARC file read as its bytes come, in whatever pieces."""

import gzip

import pytest

from flows.archive.records import encoded
from flows.archive.stream import RecordStream
from flows.core.errors import ArchiveError

ONE = encoded([("WARC-Type", "response"), ("WARC-Target-URI", "http://a.test/1")], b"one" * 999)
TWO = encoded([("WARC-Type", "response"), ("WARC-Target-URI", "http://b.test/2")], b"two")
FILE = gzip.compress(ONE) + gzip.compress(TWO) + gzip.compress(ONE)


def of_a(fields: tuple[tuple[str, str], ...]) -> bool:
    return ("WARC-Target-URI", "http://a.test/1") in fields


@pytest.mark.parametrize("size", [1, 7, 100, len(FILE)])
def test_the_size_of_the_pieces_does_not_matter(size: int) -> None:
    stream = RecordStream(of_a)

    found = [
        record
        for start in range(0, len(FILE), size)
        for record in stream.feed(FILE[start : start + size])
    ]
    stream.end()

    assert [record.content for record in found] == [b"one" * 999] * 2


def test_records_that_are_not_wanted_are_not_decoded() -> None:
    stream = RecordStream(lambda _fields: False)

    assert list(stream.feed(FILE)) == []


def test_a_file_that_ends_inside_a_record_is_told() -> None:
    stream = RecordStream(of_a)
    list(stream.feed(FILE[:-4]))

    with pytest.raises(ArchiveError, match="inside a record"):
        stream.end()


def test_what_is_no_gzip_is_told() -> None:
    with pytest.raises(ArchiveError, match="damaged"):
        list(RecordStream(of_a).feed(b"<html>not a WARC file, but a page</html>"))
