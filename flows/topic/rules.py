"""What a topic is: groups of terms, rules that give points, two thresholds. Values only.

Decides the shape and the version of a topic; refuses to know files and texts.
"""

import json
import math
from dataclasses import asdict, dataclass
from hashlib import blake2b

from flows.topic.matching import Matcher
from flows.topic.terms import Term

# Where a rule may look. `opening` is title, claim and lede as one; `article` everything.
PLACES = ("title", "claim", "lede", "body", "opening", "article")
FORMS = ("article", "live", "list")
# Raised when the same file would be judged otherwise: by another normalisation, matching, scoring.
LANGUAGE_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Named terms that mean the same to the rules; `includes` names groups that count as well."""

    name: str
    terms: tuple[Term, ...]
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Points for finding groups together, or for not finding them.

    It holds in a place where every group of `all_of` and one of `any_of` occurs, within `within`
    words (None: anywhere in the place; 0: in one sentence), with none of `none_of` in the
    sentences concerned (with `within` None: in the place). `points`: by place; the place
    with the most counts, once. With `most`, each sentence that holds counts, up to `most` points.
    With `share`, the points are multiplied by the share of the place's sentences that hold.
    `forms`: only for articles of these forms; empty: all.
    """

    name: str
    points: tuple[tuple[str, float], ...]
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    within: int | None = None
    most: float | None = None
    share: bool = False
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic ready to judge by. `keep` and `borderline` are points.

    `version` changes when and only when the file's meaning (or the language of rules) does.
    """

    name: str
    languages: tuple[str, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...]
    keep: float
    borderline: float
    version: str
    matcher: Matcher

    def relevance(self, score: float) -> float:
        """A score as a number in 0–1: .5 where keeping begins, .27 where borderline begins."""
        steps = (score - self.keep) / (self.keep - self.borderline)
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, steps))))


def build_topic(
    *,
    name: str,
    languages: tuple[str, ...],
    groups: tuple[Group, ...],
    rules: tuple[Rule, ...],
    keep: float,
    borderline: float,
) -> Topic:
    """A topic with its version and its matcher. `keep` must lie above `borderline`."""
    return Topic(
        name=name,
        languages=languages,
        groups=groups,
        rules=rules,
        keep=keep,
        borderline=borderline,
        version=_version(groups, rules, keep, borderline),
        matcher=Matcher({group.name: (group.terms, group.includes) for group in groups}),
    )


def _version(
    groups: tuple[Group, ...], rules: tuple[Rule, ...], keep: float, borderline: float
) -> str:
    """`<language>.<print>`: the order of groups and terms, comments and layout mean nothing."""
    meaning = {
        "groups": {
            group.name: {
                "terms": sorted((term.text, term.language or "") for term in group.terms),
                "includes": sorted(group.includes),
            }
            for group in groups
        },
        "rules": [asdict(rule) for rule in rules],
        "thresholds": [keep, borderline],
    }
    letters = json.dumps(meaning, sort_keys=True, ensure_ascii=False).encode()
    return f"{LANGUAGE_VERSION}.{blake2b(letters, digest_size=5).hexdigest()}"
