"""Finding what the rules miss."""

from flows.topic.auditing import Seen, lost_terms, most_similar
from tests.topic.writing import topic

ON = [
    Seen(title=f"{who} urges truce brokered by envoy Grey", text="") for who in ["Ann", "Bob", "Cy"]
]
OFF = [Seen(title="Rain in the north", text=""), Seen(title="Bob sells rain coats", text="")]


def test_the_rejected_article_most_like_a_kept_one_comes_first() -> None:
    rejected = [*OFF, Seen(title="Dee urges truce brokered by an envoy", text="")]
    ((first, near), *_) = most_similar(ON, rejected, 2)
    assert first is rejected[2]
    assert 0.5 < near < 1


def test_nothing_kept_or_rejected_gives_nothing() -> None:
    assert most_similar([], OFF, 5) == most_similar(ON, [], 5) == []


def test_words_that_set_kept_articles_apart_are_found_but_not_those_of_the_rules() -> None:
    rules = topic('[groups.a]\nany = ["truce", "broker*"]')
    found = {one.term for one in lost_terms(ON, OFF, rules, 20)}
    assert {"envoy", "grey", "envoy grey"} <= found
    assert not {"truce", "brokered"} & found


def test_a_word_of_two_articles_is_no_find() -> None:
    assert lost_terms(ON[:2], OFF, topic('[groups.a]\nany = ["x"]'), 20) == []


def test_chinese_words_are_pairs_of_letters() -> None:
    on = [Seen(title=f"{day}日特使访问基辅", text="", language="zh") for day in (1, 2, 3)]
    found = {one.term for one in lost_terms(on, [], topic('[groups.a]\nany = ["x"]'), 40)}
    assert {"特使", "基辅"} <= found
