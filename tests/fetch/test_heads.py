"""Heads of answers: what is repaired, what is dropped, what stays in doubt."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Reason
from flows.fetch.failure import NotFetched
from flows.fetch.heads import MOST_HEAD_BYTES, HeadReader, check_first_chunk, read_head

OK = b"HTTP/1.1 200 OK\r\n"


def _lines(head: bytes) -> list[bytes]:
    return read_head(OK + head + b"\r\n").content.removesuffix(b"\r\n\r\n").split(b"\r\n")[1:]


def test_a_head_without_oddity_is_handed_on_as_it_came() -> None:
    raw = OK + b"Content-Type: text/html \r\nLocation: /\xc3\xa9\r\nContent-Length: 05\r\n\r\n"
    head = read_head(raw)
    assert (head.content, head.is_repaired, head.doubt) == (raw, False, None)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"get-ban-to-cache/x.php: userdata\r\n", []),
        (b"two words: x\r\n", []),
        (b"no colon\r\n", []),
        (b": nameless\r\n", []),
        (b"\xd0\x9c: x\r\n", []),
        (b"Date : today\r\n", [b"Date: today"]),
        (b"A: one\r\n\t two\r\n", [b"A: one two"]),
        (b"bad line\r\n and its fold\r\nA: b\r\n", [b"A: b"]),
        (b" fold of nothing\r\nA: b\r\n", [b"A: b"]),
        (b"A: b\nC: d\n", [b"A: b", b"C: d"]),
        (b"A: b\rC: d\r\n", [b"A: b C: d"]),
        (b"A: b\0c\x0b\r\n", [b"A: b c"]),
        (b"Content-Length: 5, 5\r\n", [b"Content-Length: 5"]),
        (b"Content-Length: 5\r\ncontent-length: 05\r\n", [b"Content-Length: 5"]),
        (b"Content-Length:\r\n", []),
        (b"Content-Length : 5\r\n", [b"Content-Length: 5"]),
        (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", [b"Transfer-Encoding: chunked"]),
        (b"Transfer-Encoding: gzip, Chunked\r\n", [b"Transfer-Encoding: chunked"]),
        (b"Transfer-Encoding: chunked\r\n" * 2, [b"Transfer-Encoding: chunked"]),
        (b"Transfer-Encoding: identity\r\nContent-Length: 5\r\n", [b"Content-Length: 5"]),
    ],
)
def test_an_odd_line_is_read_as_a_browser_reads_it(line: bytes, read: list[bytes]) -> None:
    head = read_head(OK + line + b"\r\n")
    assert head.content == OK + b"".join(one + b"\r\n" for one in read) + b"\r\n"
    assert head.is_repaired
    assert head.doubt is None


@pytest.mark.parametrize(
    ("lines", "doubt", "kept"),
    [
        (b"Content-Length: 7\r\nContent-Length: 5\r\n", "Content-Lengths that differ: '7, 5'",
         [b"Content-Length: 5"]),
        (b"Content-Length: -1\r\n", "a Content-Length of '-1'", []),
        (b"Content-Length: 5\r\nContent-Length: 5x\r\n", "a Content-Length of '5, 5x'",
         [b"Content-Length: 5"]),
        (b"Content-Length: " + b"9" * 5000 + b"\r\n", f"a Content-Length of '{'9' * 80}'", []),
        (b"Content-Length: \xb2\r\n", "a Content-Length of '²'", []),
        (b"Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
         "a Transfer-Encoding of 'xchunked'", []),
        (b"Transfer-Encoding: chunked, gzip\r\n", "a Transfer-Encoding of 'chunked, gzip'", []),
    ],
)  # fmt: skip
def test_where_the_body_ends_may_stay_in_doubt(lines: bytes, doubt: str, kept: list[bytes]) -> None:
    head = read_head(OK + lines + b"\r\n")
    assert (head.doubt, head.is_repaired) == (doubt, True)
    assert _lines(lines) == kept


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"HTTP/1.1 200", b"HTTP/1.1 200"),
        (b"HTTP/1.1  200  Fine", b"HTTP/1.1 200 Fine"),
        (b"http/1.1 200 ok", b"HTTP/1.1 200 ok"),
        (b"HTTP/1.0\t404 None", b"HTTP/1.0 404 None"),
        (b"HTTP/2 200", b"HTTP/1.1 200 "),
        (b"HTTP/1 200 OK", b"HTTP/1.1 200 OK"),
        (b"HTTP 200 OK", b"HTTP/1.0 200 OK"),
        (b"HTTP/1.1 200OK", b"HTTP/1.1 200 OK"),
        (b"HTTP/1.1 200 \xcf\xc0\0", b"HTTP/1.1 200 \xcf\xc0 "),
    ],
)
def test_a_status_line_is_read_by_its_number(line: bytes, read: bytes) -> None:
    assert read_head(line + b"\r\n\r\n").content == read + b"\r\n\r\n"


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.1 OK\r\n\r\n", b"HTTP/1.1 2000 OK\r\n\r\n", b"HTTP/1.1 099 x\r\n\r\n"]
)
def test_without_a_status_it_is_no_http(raw: bytes) -> None:
    with pytest.raises(NotFetched, match="no HTTP status"):
        read_head(raw)


def test_a_head_is_taken_when_all_of_it_has_come_and_not_a_byte_more() -> None:
    reader, buffer = HeadReader(), bytearray()
    for byte in OK + b"A: b\r\n\r":
        buffer.append(byte)
        assert reader.take(buffer) is None
    buffer += b"\n<html>"
    head = reader.take(buffer)
    assert head is not None
    assert (head.content, bytes(buffer)) == (OK + b"A: b\r\n\r\n", b"<html>")


def test_blank_lines_and_informational_answers_before_a_head_are_passed_over() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    head = HeadReader().take(bytearray(b"\r\n\n" + early + early + OK + b"\r\n"))
    assert head is not None
    assert (head.status, head.content, head.is_repaired) == (200, OK + b"\r\n", True)


@pytest.mark.parametrize("stray", [b"\xef\xbb\xbf", b" ", b"\r\n\t"])
def test_a_few_stray_bytes_before_a_head_are_passed_over(stray: bytes) -> None:
    reader, buffer = HeadReader(), bytearray()
    for byte in stray + OK + b"\r":
        buffer.append(byte)
        assert reader.take(buffer) is None
    buffer += b"\n"
    head = reader.take(buffer)
    assert head is not None
    assert (head.content, head.is_repaired) == (OK + b"\r\n", True)


@pytest.mark.parametrize("raw", [b"SSH-2.0-x\r\n", b"<html></html>", OK + b"a" * MOST_HEAD_BYTES])
def test_what_will_never_be_a_head_is_not_waited_for(raw: bytes) -> None:
    with pytest.raises(NotFetched) as failed:
        HeadReader().take(bytearray(raw))
    assert failed.value.reason is Reason.PROTOCOL_ERROR


def test_a_body_that_is_no_chunk_is_known_by_its_first_byte() -> None:
    check_first_chunk(b"1f\r\n")
    with pytest.raises(NotFetched, match="no chunks"):
        check_first_chunk(b"<html>")


_PIECES = st.sampled_from([
    b"HTTP/1.1 200 OK", b"\r\n", b"\n", b"\r", b" ", b"\t", b":", b",", b"\0", b"\xff", b"a", b"5",
    b"Content-Length", b"Transfer-Encoding", b"chunked", b"identity", b"HTTP/1.1 100 x\r\n\r\n",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=60).map(b"".join))
def test_read_once_a_head_needs_no_second_repair(said: bytes) -> None:
    try:
        head = HeadReader().take(bytearray(OK + said + b"\r\n\r\n"))
        assert head is not None
        again = HeadReader().take(bytearray(head.content))
    except NotFetched:
        return
    assert again is not None
    assert (again.content, again.is_repaired) == (head.content, False)


_LITERALS = [
    b"\r", b"\n", b"\r\n", b" ", b"\t", b":", b",", b"\0", b"a", b"5", b"HTTP",
    b"HTTP/1.1 200 OK\r\n", b" \n", b"a:\n", b"a b\n", b"5, ", b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"HTTP/1.1 103 x\r\n\r\n",
]  # fmt: skip


@pytest.mark.parametrize("start", [b"", OK, b"HTTP/1.1 200 ", OK + b"Content-Length: "])
def test_no_repetition_of_what_it_looks_for_takes_long(start: bytes) -> None:
    """100 kB take some 40 ms of CPU at most; what is quadratic would take minutes."""
    slow = []
    for literal in _LITERALS:
        buffer = bytearray(start + literal * (99_000 // len(literal)) + b"\r\n\r\n")
        began = time.process_time()
        with suppress(NotFetched):
            HeadReader().take(buffer)
        if time.process_time() - began > 2.0:
            slow.append(literal)
    assert slow == []
