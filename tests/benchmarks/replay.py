"""Real feed entries as a loopback web with virtual time.

Serves the feeds of `../shared/data/feeds` as they may have stood at any instant of their weeks —
RSS and Atom in turn, the newest items first — and a page for each link. Hosts keep their names
with `.test` behind them and lose TLS, so that nothing here can ever reach the real ones.

What a page says is its entry's title and summary, once each: all that is known of it. Pages of
fewer words than an article needs are therefore honestly too short. `filler_words` adds as many
invented words of no language below the summary, other ones on each page, for runs that are to
measure load with pages of an article's length; then neither texts nor copies mean anything.
"""

import gzip
import json
import random
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import format_datetime
from hashlib import blake2b
from html import escape, unescape
from pathlib import Path
from urllib.parse import urlsplit

from flows.rehearsal.configuration import SourceEntry, write_configuration
from flows.rehearsal.formats import Channel, Item, write
from flows.rehearsal.loopback import Answer, Request

PROJECT = Path(__file__).parents[2]
ENTRIES = PROJECT / "../shared/data/feeds/entries_2023-02-01_2023-03-12.jsonl.gz"
LABELS = PROJECT / "../shared/data/feeds/topic_labels.jsonl"
# 14 of the file's 57 sources hold one link each that came another way; the other 43 are feeds
_LEAST_ENTRIES = 2
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_TIMEOUT_SECONDS = 30.0
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of one feed as it was polled; `url` is its link under a `.test` host."""

    url: str
    title: str
    summary: str
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedFeed:
    """One feed with all its entries, oldest first. `form` is `rss` or `atom`."""

    source_id: str
    url: str
    form: str
    language: str
    entries: tuple[Entry, ...]

    def at(self, now: datetime, newest: int) -> tuple[Entry, ...]:
        """What the feed shows at `now`, newest first."""
        end = bisect_right(self.entries, now, key=lambda entry: entry.published)
        return self.entries[max(0, end - newest) : end][::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A host that answers `status` to everything from `since` until `until`."""

    host: str
    since: datetime
    until: datetime
    status: int = 503


def read_feeds(since: date, until: date) -> tuple[ReplayedFeed, ...]:
    """The feeds with their entries of the days `since` to `until`, both included."""
    found: dict[str, list[tuple[Entry, str]]] = {}
    counts: dict[str, int] = {}
    for row in _rows():
        counts[row["source"]] = counts.get(row["source"], 0) + 1
        if since.isoformat() <= row["day"] <= until.isoformat():
            found.setdefault(row["source"], []).append((_entry(row), row["language"] or "en"))
    sources = sorted(source for source in counts if counts[source] >= _LEAST_ENTRIES)
    return tuple(
        _feed(number, source, found.get(source, [])) for number, source in enumerate(sources)
    )


def labels(day: date) -> dict[str, int]:
    """URL → label of the entries of `day` that a reader labelled; all others count as 0."""
    with LABELS.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return {_local(row["link"]): row["label"] for row in rows if row["day"] == day.isoformat()}


class ReplayWeb:
    """Answers requests as of `now`, which the driver moves on.

    A feed shows its `newest` items; pages carry `filler_words` invented words.
    """

    def __init__(
        self,
        feeds: Iterable[ReplayedFeed],
        now: datetime,
        *,
        newest: int = 40,
        filler_words: int = 0,
        outages: tuple[Outage, ...] = (),
    ) -> None:
        self.now = now
        self.feeds = tuple(feeds)
        self._newest = newest
        self._filler_words = filler_words
        self._outages = outages
        self._feeds = {_place(feed.url): feed for feed in self.feeds}
        self._pages = {_place(entry.url): entry for feed in self.feeds for entry in feed.entries}

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(host for host, _ in (*self._feeds, *self._pages))

    def __call__(self, request: Request) -> Answer:
        for outage in self._outages:
            if outage.host == request.host and outage.since <= self.now < outage.until:
                return Answer(status=outage.status)
        place = (request.host, request.target)
        if place in self._feeds:
            return self._feed_answer(self._feeds[place], request)
        entry = self._pages.get(place)
        if entry is None or entry.published > self.now:
            return Answer(status=404)
        return Answer(
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=_page(entry, self._filler_words).encode(),
        )

    def listed(self, instants: Iterable[datetime]) -> frozenset[str]:
        """Every URL that any feed shows at any of `instants`."""
        return frozenset(
            entry.url
            for now in instants
            for feed in self.feeds
            for entry in feed.at(now, self._newest)
        )

    def _feed_answer(self, feed: ReplayedFeed, request: Request) -> Answer:
        media_type, text = write(feed.form, _channel(feed, feed.at(self.now, self._newest)))
        body = text.encode()
        etag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(status=304, headers=(("ETag", etag),))
        return Answer(headers=(("Content-Type", media_type), ("ETag", etag)), body=body)


