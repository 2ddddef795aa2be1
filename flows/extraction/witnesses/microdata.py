"""The microdata and RDFa witness: `itemprop` and `property` attributes in the page's body.

Decides which element carries a property's value and which of several articles marked up is the
page's: the first with a headline. Refuses to know whether the claims are true.
"""

from collections.abc import Iterable

from lxml.html import HtmlElement

from flows.extraction.witnesses.claims import Claims, Credit, Kind
from flows.extraction.witnesses.lines import with_attribute

_SEARCHED = ("headline", "datepublished", "datecreated", "datemodified", "author", "creator",
             "isaccessibleforfree", "dc:date", "schema:datepublished", "schema:headline",
             "schema:author")  # fmt: skip
# a card of another article carries its own properties: itemtypes that are parts of the page
_ELSEWHERE = ("comment", "imageobject", "videoobject", "review", "webpageelement", "wpsidebar")
_WITH_ITEMPROP = with_attribute("itemprop")
_WITH_PROPERTY = with_attribute("property", within="//body")


def microdata(tree: HtmlElement) -> Claims:
    """What elements marked up with schema.org properties claim, in document order."""
    found: dict[str, list[HtmlElement]] = {}
    for element in _WITH_ITEMPROP(tree):
        _note(element, element.get("itemprop") or "", found)
    for element in _WITH_PROPERTY(tree):
        _note(element, element.get("property") or "", found)

    headlines = (*found.get("headline", ()), *found.get("schema:headline", ()))
    main = next((scope for one in headlines if (scope := _article(one)) is not None), None)

    def of(*names: str) -> list[HtmlElement]:
        elements = [element for name in names for element in found.get(name, ())]
        inside = [element for element in elements if _article(element) is main]
        return inside or [element for element in elements if _article(element) is None]

    return Claims(
        origin="microdata",
        titles=_values(of("headline", "schema:headline")),
        published=_values(of("datepublished", "schema:datepublished", "dc:date", "datecreated")),
        modified=_values(of("datemodified")),
        credits=tuple(
            credit
            for element in of("author", "creator", "schema:author")
            for credit in _credits(element)
        ),
        free_to_read=_free(_values(of("isaccessibleforfree"))),
    )


def _note(element: HtmlElement, names: str, found: dict[str, list[HtmlElement]]) -> None:
    for name in names.lower().split():
        if name in _SEARCHED and len(found.setdefault(name, [])) < 20 and not _elsewhere(element):
            found[name].append(element)


def _article(element: HtmlElement) -> HtmlElement | None:
    """The element marked up as the article that `element` is a property of."""
    return next(
        (ancestor for ancestor in element.iterancestors()
         if _kind(ancestor).endswith(("article", "posting", "report"))),
        None,
    )  # fmt: skip


def _kind(element: HtmlElement) -> str:
    return (element.get("itemtype") or element.get("typeof") or "").lower()


def _elsewhere(element: HtmlElement) -> bool:
    for ancestor in element.iterancestors():
        kind = (ancestor.get("itemtype") or "").lower()
        if kind:
            return kind.rsplit("/", 1)[-1] in _ELSEWHERE
    return False


def _values(elements: Iterable[HtmlElement]) -> tuple[str, ...]:
    values = (
        element.get("content") or element.get("datetime") or _text(element) for element in elements
    )
    return tuple(value.strip() for value in values if value and value.strip())


def _credits(element: HtmlElement) -> Iterable[Credit]:
    kind = (element.get("itemtype") or "").lower()
    is_a = (
        Kind.PERSON if "person" in kind
        else Kind.ORGANISATION if "organization" in kind
        else Kind.UNKNOWN
    )  # fmt: skip
    names = [inner for inner in _WITH_ITEMPROP(element)[1:]
             if "name" in (inner.get("itemprop") or "").lower().split()]  # fmt: skip
    for inner in names[:5] or [element]:
        text = inner.get("content") or _text(inner)
        if text:
            yield Credit(name=text, kind=is_a)


def _text(element: HtmlElement) -> str:
    return " ".join(" ".join(element.itertext()).split())[:500]


def _free(values: tuple[str, ...]) -> bool | None:
    for value in values:
        if value.lower() in {"true", "false"}:
            return value.lower() == "true"
    return None
