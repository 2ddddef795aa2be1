"""The JSON-LD witness: what a page's `application/ld+json` blocks say of its article.

Decides which node is the page's article (others are of articles it links to); refuses to know
whether its claims are true. Broken JSON is mended within reason: comments, CDATA, escaped entities,
trailing commas, raw control characters.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from flows.core.text.cleaning import bare
from flows.extraction.witnesses.claims import Claims, Credit, Kind

MAX_BLOCK_CHARS = 2_000_000
MAX_DEPTH = 12
MAX_NODES = 400

# schema.org types of pages that are articles, best first; a node of a later rank only fills gaps
_RANKS: tuple[frozenset[str], ...] = (
    frozenset({
        "newsarticle", "reportagenewsarticle", "analysisnewsarticle", "opinionnewsarticle",
        "backgroundnewsarticle", "reviewnewsarticle", "askpublicnewsarticle", "liveblogposting",
        "satiricalarticle", "advertisercontentarticle",
    }),
    frozenset({"article", "blogposting", "report", "scholarlyarticle", "techarticle"}),
    frozenset({"socialmediaposting", "discussionforumposting", "review", "interview"}),
    frozenset({"webpage", "itempage", "creativework"}),
)  # fmt: skip
_SEARCHED = (
    "@graph", "mainEntity", "mainEntityOfPage", "hasPart", "subjectOf", "article",
    "itemListElement", "item",
)  # fmt: skip
_LISTS = frozenset({"itemListElement", "hasPart", "subjectOf"})  # under these stand other articles
_DOOR = re.compile(r"^(?:www|m|mobile|amp)\.")
_NEVER_JSON = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_TYPE = re.compile(r'"@type"\s*+:\s*+(?:\[\s*+)?"(\w*(?:Article|Posting))"')
_TIMES = re.compile(r'"(datePublished|dateModified)"\s*:\s*"([^"\\]{8,40})"')
_TAG = re.compile(r"<[a-zA-Z/][^<>]{0,500}>")

ARTICLE_TYPES = frozenset().union(*_RANKS[:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedData:
    """Claims of the page's article nodes, the most specific first; the types of all its nodes."""

    articles: tuple[Claims, ...]
    types: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What else tells which article a page is: its addresses (`address_of`) and its headlines
    (`titles.bare`)."""

    addresses: frozenset[str] = frozenset()
    headlines: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    value: Mapping[str, object]
    listed: bool
    types: tuple[str, ...]

    @property
    def rank(self) -> int | None:
        ranks = (rank for name in self.types for rank, names in enumerate(_RANKS) if name in names)
        return min(ranks, default=None)


def linked_data(tree: HtmlElement, about: About = About()) -> LinkedData:
    """What the page's JSON-LD says of its article, and what kinds of things it describes."""
    found, by_id = _nodes(tree)
    nodes = _of_the_page(found, about)
    ranked = sorted(
        ((rank, position, node) for position, node in enumerate(nodes)
         if (rank := node.rank) is not None),
        key=lambda entry: entry[:2],
    )  # fmt: skip
    return LinkedData(
        articles=tuple(_claims(node.value, by_id, strong=rank < 3) for rank, _, node in ranked[:8]),
        types=frozenset(name for node in nodes for name in node.types),
    )


def address_of(url: str) -> str:
    """`url` as two ways to write one page's address share it: without scheme, `www.`, query."""
    address = url.partition("#")[0].partition("?")[0].rpartition("://")[2]
    host, _, path = address.partition("/")
    return f"{_DOOR.sub('', host.lower())}/{path.strip('/')}"


def _of_the_page(nodes: list[_Node], about: About) -> list[_Node]:
    """`nodes` without the articles that are others': elsewhere by their address, or in a list.

    A page is one article: if a node is that one by its address or headline, all others are not.
    """
    articles = [node for node in nodes if node.rank is not None and node.rank < 3]
    if len(articles) < 2 and not any(node.listed for node in articles):
        return nodes
    own = [node for node in articles if _is_own(node.value, about)]
    if not own:
        elsewhere = {url for node in articles if (url := _address(node.value))}
        own = [node for node in articles if not node.listed] if len(elsewhere) < 2 else []
    elif any(not node.listed for node in own):
        own = [node for node in own if not node.listed]
    kept = set(map(id, own))
    foreign = {id(node) for node in articles if id(node) not in kept and _names_itself(node)}
    return [node for node in nodes if id(node) not in foreign]


def _names_itself(node: _Node) -> bool:
    return bool(node.listed or _address(node.value) or node.value.get("headline"))


def _is_own(node: Mapping[str, object], about: About) -> bool:
    if _address(node) in about.addresses:
        return True
    return any(bare(text) in about.headlines for text in _texts(node, "headline", "name"))


def _address(node: Mapping[str, object]) -> str | None:
    """Where a node says its article stands, if it does."""
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        url = (value.get("@id") or value.get("url")) if isinstance(value, dict) else value
        if isinstance(url, str) and "://" in url:
            return address_of(url)
    return None


def _nodes(tree: HtmlElement) -> tuple[list[_Node], dict[str, Mapping[str, object]]]:
    nodes: list[_Node] = []
    by_id: dict[str, Mapping[str, object]] = {}
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for value in _values(script.text):
                _walk(value, nodes, by_id, 0, listed=False)
    return nodes, by_id


