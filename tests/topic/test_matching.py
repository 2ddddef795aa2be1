"""Where terms occur."""

import pytest

from flows.topic import Topic
from flows.topic.passages import passages_of
from tests.topic.writing import article, topic


def found(rules: Topic, text: str, language: str | None = "en") -> dict[str, list[str]]:
    """Group → the sentences its hits lie in."""
    passages = passages_of(article(text, language=language))
    hits = rules.matcher.find(passages)
    return {
        group: [passages.sentences[hit.sentence] for hit in hits[group]] for group in sorted(hits)
    }


def finds(terms: str, text: str, language: str | None = "en", key: str = "any") -> bool:
    return "a" in found(topic(f"[groups.a]\n{key} = [{terms}]"), text, language)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ceasefire*", "Ceasefires hold"),
        ("cease fire", "A cease-fire, at last"),
        ("Zelensk*", "Zelenskyy, Zelenský and Zelenskiy"),
        ("plan* pokojow*", "o planach pokojowych Pekinu"),
        ("=Chin", "rząd Chin wzywa"),
        ("Çin", "Çin'in planı"),
        ("Çin", "ÇİN'DEN AÇIKLAMA"),
        ("صين", "وقالت الصين"),
        ("صين", "وللصين دور"),
        ("أوكراني*", "في اوكرانيا"),
        ("中国", "据中国外交部消息"),
        ("ウクライナ", "ロシアのウクライナ侵攻"),
        ("중국", "중국이 평화안을"),
        ("G7", "G7中国"),
        ("об'єднан*", "Об’єднані нації"),
    ],
)
def test_a_term_is_found_however_it_is_written(term: str, text: str) -> None:
    assert finds(f'"{term}"', text, None)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("peace", "peaceful"),
        ("china", "Indochina"),
        ("=Chin", "a blow to the chin"),
        ("=Xi", "louis xi"),
        ("cease fire", "cease. Fire!"),
        ("صين", "حصين"),
        ("plan* pokojow*", "planach i pokojowych"),
    ],
)
def test_a_term_is_not_found_inside_another_word(term: str, text: str) -> None:
    assert not finds(f'"{term}"', text, None)


def test_terms_of_a_language_apply_to_texts_in_it() -> None:
    assert finds('"pace"', "La pace tra i due paesi", "it", key="it")
    assert not finds('"pace"', "The pace of growth of the economy", "en", key="it")


def test_a_wrong_claim_of_language_hides_nothing() -> None:
    assert finds('"pokoju"', "Chiny nie chcą pokoju w Ukrainie", "en", key="pl")


def test_without_any_sign_of_a_language_all_terms_apply() -> None:
    assert finds('"pokój"', "Pokój!", None, key="pl")


def test_near_counts_words_and_stays_in_the_sentence() -> None:
    near = '"peace NEAR/3 plan*"'
    assert finds(near, "a plan for lasting peace")
    assert not finds(near, "a plan for a truly lasting peace")
    assert not finds(near, "They want peace. Plans differ.")


def test_near_counts_two_han_letters_as_a_word() -> None:
    assert finds('"和平 NEAR/3 方案"', "和平解决的方案")
    assert not finds('"和平 NEAR/3 方案"', "和平解决乌克兰危机的方案")


def test_near_sees_a_groups_own_near() -> None:
    rules = topic(
        """
        [groups.a]
        any = ["@peace NEAR/6 China"]
        [groups.peace]
        any = ["peace NEAR/2 talks"]
        """
    )
    assert found(rules, "China urges talks about peace. China waits.") == {
        "a": ["China urges talks about peace."],
        "peace": ["China urges talks about peace."],
    }


def test_a_group_includes_the_hits_of_others() -> None:
    rules = topic('[groups.a]\nincludes = ["b"]\n[groups.b]\nany = ["Xi Jinping"]')
    assert found(rules, "Xi Jinping speaks") == {
        "a": ["Xi Jinping speaks"],
        "b": ["Xi Jinping speaks"],
    }


def test_a_text_made_to_repeat_terms_costs_no_squares() -> None:
    near = topic('[groups.a]\nany = ["aa NEAR/3 bb"]')
    assert len(found(near, "aa cc cc bb " * 5000)["a"]) == 5000
