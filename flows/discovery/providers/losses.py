"""What of archive files was not read, for the days of sources it may concern.

Decides which cells a loss keeps from being done: those of its source and day where its record tells
them, else all. A revisit is none where the page it refers to was read. Pure.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from flows.archive.records import Record, instant
from flows.archive.unread import Fields, Unread
from flows.core.urls import fetch_url, url_key
from flows.discovery.providers.provider import Outlets, Place, url_day

_A_DAY = timedelta(days=1)

# Kinds of records that stand beside pages and hold none
NO_PAGES = frozenset({"warcinfo", "request", "metadata"})
# With them more may be lost than the record at hand
_OPEN_ENDED = frozenset({Unread.TORN, Unread.BROKEN_MEMBER})


@dataclass(slots=True)
class _Lost:
    """Of one file, or of all: what may be of any cell, and what can only be of some.

    Of revisits: what the pages are known by, each of which would do.
    """

    anywhere: Counter[Unread] = field(default_factory=Counter)
    of: dict[Place, Counter[Unread]] = field(default_factory=lambda: defaultdict(Counter))
    revisits: dict[Place, list[tuple[int, ...]]] = field(default_factory=lambda: defaultdict(list))
    first: dict[Unread, str] = field(default_factory=dict)


class Losses:
    """Counts what is not read, file by file."""

    def __init__(self, outlets: Outlets, places: Collection[Place]) -> None:
        self._outlets = outlets
        self._places = frozenset(places)
        self._all = _Lost()
        self._files: dict[str, _Lost] = defaultdict(_Lost)
        self._read: set[int] = set()

    def enter(self, kind: Unread, fields: Fields = (), *, where: str) -> None:
        """One thing of the file `where`; `fields`: its record's, where there is one.

        A record of no host asked is none of ours, nor is one that holds no page by its kind.
        """
        record = Record(fields=fields, content=b"")
        is_anyones = not fields or kind in _OPEN_ENDED
        if record.kind in NO_PAGES and not is_anyones:
            return
        places = None if is_anyones else self._of(record, kind)
        for lost in (self._all, self._files[where]):
            if places is None:
                lost.anywhere[kind] += 1
            elif kind is Unread.REVISIT:
                keys = tuple(_keys(record))
                for place in places:
                    lost.revisits[place].append(keys)
            else:
                for place in places:
                    lost.of[place][kind] += 1
            if places is None or places:
                lost.first.setdefault(kind, where.rpartition("/")[2])

    def has_read(self, url: str) -> None:
        """A page under `url` was read."""
        self._read.add(hash(url_key(url)))

    def why_not(self, place: Place, files: Collection[str] | None = None) -> str | None:
        """What of `files` (None: all) was not read and may be of `place`, in words; None when
        that is nothing."""
        counts: Counter[Unread] = Counter()
        first: dict[Unread, str] = {}
        for lost in self._in(files):
            counts += self._counts(lost, place)
            first = lost.first | first
        said = [kind.counted(count, first.get(kind, "")) for kind, count in counts.items()]
        return f"not read: {', '.join(said)}" if said else None

    def is_final(self, place: Place, files: Collection[str] | None = None) -> bool:
        """Whether all that was not read of `place` are pages that are not in the files."""
        return all(self._counts(lost, place).keys() <= {Unread.REVISIT} for lost in self._in(files))

    def _in(self, files: Collection[str] | None) -> list[_Lost]:
        if files is None:
            return [self._all]
        return [self._files[where] for where in files if where in self._files]

    def _counts(self, lost: _Lost, place: Place) -> Counter[Unread]:
        counts = lost.anywhere + lost.of.get(place, Counter())
        unmet = sum(self._read.isdisjoint(keys) for keys in lost.revisits.get(place, ()))
        return counts + Counter({Unread.REVISIT: unmet})

    def _of(self, record: Record, kind: Unread) -> frozenset[Place] | None:
        """The cells a record may be of; None when nobody can tell."""
        try:
            url = target(record)
        except Exception:  # an odd address  # noqa: BLE001
            return None
        if url is None:
            return None if record.get("WARC-Target-URI") is None else frozenset()
        ids = {source.source_id for source in self._outlets.sources_of(url)}
        days = _days(record, url) if kind is not Unread.FAULT else None
        return frozenset(
            place
            for place in self._places
            if place[0] in ids and (days is None or place[1] in days)
        )


def target(record: Record) -> str | None:
    """The URL a record is of."""
    return fetch_url((record.get("WARC-Target-URI") or "").strip("<>"))


def _days(record: Record, url: str) -> Collection[date] | None:
    """The days a record's page may count for; None when it does not tell."""
    if (day := url_day(url)) is not None:
        return (day - _A_DAY, day, day + _A_DAY)
    if (captured_at := instant(record.get("WARC-Date"))) is not None:
        day = captured_at.astimezone(UTC).date()
        return (day - _A_DAY, day)
    return None


def _keys(record: Record) -> Iterator[int]:
    """What the pages are known by that would hold what a revisit found unchanged."""
    for name in ("WARC-Target-URI", "WARC-Refers-To-Target-URI"):
        url = fetch_url((record.get(name) or "").strip("<>"))
        if url is not None:
            yield hash(url_key(url))
