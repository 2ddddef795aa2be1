"""A stand-in for an outlet whose feed the Wayback Machine captured every hour, as it does.

The feed lists the newest three articles. The index has lines the real one has: captures under the
URL with its port, of other media types, and one that was withdrawn. It counts its visitors' pace.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urlsplit

from flows.rehearsal.loopback import Answer, Request
from tests.pipeline.backfill.past import DAILY, STAMP, WAYBACK, Past, Piece

FEED = f"http://{DAILY}/feed.xml"
_WINDOW = 3


@dataclass(slots=True)
class OldFeeds(Past):
    """`throttled_at`: the numbers of requests to the archive that are answered 429."""

    captured: Sequence[datetime] = ()
    withdrawn: frozenset[datetime] = frozenset()
    throttled_at: frozenset[int] = frozenset()
    visits: int = 0
    feeds_read: list[datetime] = field(default_factory=list)

    def _wayback(self, request: Request) -> Answer | None:
        self.visits += 1
        if self.visits in self.throttled_at:
            return Answer(status=429, headers=(("Retry-After", "1"),), body=b"Too many requests")
        asked = parse_qs(urlsplit(request.target).query)
        if asked.get("url") == [FEED]:
            return Answer(body=self._captures(asked).encode())
        for at in self.captured:
            if (
                request.target.startswith(f"/web/{at:{STAMP}}id_/")
                and "/feed.xml" in request.target
            ):
                return self._feed(at)
        return Past._wayback(self, request)

    def _captures(self, asked: dict[str, list[str]]) -> str:
        assert asked["filter"] == ["statuscode:200"]
        assert asked["collapse"] == ["timestamp:10"]
        stamps = [f"{at:{STAMP}}" for at in self.captured]
        lines = [
            f"{stamp} http://{DAILY}:80/feed.xml application/rss+xml"
            for stamp in stamps
            if asked["from"][0] <= stamp <= asked["to"][0]
        ]
        return "".join(f"{line}\n" for line in lines)

    def _feed(self, at: datetime) -> Answer | None:
        self.feeds_read.append(at)
        if at in self.withdrawn:
            return None
        newest = sorted(
            (piece for piece in self.pieces if piece.published_at <= at),
            key=lambda piece: piece.published_at,
        )[-_WINDOW:]
        items = "".join(_item(piece) for piece in reversed(newest))
        body = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
        return Answer(
            headers=(
                ("Content-Type", "application/rss+xml"),
                ("x-archive-orig-date", format_datetime(at, usegmt=True)),
                ("x-archive-src", "feeds.warc.gz"),
            ),
            body=body.encode(),
        )


def hourly(since: datetime, hours: int) -> list[datetime]:
    """A capture an hour, some minutes past it."""
    return [since + timedelta(hours=n, minutes=7 * n % 50) for n in range(hours)]


def listed_only(numbers: range, since: datetime, *, captured: bool = True) -> list[Piece]:
    """An article an hour that no index names, only the feed; `captured`: its page was, too."""
    return [
        Piece(
            host=DAILY, number=n, published_at=since + timedelta(hours=n),
            known_to=frozenset({WAYBACK} if captured else {DAILY}), is_gone=captured,
        )
        for n in numbers
    ]  # fmt: skip


def midnight(year: int, month: int, day: int) -> datetime:
    """The first instant of a UTC day."""
    return datetime(year, month, day, tzinfo=UTC)


def _item(piece: Piece) -> str:
    return (
        f"<item><title>{piece.title}</title><link>{piece.url}</link>"
        f"<pubDate>{format_datetime(piece.published_at, usegmt=True)}</pubDate></item>"
    )
