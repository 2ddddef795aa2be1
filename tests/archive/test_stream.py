"""A WARC file read as its bytes come, in whatever pieces, whatever is broken in it."""

import gzip
import zlib
from collections import Counter
from random import Random

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.archive.records import encoded
from flows.archive.stream import RecordStream
from flows.archive.unread import Fields, Unread


def record(
    name: str, content: bytes = b"HTTP/1.1 200 OK\r\n\r\n<p>", *, length: bytes | None = None
) -> bytes:
    """A record as other tools write it; `length`: what it says of itself."""
    said = str(len(content)).encode() if length is None else length
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.test/"
        + name.encode() + b"\r\nContent-Length: " + said + b"\r\n\r\n" + content + b"\r\n\r\n"
    )  # fmt: skip


A, B, C = record("A"), record("B"), record("C")
NOISE = Random(7).randbytes(100_000)
BIG = record("B", NOISE)
ONE = encoded([("WARC-Type", "response"), ("WARC-Target-URI", "http://a.test/1")], b"one" * 999)
TWO = encoded([("WARC-Type", "response"), ("WARC-Target-URI", "http://b.test/2")], b"two")
FILE = gzip.compress(ONE) + gzip.compress(TWO) + gzip.compress(ONE)
pack = gzip.compress


def read(
    file: bytes, pieces: int = 10**9, *, is_size_known: bool = False
) -> tuple[str, dict[Unread, int]]:
    """The last letters of the addresses read, and what was not read."""
    lost: Counter[Unread] = Counter()

    def enter(kind: Unread, fields: Fields) -> None:  # noqa: ARG001
        lost[kind] += 1

    size = len(file) if is_size_known else None
    stream = RecordStream(lambda _: True, enter, size=size)
    found = [
        one for start in range(0, len(file), pieces) for one in stream.feed(file[start:][:pieces])
    ]
    found += stream.end()
    return "".join((one.get("WARC-Target-URI") or "?")[-1] for one in found), dict(lost)


def of_a(fields: Fields) -> bool:
    return ("WARC-Target-URI", "http://a.test/1") in fields


@pytest.mark.parametrize("size", [1, 7, 100, len(FILE)])
def test_the_size_of_the_pieces_does_not_matter(size: int) -> None:
    stream = RecordStream(of_a, lambda _kind, _fields: None)

    found = [
        record
        for start in range(0, len(FILE), size)
        for record in stream.feed(FILE[start : start + size])
    ]
    found += stream.end()

    assert [record.content for record in found] == [b"one" * 999] * 2


def test_records_that_are_not_wanted_are_not_given() -> None:
    stream = RecordStream(lambda _fields: False, lambda _kind, _fields: None)

    assert [*stream.feed(FILE), *stream.end()] == []


def broken(member: bytes, at: int) -> bytes:
    return member[:at] + bytes([member[at] ^ 0x55]) + member[at + 1 :]


LF = A.replace(b"\r\n", b"\n")
WHOLE = {
    "members": pack(A) + pack(B) + pack(C),
    "plain": A + B + C,
    "one member": pack(A + B + C),
    "NULs between members": pack(A) + b"\0" * 512 + pack(B) + b"\0" * 99_999 + pack(C),
    "NULs between records": A + b"\0" * 512 + B + b"\0\0" + C + b"\0" * 99_999,
    "NULs inside a member": pack(A + b"\0" * 100) + pack(b"\0\0" + B) + pack(C),
    "NULs before all": b"\0" * 999 + pack(A) + pack(B) + pack(C),
    "bare line feeds": pack(LF) + pack(B) + pack(C),
    "bare line feeds, plain": LF + B + C,
    "no line ends behind records": A.rstrip() + B.rstrip() + C.rstrip(),
    "an empty member between": pack(A) + pack(b"") + pack(B) + pack(C),
    "stored, not deflated": b"".join(gzip.compress(one, 0) for one in (A, B, C)),
}


@pytest.mark.parametrize("name", list(WHOLE))
@pytest.mark.parametrize("pieces", [1, 10**9])
def test_what_is_odd_and_whole_is_read(name: str, pieces: int) -> None:
    assert read(WHOLE[name], pieces) == ("ABC", {})


def a_length_of(said: bytes) -> bytes:
    return pack(A) + pack(record("B", length=said)) + pack(C)


