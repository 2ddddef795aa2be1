"""The archived bytes of a page → HTML that can be looked at and can do nothing.

Decides what is taken away: scripts, frames, forms, and whatever would fetch. What is left is shown
in a sandboxed frame under a policy that forbids the same once more.
"""

import re

from lxml import html

from flows.core import Page
from flows.core.text.decoding import decode
from flows.core.text.markup import MAX_BYTES, parsed

# Elements that run, fetch, send on or hold something that does
_ACTING = frozenset(
    {"script", "link", "meta", "base", "iframe", "frame", "frameset", "object", "embed", "applet",
     "portal", "template", "audio", "video", "source", "track", "noscript"}
)  # fmt: skip
# Attributes that fetch or send; those beginning with "on" run
_FETCHING = frozenset(
    {"src", "srcset", "background", "poster", "action", "formaction", "data", "ping", "lowsrc",
     "dynsrc", "manifest", "xlink:href", "target", "imagesrcset"}
)  # fmt: skip
# What a style rule may fetch: other rules, pictures, fonts
_ASKING_RULES = re.compile(
    r"@import[^;{}]*;?|(?:-webkit-)?(?:url|image-set|src)\s*\([^)]*\)?", re.I
)
_HARMLESS_LINKS = ("http://", "https://", "#", "/")
_NOTHING = b"<!doctype html>\n<p>This page has nothing that can be shown.</p>"


def harmless_page(page: Page) -> bytes:
    """The page without whatever acts, in UTF-8."""
    tree = parsed(decode(page.body[:MAX_BYTES], page.charset))
    if tree is None:
        return _NOTHING
    for element in list(tree.iter()):
        name = element.tag.lower() if isinstance(element.tag, str) else "script"
        if name.rpartition(":")[2] in _ACTING:
            _drop(element)
            continue
        if name == "style":
            element.text = _still(element.text or "")
        for attribute, value in list(element.attrib.items()):
            if _acts(str(attribute).lower(), str(value)):
                del element.attrib[attribute]
    written = str(html.tostring(tree, encoding="unicode"))
    return b"<!doctype html>\n" + written.encode("utf-8", "replace")


def _still(rules: str) -> str:
    """Style rules that ask for nothing; none where letters are hidden behind escapes."""
    return "" if "\\" in rules else _ASKING_RULES.sub("", rules)


def _acts(name: str, value: str) -> bool:
    if name.startswith("on") or name in _FETCHING:
        return True
    if name == "style":
        return _still(value) != value
    return name == "href" and not value.strip().lower().startswith(_HARMLESS_LINKS)


def _drop(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
