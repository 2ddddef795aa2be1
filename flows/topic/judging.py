"""Article × topic → judgement: on the topic, borderline or off it, and why.

Decides by points against two thresholds; refuses to know where articles and topics come from.

A judgement in words: the verdict, the points with the sentences that earned them, the terms.

Decides how a judgement reads; refuses to judge.
"""

from collections import Counter
from collections.abc import Iterator

from flows.core import Article, Judgement, Match, Verdict
from flows.topic.matching import Hits
from flows.topic.passages import Passages, passages_of
from flows.topic.rules import Topic
from flows.topic.scoring import contributions, scene_of


def judge(
    article: Article,
    topic: Topic,
    *,
    claimed_title: str | None = None,
    claimed_summary: str | None = None,
) -> Judgement:
    """Judge an article, with what its source claimed of it where that differs.

    `contributions` add up to the score; `relevance` is .5 where keeping begins. Pure: the same
    article and topic give the same judgement.
    """
    passages = passages_of(article, claimed_title=claimed_title, claimed_summary=claimed_summary)
    hits = topic.matcher.find(passages)
    given = tuple(contributions(scene_of(passages, hits), topic.rules, article.form))
    score = sum(one.points for one in given)
    return Judgement(
        verdict=verdict_of(score, topic),
        relevance=round(topic.relevance(score), 4),
        matches=_matches(topic, hits, passages),
        contributions=given,
        rules_version=topic.version,
    )


def verdict_of(score: float, topic: Topic) -> Verdict:
    """What the two thresholds make of a score."""
    # a thousandth, because sums of points such as .1 + .2 must reach .3
    if score + 0.001 >= topic.keep:
        return Verdict.ON_TOPIC
    return Verdict.BORDERLINE if score + 0.001 >= topic.borderline else Verdict.OFF_TOPIC


def _matches(topic: Topic, hits: Hits, passages: Passages) -> tuple[Match, ...]:
    """Each term by place, under the group it is written in, in the order of the text."""
    places = passages.places
    once = {hit for found in hits.values() for hit in found}
    counts = Counter((hit.term, places[hit.sentence]) for hit in sorted(once))
    return tuple(
        Match(
            term=topic.matcher.terms[number].text,
            group=topic.matcher.group_of[number],
            place=place,
            count=count,
        )
        for (number, place), count in counts.items()
    )


_SAID = {"on_topic": "on the topic", "borderline": "borderline", "off_topic": "off the topic"}


def explained(judgement: Judgement) -> Iterator[str]:
    """One line each: the verdict; every contribution, largest first; the terms of every group."""
    score = sum(one.points for one in judgement.contributions)
    yield (
        f"{_SAID[judgement.verdict]}: {score:g} points, relevance {judgement.relevance:.2f}, "
        f"rules {judgement.rules_version}"
    )
    for one in sorted(judgement.contributions, key=lambda one: -abs(one.points)):
        yield f"  {one.points:+6.2f}  {one.rule}" + (f": {one.evidence}" if one.evidence else "")
    for group in dict.fromkeys(match.group for match in judgement.matches):
        found = (_shown(match) for match in judgement.matches if match.group == group)
        yield f"  {group}: " + ", ".join(found)


def matched_terms(judgement: Judgement) -> tuple[str, ...]:
    """The terms found, each once, in the order of the text."""
    return tuple(dict.fromkeys(match.term for match in judgement.matches))


def _shown(match: Match) -> str:
    times = f" ×{match.count}" if match.count > 1 else ""
    return f"{match.term} ({match.place}{times})"
