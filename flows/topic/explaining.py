"""A judgement in words: the verdict, the points with the sentences that earned them, the terms.

Decides how a judgement reads; refuses to judge.
"""

from collections.abc import Iterator

from flows.records import Judgement, Match

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
