"""The same pages as a folder that any web server or mail can carry: whole, or not at all.

Decides which pages a folder has; refuses to know what stands on them. Written beside its place and
put there by a rename; a folder that holds anything but an earlier report is left alone.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from flows.browse import pages
from flows.browse.addresses import Written, file_of
from flows.browse.feeds import Feed, atom, json_feed
from flows.browse.rendering import Frame, Sheet, asset, render
from flows.browse.sites import Site, edits_feed, feed_of, frame_of, gaps_feed
from flows.core.errors import DatelineError
from flows.store.browsing import listing, overview, watched
from flows.store.browsing.listing import Choice
from flows.store.browsing.newest import Newest, Opened
from flows.store.browsing.told import told

_MARK = ".dateline-report"
_AT_ONCE = 500  # articles asked for together: one question costs the same for one as for hundreds
MOST_ARTICLES = 20_000


def write_report(site: Site, target: Path, since: date | None = None) -> int:
    """Write the pages of everything published since a day to `target`; how many files.

    Raises `DatelineError` for a folder that holds other things, and whatever the store says.
    """
    place = target.resolve()
    _check(place)
    beside = place.with_name(f".{place.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    newest = Newest(site.store)
    try:
        with newest.reading() as opened:
            written = sum(
                _put(beside, name, content) for name, content in _files(site, opened, since)
            )
        _put(beside, _MARK, b"")
        _replace(beside, place)
        return written
    finally:
        newest.close()
        shutil.rmtree(beside, ignore_errors=True)


def _check(place: Path) -> None:
    if place.exists() and not place.is_dir():
        raise DatelineError(f"{place} is a file; name a folder for the report.")
    if place.is_dir() and any(place.iterdir()) and not (place / _MARK).exists():
        raise DatelineError(
            f"{place} holds other things than a report, which would be lost; name a folder that is "
            "not there yet."
        )


def _put(folder: Path, name: str, content: bytes) -> int:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return 1


def _replace(beside: Path, place: Path) -> None:
    """Put the new folder in the place of the old one, which stands until then."""
    old = place.with_name(f".{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    beside.rename(place)
    shutil.rmtree(old, ignore_errors=True)


def _files(site: Site, opened: Opened, since: date | None) -> Iterator[tuple[str, bytes]]:
    frame = frame_of(site, opened, live=False)
    choice = Choice(since=since, folded=False)
    rows = listing.listed(opened, choice, most=MOST_ARTICLES)
    folded = listing.listed(opened, replace(choice, folded=True), most=MOST_ARTICLES)
    names = [str(row["article_id"]) for row in rows]
    stories = sorted({str(row["story_id"]) for row in folded if _together(row) > 1})
    calendar = watched.calendar(opened)
    sources = [str(row["source_id"]) for row in calendar.sources] if calendar else []
    events = [str(row["event_id"]) for row in overview.events(opened)]
    there = frozenset(
        [*((name, "") for name, _ in frame.sections), *(("article", name) for name in names),
         *(("story", name) for name in stories), *(("source", name) for name in sources),
         *(("event", name) for name in events)]
    )  # fmt: skip
    draw = _Drawing(frame, there)
    for name, sheet in _tops(site, opened, since, folded):
        yield draw.page(name, "", sheet)
    for first in range(0, len(names), _AT_ONCE):
        for name, article in told(opened, names[first : first + _AT_ONCE]).items():
            yield draw.page("article", name, pages.article_sheet(article, site.topic))
    for kind, idents, make in (
        ("story", stories, pages.story_sheet),
        ("source", sources, pages.source_sheet),
        ("event", events, pages.event_sheet),
    ):
        for ident in idents:
            found = make(opened, ident)
            if found is not None:
                yield draw.page(kind, ident, found)
    at = Written(pages=there)
    for name, feed in (
        ("feed", feed_of(opened, Choice(since=since, order="seen"), at, "", None, None)),
        ("edits", edits_feed(opened, at, "", None, None)),
        ("gaps", gaps_feed(opened, at, "", None, None)),
    ):
        yield from _both(name, feed, opened)
    for name in ("style.css", "icon.svg"):
        yield name, asset(name)


def _tops(
    site: Site, opened: Opened, since: date | None, rows: Sequence[dict[str, object]]
) -> Iterator[tuple[str, Sheet]]:
    """The pages of the menu."""
    made = {
        "overview": lambda: pages.overview_sheet(opened, since),
        "articles": lambda: pages.articles_sheet(rows, _title(since)),
        "events": lambda: pages.events_sheet(opened),
        "statements": lambda: pages.statements_sheet(opened),
        "attention": lambda: pages.attention_sheet(opened),
        "edits": lambda: pages.edits_sheet(opened, since),
        "sources": lambda: pages.sources_sheet(opened),
        "topic": lambda: pages.topic_sheet(opened, site.topic, {}, ""),
    }
    for name, _ in pages.sections(opened, live=False):
        yield name, made[name]()


class _Drawing:
    """Sheets into files: each with addresses that hold from where it lies."""

    def __init__(self, frame: Frame, there: frozenset[tuple[str, str]]) -> None:
        self._frame = frame
        self._at = {depth: Written(pages=there, depth=depth) for depth in (0, 1)}

    def page(self, name: str, ident: str, sheet: Sheet) -> tuple[str, bytes]:
        html = render(sheet, self._frame, self._at[1 if ident else 0])
        return file_of(name, ident), html.encode("utf-8", "replace")


def _both(name: str, feed: Feed, opened: Opened) -> Iterator[tuple[str, bytes]]:
    yield f"{name}.atom", atom(feed, opened.published_at)
    yield f"{name}.json", json_feed(feed)


def _title(since: date | None) -> str:
    return f"Articles since {since}" if since else "Articles"


def _together(row: dict[str, object]) -> int:
    count = row["together"]
    return count if isinstance(count, int) else 1
