"""How many of what, as a sentence says it. Decides grammar; refuses to know who is told."""


def how_many(count: int, one: str, many: str | None = None) -> str:
    """`count` things by their name: `many`, or `one` with an s, unless there is just one.

    >>> how_many(1, "page"), how_many(1200, "day of sources", "days of sources")
    ('1 page', '1,200 days of sources')
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
