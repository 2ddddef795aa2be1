"""Where blocks of text begin and end."""

import pytest
from lxml import etree

from flows.core.text.markup import parsed
from flows.extraction.blocks import Blocks, blocks_of


def _blocks(html: str) -> Blocks:
    tree = parsed(f"<html><body>{html}</body></html>")
    assert tree is not None
    return blocks_of(tree)


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>One.</p>Bare.<p>Two.</p>", ["One.", "Bare.", "Two."]),
        ("<div>Lede.<p>One.</p>Tail.</div>", ["Lede.", "One.", "Tail."]),
        ("One,<br>still one.<br><br>Two.", ["One, still one.", "Two."]),
        ("<ul>Before <li>One</li><li>Two</li></ul>", ["Before", "One", "Two"]),
        ("<pre>One.\n\nTwo,\nstill two.</pre>", ["One.", "Two, still two."]),
        ("<a href='/'><div>One</div><p>Two</p></a>", ["One", "Two"]),
        ("<center>One.</center>Two.", ["One.", "Two."]),
    ],
)
def test_every_text_is_in_one_block(html: str, texts: list[str]) -> None:
    assert _blocks(html).texts == texts


@pytest.mark.parametrize("tag", ["time", "button", "label", "output", "object", "a", "font", "bdi"])
def test_an_inline_element_does_not_part_a_sentence(tag: str) -> None:
    assert _blocks(f"<p>Put on <{tag}>24 February</{tag}> by them.</p>").texts == [
        "Put on 24 February by them."
    ]


def test_scripts_styles_and_drawings_are_no_text() -> None:
    html = "<p>One.</p><script>x</script><style>y</style><svg><text>z</text></svg>"
    assert _blocks(html).texts == ["One."]


def test_links_are_counted_by_their_characters() -> None:
    blocks = _blocks("<p>Read <a href='/a'>this</a> and <a href='/b'>that</a>.</p>")
    assert (blocks.linked, blocks.anchors) == ([8], [2])


def test_the_tree_stays_as_it_is() -> None:
    tree = parsed("<body><p>One <b>two</b></p><noscript><p>x</p></noscript></body>")
    assert tree is not None
    before = etree.tostring(tree)
    blocks_of(tree)
    assert etree.tostring(tree) == before


def test_each_element_knows_the_blocks_within_it() -> None:
    blocks = _blocks("<div><p>One.</p><p>Two.</p></div><p>Three.</p>")
    div = blocks.tag.index("div")
    assert (blocks.first[div], blocks.end[div]) == (0, 2)
