"""A web answering from a table, and sources to ask it for: the one fake of these tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from flows.core import (
    Page,
    Reason,
    Redirect,
    Skipped,
    Source,
    SourceMemory,
    Stage,
    Validators,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FEED = "https://daily.test/feed.xml"

Reply = bytes | Page | Skipped


@dataclass
class TableWeb:
    """Answers each URL from `replies`; anything else is a 404. Keeps what was asked."""

    replies: dict[str, Reply]
    at: datetime = NOW
    asked: list[str] = field(default_factory=list)
    conditions: list[Validators | None] = field(default_factory=list)

    async def get(
        self,
        url: str,
        *,
        kind: Literal["page", "feed"] = "page",
        validators: Validators | None = None,
        max_bytes: int | None = None,
    ) -> Page | Skipped:
        assert kind == "feed"
        assert max_bytes is not None
        self.asked.append(url)
        self.conditions.append(validators)
        reply = self.replies.get(url)
        if reply is None:
            return skipped(Reason.HTTP_404, http_status=404)
        return page(reply, url=url, at=self.at) if isinstance(reply, bytes) else reply


def page(
    body: bytes,
    *,
    url: str = FEED,
    at: datetime = NOW,
    status: int = 200,
    validators: Validators = Validators(),  # noqa: B008  frozen
    headers: tuple[tuple[str, str], ...] = (),
    redirects: tuple[Redirect, ...] = (),
) -> Page:
    return Page(
        requested_url=url,
        url=url,
        status=status,
        fetched_at=at,
        headers=headers,
        body=body,
        media_type=None,
        validators=validators,
        redirects=redirects,
    )


def skipped(
    reason: Reason,
    *,
    http_status: int | None = None,
    retry_after: timedelta | None = None,
    detail: str = "",
) -> Skipped:
    return Skipped(
        stage=Stage.FETCH,
        reason=reason,
        http_status=http_status,
        retry_after=retry_after,
        detail=detail,
    )


def source(**fields: object) -> Source:
    known: dict[str, object] = {
        "source_id": "daily",
        "outlet": "Daily",
        "kind": "feed",
        "url": FEED,
    }
    return Source(**(known | fields))  # type: ignore[arg-type]  # a test's shorthand


def memory(**fields: object) -> SourceMemory:
    return SourceMemory(**({"source_id": "daily"} | fields))  # type: ignore[arg-type]  # as above


def rss(numbers: range | list[int], *, since: datetime | None = None, extra: str = "") -> bytes:
    """A feed of items named by number, one every ten minutes from `since` on, newest first."""
    start = since or NOW - timedelta(days=1)
    items = "".join(
        f"<item><title>Item {number}</title><link>https://daily.test/{number}</link>"
        f"<guid isPermaLink='false'>g{number}</guid>"
        f"<pubDate>{start + timedelta(minutes=10 * number):%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
        "</item>"
        for number in sorted(numbers, reverse=True)
    )
    return (
        f"<rss version='2.0'><channel><title>Daily</title>{extra}{items}</channel></rss>".encode()
    )


def sitemap(*entries: tuple[str, str]) -> bytes:
    """URLs with their `lastmod`."""
    urls = "".join(
        f"<url><loc>{url}</loc><lastmod>{lastmod}</lastmod></url>" for url, lastmod in entries
    )
    return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>".encode()


def sitemap_index(*children: tuple[str, str]) -> bytes:
    maps = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>{lastmod}</lastmod></sitemap>"
        for url, lastmod in children
    )
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f"<sitemapindex xmlns='{namespace}'>{maps}</sitemapindex>".encode()
