"""List pages that are JSON: the links a path of names chooses → listing.

Some official sites fill their lists by script from a file of JSON, which can be asked for itself.
Decides which members of an item are its link, its title and its date, as `list_pages` does for the
row of a link; refuses to know which path is right for which site. A path is names between dots,
such as `data.list.url`: arrays are walked through, `*` is any member, and it ends at links or at
items that hold one. Members of the wrong type are taken as absent.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeAlias

from flows.core.text.cleaning import MAX_SUMMARY_CHARS
from flows.core.text.decoding import decode
from flows.discovery.formats.json_feed import newest_of
from flows.discovery.listing import MAX_ENTRIES, Entry, Listing, Unreadable

_Item: TypeAlias = Mapping[str, object]

# `callback([…]);` and `var list = {…};`, as pages load them
_WRAPPED = re.compile(
    r"\s*(?:(?:var|let|const)\s+)?(?:[\w$.\[\]'\"]{1,100})\s*(?:=|\()\s*(?=[\[{])"
)
# What stands before the value in bytes: enough to tell JSON from HTML
_HEAD_BYTES = 400
# Names as they are without capitals and signs: `WEB_URL` is `weburl`
_LINKS = ("url", "link", "href", "permalink", "weburl", "pageurl", "arturl", "linkurl")
_TITLES = ("title", "headline", "name", "subject", "linktitle")
_SUMMARIES = ("summary", "description", "abstract", "digest", "brief", "intro")
_DATED = re.compile("date|time|publish|creat|releas|issued")
_PUBLISHED = re.compile("pub|rel|issue")
_CHANGED = re.compile("updat(?:e|ing|ed)|modif|edit|chang|expire|end(?:date|time)|server|now")
_NO_LETTER = re.compile(r"[\W_]+")
# An instant is at least a day of a year, or seconds or milliseconds since 1970
_READS_AS_DATE = re.compile(r"\D*(?:\d{4}|\d{1,2}\D+\d)")
_EPOCH = (10**9, 10**13)
# Items have some twenty members, lists some thousand items; what is larger is read so far: 10 MB of
# small members cost 15 s otherwise
_MAX_MEMBERS = 100
_MAX_NAME_CHARS = 120
_MAX_STEPS = 200_000
# Larger whole numbers are kept as text: they are names of things (Python refuses 4,300 digits)
_MAX_DIGITS = 18


def looks_like_json(body: bytes, charset: str | None = None) -> bool:
    """Whether an answer begins as JSON does, wrapped in a call or not, rather than as HTML."""
    head = decode(body[:_HEAD_BYTES], charset)
    head = head.lstrip("\ufeff \t\r\n")
    return head[:1] in ("{", "[") or _WRAPPED.match(head) is not None


def parse_json_list(
    body: bytes, *, url: str, path: str, charset: str | None = None
) -> Listing | Unreadable:
    """Read the items `path` leads to; `url` is where the bytes came from."""
    document = _read(body, charset)
    if isinstance(document, Unreadable):
        return document
    chosen = list(_chosen(document, _names(path)))
    entries = [_entry(item, link) for item, link in newest_of(chosen)]
    found = tuple(entry for entry in entries if entry is not None)
    if not found:
        return Unreadable(problem=f"the selector {path!r} chooses no link in this JSON")
    beyond = max(0, len(chosen) - MAX_ENTRIES)
    return Listing(form="links", base=url, entries=found, beyond=beyond)


def _read(body: bytes, charset: str | None) -> object:
    text = decode(body, charset).lstrip("\ufeff \t\r\n")
    wrapped = _WRAPPED.match(text) if text[:1] not in ("{", "[") else None
    decoder = json.JSONDecoder(
        strict=False, parse_int=_whole, parse_float=str, parse_constant=lambda _: None
    )
    try:
        value: object = decoder.raw_decode(text, wrapped.end() if wrapped else 0)[0]
    except ValueError as error:
        return Unreadable(problem=f"no valid JSON: {error}")
    except RecursionError:
        return Unreadable(problem="JSON nested too deeply")
    return value


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _names(path: str) -> list[str]:
    """`$.data.list[*].url` and `data.list.url` are one path."""
    names = re.sub(r"\[\*?\]", "", path.strip()).removeprefix("$").split(".")
    return [name for name in names if name]


def _chosen(value: object, names: Sequence[str]) -> Iterator[tuple[_Item, str | None]]:
    """(item, link where the path ended at one): arrays are walked through, at the end too."""
    waiting: list[tuple[object, int, _Item]] = [(value, 0, {})]
    for _ in range(_MAX_STEPS):
        if not waiting:
            return
        value, depth, holder = waiting.pop()
        if isinstance(value, list):
            waiting.extend((one, depth, holder) for one in reversed(value) if one)
        elif depth == len(names):
            if isinstance(value, Mapping):
                yield value, None
            elif isinstance(value, str):
                yield holder, value
        elif isinstance(value, Mapping):
            below = value.values() if names[depth] == "*" else (value.get(names[depth]),)
            waiting.extend((one, depth + 1, value) for one in reversed([*below]) if one)


def _entry(item: _Item, link: str | None) -> Entry | None:
    members = {
        _NO_LETTER.sub("", name[:_MAX_NAME_CHARS]).casefold(): value
        for name, value in islice(item.items(), _MAX_MEMBERS)
    }
    link = _line(link) or _first(members, _LINKS)
    if link is None:
        return None
    summary = _first(members, _SUMMARIES)
    like_a_title = [name for name in members if "title" in name]
    return Entry(
        link=link,
        title=_first(members, (*_TITLES, *like_a_title)),
        summary=summary[:MAX_SUMMARY_CHARS] if summary else None,
        published=_date(members),
        claim="list",
    )


def _first(members: _Item, names: Iterable[str]) -> str | None:
    """The text of the first of `names` that is a member."""
    return next((text for name in names if (text := _line(members.get(name)))), None)


def _date(members: _Item) -> str | None:
    """What the item says of its publication: a member so named, else any date but of a change."""
    dated = [
        (name, text)
        for name, value in members.items()
        if _DATED.search(name) and not _CHANGED.search(name) and (text := _moment(value))
    ]
    first = dated[0][1] if dated else None
    return next((text for name, text in dated if _PUBLISHED.search(name)), first)


def _moment(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if _EPOCH[0] <= value < _EPOCH[1] else None
    text = _line(value)
    return text if text and _READS_AS_DATE.match(text[:_MAX_NAME_CHARS]) else None


def _line(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None
