"""The shipped topic on headlines, articles and the seeds, written by hand in fourteen languages."""

from pathlib import Path

import pytest

from flows.core import Verdict
from flows.topic import judge, load_topic
from tests.topic.sentences import OFF, ON
from tests.topic.writing import SHIPPED, article

TOPIC = load_topic(SHIPPED)
SEEDS = sorted((SHIPPED.parents[1] / "seeds").glob("*.txt"))
PASSING = (
    "In February Beijing published a 12-point plan that called for peace talks between Russia "
    "and Ukraine."
)
FILLER = (
    "Officials in Washington said the shipments were seen at the border.\n\n"
    "The company denied that it had sold anything to the army.\n\n"
    "Analysts expect exports of machine tools to Russia to grow further this year.\n\n"
)


def verdict(title: str | None, text: str = "", language: str | None = "en") -> Verdict:
    return judge(article(title, text, language=language), TOPIC).verdict


@pytest.mark.parametrize("language", ON)
def test_headlines_on_the_topic_are_kept_with_and_without_their_language(language: str) -> None:
    missed = [
        title
        for title in ON[language]
        for claimed in (language, None)
        if verdict(title, language=claimed) is not Verdict.ON_TOPIC
    ]
    assert missed == []


@pytest.mark.parametrize("language", OFF)
def test_headlines_beside_the_topic_are_left(language: str) -> None:
    kept = [
        title
        for title in OFF[language]
        for claimed in (language, None)
        if verdict(title, language=claimed) is not Verdict.OFF_TOPIC
    ]
    assert kept == []


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_the_seed_documents_are_on_the_topic(seed: Path) -> None:
    assert verdict(None, seed.read_text(encoding="utf-8")) is Verdict.ON_TOPIC


def test_arms_with_the_plan_in_passing_are_off_the_topic() -> None:
    text = FILLER * 4 + PASSING + "\n\n" + FILLER * 4
    assert verdict("US sanctions Chinese firms over drones for Russia", text) is Verdict.OFF_TOPIC


def test_a_visit_with_the_plan_in_passing_is_off_the_topic() -> None:
    text = FILLER * 4 + PASSING + "\n\n" + FILLER * 4
    assert verdict("Xi and Putin open summit in Moscow", text) is Verdict.OFF_TOPIC


def test_a_visit_where_mediation_is_a_real_part_is_on_the_topic() -> None:
    part = (
        "Xi told Putin that China would keep promoting peace talks on Ukraine.\n\n"
        "The Kremlin said Chinese mediation in the conflict was welcome.\n\n"
        "Kyiv said any peace plan from Beijing must begin with a withdrawal.\n\n"
        "China again called for a ceasefire in Ukraine.\n\n"
    )
    text = FILLER * 3 + part + FILLER
    assert verdict("Xi and Putin open summit in Moscow", text) is Verdict.ON_TOPIC


def test_a_digest_that_touches_the_topic_once_gets_less_than_an_article_does() -> None:
    sentence = "China called for peace talks in Ukraine."
    digest = judge(article("Morning briefing", sentence), TOPIC)
    plain = judge(article("What was said", sentence), TOPIC)
    assert digest.relevance < plain.relevance


def test_what_a_source_claims_counts() -> None:
    judgement = judge(
        article("A long-awaited moment", "Subscribe to read on."),
        TOPIC,
        claimed_summary="China's Xi called Ukraine's Zelensky and offered to mediate.",
    )
    assert judgement.verdict is Verdict.ON_TOPIC
    assert {match.place for match in judgement.matches} == {"claim"}
