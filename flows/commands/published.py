"""Asking the published file from a command: rows as dictionaries."""

from collections.abc import Sequence
from typing import Any

from flows.settings import Settings
from flows.store.connecting import open_published

Row = dict[str, Any]


def published_rows(settings: Settings, query: str, parameters: Sequence[object] = ()) -> list[Row]:
    """The rows of one query on the published file, in order.

    Raises `StoreError` when nothing was published yet.
    """
    return published_answers(settings, (query, parameters))[0]


def published_answers(
    settings: Settings, *questions: tuple[str, Sequence[object]]
) -> list[list[Row]]:
    """The rows of several queries, all on one opening of the file, so that they agree."""
    answers: list[list[Row]] = []
    with open_published(settings.store.path) as connection:
        for query, parameters in questions:
            cursor = connection.execute(query, list(parameters))
            names = [column[0] for column in cursor.description or ()]
            answers.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    return answers
