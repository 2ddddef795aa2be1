import gzip
import tracemalloc
import zlib
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # ships no types
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from flows.core import Reason
from flows.fetch.decoding import Decoder, inflate_undeclared
from flows.fetch.failure import NotFetched

HOSTILE = Path(__file__).parents[2] / "../shared/data/hostile"
MAX_BYTES = 1_000_000
CODERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda body: brotli.compress(body, quality=2),
    "zstd": zstandard.compress,
}


def _pieces(content: bytes, size: int) -> Iterator[bytes]:
    return (content[start : start + size] for start in range(0, len(content), size))


def _decoded(
    coding: str, content: bytes, *, max_bytes: int = MAX_BYTES, piece: int = 65536
) -> bytes | Reason:
    try:
        decoder = Decoder(coding, max_bytes=max_bytes)
        for part in _pieces(content, piece):
            decoder.feed(part)
        return decoder.finish()
    except NotFetched as failure:
        return failure.reason


@given(
    st.binary(max_size=3000),
    st.lists(st.sampled_from(sorted(CODERS)), max_size=3),
    st.integers(1, 500),
)
def test_what_was_coded_comes_back_however_it_is_cut(
    body: bytes, codings: list[str], piece: int
) -> None:
    content = body
    for coding in codings:
        content = CODERS[coding](content)
    assert _decoded(", ".join(codings), content, piece=piece) == body


@given(st.sampled_from(sorted(CODERS)), st.binary(min_size=1, max_size=500), st.data())
def test_what_is_cut_short_is_never_taken_for_whole(
    coding: str, body: bytes, data: st.DataObject
) -> None:
    content = CODERS[coding](body)
    kept = data.draw(st.integers(1, len(content) - 1))
    assert _decoded(coding, content[:kept]) is Reason.DECODE_ERROR


@given(st.sampled_from(sorted(CODERS)), st.binary(min_size=1, max_size=300))
def test_garbage_never_raises_anything_else(coding: str, content: bytes) -> None:
    assert isinstance(_decoded(coding, content), bytes | Reason)


@pytest.mark.parametrize("coding", CODERS)
def test_a_bomb_is_stopped_within_bounded_memory(coding: str) -> None:
    content = CODERS[coding](bytes(32_000_000))
    tracemalloc.start()
    reason = _decoded(coding, content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reason is Reason.TOO_LARGE
    assert peak < 10_000_000, f"{peak:,} bytes"


@pytest.mark.parametrize("outer", CODERS)
@pytest.mark.parametrize("inner", CODERS)
def test_a_bomb_inside_another_coding_is_stopped_within_bounded_memory(
    inner: str, outer: str
) -> None:
    content = CODERS[outer](CODERS[inner](bytes(32_000_000)))
    tracemalloc.start()
    reason = _decoded(f"{inner}, {outer}", content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reason is Reason.TOO_LARGE
    assert peak < 15_000_000, f"{peak:,} bytes"


def test_exactly_the_limit_is_not_too_large() -> None:
    assert _decoded("gzip", gzip.compress(bytes(5000)), max_bytes=5000) == bytes(5000)
    assert _decoded("gzip", gzip.compress(bytes(5001)), max_bytes=5000) is Reason.TOO_LARGE


def test_with_cut_the_rest_is_dropped() -> None:
    decoder = Decoder("gzip", max_bytes=10, cut=True)
    decoder.feed(gzip.compress(b"0123456789abcdef"))
    assert (decoder.finish(), decoder.is_full) == (b"0123456789", True)


def test_an_empty_body_under_a_coding_is_an_empty_body() -> None:
    assert _decoded("gzip", b"") == b""


def test_three_codings_are_undone_and_four_refused() -> None:
    assert _decoded("gzip, gzip, gzip, gzip", b"x") is Reason.DECODE_ERROR


def test_a_window_no_server_may_use_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    content = zstandard.ZstdCompressor(compression_params=parameters).compress(bytes(10**8))
    assert _decoded("zstd", content) is Reason.DECODE_ERROR


def test_undeclared_gzip_is_inflated_and_the_rest_left_alone() -> None:
    assert inflate_undeclared(gzip.compress(b"<html>"), max_bytes=99) == b"<html>"
    assert inflate_undeclared(b"<html>", max_bytes=99) == b"<html>"


# Bombs and odd streams from the data folder: file → coding, and what is to come of it.
_REAL = {
    "bomb-br.bin": ("br", Reason.TOO_LARGE),
    "bomb-deflate.bin": ("deflate", Reason.TOO_LARGE),
    "bomb-gzip.bin": ("gzip", Reason.TOO_LARGE),
    "bomb-zstd.bin": ("zstd", Reason.TOO_LARGE),
    "html-br.bin": ("br", None),
    "html-gzip.bin": ("gzip", None),
    "html-gzip-deflate.bin": ("gzip, deflate", None),
    "html-gzip-deflate-gzip.bin": ("gzip, deflate, gzip", None),
    "html-rawdeflate.bin": ("deflate", None),
    "html-zlibdeflate.bin": ("deflate", None),
    "html-zstd-static-content-size.bin": ("zstd", None),
    "html-zstd-static-no-content-size.bin": ("zstd", None),
    "html-zstd-streaming-no-content-size.bin": ("zstd", None),
    "truncated-crc-error.gz": ("gzip", Reason.DECODE_ERROR),
    "truncated-crc-error-short.gz": ("gzip", Reason.DECODE_ERROR),
    "unexpected-eof.gz": ("gzip", Reason.DECODE_ERROR),
}


@pytest.mark.skipif(not HOSTILE.exists(), reason="the data folder is not here")
@pytest.mark.parametrize("name", _REAL)
def test_the_collected_streams_end_as_they_should(name: str) -> None:
    coding, expected = _REAL[name]
    ended = _decoded(coding, (HOSTILE / name).read_bytes())
    if expected is None:
        assert isinstance(ended, bytes)
        assert b"<html" in ended.lower()
    else:
        assert ended is expected
