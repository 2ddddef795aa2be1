"""Who wrote it: people in the order of the byline, agencies apart. A pure decider.

The first witness that names a person is believed; mark-up that credits the outlet alone gives way
to a person in the visible byline. Where no person is credited, the agency or newsroom that is
stands alone: it is the publisher's own word on who wrote.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flows.agencies import agency_named
from flows.reading.claims import Claims
from flows.reading.names import Name, NameKind, folded, names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """People in the order of the byline, or the one credited without any; the agencies."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def authors_of(
    witnesses: Sequence[Claims], visible: Callable[[], Claims], site_names: Iterable[str]
) -> Authors:
    """The authors by `witnesses`, best first; `visible` reads the byline, asked only if need be."""
    sites = frozenset(folded(site).replace(" ", "") for site in site_names)
    heard = [names_of(claims.credits, sites) for claims in witnesses]
    if not any(_of(names, NameKind.PERSON) for names in heard):
        seen = [names_of([credit], sites, seen=True) for credit in visible().credits]
        wired = (names for names in seen if _of(names, NameKind.AGENCY) and not any(heard))
        heard.append(next((n for n in seen if any(map(_plausible, n))), next(wired, ())))
    people = next((found for names in heard if (found := _of(names, NameKind.PERSON))), ())
    agencies = next((found for names in heard if (found := _of(names, NameKind.AGENCY))), ())
    if not people:
        collective = (found for names in heard if (found := _of(names, NameKind.COLLECTIVE)))
        people = (agencies or next(collective, ()))[:1]
    return Authors(people=people, agencies=tuple(dict.fromkeys(map(_canonical, agencies))))


def _canonical(agency: str) -> str:
    return agency_named(agency) or agency_named(agency.split(" ")[0]) or agency


def _plausible(name: Name) -> bool:
    """Whether a name read off the page can be a person's: two words that begin with capitals, or
    in a script without any, or one word of Han or kana."""
    words = name.text.split()
    if name.kind is not NameKind.PERSON:
        return False
    if not name.text.isascii() and len(words) == 1:
        return 2 <= len(name.text) <= 8 and unicodedata.category(name.text[0]) == "Lo"
    return 2 <= len(words) <= 5 and all(_may_begin(word[0]) for word in (words[0], words[-1]))


def _may_begin(letter: str) -> bool:
    """A capital, or a letter of a script with spaces and no capitals (Arabic, Hebrew, Hindi)."""
    return letter.isupper() or (unicodedata.category(letter) == "Lo" and letter < "\u3000")


def _of(names: Iterable[Name], kind: NameKind) -> tuple[str, ...]:
    return tuple(name.text for name in names if name.kind is kind)
