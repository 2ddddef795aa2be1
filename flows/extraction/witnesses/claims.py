"""What one witness of a page says: the common shape of JSON-LD, meta tags, microdata and the rest.

Decides nothing; the deciders (`titles`, `times`, `authors`) weigh claims against each other.
"""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a witness says a credited name is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A name in an author field, as written: it may hold several names or none at all."""

    name: str
    kind: Kind = Kind.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of one witness (`origin`), raw: nothing is cleaned, parsed or believed yet.

    `types` are schema.org type names in lower case. Empty means the witness is silent.
    """

    origin: str
    titles: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    site_names: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    canonical_urls: tuple[str, ...] = ()
    types: frozenset[str] = field(default=frozenset())
    free_to_read: bool | None = None
    body: str | None = None
