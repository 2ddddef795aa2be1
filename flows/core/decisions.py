"""Our decisions: on the topic or not, sharing text or not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What the topic's two thresholds make of a relevance."""

    ON_TOPIC = "on_topic"
    BORDERLINE = "borderline"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One term of the topic found in one place (`title`, `lede`, `body`, `claim`) `count` times."""

    term: str
    group: str
    place: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One summand of a score: which rule, how many points, and the sentence that earned them."""

    rule: str
    points: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an article is on the topic, and why. `relevance` lies in 0–1."""

    verdict: Verdict
    relevance: float
    matches: tuple[Match, ...]
    contributions: tuple[Contribution, ...]
    rules_version: str


class LinkKind(StrEnum):
    """`same`: one story in one family of copies; `partial`: shared passages only."""

    SAME = "same"
    PARTIAL = "partial"


class CopyKind(StrEnum):
    """What a copy did to its original."""

    SAME = "same"
    TRIMMED = "trimmed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The numbers behind a link; all shares lie in 0–1.

    `shared`: sampled fingerprints in common. `containment3`, `containment5`: shared 3/5-word
    shingles over the smaller text's. `unquoted5`: containment5 with quotations removed.
    `alignment`: share of the shorter text's sentences with a counterpart, in order.
    `jaccard5`: shared 5-word shingles over all. `words_a`, `words_b`: lengths.
    """

    shared: int
    containment3: float
    containment5: float
    unquoted5: float
    alignment: float
    jaccard5: float
    words_a: int
    words_b: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A decision that two articles share text. `a` < `b` by article_id."""

    a: str
    b: str
    kind: LinkKind
    evidence: Evidence
    passages: tuple[str, ...]
    rule_version: str
    decided_at: datetime