BROKEN = {
    "magic": (pack(A) + b"xxxx" + pack(B)[4:] + pack(C), Unread.BROKEN_MEMBER),
    "flags": (pack(A) + broken(pack(B), 3) + pack(C), Unread.BROKEN_MEMBER),
    "middle": (pack(A) + broken(pack(BIG), 50_000) + pack(C), Unread.BROKEN_MEMBER),
    "checksum": (pack(A) + broken(pack(B), -6) + pack(C), Unread.BROKEN_MEMBER),
    "bytes lacking": (pack(A) + pack(BIG)[:50_000] + pack(C), Unread.BROKEN_MEMBER),
    "bytes between": (pack(A) + b"no member" * 999 + pack(C), Unread.BROKEN_MEMBER),
    "a block of zeros in it": (
        pack(A) + pack(BIG)[:9000] + bytes(4096) + pack(BIG)[13_096:] + pack(C),
        Unread.BROKEN_MEMBER,
    ),
    "length of 5,000 digits": (a_length_of(b"9" * 5000), Unread.BAD_LENGTH),
    "superscript length": (a_length_of("²".encode()), Unread.BAD_LENGTH),
    "arabic length": (a_length_of("٣٣".encode()), Unread.BAD_LENGTH),
    "negative length": (a_length_of(b"-5"), Unread.BAD_LENGTH),
    "no length": (a_length_of(b""), Unread.BAD_LENGTH),
    "length too long": (a_length_of(b"99999"), Unread.BAD_LENGTH),
    "length too short": (a_length_of(b"3"), Unread.BAD_LENGTH),
    "length of words": (a_length_of(b"0x1f"), Unread.BAD_LENGTH),
    "length too short, plain": (A + record("B", length=b"3") + C, Unread.BAD_LENGTH),
    "length of 5,000 digits, plain": (A + record("B", length=b"9" * 5000) + C, Unread.BAD_LENGTH),
    "endless head": (
        pack(A) + pack(b"WARC/1.0\r\nX: " + b"a" * 200_000 + b"\r\n\r\n") + pack(C),
        Unread.NO_HEAD,
    ),
    "no record in a member": (pack(A) + pack(b"<html>" * 99) + pack(C), Unread.NO_RECORD),
    "no record between plain ones": (A + b"<html>" * 99 + b"\r\n" + C, Unread.NO_RECORD),
}


@pytest.mark.parametrize("name", list(BROKEN))
@pytest.mark.parametrize("pieces", [13, 10**9])
def test_after_what_is_broken_everything_is_read(name: str, pieces: int) -> None:
    file, kind = BROKEN[name]
    assert read(file, pieces) == ("AC", {kind: 1})


def test_a_length_beyond_the_file_loses_nothing_where_its_size_is_known() -> None:
    file = A + record("B", length=b"99999999999") + C
    assert read(file, 1000, is_size_known=True) == ("AC", {Unread.BAD_LENGTH: 1})


@pytest.mark.parametrize("cut", [1, 4, 8, 20, 60])
def test_a_torn_end_is_told_in_either_form(cut: int) -> None:
    assert read((pack(A) + pack(B) + pack(C))[:-cut]) == ("AB", {Unread.TORN: 1})
    for is_size_known in (True, False):
        torn = (A + B + C)[: -4 - cut]
        assert read(torn, is_size_known=is_size_known) == ("AB", {Unread.TORN: 1})


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (b"", Unread.EMPTY),
        (b"\0" * 999, Unread.EMPTY),
        (pack(b""), Unread.EMPTY),
        (b"<html>a page, and no archive</html>", Unread.NO_ARCHIVE),
        (b"x", Unread.NO_ARCHIVE),
        (NOISE[:5000], Unread.NO_ARCHIVE),
        (zstandard.compress(A), Unread.ZSTD),
        (b"\x5d\x2a\x4d\x18\x04\0\0\0dict" + zstandard.compress(A), Unread.ZSTD),
        (b"filedesc://x.arc 0.0.0.0 20200101000000 text/plain 9\n1 0 us\n", Unread.ARC),
        (pack(b"filedesc://x.arc 0.0.0.0 20200101000000 text/plain 9\n1 0 us\n"), Unread.ARC),
        (b"PK\x03\x04" + bytes(99), Unread.PACKED),
        (pack(b"PK\x03\x04" + bytes(99)), Unread.PACKED),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n", Unread.OTHER_FORMAT),
    ],
    ids=[
        "nothing", "NULs", "empty member", "page", "one byte", "noise", "zstd", "zstd dictionary",
        "ARC", "gzipped ARC", "zip", "gzipped zip", "MHTML",
    ],
)  # fmt: skip
def test_what_is_no_warc_is_told_by_its_kind(file: bytes, kind: Unread) -> None:
    assert read(file) == ("", {kind: 1})


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 3 * len(pack(BIG)) - 1), st.integers(1, 255), st.sampled_from([997, 10**9]))
def test_one_broken_byte_costs_one_record(at: int, change: int, pieces: int) -> None:
    members = [pack(record(name, BIG)) for name in "ABC"]
    file = bytearray(b"".join(members))
    at = min(at, len(file) - 1)
    file[at] ^= change
    letters, lost = read(bytes(file), pieces)
    hit = next(n for n in range(3) if at < sum(len(one) for one in members[: n + 1]))
    untold = {"ABC"}  # a time or name in a gzip head says nothing of the content
    assert letters in untold | {"ABC".replace("ABC"[hit], "")}
    assert (letters == "ABC") == (not lost)


@settings(deadline=None)
@given(
    st.binary(max_size=300), st.lists(st.sampled_from([A, B, pack(A), LF, b"\0", b"WARC/1.0\r\n"]))
)
def test_no_bytes_raise(noise: bytes, parts: list[bytes]) -> None:
    file = noise.join(parts) + noise
    for start in (b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08\0"):
        read(start + file, 50)


def test_a_member_full_of_beginnings_takes_no_time() -> None:
    begins = gzip.compress(b"WARC/1.0\r\n" + bytes(3000), 0)[:-8]
    read(begins * 2000, 10**6)


def test_a_member_larger_than_a_page_may_be_is_passed_over_and_told() -> None:
    huge = pack(record("B", bytes(60_000_000)))
    assert read(pack(A) + huge + pack(C)) == ("AC", {Unread.TOO_LARGE: 1})


def test_a_deflate_stream_in_another_wrapping_is_no_archive() -> None:
    assert read(zlib.compress(A * 99)) == ("", {Unread.NO_ARCHIVE: 1})
