"""The visible witness: headings, the window title, `time` elements.

Decides which elements look like a headline or a date; refuses to know whom to believe.
"""

import re

from lxml.html import HtmlElement

from flows.core.text.written_dates import MAX_LABEL_CHARS, says_changed
from flows.extraction.witnesses.claims import Claims
from flows.extraction.witnesses.lines import line_of, outside

_TRAIL = re.compile(r"bread-?crumb|sticky|visually-?hidden|sr-only", re.I)
# not `live-update`, the post of a live blog
_CHANGED = re.compile(
    r"(?:^|[^a-z])(?:(?:date|time|last)?-?_?(?:updated|modified)|last-?_?update|update-?_?(?:time|date))",
    re.I,
)
_ANOTHERS = re.compile(
    r"(?:^|[^a-z])(?:comments?|replies|reply|related|recommend\w*|teasers?|trending|most-?(?:read|popular)"
    r"|caption|read-?(?:more|next)|also)(?:[^a-z]|$)",
    re.I,
)
_PROSE = frozenset({"p", "li", "blockquote", "div", "span", "em", "strong"})
_LEAST_SENTENCE = 60  # characters (unmeasured)
_MAX_CHARS = 1_000


def headings(tree: HtmlElement) -> Claims:
    """The texts of the `h1` a reader sees as headline, in document order.

    An `h1` at the end of a breadcrumb trail repeats what is written for search engines.
    """
    found = (
        line_of(element)[:_MAX_CHARS]
        for element in tree.iterfind(".//h1")
        if not outside(element) and not _in_trail(element) and not _is_logo(element)
    )
    return Claims(origin="h1", titles=tuple(text for text in found if text)[:5])


def bold_lines(tree: HtmlElement) -> frozenset[str]:
    """Paragraphs that are bold throughout: headings to whoever reads them."""
    return frozenset(
        line_of(element) for element in tree.iter("strong", "b") if _is_paragraph(element)
    )


def window_title(tree: HtmlElement) -> Claims:
    """The `title` element."""
    element = tree.find(".//head/title")
    if element is None:
        element = tree.find(".//title")
    text = line_of(element)[:_MAX_CHARS] if element is not None else ""
    return Claims(origin="title_tag", titles=(text,) if text else ())


def time_elements(tree: HtmlElement) -> Claims:
    """`time` elements that may be the article's, in document order; those of a change apart.

    Not those in navigation, asides, captions, comments and teasers, nor those inside a sentence.
    """
    published: list[str] = []
    modified: list[str] = []
    for element in tree.iterfind(".//time"):
        if len(published) + len(modified) >= 20:
            break
        if not (outside(element) or of_another(element) or _in_sentence(element)):
            value = element.get("datetime") or line_of(element)[:100]
            if value:
                (modified if _of_change(element) else published).append(value)
    return Claims(origin="time_tag", published=tuple(published), modified=tuple(modified))


def of_another(element: HtmlElement) -> bool:
    """Whether `element` stands in a caption, a comment or a teaser of something else."""
    return any(
        ancestor.tag == "figcaption"
        or _ANOTHERS.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}")
        for ancestor in element.iterancestors()
        if ancestor.tag not in {"body", "html", "main"}
    )


def _in_sentence(element: HtmlElement) -> bool:
    """Whether words run on behind a `time` element: "put on the site on 24 February and says"."""
    parent = element.getparent()
    if parent is None or parent.tag not in _PROSE:
        return False
    tail = (element.tail or "").strip()
    return tail[:1].islower() and len(line_of(parent)) > _LEAST_SENTENCE


def _of_change(element: HtmlElement) -> bool:
    """Whether a `time` is marked, or labelled by the words before it, as one of a change."""
    parent, before = element.getparent(), element.getprevious()
    marks = [element.get(name) or "" for name in ("itemprop", "class", "property")]
    label = (before.tail or line_of(before)) if before is not None else ""
    if before is None and parent is not None:
        label = parent.text or ""
        marks.append(parent.get("class") or "")
    return _CHANGED.search(" ".join(marks)) is not None or says_changed(
        f"{label[-MAX_LABEL_CHARS:]} {line_of(element)[:20]}"
    )


def _is_logo(element: HtmlElement) -> bool:
    """Whether a heading is a link to the home page."""
    links = element.findall(".//a")
    path = (links[0].get("href") or "").partition("://")[2] if links else ""
    home = bool(links) and (
        links[0].get("href") == "/" or path.strip("/").count("/") == 0 < len(path)
    )
    return home and line_of(element) == line_of(links[0])


def _is_paragraph(element: HtmlElement) -> bool:
    parent = element.getparent()
    if parent is None or parent.tag not in {"p", "div"} or len(parent) > 1:
        return False
    return not (parent.text or "").strip() and not (element.tail or "").strip()


def _in_trail(element: HtmlElement) -> bool:
    chain = (element, *element.iterancestors("ul", "ol", "li"))
    return any(_TRAIL.search(part.get("class") or "") for part in chain)
