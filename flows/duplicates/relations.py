"""Two texts → one family, shared passages, or nothing; with the numbers that say so.

Decides on words only. Translations into another language share no words and are never tied here;
titles, times and outlets alone tie nothing, though serial texts are held apart by them. Which
pairs are worth comparing is the fingerprints' word, what a family is that of `families`.
"""

from dataclasses import dataclass
from datetime import datetime

from flows.records import Evidence, Link, LinkKind

RULE_VERSION = "copies-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedText:
    """What comparing needs of an article. `form` is `article`, `live` or `list`."""

    article_id: str
    title: str | None
    text: str
    language: str | None
    outlet: str | None
    first_seen_at: datetime
    agencies: tuple[str, ...] = ()
    dateline: str | None = None
    published_at: datetime | None = None
    form: str = "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What two texts are to each other; `kind` None is nothing. `why` names the deciding rule."""

    kind: LinkKind | None
    evidence: Evidence
    passages: tuple[str, ...]
    why: str
    rule_version: str = RULE_VERSION


def as_link(a: ComparedText, b: ComparedText, found: Relation, decided_at: datetime) -> Link | None:
    """The row to keep for a relation, or None when there is none."""
    if found.kind is None:
        return None
    first, second = sorted((a.article_id, b.article_id))
    return Link(
        a=first,
        b=second,
        kind=found.kind,
        evidence=found.evidence,
        passages=found.passages,
        rule_version=found.rule_version,
        decided_at=decided_at,
    )


def compare(a: ComparedText, b: ComparedText) -> Relation:
    """What `a` and `b` are to each other; the same whichever comes first."""
    raise NotImplementedError
