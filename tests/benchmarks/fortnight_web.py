"""The web of a compressed fortnight: real entries, hosts that fail, and a record of all it showed.

What it showed is the truth that the program's own account is held against.
"""

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from flows.rehearsal.loopback import Answer, Request
from tests.benchmarks.replay import Entry, Outage, ReplayedFeed, ReplayWeb


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressedClock:
    """Virtual time that runs `speed` times as fast as the machine's, from `since` on."""

    began: float
    since: datetime
    speed: float

    def __call__(self) -> datetime:
        return self.since + timedelta(seconds=(time.time() - self.began) * self.speed)

    def real_seconds(self, span: timedelta) -> float:
        """How long `span` of virtual time takes."""
        return span.total_seconds() / self.speed

    @property
    def as_environment(self) -> str:
        return f"{self.began},{self.since.isoformat()},{self.speed}"


@dataclass(slots=True)
class Shown:
    """What a source was seen to answer; instants are virtual. `since`: its first answer."""

    since: datetime | None = None
    urls: set[str] = field(default_factory=set)
    looks: Counter[int] = field(default_factory=Counter)


def archive_url(feed: ReplayedFeed) -> str:
    """The address of a feed's sitemap of one day, as `repairs` names it."""
    host = urlsplit(feed.url).netloc
    return f"http://{host}/{feed.source_id}/{{year}}-{{month}}-{{day}}.xml"


class RecordedWeb:
    """A `ReplayWeb` at the hour of `clock`, with a sitemap a day for each of `with_archive`."""

    def __init__(
        self,
        feeds: Iterable[ReplayedFeed],
        clock: CompressedClock,
        *,
        newest: int,
        filler_words: int,
        outages: tuple[Outage, ...],
        with_archive: frozenset[str],
    ) -> None:
        self.clock = clock
        self.newest = newest
        self.web = ReplayWeb(
            feeds, clock.since, newest=newest, filler_words=filler_words, outages=outages
        )
        self.shown = {feed.source_id: Shown() for feed in self.web.feeds}
        self.pages_served: Counter[str] = Counter()
        self._feeds = {feed.url: feed for feed in self.web.feeds}
        self._archives = {
            archive_url(feed).partition("{")[0]: feed
            for feed in self.web.feeds
            if feed.source_id in with_archive
        }

    def __call__(self, request: Request) -> Answer:
        now = self.clock()
        self.web.now = now
        url = f"http://{request.host}{request.target}"
        answer = self.web(request)
        feed = self._feeds.get(url)
        if feed is not None:
            shown = self.shown[feed.source_id]
            shown.looks[answer.status] += 1
            if answer.status == 200:
                shown.since = shown.since or now
                shown.urls |= {entry.url for entry in feed.at(now, self.newest)}
        elif answer.status == 404:
            return self._archive(url, now) or answer
        elif answer.status == 200:
            self.pages_served[url] += 1
        return answer

    def _archive(self, url: str, now: datetime) -> Answer | None:
        folder, _, name = url.rpartition("/")
        feed = self._archives.get(f"{folder}/")
        if feed is None:
            return None
        day = date.fromisoformat(name.removesuffix(".xml"))
        entries = [e for e in feed.entries if e.published.date() == day and e.published <= now]
        self.shown[feed.source_id].urls |= {entry.url for entry in entries}
        return Answer(headers=(("Content-Type", "application/xml"),), body=_sitemap(entries))


def _sitemap(entries: Iterable[Entry]) -> bytes:
    urls = "".join(
        f"<url><loc>{entry.url.replace('&', '&amp;')}</loc>"
        f"<lastmod>{entry.published.astimezone(UTC).isoformat()}</lastmod></url>"
        for entry in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    ).encode()
