"""A judgement in words."""

from flows.topic import judge
from flows.topic.judging import explained, matched_terms
from tests.topic.writing import article, topic


def test_the_largest_points_come_first_with_their_sentences() -> None:
    rules = topic(
        '[groups.a]\nany = ["peace*"]',
        """
        [[rule]]
        name = "small"
        all_of = ["a"]
        points = { lede = 1 }
        [[rule]]
        name = "large"
        all_of = ["a"]
        points = { title = 2 }
        """,
    )
    judgement = judge(article("Peace, peace", "Peaceful days."), rules)
    assert list(explained(judgement)) == [
        f"on the topic: 3 points, relevance 0.73, rules {rules.version}",
        "   +2.00  large: Peace, peace",
        "   +1.00  small: Peaceful days.",
        "  a: peace* (title ×2), peace* (lede)",
    ]
    assert matched_terms(judgement) == ("peace*",)
