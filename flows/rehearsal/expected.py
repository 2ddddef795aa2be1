"""What must become of everything the invented web publishes, derived from it and the timeline.

Decides the right answers: what is kept, as what, with which copies and revisions, what is left and
why, what could not be seen, and how each source must look. Refuses to know what really happened
(`observed`) and how the two are compared (`scoring`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from flows.rehearsal.formats import listed, listing
from flows.rehearsal.outlets import Feed, Furniture, Outlet, Piece, furniture, text_at
from flows.rehearsal.timeline import STEPS, Action, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPiece:
    """An article that must be there. `urls`: every URL it was listed under, any may be its own.

    `published_at` is midnight UTC of the day when `day_only`. `revisions` counts its texts.
    """

    urls: frozenset[str]
    title: str
    language: str
    authors: tuple[str, ...]
    paragraphs: tuple[str, ...]
    furniture: tuple[str, ...]
    published_at: datetime
    day_only: bool
    free_to_read: bool
    revisions: int
    source_ids: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftPiece:
    """A URL that must end as a skip for one of `reasons`."""

    url: str
    reasons: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedPiece:
    """`url` must stand in the story of `original` (a URL, or `seed:` and a file name)."""

    url: str
    original: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedSource:
    """How the looks at a source must read. `statuses` must all be seen, and none of `never`.

    `rolled_over`: a look must share no item with the one before. `gap_open`: that gap must still
    be open at the end, because nothing can close it.
    """

    source_id: str
    statuses: frozenset[str]
    never: frozenset[str]
    rolled_over: bool
    gap_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """All of it. `missed` are URLs that no source listed at any poll and nothing can repair."""

    kept: tuple[KeptPiece, ...]
    left: tuple[LeftPiece, ...]
    missed: tuple[str, ...]
    copied: tuple[CopiedPiece, ...]
    sources: tuple[ExpectedSource, ...]


def expect(outlets: Sequence[Outlet], steps: Sequence[Step] = STEPS) -> Expected:
    """The right answers for `outlets` after going through `steps`."""
    seen = [_Seen.of(outlet, piece, steps) for outlet in outlets for piece in outlet.pieces]
    found = [one for one in seen if one.urls]
    return Expected(
        kept=tuple(_kept(one, steps) for one in found if one.piece.ends == ("kept",)),
        left=tuple(
            LeftPiece(url=url, reasons=frozenset(one.piece.ends))
            for one in found
            if one.piece.ends != ("kept",)
            for url in sorted(one.urls)
        ),
        missed=tuple(one.outlet.url(one.piece.path) for one in seen if not one.urls),
        copied=tuple(_copied(one) for one in found if one.piece.copied is not None),
        sources=tuple(
            _source(outlet, feed, steps)
            for outlet in outlets
            for feed in outlet.feeds
            if feed.configured
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """One piece, and through which URLs and sources the polls could see it, first when."""

    outlet: Outlet
    piece: Piece
    urls: frozenset[str]
    source_ids: frozenset[str]
    first_at: datetime

    @classmethod
    def of(cls, outlet: Outlet, piece: Piece, steps: Iterable[Step]) -> "_Seen":
        sightings = [
            (feed.source_id, url, at)
            for feed in outlet.feeds
            for at in _polls(steps)
            for listed_piece, url in listed(outlet, feed, at)
            if listed_piece.path == piece.path and _readable(outlet, feed)
        ]
        return cls(
            outlet=outlet,
            piece=piece,
            urls=frozenset(url for _, url, _ in sightings),
            source_ids=frozenset(source_id for source_id, _, _ in sightings),
            first_at=min((at for _, _, at in sightings), default=piece.published),
        )


def _polls(steps: Iterable[Step]) -> list[datetime]:
    return [step.at for step in steps if step.action is Action.RUN]


def _readable(outlet: Outlet, feed: Feed) -> bool:
    """Whether a program can see this list: as a source, or as what repairs one."""
    repairing = {path for other in outlet.feeds for path in other.repairs}
    return feed.configured or feed.path in repairing


def _kept(seen: _Seen, steps: Sequence[Step]) -> KeptPiece:
    outlet, piece = seen.outlet, seen.piece
    texts = _texts(seen, steps)
    day_only = piece.shows == "day"
    return KeptPiece(
        urls=seen.urls | {outlet.url(piece.path)},
        title=texts[-1].title,
        language=outlet.language,
        authors=piece.authors,
        paragraphs=texts[-1].paragraphs,
        furniture=_never_text(furniture(outlet.language)),
        published_at=_day(outlet, piece) if day_only else piece.published,
        day_only=day_only,
        free_to_read=piece.page != "paywall",
        revisions=len(texts),
        source_ids=_configured(outlet) & seen.source_ids,
    )


def _configured(outlet: Outlet) -> frozenset[str]:
    return frozenset(feed.source_id for feed in outlet.feeds if feed.configured)


def _texts(seen: _Seen, steps: Sequence[Step]) -> list[Piece]:
    """The distinct texts that looking first and rechecking later show, oldest first."""
    looks = [seen.first_at]
    looks += [s.at for s in steps if s.action is Action.RECHECK and s.at > seen.first_at]
    blank = seen.piece.blank_from
    texts: list[Piece] = []
    for at in looks:
        text = text_at(seen.piece, at)
        if (not texts or text != texts[-1]) and (blank is None or at < blank):
            texts.append(text)
    return texts


def _never_text(words: Furniture) -> tuple[str, ...]:
    return (
        words.cookies, words.accept, words.newsletter, words.footer, words.photo, words.related,
        words.readers,
    )  # fmt: skip


def _day(outlet: Outlet, piece: Piece) -> datetime:
    day = piece.published.astimezone(ZoneInfo(outlet.timezone)).date()
    return datetime.combine(day, time(), UTC)


def _copied(seen: _Seen) -> CopiedPiece:
    assert seen.piece.copied is not None
    return CopiedPiece(
        url=seen.outlet.url(seen.piece.path),
        original=seen.piece.copied.piece_url,
        kind=seen.piece.copied.kind,
    )


def _source(outlet: Outlet, feed: Feed, steps: Sequence[Step]) -> ExpectedSource:
    neighbours = list(pairwise(_polls(steps)))
    rolled_over = any(_shares_nothing(outlet, feed, *pair) for pair in neighbours)
    fails = outlet.refuses or outlet.broken_status is not None
    return ExpectedSource(
        source_id=feed.source_id,
        statuses=frozenset({"failed"} if fails else _statuses(outlet, feed, neighbours)),
        never=frozenset({"ok", "unchanged"} if fails else {"failed", "gone"}),
        rolled_over=rolled_over,
        gap_open=rolled_over and not feed.repairs,
    )


def _statuses(
    outlet: Outlet, feed: Feed, neighbours: Iterable[tuple[datetime, datetime]]
) -> set[str]:
    """What a host that answers must be seen to answer: items, perhaps nothing new, or nothing."""
    statuses = {"ok"}
    for before, after in neighbours:
        if feed.empty_from is not None and feed.empty_from <= after:
            statuses.add("empty")
        elif listing(outlet, feed, before) == listing(outlet, feed, after):
            statuses.add("unchanged")
    return statuses


def _shares_nothing(outlet: Outlet, feed: Feed, before: datetime, after: datetime) -> bool:
    old = {url for _, url in listed(outlet, feed, before)}
    new = {url for _, url in listed(outlet, feed, after)}
    return bool(old and new) and not old & new
