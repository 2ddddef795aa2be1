"""From bytes to a tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.text import markup

TEXT = "<p>Сі Цзіньпін і “мир”</p>"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (TEXT.encode(), None),
        (TEXT.encode(), "iso-8859-1"),
        (b"\xef\xbb\xbf" + TEXT.encode(), None),
        (("\ufeff" + TEXT).encode("utf-16-le"), None),
        (TEXT.encode("windows-1251"), "windows-1251"),
        (b"<meta charset='windows-1251'>" + TEXT.encode("windows-1251"), None),
    ],
)
def test_the_encoding_is_found(body: bytes, charset: str | None) -> None:
    assert markup.decoded(body, charset).endswith(TEXT)


def test_latin_1_is_read_as_browsers_read_it() -> None:
    assert markup.decoded("“peace”".encode("cp1252"), "ISO-8859-1") == "“peace”"


def test_one_broken_byte_does_not_turn_a_page_into_mojibake() -> None:
    body = ("мир " * 100).encode() + b"\xff" + "мир".encode()
    assert "мир" in markup.decoded(body, "windows-1251")


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "bogus", "gb2312", "\x00"]))
def test_no_bytes_break_decoding_and_parsing(body: bytes, charset: str | None) -> None:
    markup.parsed(markup.decoded(body, charset))


def test_links_within_the_page_are_no_links() -> None:
    tree = markup.parsed("<a href='#top'>To the top</a><a href='/a'>Talks <b>begin</b></a>")
    assert tree is not None
    assert markup.link_texts(tree) == {"talks begin"}
