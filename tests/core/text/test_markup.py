"""From bytes to a tree."""

import pytest
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


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        'style="display: none"',
        'style="color:red;visibility:hidden"',
        'class="sr-only"',
        'class="screen-reader-text"',
        'class="u-visually-hidden"',
    ],
)
def test_what_no_reader_sees_is_taken_out(attribute: str) -> None:
    shown = "<p>The paper asks both sides to resume talks.</p>"
    tree = markup.parsed(f"<body>{shown * 3}<p {attribute}>Unseen.</p>after</body>")
    assert tree is not None
    markup.strip_unseen(tree)
    assert "".join(tree.itertext()).endswith("talks.after")


def test_hidden_elements_that_hold_most_of_a_page_stay() -> None:
    tree = markup.parsed("<body><p>Menu</p><div style='display:none'><p>All the text.</p></div>")
    assert tree is not None
    markup.strip_unseen(tree)
    assert "All the text." in "".join(tree.itertext())
