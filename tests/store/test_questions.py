"""Every query of docs/queries.md answers as the page says, here and in an older client."""

from pathlib import Path

import pytest

from flows.store import open_published
from tests.store.questions import PAGE, Question, answered, filled_store, questions
from tests.store.test_clients import client

_QUESTIONS = list(questions(PAGE.read_text("utf-8")))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_store(tmp_path_factory.mktemp("week"))


def test_there_are_twenty_questions() -> None:
    assert [question.number for question in _QUESTIONS] == list(range(1, 21))


@pytest.mark.parametrize("question", _QUESTIONS, ids=lambda question: f"{question.number}")
def test_the_page_shows_what_the_store_answers(published: Path, question: Question) -> None:
    with open_published(published) as con:
        found = answered(con, question.sql)
    assert found == question.result, "run: python -m tests.store.questions"
    assert found.count("\n") > 2, "a question without an answer shows nothing"


def test_an_older_client_answers_every_question(published: Path) -> None:
    asked = [(question.number, question.sql.rstrip().rstrip(";")) for question in _QUESTIONS]
    counted = " union all ".join(
        f"select {number} as number, count(*) as n from ({query})" for number, query in asked
    )
    rows = {int(row["number"]): int(row["n"]) for row in client(published, counted)}
    expected = {question.number: question.result.count("\n") - 2 for question in _QUESTIONS}
    assert rows == expected
