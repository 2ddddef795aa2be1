"""Pages that are no articles, and what they are instead. A pure decider."""

from flows.reading.words import word_count
from flows.records import Reason

# Below, nothing can be judged or compared (unmeasured)
LEAST_WORDS = 20


def not_an_article(text: str) -> Reason | None:
    """Why the page is no article, or None if it is one."""
    if not text:
        return Reason.NO_TEXT
    if word_count(text) < LEAST_WORDS:
        return Reason.TOO_SHORT
    return None