def _values(text: str) -> Iterator[object]:
    text = text.strip()
    if len(text) > MAX_BLOCK_CHARS:
        return
    for opening, closing in (("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("<![CDATA[", "]]>")):
        if text.startswith(opening):
            text = text.removeprefix(opening).removesuffix(closing).strip()
    decoder = json.JSONDecoder(strict=False)
    for mended in _mendings(text):
        try:
            yield decoder.raw_decode(mended)[0]
        except RecursionError:
            return
        except ValueError:
            continue
        return
    if (kind := _TYPE.search(text)) is not None:  # quotes within quotes: what stands whole is kept
        yield {"@type": kind[1], **dict(_TIMES.findall(text))}


def _mendings(text: str) -> Iterator[str]:
    yield text
    yield _TRAILING_COMMA.sub(r"\1", _NEVER_JSON.sub(" ", text))
    if "&quot;" in text:
        yield html.unescape(text)


def _walk(
    value: object,
    nodes: list[_Node],
    by_id: dict[str, Mapping[str, object]],
    depth: int,
    *,
    listed: bool,
) -> None:
    if depth > MAX_DEPTH or len(nodes) >= MAX_NODES:
        return
    if isinstance(value, list):
        for item in value[:200]:
            _walk(item, nodes, by_id, depth + 1, listed=listed)
    elif isinstance(value, dict):
        name = value.get("@id")
        if isinstance(name, str) and len(value) > 1:
            by_id.setdefault(name, value)
        if types := _types(value):
            nodes.append(_Node(value=value, listed=listed, types=tuple(types)))
        for key in _SEARCHED:
            if key in value:
                _walk(value[key], nodes, by_id, depth + 1, listed=listed or key in _LISTS)


def _types(node: Mapping[str, object]) -> list[str]:
    named = node.get("@type")
    listed = named if isinstance(named, list) else [named]
    return [name.rsplit("/", 1)[-1].lower() for name in listed if isinstance(name, str)]


def _claims(
    node: Mapping[str, object], by_id: Mapping[str, Mapping[str, object]], *, strong: bool
) -> Claims:
    return Claims(
        origin="json_ld",
        titles=_texts(node, "headline", *(() if strong else ("name",))),
        published=_texts(
            node, "datePublished", *(("dateCreated", "coverageStartTime") if strong else ())
        ),
        modified=_texts(node, "dateModified"),
        credits=tuple(_credits(node.get("author"), by_id)) if strong else (),
        site_names=_names_of(node.get("publisher"), by_id),
        sections=_texts(node, "articleSection"),
        tags=_texts(node, "keywords"),
        descriptions=_texts(node, "description") if strong else (),
        images=_images(node.get("image")),
        languages=_texts(node, "inLanguage"),
        types=frozenset(_types(node)),
        free_to_read=_free(node),
        body=next(iter(_texts(node, "articleBody")), None),
    )


def _texts(node: Mapping[str, object], *keys: str) -> tuple[str, ...]:
    return tuple(text for key in keys for text in _strings(node.get(key)))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        yield str(value)
    elif isinstance(value, list):
        for item in value[:100]:
            yield from _strings(item)
    elif isinstance(value, dict):
        yield from _strings(value.get("@value") or value.get("name"))


def _free(node: Mapping[str, object]) -> bool | None:
    """The article's own word, else that of its parts: behind a wall is what a part says is."""
    own = _boolean(node.get("isAccessibleForFree"))
    parts = node.get("hasPart")
    listed = parts if isinstance(parts, list) else [parts]
    walled = any(
        isinstance(part, dict) and _boolean(part.get("isAccessibleForFree")) is False
        for part in listed[:20]
    )
    return False if own is None and walled else own


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in {"true", "false"}:
        return value.strip().lower() == "true"
    return None


def _images(value: object) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(url for item in value[:5] for url in _images(item))
    if isinstance(value, dict):
        return _images(value.get("url") or value.get("contentUrl"))
    return (value,) if isinstance(value, str) else ()


def _names_of(value: object, by_id: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    return tuple(credit.name for credit in _credits(value, by_id))


def _credits(
    value: object, by_id: Mapping[str, Mapping[str, object]], depth: int = 0
) -> Iterator[Credit]:
    if depth > 3:
        return
    for item in (value if isinstance(value, list) else [value])[:50]:
        if isinstance(item, str):
            if item in by_id:
                yield from _credits(by_id[item], by_id, depth + 1)
            elif not item.startswith(("http://", "https://", "#", "/")):
                yield Credit(name=_TAG.sub(" ", item))
        elif isinstance(item, dict):
            yield from _credits_of(item, by_id, depth)
        elif isinstance(item, list):
            yield from _credits(item, by_id, depth + 1)


def _credits_of(
    item: Mapping[str, object], by_id: Mapping[str, Mapping[str, object]], depth: int
) -> Iterator[Credit]:
    types = _types(item)
    kind = (
        Kind.PERSON if "person" in types
        else Kind.ORGANISATION if any("organization" in name for name in types)
        else Kind.UNKNOWN
    )  # fmt: skip
    name = item.get("name")
    reference = item.get("@id")
    if name is None and isinstance(reference, str) and by_id.get(reference, item) is not item:
        yield from _credits(by_id[reference], by_id, depth + 1)
    elif isinstance(name, dict | list):
        for text in _strings(name):
            yield Credit(name=_TAG.sub(" ", text), kind=kind)
    elif isinstance(name, str):
        yield Credit(name=_TAG.sub(" ", name), kind=kind)
    else:
        parts = (item.get(key) for key in ("givenName", "additionalName", "familyName"))
        joined = " ".join(part for part in parts if isinstance(part, str))
        if joined:
            yield Credit(name=joined, kind=Kind.PERSON)
