"""The dateline at the head of a text: where it was filed and by which agency.

Decides what of the first paragraph is a dateline and what is the sentence after it; refuses to
guess: a form not listed here is no dateline, and the paragraph stays whole.
"""

import re
from dataclasses import dataclass

from flows.core.text.agencies import agency_named

_MONTH = r"[^\W\d_]{3,12}\.?"
_DAY = rf"(?:{_MONTH}\s\d{{1,2}}|\d{{1,2}}\.?\s{_MONTH}|\d{{1,2}}[./]\d{{1,2}}\.?)(?:,?\s\d{{4}})?"
# A place is one to five words that begin with capitals, or all capitals, with an optional region:
# "BEIJING", "NEW YORK", "Kyiv", "KYIV, Ukraine", "МОСКВА", "Pékin"
_PLACE = (
    r"(?P<place>[^\W\d_][\w.'’\-]*(?:[ /][^\W\d_][\w.'’\-]*){0,4}"
    r"(?:,\s[^\W\d_][\w.'’\-]*(?:\s[^\W\d_][\w.'’\-]*){0,2})?)"
)
_DASH = r"\s*+(?:[—–―:]|-{1,2}(?=\s))\s*+"

_FORMS = (
    # BEIJING (AP) —   Kyiv (dpa) -   LONDON, Feb 24 (Reuters) -   PARIS (AFP):
    re.compile(
        rf"{_PLACE}(?:,\s*+{_DAY})?\s*+[(\[](?P<agency>[^()\[\]]{{2,40}})[)\]](?:{_DASH}|\s+)"
    ),
    # МОСКВА, 24 февраля. /ТАСС/.   BEIJING, Feb. 24 /Xinhua/ --
    re.compile(
        rf"{_PLACE},?\s*+(?:{_DAY})?[.,]?\s*+/(?P<agency>[^/]{{2,40}})/[.,]?(?:{_DASH}|\s+)"
    ),
    # МОСКВА, 24 фев — РИА Новости.   BEIJING, Feb 24, Xinhua --
    re.compile(rf"{_PLACE},\s*+{_DAY}(?:{_DASH}|,\s)(?P<agency>[\w\- ]{{2,30}}?)(?:\.\s+|{_DASH})"),
    # 新华社北京2月24日电（记者 …）   中新社莫斯科2月24日电
    re.compile(
        r"[（(【]?(?P<agency>\w{2,6}社|中新网|新华网)(?P<place>[^\W\d_]{2,8}?)\s*(?:\d{1,2}月)?\d{1,2}日"
        r"(?:\s*电|消息|讯|電)(?:\s*[（(][^（()）]{1,30}[)）])?\s*[】）)]?\s*"
    ),
    # 【ロンドン共同】   （ワシントン時事）   【ワシントン=ロイター】
    re.compile(
        r"[【（(](?P<place>[^\W\d_]{2,10}?)[=＝・]?(?P<agency>共同|時事|ロイター|AFP|AP)[】）)]\s*"
    ),
)
# (Reuters) - the agency alone, before a dash
_AGENCY_ALONE = re.compile(rf"[(\[](?P<agency>[^()\[\]]{{2,40}})[)\]]{_DASH}")
# What stands in capitals before a dash and is no place: kinds of texts and pictures
_NO_PLACES = frozenset({
    "FILE", "FILE PHOTO", "PHOTO", "PHOTOS", "VIDEO", "WATCH", "LISTEN", "LIVE", "BREAKING",
    "UPDATE", "UPDATED", "UPDATES", "EXCLUSIVE", "OPINION", "ANALYSIS", "EXPLAINER", "FACTBOX",
    "CORRECTION", "CORRECTED", "NOTE", "EDITORIAL", "COMMENT", "ARCHIV", "ARCHIVBILD", "ARCHIVE",
    "ARCHIVO", "ФОТО", "ВИДЕО", "ВІДЕО", "АРХИВ",
})  # fmt: skip
# BEIJING — the place alone, in capitals, before a long dash
_PLACE_ALONE = re.compile(
    rf"(?P<place>[^\W\d_a-z]{{2,}}(?:[ ,.'’\-]+[^\W\d_]{{2,}}){{0,3}}){_DASH}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """Where (`place`, if told) and by whom (`agencies`) a text was filed; `rest` follows it."""

    place: str | None
    agencies: tuple[str, ...]
    rest: str


def read_dateline(paragraph: str) -> Dateline | None:
    """The dateline that opens `paragraph`, or None."""
    for form in _FORMS:
        found = form.match(paragraph)
        if found is None:
            continue
        agencies = _agencies(found["agency"])
        if agencies and paragraph[found.end() :].strip():
            return Dateline(
                place=found["place"].strip(" ,."), agencies=agencies, rest=paragraph[found.end() :]
            )
    alone = _AGENCY_ALONE.match(paragraph)
    if alone is not None and (agencies := _agencies(alone["agency"])):
        return Dateline(place=None, agencies=agencies, rest=paragraph[alone.end() :])
    found = _PLACE_ALONE.match(paragraph)
    if found is not None and _is_place(found["place"]) and paragraph[found.end() :].strip():
        return Dateline(
            place=found["place"].strip(" ,."), agencies=(), rest=paragraph[found.end() :]
        )
    return None


def _is_place(text: str) -> bool:
    return text.isupper() and text.strip(" ,.") not in _NO_PLACES


def _agencies(credit: str) -> tuple[str, ...]:
    named = (agency_named(part) for part in re.split(r"[/,&;]|\band\b", credit))
    return tuple(dict.fromkeys(agency for agency in named if agency is not None))
