"""What the store says of a fortnight, held against what the web really published and showed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flows.core.urls import url_key
from flows.store import open_published
from flows.store.check import check_store
from flows.store.connections import Connection
from tests.benchmarks.fortnight_web import RecordedWeb
from tests.benchmarks.replay import Entry, ReplayedFeed

WHOLE = ("covered", "repaired")
Missed = list[tuple[ReplayedFeed, Entry]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One question put to the store: `right` and `wrong` count answers; `worst` shows some."""

    question: str
    right: int
    wrong: int
    worst: tuple[str, ...] = ()


def verdicts(store: Path, web: RecordedWeb, until: datetime) -> list[Verdict]:
    """Every question, in the order an operator would ask them."""
    with open_published(store) as con:
        missed = list(_missed(web, until, _known(con)))
        return [
            _accounted_for(con),
            _nothing_silently_missed(con, missed),
            _open_gaps_are_real(con, missed),
            *_coverage(con, missed, until),
            _looks(con, web),
            _stored_once(con),
            _balanced(con),
            _sound(store),
        ]


def _known(con: Connection) -> set[str]:
    rows = con.execute("select distinct url from kept.sightings").fetchall()
    return {url_key(url) for (url,) in rows}


def _accounted_for(con: Connection) -> Verdict:
    """Each URL it was shown and could tell of has ended."""
    rows = con.execute("select distinct url from kept.endings").fetchall()
    ended = {url_key(url) for (url,) in rows}
    known = _known(con)
    open_still = sorted(known - ended)
    return Verdict(
        question="URLs it saw that ended with a reason",
        right=len(known & ended),
        wrong=len(open_still),
        worst=tuple(open_still[:5]),
    )


def _nothing_silently_missed(con: Connection, missed: Missed) -> Verdict:
    """Each entry it never saw lies in a hole that was found, whatever became of it."""
    holes = _holes(con, "kept.gaps")
    days = _days(con)
    silent = [
        (feed, entry)
        for feed, entry in missed
        if not any(a <= entry.published <= b for a, b in holes.get(feed.source_id, ()))
        and days.get((feed.source_id, entry.published.date())) in (*WHOLE, None)
    ]
    return Verdict(
        question="entries it never saw that lie in a hole or a day it reports",
        right=len(missed) - len(silent),
        wrong=len(silent),
        worst=tuple(f"{f.source_id} {e.published:%d %H:%M} {e.url}" for f, e in silent[:8]),
    )


def _open_gaps_are_real(con: Connection, missed: Missed) -> Verdict:
    """In each hole still open something was published that it never saw."""
    unseen: dict[str, list[datetime]] = {}
    for feed, entry in missed:
        unseen.setdefault(feed.source_id, []).append(entry.published)
    holes = [(source, *hole) for source, found in _holes(con, "gaps").items() for hole in found]
    empty = [
        f"{source} {a:%d %H:%M} to {b:%d %H:%M}"
        for source, a, b in holes
        if not any(a <= at <= b for at in unseen.get(source, ()))
    ]
    return Verdict(
        question="open gaps in which something was missed",
        right=len(holes) - len(empty),
        wrong=len(empty),
        worst=tuple(empty[:8]),
    )


def _coverage(con: Connection, missed: Missed, until: datetime) -> Iterable[Verdict]:
    """Days said to be whole that are; days said not to be that are not."""
    days = _days(con)
    unseen = {(feed.source_id, entry.published.date()) for feed, entry in missed}
    # a day still under way is not judged
    asked = {place: state for place, state in days.items() if place[1] < until.date()}
    for question, states in (
        ("source-days said to be covered or repaired that were seen whole", WHOLE),
        ("source-days said to be partial or missed in which something was", ("partial", "missed")),
    ):
        said = {place for place, state in asked.items() if state in states}
        wrong = said & unseen if states is WHOLE else said - unseen
        yield Verdict(
            question=question,
            right=len(said - wrong),
            wrong=len(wrong),
            worst=tuple(
                f"{source} {day} {asked[source, day]}" for source, day in sorted(wrong)[:8]
            ),
        )


