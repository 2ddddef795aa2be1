"""Who wrote it: people in the order of the byline, agencies apart. A pure decider."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flows.reading.claims import Claims
from flows.reading.names import people_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Authors:
    """People in the order of the byline; the agencies credited."""

    people: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


def authors_of(witnesses: Sequence[Claims], site_names: Iterable[str]) -> Authors:
    """The authors from the first witness that names any."""
    for claims in witnesses:
        people = people_of([credit.name for credit in claims.credits])
        if people:
            return Authors(people=people)
    return Authors()
