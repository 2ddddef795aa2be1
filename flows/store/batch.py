"""What one transaction appends, and what the store knows of a text: the store's own values.

Decides the shape of what goes in and comes out; refuses to know tables.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flows.core import (
    Article,
    Candidate,
    CopyKind,
    Ending,
    Judgement,
    Link,
    Origin,
    Skipped,
    Source,
)


class Cause(StrEnum):
    """Why a revision differs from the one before."""

    PUBLISHER = "publisher"  # the text was changed there
    READER = "reader"  # the same page, read better by us


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article the store does not have. `fingerprints` are 32-bit; `aliases` url_keys besides
    the candidate's under which its page was had, `named` those its page only calls its own;
    `publisher` is the configured source of its host; `day` the day it counts for in coverage (None:
    the day of storing). `seen_at` is when its text was seen; None: when the article was, first."""

    article_id: str
    article: Article
    judgement: Judgement
    origin: Origin
    first_seen_at: datetime
    text_print: str
    candidate: Candidate | None = None
    source: Source | None = None
    archive_ref: str | None = None
    fingerprints: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    publisher: Source | None = None
    day: date | None = None
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRevision:
    """Another text of a stored article; `change` is the share of words changed, 0–1.
    `publication_stands`: what was claimed before of its publication does; what this claims is an
    alternative."""

    article_id: str
    article: Article
    judgement: Judgement
    seen_at: datetime
    text_print: str
    cause: Cause = Cause.PUBLISHER
    change: float | None = None
    candidate: Candidate | None = None
    archive_ref: str | None = None
    fingerprints: tuple[int, ...] = ()
    publication_stands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """The story of an article as decided now. An article is a story of its own until told."""

    article_id: str
    story_id: str
    copy_of: str | None = None
    copy_kind: CopyKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another url_key under which a stored article is met; `fetched`: its page was had there."""

    article_id: str
    url_key: str
    fetched: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a candidate's way ended. `skipped` stands when `ending` is SKIPPED, `article_id` else."""

    candidate: Candidate
    ending: Ending
    skipped: Skipped | None = None
    article_id: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something a person should know, such as two texts under one url_key."""

    kind: str
    detail: str
    article_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """All that one transaction appends. Articles and revisions with a candidate end it: STORED or
    REVISED; every other ending stands in `endings`."""

    run_id: str
    stored_at: datetime
    articles: tuple[NewArticle, ...] = ()
    revisions: tuple[NewRevision, ...] = ()
    links: tuple[Link, ...] = ()
    memberships: tuple[Membership, ...] = ()
    aliases: tuple[Alias, ...] = ()
    endings: tuple[Ended, ...] = ()
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """What comparing needs to know of a stored article: its newest reading and its story."""

    article_id: str
    url: str | None
    title: str | None
    text: str
    language: str | None
    outlet: str | None
    authors: tuple[str, ...]
    agencies: tuple[str, ...]
    dateline: str | None
    published_at: datetime | None
    modified_at: datetime | None
    first_seen_at: datetime
    text_print: str
    story_id: str
    copy_of: str | None
    revision: int
    reader_version: str
    origin: str
    word_count: int
    published_precision: str | None
    form: str
