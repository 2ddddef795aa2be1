"""Where and why a way through the pipeline ends: the closed vocabulary everything shares."""

from dataclasses import dataclass
from datetime import timedelta
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
    HEADLINE_ONLY = "headline_only"  # no article URL behind it, or its pages refuse everyone
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
    SHELL_TEXT = "shell_text"  # cookie, log-in, block or error wording instead of an article
    REPEATED_TEXT = "repeated_text"  # one text under many URLs of a host that promise others
    SECTION_FRONT = "section_front"
    GALLERY = "gallery"
    VIDEO = "video"
    POLL = "poll"
    FORUM = "forum"  # a thread of posts, questions and answers
    PRODUCT = "product"  # something for sale
    NO_ARTICLE = "no_article"  # a listing, a service, a form: by the looks of its text
    READER_LIMIT = "reader_limit"  # too many tags or bytes for any of our extractors
    READER_TIMEOUT = "reader_timeout"
    READER_CRASHED = "reader_crashed"
    # judge
    OFF_TOPIC = "off_topic"
    # append
    REFUSED_BY_STORE = "refused_by_store"  # a value of it does not fit the tables
    # any stage
    PROGRAM_FAULT = "program_fault"  # the program failed at it, in a way nobody foresaw


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
        Reason.REPEATED_TEXT,
        Reason.PROGRAM_FAULT,
    }
)


class Ending(StrEnum):
    """How a candidate's way through one run ended; each candidate has exactly one per run."""

    STORED = "stored"  # a new article row
    REVISED = "revised"  # a known article, a new revision
    KNOWN = "known"  # nothing new
    SKIPPED = "skipped"


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
