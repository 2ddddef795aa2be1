"""Article × topic → judgement: on the topic, borderline or off it, and why.

Decides by points against two thresholds; refuses to know where articles and topics come from.
"""

from collections import Counter

from flows.records import Article, Judgement, Match, Verdict
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
