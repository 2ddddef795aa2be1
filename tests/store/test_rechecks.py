"""A second look that reached nobody is none: it is tried again, and not for ever."""

from datetime import datetime, timedelta

import pytest

from flows.core import Reason
from flows.store import Store
from flows.store.append import append
from flows.store.rechecks import Checkable, Checked, checkable_articles, record_rechecks
from tests.store.samples import NOON, batch, later, new_article

KNOWN = Checked(article_id="a", outcome="known")


def failed(reason: Reason) -> Checked:
    return Checked(article_id="a", outcome="skipped", detail=reason.value)


def after(store: Store, *looks: tuple[datetime, Checked]) -> Checkable:
    """The article after these looks, in their order."""
    with store.turn() as con:
        append(con, batch(new_article("a")))
        for at, check in looks:
            record_rechecks(con, "run-1", [check], at)
        (found,) = checkable_articles(con, NOON)
    return found


def test_a_look_that_reached_nobody_leaves_the_one_before_as_the_last(store: Store) -> None:
    found = after(store, (later(hours=1), KNOWN), (later(hours=6), failed(Reason.DNS)))

    assert found.last_checked_at == later(hours=1)
    assert found.retry_at == later(hours=6, minutes=15)


def test_the_first_look_can_fail_too(store: Store) -> None:
    found = after(store, (later(hours=1), failed(Reason.CONNECT)))

    assert (found.last_checked_at, found.retry_at) == (None, later(hours=1, minutes=15))


@pytest.mark.parametrize(
    ("tries", "waits", "counts"),
    [(1, timedelta(minutes=15), False), (3, timedelta(hours=1), False), (8, None, True)],
)
def test_tries_grow_rarer_until_the_look_is_given_up(
    store: Store, tries: int, waits: timedelta | None, counts: bool
) -> None:
    looks = [(later(hours=n + 1), failed(Reason.TIMEOUT)) for n in range(tries)]

    found = after(store, *looks)

    newest = looks[-1][0]
    assert found.retry_at == (newest + waits if waits is not None else None)
    assert found.last_checked_at == (newest if counts else None)


def test_a_refusal_that_does_not_pass_is_a_look(store: Store) -> None:
    found = after(store, (later(hours=1), failed(Reason.HTTP_404)))

    assert (found.last_checked_at, found.retry_at) == (later(hours=1), None)
