"""The frozen values that travel through the pipeline, one type per moment.

Each type is named for whose claim it is: a `Candidate` is a source's claim, a `Page` a server's
answer, an `Article` our reading, a `Judgement` and a `Novelty` our decisions. This file decides
the vocabulary (stages, reasons, verdicts); it refuses to know how any value is made or stored.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Stage(StrEnum):
    """Where a candidate's way ended, in the order of the pipeline."""

    DISCOVER = "discover"
    FETCH = "fetch"
    READ = "read"
    JUDGE = "judge"
    COMPARE = "compare"
    APPEND = "append"


class Reason(StrEnum):
    """Why a candidate was skipped: the closed vocabulary of code, logs, tables and docs."""

    # discover
    REFUSED_URL = "refused_url"  # not http(s), control characters, credentials, too long
    HEADLINE_ONLY = "headline_only"  # an aggregator's link that leads to no article URL
    OUTSIDE_RANGE = "outside_range"  # a backfill found it, its date lies outside the days asked
    NOT_A_LISTING = "not_a_listing"  # a source answered with nothing that lists articles
    # fetch
    ROBOTS = "robots"
    REFUSED_ADDRESS = "refused_address"
    DNS = "dns"
    CONNECT = "connect"  # refused, reset before an answer, unreachable
    TLS = "tls"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PROTOCOL_ERROR = "protocol_error"  # the answer breaks HTTP, or lies about its length
    DECODE_ERROR = "decode_error"  # truncated or corrupt compressed body
    HTTP_400 = "http_400"  # any other 4xx
    HTTP_401 = "http_401"
    HTTP_403 = "http_403"
    HTTP_404 = "http_404"
    HTTP_GONE = "http_gone"  # 410
    HTTP_451 = "http_451"
    HTTP_500 = "http_500"  # any 5xx but 503
    THROTTLED = "throttled"  # 429, or 503 with Retry-After
    BLOCKED = "blocked"  # a challenge page instead of an article
    CONSENT_WALL = "consent_wall"
    LOGIN_WALL = "login_wall"
    PAYWALL = "paywall"  # nothing of the article is readable
    NOT_HTML = "not_html"
    PDF = "pdf"
    MEDIA = "media"  # image, audio, video
    EMPTY = "empty"
    # read
    NO_TEXT = "no_text"
    TOO_SHORT = "too_short"
    SHELL_TEXT = "shell_text"  # the same furniture under many URLs of a host
    SECTION_FRONT = "section_front"
    GALLERY = "gallery"
    VIDEO = "video"
    POLL = "poll"
    READER_LIMIT = "reader_limit"  # too many tags or bytes for any of our extractors
    READER_TIMEOUT = "reader_timeout"
    READER_CRASHED = "reader_crashed"
    # judge
    OFF_TOPIC = "off_topic"


# A reason not named here is permanent: the URL is not fetched again by later runs.
TRANSIENT = frozenset(
    {
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.TIMEOUT,
        Reason.PROTOCOL_ERROR,
        Reason.DECODE_ERROR,
        Reason.HTTP_403,
        Reason.HTTP_500,
        Reason.THROTTLED,
        Reason.BLOCKED,
        Reason.ROBOTS,
        Reason.EMPTY,
    }
)


class Precision(StrEnum):
    """How finely a claimed time was given."""

    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"


class Zone(StrEnum):
    """Whose word the UTC offset of a claimed time is."""

    STATED = "stated"  # the text carried an offset or an unambiguous zone
    SOURCE = "source"  # the source's configured zone was applied
    NONE = "none"  # a day without a time of day: no zone was needed
    UTC_ASSUMED = "utc_assumed"  # no zone anywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedTime:
    """An instant as someone claimed it.

    `at` is aware UTC. With precision DAY it is midnight UTC of the calendar day that was claimed,
    in whatever zone the claim was made. `origin` names the witness: `feed`, `sitemap`, `json_ld`,
    `meta`, `microdata`, `time_tag`, `url`, `text`, `htmldate`, `seed`, …
    """

    at: datetime
    precision: Precision
    origin: str
    zone: Zone
    raw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadTime:
    """A claimed time that could not be believed or read, and why."""

    raw: str
    origin: str
    problem: str


