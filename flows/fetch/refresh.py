"""Pages that send their reader on by themselves: `<meta http-equiv="refresh">` and `Refresh:`.

Decides where a page with such an order leads, or that it is what its reader came for: one that
waits longer than ten seconds, or loads itself again with news in it. Read as a browser without
scripts reads it (WHATWG HTML, "shared declarative refresh steps"): the header before the markup,
the first order of the markup before later ones, `noscript` read and comments not. Refuses to know
robots.txt, budgets and addresses; `flows.fetch.client` puts every hop through them.

No pattern here can be made to go back: each part is taken once.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.core.urls import fetch_url
from flows.fetch.response import Headers, header, is_html
from flows.fetch.walls import visible_text

MOST_SECONDS = 10  # longer is a page to be read that reloads; "you will be redirected" says 0 to 10
_LOOKED_AT = 200_000  # bytes; as far as for walls
# A page that says no more than this is on its way even where it leads to itself. Unmeasured.
_LEAST_WORDS = 50
# Below this it is no article with a hint for browsers without scripts. As for walls.
_MOST_TEXT = 1_200
_MOST_ORDER = 4_000  # characters; the longest URL asked for is shorter
_MOST_ATTRIBUTES = 50

_PIECE = re.compile(
    r"<!--|<(script|style|textarea|title|template|iframe|noembed|noframes|xmp|svg)(?=[\s/>])"
    r"|<(/?noscript|meta|base)(?=[\s/>])",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"[\s/]*+(?:>|([^\s/>=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>\"'][^\s>]*+)|(?=>)))?)"
)
_DELAY = re.compile(r"\s*+(?:(\d++)(?:[.\d]*+)|\.[.\d]*+)(?=[\s;,]|$)[\s]*+[;,]?\s*+")
_URL = re.compile(r"url\s*+=\s*+", re.IGNORECASE)
_AROUND = " \t\r\n\f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """An order to go on: after how many seconds, where to (empty: the page itself).

    `base` is the `<base href>` before it; `in_noscript`: only for who runs no scripts.
    """

    seconds: int
    target: str
    base: str = ""
    in_noscript: bool = False


def sent_on(url: str, headers: Headers, body: bytes) -> str | None:
    """Where the page at `url` sends its reader on to; None when it is to be read itself."""
    order = parse_order(header(headers, "refresh") or "") or refresh_in(body)
    if order is None or order.seconds > MOST_SECONDS:
        return None
    if body.strip() and not is_html(headers, body):
        return None
    if order.target[:11].lower() == "javascript:":
        return None
    target = fetch_url(order.target or url, fetch_url(order.base, url) or url) or order.target
    return target if _leads_on(url, target, order, body) else None


def _leads_on(url: str, target: str, order: Refresh, body: bytes) -> bool:
    """Whether the page is on its way. One that leads to itself mostly has something to say."""
    if _place(target) == _place(url):
        return len(visible_text(body)) < _LEAST_WORDS
    if order.in_noscript or _place(target).partition("?")[0] == _place(url).partition("?")[0]:
        return len(visible_text(body)) < _MOST_TEXT
    return True


def _place(url: str) -> str:
    return url.partition("#")[0]


def parse_order(said: str) -> Refresh | None:
    """What a `Refresh:` header or the `content` of a meta element orders; None: nothing."""
    said = said[:_MOST_ORDER]
    delay = _DELAY.match(said)
    if delay is None:
        return None
    target = said[delay.end() :]
    if named := _URL.match(target):
        target = target[named.end() :]
    if target[:1] in ("'", '"'):
        target = target[1:].partition(target[0])[0]
    seconds = int((delay[1] or "0")[:9])
    return Refresh(seconds=seconds, target=target.strip(_AROUND))


def refresh_in(body: bytes) -> Refresh | None:
    """The first order in a page's markup."""
    start = body[:_LOOKED_AT]
    is_wide = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_wide and b"refresh" not in start.lower():
        return None
    text = start.decode("utf-16" if is_wide else "utf-8", errors="replace")
    base, is_inside = "", False
    for name, attributes in _elements(text):
        if name in ("noscript", "/noscript"):
            is_inside = name == "noscript"
        elif name == "base":
            base = base or attributes.get("href", "").strip(_AROUND)
        elif attributes.get("http-equiv", "").strip(_AROUND).lower() == "refresh":
            order = parse_order(attributes.get("content", ""))
            if order is not None:
                return Refresh(
                    seconds=order.seconds, target=order.target, base=base, in_noscript=is_inside
                )
    return None


def _elements(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Names and attributes of the elements that matter, what is no markup passed over."""
    lowered = text.lower() if text.isascii() else re.sub("[A-Z]+", lambda m: m[0].lower(), text)
    at = 0
    while (piece := _PIECE.search(text, at)) is not None:
        if piece[0] == "<!--":
            at = lowered.find("-->", piece.start() + 2)
        elif piece[1] is not None:
            at = lowered.find(f"</{piece[1].lower()}", piece.end())
        else:
            attributes, at = _attributes(text, piece.end())
            if at >= 0:
                yield piece[2].lower(), attributes
        if at < 0:  # it has no end, so nothing after it is markup
            return


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """The attributes of a tag and where it ends; -1 when it does not."""
    found: dict[str, str] = {}
    while (one := _ATTRIBUTE.match(text, at)) is not None:
        at = one.end()
        if one[1] is None:
            return found, at
        if len(found) < _MOST_ATTRIBUTES:
            value = one[2] or one[3] or one[4] or ""
            found.setdefault(one[1].lower(), html.unescape(value[:_MOST_ORDER]))
    return found, -1
