"""Rows of the public views as a faultless program would leave them after the rehearsal."""

from flows.rehearsal.expected import Expected, KeptPiece
from flows.rehearsal.observed import (
    ArticleRow,
    CheckRow,
    GapRow,
    Observed,
    RunRow,
    SightingRow,
    SkipRow,
)


def perfect(expected: Expected, seeds: dict[str, str]) -> Observed:
    """What `expected` would be scored 1.0 for."""
    originals = {copied.url: copied for copied in expected.copied}
    return Observed(
        articles=(
            *(_seed(name, text) for name, text in seeds.items()),
            *(_article(piece, originals.get(_own(piece))) for piece in expected.kept),
        ),
        skips=tuple(SkipRow(url=left.url, reason=min(left.reasons)) for left in expected.left),
        sightings=tuple(
            SightingRow(url=url, article_id=_own(piece), source_id=source_id)
            for piece in expected.kept
            for url in piece.urls
            for source_id in piece.source_ids
        ),
        links=(),
        checks=tuple(
            CheckRow(source_id=source.source_id, status=status, rolled_over=source.rolled_over)
            for source in expected.sources
            for status in source.statuses
        ),
        gaps=tuple(
            GapRow(source_id=source.source_id, cause="rolled_over")
            for source in expected.sources
            if source.gap_open
        ),
        runs=(run(stored=0),),
    )


def run(*, stored: int, candidates: int | None = None) -> RunRow:
    """A monitoring run that stored `stored`; `candidates` unless it balances."""
    return RunRow(
        run_id="run-1",
        kind="monitor",
        state="completed",
        candidates=stored if candidates is None else candidates,
        stored=stored,
        revised=0,
        known=0,
        skipped=0,
        left_open=0,
    )


def _own(piece: KeptPiece) -> str:
    # the URL a piece finally has is the longest: tracking, moves and AMP are tried on others
    plain = [url for url in piece.urls if "?" not in url and "/amp/" not in url]
    return max(plain, key=len)


def _article(piece: KeptPiece, copied: object) -> ArticleRow:
    original = getattr(copied, "original", None)
    return ArticleRow(
        article_id=_own(piece),
        url=_own(piece),
        source_id=min(piece.source_ids, default=None),
        language=piece.language,
        title=piece.title,
        authors=piece.authors,
        text="\n\n".join(piece.paragraphs),
        published_at=piece.published_at,
        published_precision="day" if piece.day_only else "second",
        free_to_read=piece.free_to_read,
        origin="monitor",
        story_id=original or _own(piece),
        copy_of=original,
        copy_kind=getattr(copied, "kind", None),
        revisions=piece.revisions,
    )


def _seed(name: str, text: str) -> ArticleRow:
    return ArticleRow(
        article_id=f"seed:{name}",
        url=None,
        source_id=None,
        language="en",
        title=None,
        authors=(),
        text=text,
        published_at=None,
        published_precision="day",
        free_to_read=True,
        origin="seed",
        story_id=f"seed:{name}",
        copy_of=None,
        copy_kind=None,
        revisions=1,
    )