class Origin(StrEnum):
    """Through which door an article entered."""

    SEED = "seed"
    MONITOR = "monitor"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One configured place where candidates are found (`config/sources.toml`).

    `kind` is one of `settings.SOURCE_KINDS`; `timezone` an IANA name; `selector` a CSS selector for
    kind `list`; `repairs` URLs of sitemaps or archive pages that can close a gap of this source.
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
class Redirect:
    """One hop: the URL that answered with `status` and pointed elsewhere."""

    url: str
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A server's answer with a usable body. `body` is decoded from its content codings, in bytes.

    `charset` is what the Content-Type header claimed, if anything. `archive_ref` is set once the
    page lies in the archive. Status 304 comes with an empty body.
    """

    requested_url: str
    url: str
    status: int
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...]
    body: bytes
    media_type: str | None
    charset: str | None = None
    redirects: tuple[Redirect, ...] = ()
    validators: Validators = Validators()
    elapsed_seconds: float = 0.0
    archive_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """The end of a candidate's way before the store, with the reason an analyst reads.

    `retry_after` is what a server asked for; `relevance` stands when the topic decided.
    """

    stage: Stage
    reason: Reason
    detail: str = ""
    http_status: int | None = None
    retry_after: timedelta | None = None
    relevance: float | None = None
    rule_version: str | None = None
    archive_ref: str | None = None
    final_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Our reading of a page or a seed document.

    `published` and `modified` are the publisher's claims we believe most;
    `published_alternatives` keeps what other witnesses said when they disagree. `lede` is the
    first paragraph of `text`; paragraphs of `text` are separated by a blank line. `authors` are
    people in the order of the byline, `agencies` the wires credited. `form` is `article`, `live`
    or `list`. `extractor` names what read the body: `trafilatura`, `json_ld`, `resiliparse`,
    `seed`.
    """

    url: str | None
    outlet: str | None
    title: str | None
    text: str
    lede: str
    word_count: int
    language: str | None
    extractor: str
    reader_version: str
    title_origin: str | None = None
    canonical_url: str | None = None
    site_name: str | None = None
    authors: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    dateline: str | None = None
    published: ClaimedTime | None = None
    published_alternatives: tuple[ClaimedTime, ...] = ()
    published_problem: str | None = None
    modified: ClaimedTime | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    free_to_read: bool = True
    form: str = "article"


class Verdict(StrEnum):
    """What the topic's two thresholds make of a relevance."""

    ON_TOPIC = "on_topic"
    BORDERLINE = "borderline"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One term of the topic found in one place (`title`, `lede`, `body`, `claim`) `count` times."""

    term: str
    group: str
    place: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One summand of a score: which rule, how many points, and the sentence that earned them."""

    rule: str
    points: float
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an article is on the topic, and why. `relevance` lies in 0–1."""

    verdict: Verdict
    relevance: float
    matches: tuple[Match, ...]
    contributions: tuple[Contribution, ...]
    rules_version: str


class LinkKind(StrEnum):
    """`same`: one story in one family of copies; `partial`: shared passages only."""

    SAME = "same"
    PARTIAL = "partial"


class CopyKind(StrEnum):
    """What a copy did to its original."""

    SAME = "same"
    TRIMMED = "trimmed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The numbers behind a link; all shares lie in 0–1.

    `shared`: sampled fingerprints in common. `containment3`, `containment5`: shared 3/5-word
    shingles over the smaller text's. `unquoted5`: containment5 with quotations removed.
    `alignment`: share of the shorter text's sentences with a counterpart, in order.
    `jaccard5`: shared 5-word shingles over all. `words_a`, `words_b`: lengths.
    """

    shared: int
    containment3: float
    containment5: float
    unquoted5: float
    alignment: float
    jaccard5: float
    words_a: int
    words_b: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A decision that two articles share text. `a` < `b` by article_id."""

    a: str
    b: str
    kind: LinkKind
    evidence: Evidence
    passages: tuple[str, ...]
    rule_version: str
    decided_at: datetime


class Ending(StrEnum):
    """How a candidate's way through one run ended; each candidate has exactly one per run."""

    STORED = "stored"  # a new article row
    REVISED = "revised"  # a known article, a new revision
    KNOWN = "known"  # nothing new
    SKIPPED = "skipped"


class LookStatus(StrEnum):
    """What came of asking a source."""

    OK = "ok"
    UNCHANGED = "unchanged"  # 304, or the same bytes as before
    EMPTY = "empty"  # answered well, held nothing although it used to
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
    unchanged, so it is asked without conditions.
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


class RunState(StrEnum):
    """How a run stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    STOPPED = "stopped"  # by a signal; what was committed stays
    LOST = "lost"  # the process vanished; a later run took its open work over


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """The account of one run. `candidates` = stored + revised + known + skipped + left_open.

    `left_open` is 0 unless the run was stopped; later runs take those over.
    """

    run_id: str
    kind: str
    state: RunState
    started_at: datetime
    finished_at: datetime
    sources: int = 0
    sources_failed: int = 0
    candidates: int = 0
    stored: int = 0
    revised: int = 0
    known: int = 0
    skipped: int = 0
    left_open: int = 0
    skips: tuple[tuple[str, int], ...] = field(default=())
    failures: tuple[tuple[str, str], ...] = field(default=())

    @property
    def balanced(self) -> bool:
        """Whether every candidate ended exactly once."""
        ends = self.stored + self.revised + self.known + self.skipped + self.left_open
        return ends == self.candidates
