"""What stands in an address → what is asked for. Nothing in an address is an error.

Decides which parameters mean something; a value that means nothing is left out.
"""

from collections.abc import Iterable
from datetime import date
from typing import cast, get_args

from flows.store.browsing.listing import FACETS, Choice, Order

_MOST_WORDS = 300  # letters of a question
_MOST_PICKS = 8
_MOST_PAGES = 400


def choice_of(pairs: Iterable[tuple[str, str]]) -> Choice:
    """The choice that the parameters of a search page tell."""
    given = list(pairs)
    first = dict(reversed(given))
    words = _readable(first.get("q", ""))
    picks = [(name, value) for name, value in given if name in FACETS and value]
    order = first.get("order", "")
    return Choice(
        words=words,
        picks=tuple(dict.fromkeys(picks))[:_MOST_PICKS],
        since=day_of(first.get("since", "")),
        until=day_of(first.get("until", "")),
        folded=first.get("copies") != "all",
        order=cast(Order, order) if order in get_args(Order) else "best" if words else "newest",
    )


def page_of(value: str) -> int:
    """The number of a page of results, from 1."""
    return (
        min(int(value), _MOST_PAGES) if value.isascii() and value.isdigit() and value != "0" else 1
    )


def day_of(value: str) -> date | None:
    """A day as `2023-02-24`, of years that the press has; None for anything else."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 1600 <= day.year <= 9000 else None


def _readable(words: str) -> str:
    """Words without what DuckDB does not take."""
    return " ".join(words.replace("\x00", " ").encode("utf-8", "replace").decode().split())[
        :_MOST_WORDS
    ]
