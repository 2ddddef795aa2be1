"""A server's answer, and our reading of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flows.core.sources import Validators
from flows.core.times import ClaimedTime


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
class MetPage:
    """What is remembered of a page, so that it shows what the pages of its host repeat.

    `claimed` is what its source called it, `slug` the words of its address, `headline` what it
    calls itself: folded words, empty where there are none; `number` the longest number of the
    address. `text_print` and `word_count` are its text's, `lines` 32-bit prints of its distinct
    lines, `ends` what stands before the first and behind the last mark of its titles as written.
    """

    host: str
    url_key: str
    claimed: str
    slug: str
    number: str
    headline: str
    text_print: str
    word_count: int
    lines: tuple[int, ...]
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCount:
    """How many different titles of a host begin or end with `end`, of how many remembered."""

    host: str
    end: str
    titles: int
    titles_of_host: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """Our reading of a page or a seed document.

    `published` and `modified` are the publisher's claims we believe most;
    `published_alternatives` keeps what other witnesses said when they disagree. `lede` is the
    first paragraph of `text`; paragraphs of `text` are separated by a blank line. `authors` are
    people in the order of the byline, `agencies` the wires credited. `form` is `article`, `live`
    or `list`. `extractor` names what read the body: `trafilatura`, `json_ld`, `resiliparse`,
    `seed`. `title_ends` are the outer segments of the page's titles as written: what a host
    repeats there is its name, not the headline's.
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
    title_ends: tuple[str, ...] = ()


class Origin(StrEnum):
    """Through which door an article entered."""

    SEED = "seed"
    MONITOR = "monitor"
    BACKFILL = "backfill"
