"""A page as its blocks of text, in order, and the tree of elements above them.

A block is a longest run of inline content between the bounds of block elements: a paragraph, and
just as well the bare text beside one, or what two line breaks part. Every visible word of the page
is in one block. Decides where blocks begin and end; refuses to know which are the article's text.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

# Never text. Not `object`, `button`, `label`: what stands in them is shown.
_DROPPED = ("script", "style", "template", "svg", "iframe", "select", "textarea", "embed", "audio",
            "video", "canvas", "map", "head", "math")  # fmt: skip
_INLINE = (
    "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "cite", "code", "data", "del", "dfn",
    "em", "font", "i", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "nobr",
    "object", "output", "param", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "source", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
)  # fmt: skip
_KEPT_LINES = frozenset({"pre"})
_NAMED = frozenset({"class", "id", "role", "itemprop"})
# A script-less reader's copy of the text: three paragraphs are no "please turn on JavaScript"
_LEAST_UNSCRIPTED = 3
_MOST_DEPTH = 400  # elements; what lies deeper is read as one text

#: Elements whose presence above a block is a feature, each with its bit in `Blocks.above`
ABOVE = ("article", "main", "section", "aside", "nav", "footer", "header", "form", "figure",
         "table", "ul", "ol", "blockquote", "dl", "a", "figcaption", "details")  # fmt: skip
_BITS = {name: 1 << place for place, name in enumerate(ABOVE)}
_LINK = _BITS["a"]


@dataclass(slots=True, kw_only=True)
class Blocks:
    """Columns of blocks and of the elements above them; element 0 is the page.

    Of each block: its text on one line, the element that holds it, the characters of it that are
    links, how many links begin in it. Of each element: the one that holds it, its tag, the words
    of its class, id, role and itemprop, the bits of `ABOVE` on the way to it, its depth, and the
    blocks within it (`first` up to but without `end`).
    """

    texts: list[str] = field(default_factory=list)
    holder: list[int] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    anchors: list[int] = field(default_factory=list)
    parent: list[int] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)

    def tag_of(self, block: int) -> str:
        """The tag of the element that holds a block."""
        return self.tag[self.holder[block]]


def blocks_of(tree: HtmlElement) -> Blocks:
    """The blocks of `tree`, which stays as it is."""
    bare = copy.deepcopy(tree)
    for unscripted in bare.iter("noscript"):
        if len(unscripted.findall(".//p")) >= _LEAST_UNSCRIPTED:
            unscripted.tag = "div"
    etree.strip_elements(bare, "noscript", *_DROPPED, with_tail=False)
    etree.strip_tags(bare, *_INLINE)
    walk = _Walk()
    walk.enter(bare, 0, 0, 0)
    return walk.found


class _Walk:
    """One walk over a tree without inline elements."""

    def __init__(self) -> None:
        self.found = Blocks()
        self._run: list[str] = []
        self._linked = self._anchors = 0

    def enter(self, element: HtmlElement, holder: int, bits: int, depth: int) -> None:
        """Note `element` and what it holds."""
        found = self.found
        this = len(found.parent)
        bits |= _BITS.get(element.tag, 0)
        found.parent.append(holder)
        found.tag.append(element.tag)
        found.names.append(_names(element))
        found.above.append(bits)
        found.depth.append(depth)
        found.first.append(len(found.texts))
        found.end.append(0)
        if depth > _MOST_DEPTH:
            self._run.extend(element.itertext())
        elif element.tag in _KEPT_LINES:
            self._lines("".join(element.itertext()), this)
        else:
            self._inside(element, this, bits, depth, link=False)
        self._end(this)
        found.end[this] = len(found.texts)

    def _inside(
        self, element: HtmlElement, this: int, bits: int, depth: int, *, link: bool
    ) -> None:
        """What `element` holds, noted for `this`: itself, or the block element it is inline in."""
        self._say(element.text, link=link)
        breaks = 0
        for child in element:
            if child.tag == "br":
                breaks += 1
                self._run.append(" ")
                if breaks == 2:
                    self._end(this)
            elif child.tag == "a":
                self._anchors += 1
                self._inside(child, this, bits, depth, link=True)
                breaks = 0
            else:
                self._end(this)
                self.enter(child, this, bits | _LINK if link else bits, depth + 1)
                breaks = 0
            tail = child.tail
            if tail:
                self._say(tail, link=link)
                if breaks and not tail.isspace():
                    breaks = 0

    def _say(self, text: str | None, *, link: bool) -> None:
        if text:
            self._run.append(text)
            if link:
                self._linked += len(text)

    def _lines(self, text: str, this: int) -> None:
        """Each of the texts that blank lines part in a `pre`."""
        for part in text.replace("\r\n", "\n").split("\n\n"):
            self._run.append(part)
            self._end(this)

    def _end(self, this: int) -> None:
        """End the block in hand, if it has a word."""
        if not self._run:
            return
        text = " ".join("".join(self._run).split())
        self._run.clear()
        if text:
            self.found.texts.append(text)
            self.found.holder.append(this)
            self.found.linked.append(min(self._linked, len(text)))
            self.found.anchors.append(self._anchors)
        self._linked = self._anchors = 0


def _names(element: HtmlElement) -> str:
    attributes: Sequence[tuple[str, str]] = element.items()
    return " ".join(value for name, value in attributes if name in _NAMED)
