"""Asking the published file from a command: rows as dictionaries, claims as lines."""

from collections.abc import Sequence
from typing import Any

from flows.core.settings import Settings
from flows.core.terminal import shown
from flows.store.connections import open_published
from flows.store.query import answering

Row = dict[str, Any]


def published_rows(settings: Settings, query: str, parameters: Sequence[object] = ()) -> list[Row]:
    """The rows of one query on the published file, in order.

    Raises `StoreError` when nothing was published yet, or the file cannot answer.
    """
    return published_answers(settings, (query, parameters))[0]


def published_answers(
    settings: Settings, *questions: tuple[str, Sequence[object]]
) -> list[list[Row]]:
    """The rows of several queries, all on one opening of the file, so that they agree."""
    answers: list[list[Row]] = []
    path = settings.store.path
    with open_published(path) as connection, answering(path):
        for query, parameters in questions:
            cursor = connection.execute(query, list(parameters))
            names = [column[0] for column in cursor.description or ()]
            answers.append([dict(zip(names, row, strict=True)) for row in cursor.fetchall()])
    return answers


def said_otherwise(alternatives: object) -> list[str]:
    """What other witnesses claimed about the time of publication, a line each."""
    claims = alternatives if isinstance(alternatives, list) else []
    return [
        f"{shown(claim['claimed_at'])} to the {claim['precision']}, from {claim['origin']} "
        f"({shown(claim['raw'])})"
        for claim in claims
    ]
