"""What rules give, and what the thresholds make of it."""

import pytest

from flows.core import Contribution, Match, Verdict
from flows.topic import judge
from tests.topic.writing import article, topic

GROUPS = """
[groups.a]
any = ["China"]
[groups.b]
any = ["peace*"]
[groups.c]
any = ["Gaza"]
"""


def points(rule: str, title: str = "", text: str = "", **fields: str) -> float:
    rules = f'[[rule]]\nname = "r"\n{rule}'
    judgement = judge(article(title, text, **fields), topic(GROUPS, rules))
    return sum(one.points for one in judgement.contributions)


def test_a_rule_gives_the_points_of_its_best_place_once() -> None:
    rule = 'all_of = ["a"]\npoints = { title = 3, lede = 2, body = 1 }'
    assert points(rule, "China", "China. China.") == 3
    assert points(rule, "", "China. China.") == 2


def test_within_counts_words_between_the_groups() -> None:
    rule = 'all_of = ["a", "b"]\nwithin = 4\npoints = { title = 1 }'
    assert points(rule, "China calls again for peace") == 1
    assert points(rule, "China calls again and again for peace") == 0


def test_within_a_sentence_means_the_same_sentence() -> None:
    rule = 'all_of = ["a", "b"]\nwithin = "sentence"\npoints = { lede = 1 }'
    assert points(rule, "", "For once a long sentence brings China, far from here, peace.") == 1
    assert points(rule, "", "China spoke. Peace came.") == 0


def test_any_of_asks_for_one_of_its_groups() -> None:
    rule = 'all_of = ["b"]\nany_of = ["a", "c"]\npoints = { title = 1 }'
    assert points(rule, "Peace in Gaza") == 1
    assert points(rule, "Peace") == 0


def test_none_of_bars_the_sentences_concerned() -> None:
    rule = 'all_of = ["a", "b"]\nnone_of = ["c"]\nwithin = 8\npoints = { lede = 1 }'
    assert points(rule, "", "China wants peace in Gaza.") == 0
    assert points(rule, "", "China wants peace in Gaza. China wants peace.") == 1


def test_a_missing_group_can_cost_points() -> None:
    rule = 'none_of = ["a"]\npoints = -2'
    assert points(rule, "Peace") == -2
    assert points(rule, "Peace", "in China") == 0


def test_sentences_can_count_one_by_one_up_to_a_limit() -> None:
    rule = 'all_of = ["a", "b"]\nwithin = "sentence"\npoints = { article = 0.5 }\nmost = 1.5'
    sentence = "China wants peace. "
    assert points(rule, "", sentence * 2 + "Nothing.") == 1
    assert points(rule, "", sentence * 9) == 1.5


def test_points_can_follow_the_share_of_sentences() -> None:
    rule = 'all_of = ["a"]\npoints = { article = 4 }\nshare = true'
    assert points(rule, "", "China. Rain. Snow. Hail.") == 1


def test_a_rule_can_be_for_a_form() -> None:
    rule = 'forms = ["live", "list"]\npoints = -1'
    assert points(rule, "Anything", form="live") == -1
    assert points(rule, "Anything") == 0


@pytest.mark.parametrize(
    ("given", "verdict", "relevance"),
    [
        (3, Verdict.ON_TOPIC, 0.7311),
        (2, Verdict.ON_TOPIC, 0.5),
        (1, Verdict.BORDERLINE, 0.2689),
        (0.9, Verdict.OFF_TOPIC, 0.2497),
    ],
)
def test_two_thresholds_part_the_verdicts(given: float, verdict: str, relevance: float) -> None:
    rules = topic(GROUPS, f'[[rule]]\nname = "r"\nall_of = ["a"]\npoints = {given}')
    judgement = judge(article("China"), rules)
    assert (judgement.verdict, judgement.relevance) == (verdict, relevance)


def test_a_judgement_says_which_terms_and_sentences_earned_what() -> None:
    rules = topic(
        GROUPS, '[[rule]]\nname = "both"\nall_of = ["a", "b"]\nwithin = 5\npoints = { lede = 2 }'
    )
    judgement = judge(article("China", "Rain fell. China wants peace, and peaceful days."), rules)
    assert judgement.contributions == (
        Contribution(rule="both", points=2.0, evidence="China wants peace, and peaceful days."),
    )
    assert judgement.matches == (
        Match(term="China", group="a", place="title", count=1),
        Match(term="China", group="a", place="lede", count=1),
        Match(term="peace*", group="b", place="lede", count=2),
    )
    assert judgement.rules_version == rules.version


def test_an_article_without_a_word_is_off_topic() -> None:
    assert judge(article(None, ""), topic(GROUPS)).verdict is Verdict.OFF_TOPIC
