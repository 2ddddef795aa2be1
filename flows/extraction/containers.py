"""Where a page's text lies: bodies cut into several containers, and articles that follow another.

Extractors take the first of several containers of one kind and lose the rest (advertisements stand
between them), or run on into the next article of an endless page. Decided by the elements that
the paragraphs read came from; containers of different articles are never joined.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from flows.extraction.witnesses.lines import OUTSIDE, line_of

_LEAST_CHARS = 80  # a paragraph long enough to be recognised and to be text
_LEAST_PARAGRAPHS = 3
_MOST_FOLLOWING = 3
_LEAST_CARDS, _CARD_SHARE = 5, 0.6  # unmeasured
# Less than this share lost is a box or two that the extractor left out on purpose (unmeasured)
_LOST_SHARE = 0.35
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "blockquote", "ul", "ol"})
_KEY_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A long paragraph of the tree: its text's key, its container, the article it stands in."""

    key: str
    chars: int
    container: HtmlElement
    article: HtmlElement | None

    @property
    def kind(self) -> tuple[str, str, HtmlElement | None]:
        """What containers of one kind share."""
        return str(self.container.tag), self.container.get("class") or "", self.article


def long_paragraphs(tree: HtmlElement) -> list[Paragraph]:
    """The paragraphs of at least 80 characters outside navigation, footers and asides."""
    return list(_long_paragraphs(tree))


def only_cards(found: Sequence[Paragraph]) -> bool:
    """Whether the text of a page is the teasers of others: paragraphs that stand alone, most of
    them beside a heading that is a link; a text has three in one container."""
    together = Counter(paragraph.container for paragraph in found)
    if len(together) < _LEAST_CARDS or max(together.values()) >= _LEAST_PARAGRAPHS:
        return False
    cards = sum(1 for container in together if _is_card(container))
    return cards >= max(_LEAST_CARDS, _CARD_SHARE * len(together))


def without_following(found: Sequence[Paragraph], read: Sequence[str]) -> tuple[str, ...]:
    """`read` without the paragraphs of articles that follow the first on the same page.

    Posts of a live blog are articles too, many and short: they stay. What follows on an endless
    page is one to three articles, each with a headline and paragraphs of its own.
    """
    keys = _keys(read)
    by_article: dict[HtmlElement | None, set[str]] = {}
    for paragraph in found:
        if paragraph.key in keys:
            by_article.setdefault(paragraph.article, set()).add(paragraph.key)
    outside = by_article.pop(None, set())
    articles = [article for article in by_article if article is not None]
    own = by_article[articles[0]] | outside if articles else set()
    others = articles[1:]
    if not 0 < len(others) <= _MOST_FOLLOWING or len(own) < _LEAST_PARAGRAPHS:
        return tuple(read)
    if not all(_whole_article(other, by_article[other]) for other in others):
        return tuple(read)
    following = set().union(*(by_article[other] for other in others)) - own
    return _until(read, following, _headlines(others))


def whole_of(found: Sequence[Paragraph], read: Sequence[str]) -> tuple[str, ...] | None:
    """The blocks of all containers like the one `read` came from, or None where nothing is lost."""
    keys = _keys(read)
    kinds = Counter(paragraph.kind for paragraph in found if paragraph.key in keys)
    if len(keys) < _LEAST_PARAGRAPHS or not kinds:
        return None
    kind, count = kinds.most_common(1)[0]
    if count < _LEAST_PARAGRAPHS or not kind[1]:
        return None
    alike = [paragraph for paragraph in found if paragraph.kind == kind]
    lost = sum(paragraph.chars for paragraph in alike if paragraph.key not in keys)
    if lost < _LOST_SHARE * sum(map(len, read)):
        return None
    containers = dict.fromkeys(paragraph.container for paragraph in alike)
    return tuple(text for container in containers for text in _blocks(container))


def _is_card(container: HtmlElement) -> bool:
    """Whether one heading, a link, stands beside a paragraph in its container or what holds it."""
    holders = (container, container.getparent())
    heads = (list(holder.iter("h2", "h3", "h4")) for holder in holders if holder is not None)
    return any(len(found) == 1 and _is_link(found[0]) for found in heads)


def _is_link(heading: HtmlElement) -> bool:
    parent = heading.getparent()
    if parent is not None and parent.tag == "a":
        return True
    link = heading.find(".//a[@href]")
    return link is not None and line_of(link) == line_of(heading)


def _long_paragraphs(tree: HtmlElement) -> Iterator[Paragraph]:
    for element in tree.iterfind(".//p"):
        container = element.getparent()
        text = line_of(element)
        if container is None or len(text) < _LEAST_CHARS:
            continue
        article = None
        for ancestor in element.iterancestors():
            if ancestor.tag in OUTSIDE:
                break
            article = ancestor if ancestor.tag == "article" else article  # the outermost
        else:
            yield Paragraph(key=_key(text), chars=len(text), container=container, article=article)


def _keys(read: Sequence[str]) -> frozenset[str]:
    return frozenset(_key(paragraph) for paragraph in read if len(paragraph) >= _LEAST_CHARS)


def _whole_article(article: HtmlElement, paragraphs: set[str]) -> bool:
    return len(paragraphs) >= _LEAST_PARAGRAPHS and bool(_headlines([article]))


def _headlines(articles: Sequence[HtmlElement]) -> frozenset[str]:
    return frozenset(
        _key(line_of(head)) for article in articles for head in article.iter("h1", "h2")
    )


def _until(read: Sequence[str], following: set[str], headlines: frozenset[str]) -> tuple[str, ...]:
    """`read` up to the first paragraph whose key is in `following`, or the headline before it."""
    for position, paragraph in enumerate(read):
        if len(paragraph) >= _LEAST_CHARS and _key(paragraph) in following:
            while position and _key(read[position - 1]) in headlines:
                position -= 1
            return tuple(read[:position])
    return tuple(read)


def _blocks(container: HtmlElement) -> Iterator[str]:
    for child in container:
        if child.tag in _BLOCKS:
            text = line_of(child)
            if text:
                yield text


def _key(text: str) -> str:
    return "".join(text.split())[:_KEY_CHARS]