def configure(folder: Path, web: ReplayWeb, address: str) -> Path:
    """A configuration in `folder` whose sources are the feeds of `web`, served at `address`."""
    return write_configuration(
        folder,
        sources=[
            SourceEntry(
                source_id=feed.source_id,
                outlet=urlsplit(feed.url).netloc.removesuffix(".test"),
                kind="feed",
                url=feed.url,
                language=feed.language,
            )
            for feed in web.feeds
        ],
        resolve=dict.fromkeys(sorted(web.hosts), address),
        topic_path=PROJECT / "config" / "topic.toml",
        seeds_dir=PROJECT / "seeds",
        timeout_seconds=_TIMEOUT_SECONDS,
    )


def _rows() -> Iterator[dict[str, str]]:
    with gzip.open(ENTRIES, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _feed(number: int, source: str, found: list[tuple[Entry, str]]) -> ReplayedFeed:
    return ReplayedFeed(
        source_id=f"replay_{number:02d}",
        url=_local(source),
        form=("rss", "atom")[number % 2],
        language=(found[0][1] if found else "en").split("-")[0],
        entries=tuple(sorted((entry for entry, _ in found), key=lambda entry: entry.published)),
    )


def _entry(row: dict[str, str]) -> Entry:
    return Entry(
        url=_local(row["link"]),
        title=row["title"] or "",
        summary=row["description"] or "",
        published=datetime.fromisoformat(row["date_published"]),
    )


def _local(url: str) -> str:
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"http://{(parts.hostname or 'unnamed')}.test{parts.path or '/'}{query}"


def _place(url: str) -> tuple[str, str]:
    host, _, target = url.removeprefix("http://").partition("/")
    return host, f"/{target}"


def _channel(feed: ReplayedFeed, entries: tuple[Entry, ...]) -> Channel:
    return Channel(
        name=urlsplit(feed.url).netloc.removesuffix(".test"),
        home=feed.url,
        url=feed.url,
        language=feed.language,
        items=tuple(_item(entry, feed.form) for entry in entries),
    )


def _item(entry: Entry, form: str) -> Item:
    at = entry.published
    return Item(
        href=entry.url,
        guid=entry.url,
        title=entry.title,
        summary=entry.summary,
        dated=format_datetime(at) if form == "rss" else at.isoformat(),
    )


def _page(entry: Entry, filler_words: int) -> str:
    filler = f"<p>{_filler(entry.url, filler_words)}</p>" if filler_words else ""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(entry.title)}</title>'
        f'<meta property="article:published_time" content="{entry.published.isoformat()}"></head>'
        f"<body><article><h1>{escape(entry.title)}</h1>\n<p>{escape(_as_text(entry.summary))}</p>\n{filler}"
        "</article></body></html>"
    )


def _as_text(summary: str) -> str:
    """A summary without the mark-up and the escaped characters that some feeds put into it."""
    return " ".join(unescape(_TAG.sub(" ", summary)).split())


def _filler(url: str, words: int) -> str:
    chance = random.Random(url)
    return " ".join(
        "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(words)
    )
