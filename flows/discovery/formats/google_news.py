"""Google News links that lead to no article: headlines only.

Until mid-2024 a link to `news.google.com/rss/articles/CBMi…` held the article's URL, which
`flows.core.carriers` takes out; newer ones hold an opaque key that only Google's own servers
resolve.
Refuses to ask Google.
"""

from flows.core import Candidate, Reason, Skipped, Stage
from flows.core.urls import host_of


def headline_only(candidate: Candidate) -> Skipped | None:
    """How a candidate ends whose Google News link leads to no article, or None for all others."""
    if host_of(candidate.url) != "news.google.com":
        return None
    return Skipped(
        stage=Stage.DISCOVER,
        reason=Reason.HEADLINE_ONLY,
        detail="a Google News link that does not carry the article's URL",
    )
