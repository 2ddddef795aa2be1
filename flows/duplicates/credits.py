"""Which news agency an outlet, a credit or a dateline belongs to.

A dateline or credit names the origin of a text; it never makes two texts copies. Decides how an
agency's name may stand within a longer one; the names themselves are those of `agencies`.
"""

import re
from collections.abc import Iterable

from flows.agencies import agency_named

_WORD = re.compile(r"[^\W_]+")
_BRACKETED = re.compile(r"[(\[/（]\s*([^()\[\]/（）]{2,40}?)\s*[)\]/）]")  # (AP), /TASS/
_LEAST_OPENING = 4  # letters; shorter names are words or initials at the head of others


def agency_of(names: Iterable[str | None]) -> str | None:
    """The first agency that one of `names` (an outlet, credits, a dateline) names, or None."""
    for name in names:
        found = _named(name or "")
        if found is not None:
            return found
    return None


def _named(name: str) -> str | None:
    """The agency whose name `name` is, or carries in brackets, or opens with."""
    bracketed = _BRACKETED.search(name)
    for part in ((bracketed[1],) if bracketed else ()) + (name,):
        agency = agency_named(part) or _opening(part)
        if agency is not None:
            return agency
    return None


def _opening(name: str) -> str | None:
    """The agency of the longest opening of `name` that is one's name: "Reuters UK"."""
    words = _WORD.findall(name)
    if not words or len(words[0]) < _LEAST_OPENING:
        return None
    openings = (" ".join(words[:length]) for length in range(len(words) - 1, 0, -1))
    return next((agency for opening in openings if (agency := agency_named(opening))), None)
