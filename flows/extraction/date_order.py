"""Whether a page writes 2/11 for the eleventh of February: by whom it is written for.

A pure decider. Asked are, in this order, the locale that the page declares, the country of its
source, the country its host's name ends with, and its language; where none tells, month first, as
most such pages are American. The countries are those of Unicode's CLDR whose short dates begin
with the month.
"""

import re
from collections.abc import Iterable

from flows.core.urls import host_of

_MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW", "PR", "GU", "VI", "AS", "MP", "UM"})
_REGION = re.compile(r"[a-z]{2,3}[-_](?:[A-Z][a-z]{3}[-_])?([A-Za-z]{2})(?![A-Za-z])")
# Endings that are sold to anyone
_NO_COUNTRY = frozenset({"tv", "io", "me", "co", "ai", "fm", "cc", "ws", "to", "eu", "ly", "gg"})


def month_first(
    *, locales: Iterable[str], country: str | None, url: str, languages: Iterable[str]
) -> bool:
    """Whether the month comes before the day.

    `locales`: what the page declares (`og:locale`); `country`: ISO code of the source's;
    `languages`: tags such as `html lang`.
    """
    tags = [tag.strip() for tag in languages if tag.strip()]
    told = (*map(_region, locales), country, _ending(url), *map(_region, tags))
    known = next((region for region in told if region), None)
    return known.upper() in _MONTH_FIRST if known else not tags


def _region(tag: str) -> str | None:
    found = _REGION.match(tag.strip())
    return found[1] if found is not None else None


def _ending(url: str) -> str | None:
    ending = host_of(url).split(":")[0].rpartition(".")[2].lower()
    if len(ending) != 2 or ending in _NO_COUNTRY:
        return None
    return {"uk": "GB"}.get(ending, ending)