def _looks(con: Connection, web: RecordedWeb) -> Verdict:
    """Each answered request for a feed in the server's log is a look in the store."""
    rows = con.execute(
        "select source_id, count(*) from source_checks where http_status in (200, 304) group by 1"
    ).fetchall()
    said = dict(rows)
    served = {source: shown.looks[200] + shown.looks[304] for source, shown in web.shown.items()}
    # a run that was killed asked and could not tell
    untold = sum(max(0, served[source] - said.get(source, 0)) for source in served)
    invented = sum(max(0, said.get(source, 0) - served[source]) for source in served)
    return Verdict(
        question=f"looks in the store that the server served ({untold} of killed runs untold)",
        right=sum(said.values()) - invented,
        wrong=invented,
    )


def _stored_once(con: Connection) -> Verdict:
    ((rows, urls),) = con.execute("select count(url), count(distinct url) from articles").fetchall()
    return Verdict(question="articles stored once", right=urls, wrong=rows - urls)


def _balanced(con: Connection) -> Verdict:
    ((ended, off),) = con.execute(
        "select count(*), count(*) filter (candidates <> stored + revised + known + skipped"
        " + left_open) from runs where finished_at is not null"
    ).fetchall()
    return Verdict(question="runs whose account balances", right=ended - off, wrong=off)


def _sound(store: Path) -> Verdict:
    findings = check_store(store)
    broken = tuple(each.rule for each in findings if not each.holds)
    return Verdict(
        question="rules of `dateline check` that hold",
        right=len(findings) - len(broken),
        wrong=len(broken),
        worst=broken,
    )


def _missed(
    web: RecordedWeb, until: datetime, known: set[str]
) -> Iterable[tuple[ReplayedFeed, Entry]]:
    """Entries since a source's first answer that it never saw and that do not wait in its feed."""
    for feed in web.web.feeds:
        shown = web.shown[feed.source_id]
        waiting = {entry.url for entry in feed.at(until, web.newest)}
        for entry in feed.entries:
            watched = shown.since is not None and shown.since <= entry.published <= until
            if watched and entry.url not in waiting and url_key(entry.url) not in known:
                yield feed, entry


def _holes(con: Connection, table: str) -> dict[str, list[tuple[datetime, datetime]]]:
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    for source, a, b in con.execute(f"select source_id, since, until from {table}").fetchall():
        found.setdefault(source, []).append((a.astimezone(UTC), b.astimezone(UTC)))
    return found


def _days(con: Connection) -> dict[tuple[str, date], str | None]:
    rows = con.execute("select source_id, day, state from coverage").fetchall()
    return {(source, day): state for source, day, state in rows}


def rows_compared(monitored: Path, backfilled: Path, days: tuple[date, date]) -> dict[str, object]:
    """Row by row: what a backfill stored of `days` against what monitoring stored of them."""
    left, right = (_rows(store, days) for store in (monitored, backfilled))
    both = left.keys() & right.keys()
    names = ("title", "text", "published_at", "authors", "relevance", "copies")
    different: Counter[str] = Counter()
    shown: dict[str, list[str]] = {}
    for key in sorted(both):
        for name, mine, theirs in zip(names, left[key], right[key], strict=True):
            if mine != theirs:
                different[name] += 1
                shown.setdefault(name, []).append(f"{key}: {mine!r:.90} | {theirs!r:.90}")
    return {
        "monitored": len(left),
        "backfilled": len(right),
        "in both": len(both),
        "only monitored": sorted(left.keys() - right.keys())[:20],
        "only backfilled": sorted(right.keys() - left.keys())[:20],
        "only backfilled, count": len(right.keys() - left.keys()),
        "different": dict(different),
        "examples": {name: found[:3] for name, found in shown.items()},
    }


def _rows(store: Path, days: tuple[date, date]) -> dict[str, tuple[object, ...]]:
    since = datetime.combine(days[0], datetime.min.time(), UTC)
    until = datetime.combine(days[1], datetime.min.time(), UTC) + timedelta(days=1)
    with open_published(store) as con:
        rows = con.execute(
            "select a.url, a.title, a.text, a.published_at, a.authors, round(a.relevance, 3), "
            "(select list(b.url order by b.url) from articles b where b.story_id = a.story_id) "
            "from articles a where a.url is not null and a.published_at >= ? "
            "and a.published_at < ?",
            [since, until],
        ).fetchall()
    return {url_key(url): tuple(rest) for url, *rest in rows}
