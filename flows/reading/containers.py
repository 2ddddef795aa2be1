"""Bodies cut into several containers of one kind: extractors take the first and lose the rest.

Decides whether a page's text goes on in containers like the one already read (advertisements stand
between them); refuses to join containers of different articles.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from flows.reading.lines import OUTSIDE, line_of

_LEAST_CHARS = 80  # a paragraph long enough to be recognised and to be text
_LEAST_PARAGRAPHS = 3
# Less than this share lost is a box or two that the extractor left out on purpose (unmeasured)
_LOST_SHARE = 0.35
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "blockquote", "ul", "ol"})
_KEY_CHARS = 60

_Kind = tuple[str, str, int]


def whole_of(tree: HtmlElement, read: Sequence[str]) -> tuple[str, ...] | None:
    """The blocks of all containers like the one `read` came from, or None where nothing is lost."""
    keys = frozenset(_key(paragraph) for paragraph in read if len(paragraph) >= _LEAST_CHARS)
    if len(keys) < _LEAST_PARAGRAPHS:
        return None
    found = list(_paragraphs(tree))
    kinds = Counter(kind for kind, text, _ in found if _key(text) in keys)
    if not kinds:
        return None
    kind, count = kinds.most_common(1)[0]
    if count < _LEAST_PARAGRAPHS or not kind[1]:
        return None
    lost = sum(len(text) for k, text, _ in found if k == kind and _key(text) not in keys)
    if lost < _LOST_SHARE * sum(map(len, read)):
        return None
    containers = dict.fromkeys(container for k, _, container in found if k == kind)
    return tuple(text for container in containers for text in _blocks(container))


def _paragraphs(tree: HtmlElement) -> Iterator[tuple[_Kind, str, HtmlElement]]:
    """Each long paragraph with its container: tag, class, and the article they stand in."""
    articles = {article: number for number, article in enumerate(tree.iter("article"), 1)}
    for element in tree.iterfind(".//p"):
        container = element.getparent()
        if container is None:
            continue
        text = line_of(element)
        if len(text) < _LEAST_CHARS:
            continue
        scope = _scope(element, articles)
        if scope is not None:
            yield (str(container.tag), container.get("class") or "", scope), text, container


def _scope(element: HtmlElement, articles: Mapping[HtmlElement, int]) -> int | None:
    """Which article an element is part of (0: of none); None outside of any text."""
    for ancestor in element.iterancestors():
        if ancestor.tag in OUTSIDE:
            return None
        if ancestor.tag == "article":
            return articles[ancestor]
    return 0


def _blocks(container: HtmlElement) -> Iterator[str]:
    for child in container:
        if child.tag in _BLOCKS:
            text = line_of(child)
            if text:
                yield text


def _key(text: str) -> str:
    return "".join(text.split())[:_KEY_CHARS]
