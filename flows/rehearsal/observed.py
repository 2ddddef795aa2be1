"""What a rehearsal left behind, read from the public views and nowhere else.

Decides which columns the comparison needs; refuses to judge them. The caller brings `ask`, a
function that runs one query on the published file and returns its rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Ask = Callable[[str], Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """A row of `articles`."""

    article_id: str
    url: str | None
    source_id: str | None
    language: str | None
    title: str | None
    authors: tuple[str, ...]
    text: str
    published_at: datetime | None
    published_precision: str | None
    free_to_read: bool
    origin: str
    story_id: str
    copy_of: str | None
    copy_kind: str | None
    revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipRow:
    """A row of `skips`."""

    url: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingRow:
    """A row of `sightings`."""

    url: str
    article_id: str | None
    source_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A row of `source_checks`."""

    source_id: str
    status: str
    rolled_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """A row of `gaps`."""

    source_id: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A row of `runs`, oldest first."""

    run_id: str
    kind: str
    state: str
    candidates: int
    stored: int
    revised: int
    known: int
    skipped: int
    left_open: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Everything the comparison looks at."""

    articles: tuple[ArticleRow, ...]
    skips: tuple[SkipRow, ...]
    sightings: tuple[SightingRow, ...]
    links: tuple[tuple[str, str, str], ...]
    checks: tuple[CheckRow, ...]
    gaps: tuple[GapRow, ...]
    runs: tuple[RunRow, ...]


def observe(ask: Ask) -> Observed:
    """Read the public views through `ask`."""
    return Observed(
        articles=_articles(ask),
        skips=tuple(
            SkipRow(url=url, reason=reason)
            for url, reason in ask("select distinct url, reason from skips")
        ),
        sightings=tuple(
            SightingRow(url=url, article_id=article_id, source_id=source_id)
            for url, article_id, source_id in ask(
                "select distinct url, article_id, source_id from sightings"
            )
        ),
        links=tuple((a, b, kind) for a, b, kind in ask("select a, b, kind from links")),
        checks=tuple(
            CheckRow(source_id=source_id, status=status, rolled_over=bool(rolled_over))
            for source_id, status, rolled_over in ask(
                "select source_id, status, rolled_over from source_checks"
            )
        ),
        gaps=tuple(
            GapRow(source_id=source_id, cause=cause)
            for source_id, cause in ask("select source_id, cause from gaps")
        ),
        runs=_runs(ask),
    )


def _articles(ask: Ask) -> tuple[ArticleRow, ...]:
    rows = ask(
        "select article_id, url, source_id, language, title, authors, text, published_at, "
        "published_precision, free_to_read, origin, story_id, copy_of, copy_kind, revisions "
        "from articles order by article_id"
    )
    return tuple(
        ArticleRow(
            article_id=article_id,
            url=url,
            source_id=source_id,
            language=language,
            title=title,
            authors=tuple(authors or ()),
            text=text,
            published_at=published_at,
            published_precision=precision,
            free_to_read=bool(free_to_read),
            origin=origin,
            story_id=story_id,
            copy_of=copy_of,
            copy_kind=copy_kind,
            revisions=revisions,
        )
        for (
            article_id, url, source_id, language, title, authors, text, published_at,
            precision, free_to_read, origin, story_id, copy_of, copy_kind, revisions,
        ) in rows
    )  # fmt: skip


def _runs(ask: Ask) -> tuple[RunRow, ...]:
    rows = ask(
        "select run_id, kind, state, coalesce(candidates, 0), coalesce(stored, 0), "
        "coalesce(revised, 0), coalesce(known, 0), coalesce(skipped, 0), coalesce(left_open, 0) "
        "from runs order by started_at"
    )
    return tuple(
        RunRow(
            run_id=run_id,
            kind=kind,
            state=state,
            candidates=candidates,
            stored=stored,
            revised=revised,
            known=known,
            skipped=skipped,
            left_open=left_open,
        )
        for run_id, kind, state, candidates, stored, revised, known, skipped, left_open in rows
    )
