"""From bytes to a tree."""

from hypothesis import given
from hypothesis import strategies as st

from flows.core.text import markup
from flows.core.text.decoding import decode


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "bogus", "gb2312", "\x00"]))
def test_no_bytes_break_decoding_and_parsing(body: bytes, charset: str | None) -> None:
    markup.parsed(decode(body, charset))


def test_links_within_the_page_are_no_links() -> None:
    tree = markup.parsed("<a href='#top'>To the top</a><a href='/a'>Talks <b>begin</b></a>")
    assert tree is not None
    assert markup.link_texts(tree) == {"talks begin"}
