"""What a source is, what one look at it brought, and what is remembered between looks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.core.endings import Reason
from flows.core.times import ClaimedTime, UnreadTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configured place where candidates are found (`config/sources.toml`).

    `kind` is one of `settings.SOURCE_KINDS`; `timezone` an IANA name; `selector` for kind `list` a
    CSS selector or, where the listing is JSON, a path of names; `repairs` URLs of sitemaps or
    archive pages that can close a gap of this source. `headlines_only`: its articles' pages refuse
    every honest client and are not asked for.
    """

    source_id: str
    outlet: str
    kind: str
    url: str
    language: str | None = None
    country: str | None = None
    character: str | None = None
    timezone: str = "UTC"
    min_minutes: int = 10
    max_minutes: int = 1440
    enabled: bool = True
    selector: str | None = None
    repairs: tuple[str, ...] = ()
    headlines_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A source's claim that a URL is an article, as the source gave it."""

    url: str
    url_key: str
    source_id: str
    seen_at: datetime
    claimed_title: str | None = None
    claimed_summary: str | None = None
    claimed_at: ClaimedTime | UnreadTime | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a conditional request sends back, verbatim (RFC 9110, 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentItem:
    """What an item of a listing was called: 64-bit prints of its guid and title, and its claimed
    time where that is exact."""

    guid: int | None = None
    title: int | None = None
    claimed_at: datetime | None = None


class LookStatus(StrEnum):
    """What came of asking a source."""

    OK = "ok"
    UNCHANGED = "unchanged"  # 304, or the same bytes as before
    EMPTY = "empty"  # answered well, held nothing although it used to
    UNDATED = "undated"  # answered well, and neither its items nor their addresses say when
    STALE = "stale"  # answered well, its newest item is too old for its rhythm
    MOVED = "moved"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMemory:
    """What the store remembers of a source between looks.

    `recent_keys`: url_keys of the last look's items, newest first, for the roll-over test.
    `recent_looks`: (looked at, new items) of the last looks, oldest first, for the rhythm.
    `failures`: weighted (hard 1, soft ½, DNS ¼). `moved_to`/`moved_times`: a permanent redirect
    and how often it was seen in a row. `validators_lie`: the server once called changed bytes
    unchanged, so it is asked without conditions. `fresh_until`: when it is stale if nothing newer
    comes; None while nothing it listed had a date. `recent_items` stand in the order of
    `recent_keys`; `restless_links`: looks in a row in which most of its items had other links.
    """

    source_id: str
    validators: Validators = Validators()
    body_sha256: str | None = None
    conditional_in_a_row: int = 0
    last_look_at: datetime | None = None
    last_success_at: datetime | None = None
    next_due_at: datetime | None = None
    interval_minutes: float | None = None
    failures: float = 0.0
    recent_keys: tuple[str, ...] = ()
    recent_looks: tuple[tuple[datetime, int], ...] = ()
    newest_item_at: datetime | None = None
    moved_to: str | None = None
    moved_times: int = 0
    advertised_minutes: int | None = None
    validators_lie: bool = False
    fresh_until: datetime | None = None
    recent_items: tuple[RecentItem, ...] = ()
    restless_links: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at one source: what was asked, what came, and the memory to keep.

    `problems` counts items that were no candidates, by reason. `rolled_over`: this look shares no
    item with the one before, so items between `gap_since` and `gap_until` may have been missed.
    """

    source_id: str
    started_at: datetime
    finished_at: datetime
    status: LookStatus
    candidates: tuple[Candidate, ...] = ()
    memory: SourceMemory
    http_status: int | None = None
    reason: Reason | None = None
    error: str | None = None
    items: int = 0
    problems: tuple[tuple[str, int], ...] = ()
    rolled_over: bool = False
    gap_since: datetime | None = None
    gap_until: datetime | None = None
    suggestion: str | None = None


class GapCause(StrEnum):
    """Why items of a source may have been missed."""

    ROLLED_OVER = "rolled_over"  # a look shared no item with the one before
    OUTAGE = "outage"  # looks failed for longer than the source's window reaches back
    NOT_LOOKED = "not_looked"  # nobody asked
    SILENCE = "silence"  # nothing new for longer than the source's rhythm makes likely
    STALE = "stale"  # it answers, and its newest item is old


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A window of time in which items of a source may have been missed."""

    source_id: str
    since: datetime
    until: datetime
    cause: GapCause
    detail: str = ""


class DayState(StrEnum):
    """What is known of one source on one UTC day."""

    COVERED = "covered"
    PARTIAL = "partial"
    MISSED = "missed"
    REPAIRED = "repaired"
