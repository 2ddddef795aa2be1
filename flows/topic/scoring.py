"""Hits × rules → points, each with the sentence that earned them.

Decides whether a rule holds in a place and what it gives; refuses to know files and thresholds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from flows.core import Contribution
from flows.topic.matching import Hit, Hits
from flows.topic.passages import Passages
from flows.topic.rules import Rule

_OPENING = ("title", "claim", "lede")
SHOWN_LETTERS = 400  # of a sentence that is evidence; longer ones are cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What was found where: `by_place[place][group]` are hits in the order of the text."""

    passages: Passages
    by_place: Mapping[str, Hits]
    sentence_counts: Mapping[str, int]


def scene_of(passages: Passages, hits: Hits) -> Scene:
    """Sort hits by place; `opening` and `article` hold those of several."""
    by_place: dict[str, dict[str, list[Hit]]] = {
        place: {} for place in ("title", "claim", "lede", "body", "opening")
    }
    for group, found in hits.items():
        for hit in found:
            place = passages.places[hit.sentence]
            by_place[place].setdefault(group, []).append(hit)
            if place in _OPENING:
                by_place["opening"].setdefault(group, []).append(hit)
    counts = Counter(passages.places)
    counts["opening"] = sum(counts[place] for place in _OPENING)
    counts["article"] = len(passages.places)
    return Scene(passages=passages, by_place={**by_place, "article": hits}, sentence_counts=counts)


def contributions(scene: Scene, rules: Iterable[Rule], form: str) -> Iterator[Contribution]:
    """What each rule gives to or takes from an article of this form."""
    for rule in rules:
        if rule.forms and form not in rule.forms:
            continue
        given = [
            (points * times, sentences)
            for place, points in rule.points
            for times, sentences in [_held(rule, points, place, scene)]
            if times
        ]
        if given:
            points, sentences = max(given, key=lambda one: abs(one[0]))
            yield Contribution(rule=rule.name, points=points, evidence=_quoted(sentences, scene))


def _held(rule: Rule, points: float, place: str, scene: Scene) -> tuple[float, Sequence[int]]:
    """How many times the rule's points are due in a place, and the sentences that show it."""
    hits = scene.by_place[place]
    barred = {hit.sentence for group in rule.none_of for hit in hits.get(group, [])}
    needed = [hits.get(group, []) for group in rule.all_of]
    if rule.any_of:
        needed.append(sorted(chain.from_iterable(hits.get(group, []) for group in rule.any_of)))
    if (rule.within is None and barred) or not all(needed):
        return 0.0, ()
    if not needed:
        return (1.0 if scene.sentence_counts[place] else 0.0), ()
    spans = _spans(needed, rule.within)
    clear = (span for span in spans if barred.isdisjoint(range(span[0], span[1] + 1)))
    if rule.most is None and not rule.share:
        first = next(clear, None)
        return (0.0, ()) if first is None else (1.0, sorted(set(first)))
    sentences = sorted({span[0] for span in clear})
    if rule.share:
        return len(sentences) / max(1, scene.sentence_counts[place]), sentences[:2]
    most = abs((rule.most or points) / points)
    return min(float(len(sentences)), most), sentences[:2]


def _spans(needed: Sequence[Sequence[Hit]], within: int | None) -> Iterator[tuple[int, int]]:
    """First and last sentence of each stretch that has a hit of every kind needed.

    Slides over all hits in the order of the text, so the cost is linear in their number.
    """
    merged = sorted((hit, kind) for kind, found in enumerate(needed) for hit in found)
    last: dict[int, Hit] = {}
    for hit, kind in merged:
        last[kind] = hit
        if len(last) < len(needed):
            continue
        first = min(last.values())
        if within == 0:
            if first.sentence == hit.sentence:
                yield hit.sentence, hit.sentence
        elif within is None:
            # anywhere in the place: the first hit of each kind is as good as the nearest
            yield first.sentence, hit.sentence
        elif hit.word - first.word <= within:
            yield first.sentence, hit.sentence


def _quoted(sentences: Sequence[int], scene: Scene) -> str:
    shown = (scene.passages.sentences[number] for number in sentences)
    return " … ".join(
        text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "…" for text in shown
    )
