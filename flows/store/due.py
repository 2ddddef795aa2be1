"""Whether a listed URL needs work: the model of what a URL, a key and an item are. Pure deciders.

- A *URL* is asked, and fails or succeeds. What it ended as is its own: no failure and no skip of
  one URL says anything of another.
- A *key* (`flows.core.urls.url_key`) only says which URLs may be *twins*, two addresses of one
  page. A twin is settled by a text: one that was fetched at the other URL and judged, whatever
  came of it (stored, known, off the topic). A page without a text (a failure, a shell, too short)
  settles none.
- Whether that text stands for this URL too is told by what costs no request:
  - the *same address* (host but for `www.`, and path, are equal, so that scheme, order or tracking
    parameters differ, which by their definition name no page): settled, unless one source lists
    both under different titles;
  - any other twin (mobile host, AMP, closing slash): settled when a claimed title of the other, or
    the headline read there, is this one's, or one source gave both one guid. Else it is fetched
    once and compared; from then on it has an ending of its own.
  So a feed that lists every article with `?ref=` costs no second request, and pages that share
  only a key are all read.
- While a twin is at work, a URL waits *behind* it: it is asked when that one brings no text.
- An *item* is what one source calls one thing: one guid and title, or (where guids change or are
  missing) one title and exact time. Another link of an item whose text was read is known, as is
  its link with a new token at each poll. A link that failed is replaced by the item's next, with
  growing waits. Names that two links of one listing share name nothing.
- What a listing *newly says* of a URL (another title, another guid, a later time) makes it due
  again. Of a stored article a title that only changed a little does not: second looks follow its
  edits. How often that may come to nothing is bounded by growing waits; and claims that change at
  every look (`restless`) say nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flows.core import Candidate, ClaimedTime, Precision

# Quarter of an hour, doubled each time nothing came of it; half a day at most, so that an address
# that shows another story each day is read each day. Unmeasured.
_FIRST_WAIT = timedelta(minutes=15)
_LONGEST_WAIT = timedelta(hours=12)
# Links of one item that may fail before no further one is asked. Unmeasured.
_MOST_LINKS = 8
# Some feeds date an article anew at every edit: a stored one is not asked more often for that.
_REDATED = timedelta(hours=1)
# Two headlines of one story share more of their words than this. Unmeasured.
_OTHER_STORY = 1 / 3


_UPDATED = "_updated"  # behind the name of a witness: its time is one of change
# Fewer items that change their claims may well be news
_LEAST_RESTLESS = 3
# A listing that dates its items by the time it is made says so within this. Unmeasured.
_JUST_NOW = timedelta(minutes=15)


class Need(StrEnum):
    """What a candidate is to the store."""

    DUE = "due"
    KNOWN = "known"
    BEHIND = "behind"  # a twin is at work: known for now, and due if that one brings no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """How a URL ended last. `told`: a text was read there and judged; `stored`: as an article.
    `fetching`: no page was had."""

    url: str
    told: bool
    stored: bool
    fetching: bool
    ended_at: datetime
    retry_at: datetime | None = None
    fruitless: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a source said of a URL, as it was recorded; `dated_at` is a time of publication, `where`
    the listing that dated it: a source's feed and a sitemap that mends its gaps word one item
    differently."""

    url: str
    source_id: str
    seen_at: datetime
    title: str | None = None
    guid: str | None = None
    dated_at: datetime | None = None
    where: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """An address a text was read at, or served from, and that article's headline. `url` None: it
    was not kept (by the first schema), so that every URL of the key may be it."""

    url: str | None
    title: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kin:
    """Everything the store holds of the URLs of one key: endings, listings, texts, URLs at work."""

    pasts: tuple[Past, ...] = ()
    said: tuple[Said, ...] = ()
    read: tuple[Read, ...] = ()
    at_work: frozenset[str] = frozenset()

    def past_of(self, url: str) -> Past | None:
        """How `url` ended last, if it ever did."""
        return next((past for past in self.pasts if past.url == url), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the run knows besides: `due_by` is the instant up to which retries are due, `restless`
    the claims of this source that change at every look: `guid`, `date`."""

    now: datetime
    due_by: datetime
    brought: bool = False
    restless: frozenset[str] = frozenset()


def need(candidate: Candidate, kin: Kin, looked: Looked) -> Need:
    """What `candidate` is by its own past and that of its twins."""
    if candidate.url in kin.at_work:
        return Need.KNOWN
    own = kin.past_of(candidate.url)
    if own is not None:
        return Need.DUE if _is_due(candidate, own, kin.said, looked) else Need.KNOWN
    if is_settled(candidate, kin):
        return Need.KNOWN
    others = (one for one in kin.at_work if _may_agree(candidate, one, kin.said))
    return Need.BEHIND if any(others) else Need.DUE


def need_of_item(candidate: Candidate, links: Kin, looked: Looked) -> Need:
    """What a candidate without a past is by the other links of its item."""
    if links.at_work:
        return Need.KNOWN
    told = [past for past in links.pasts if past.told]
    if told:
        past = max(told, key=lambda one: one.ended_at)
        said = tuple(one for one in links.said if one.url == past.url)
        anew = "date" not in looked.restless and _later(candidate, past, said)
        return Need.DUE if anew and looked.now >= _again_at(past) else Need.KNOWN
    if links.pasts:
        count = len(links.pasts)
        last = max(past.ended_at for past in links.pasts)
        if count >= _MOST_LINKS or looked.now < last + _wait(count - 1):
            return Need.KNOWN
    return Need.DUE


def restless_claims(
    candidates: Sequence[Candidate], kin: Sequence[Kin], unchanged: Mapping[str, int]
) -> dict[str, frozenset[str]]:
    """source_id → which claims of its listing say nothing: `guid` where most of three or more items
    have another one under an unchanged title and time, `date` where most are dated anew, all to the
    minutes before the look. `unchanged`: how many further items of each source claim what they did.
    """
    changed: dict[str, list[frozenset[str]]] = defaultdict(list)
    for candidate, held in zip(candidates, kin, strict=True):
        heard = [one for one in held.said if one.url == candidate.url]
        before = _said_before(candidate, heard, candidate.seen_at)
        if before is not None:
            changed[candidate.source_id].append(_changed(candidate, before))
    return {
        source_id: frozenset(
            claim
            for claim in ("guid", "date")
            if (count := sum(claim in one for one in of)) >= _LEAST_RESTLESS
            and count * 2 > len(of) + unchanged.get(source_id, 0)
        )
        for source_id, of in changed.items()
    }


def _changed(candidate: Candidate, before: Said) -> frozenset[str]:
    if not _same_title(candidate.claimed_title, before.title):
        return frozenset()
    at = dated_at(candidate)
    if at != before.dated_at:
        fresh = at is not None and timedelta(0) <= candidate.seen_at - at <= _JUST_NOW
        return frozenset({"date"}) if fresh else frozenset()
    return frozenset({"guid"}) if candidate.guid != before.guid else frozenset()


def is_settled(candidate: Candidate, kin: Kin) -> bool:
    """Whether a text that was read at a twin stands for this URL, too."""
    told = {past.url for past in kin.pasts if past.told and past.url != candidate.url}
    if any(_stands_for(candidate, url, kin.said) for url in told):
        return True
    for read in kin.read:
        if read.url is None or same_address(read.url, candidate.url):
            return not _contradicts(candidate, read.url or "", kin.said)
        if _same_title(read.title, candidate.claimed_title):
            return True
    return False


def same_address(a: str, b: str) -> bool:
    """Whether two URLs of one key differ in scheme, `www.`, and what their key leaves out of the
    query only."""
    return _place(a) == _place(b)


def may_wait(candidate: Candidate, other: Candidate) -> bool:
    """Whether one candidate of a listing waits behind another of its key: nothing that is said of
    them tells them apart."""
    a, b = candidate.claimed_title, other.claimed_title
    if candidate.source_id == other.source_id and candidate.guid and candidate.guid == other.guid:
        return True
    return a is None or b is None or _same_title(a, b)


def dated_at(candidate: Candidate) -> datetime | None:
    """When its source says it was published; a time of change is none."""
    claim = candidate.claimed_at
    if not isinstance(claim, ClaimedTime) or claim.origin.endswith(_UPDATED):
        return None
    return claim.at


def dated_by(candidate: Candidate) -> str | None:
    """The witness of its claimed time: feed, sitemap, …"""
    claim = candidate.claimed_at
    return claim.origin.removesuffix(_UPDATED) if claim is not None else None


def exact_time(candidate: Candidate) -> datetime | None:
    """The claimed time that, with a title, names an item: not a mere day."""
    claim = candidate.claimed_at
    if not isinstance(claim, ClaimedTime) or claim.precision is Precision.DAY:
        return None
    return claim.at


def _is_due(candidate: Candidate, own: Past, said: Sequence[Said], looked: Looked) -> bool:
    if looked.brought and own.fetching:
        return True
    if own.retry_at is not None and own.retry_at <= looked.due_by:
        return True
    heard = tuple(one for one in said if one.url == own.url)
    return looked.now >= _again_at(own) and _says_anew(candidate, own, heard, looked)


def _says_anew(candidate: Candidate, own: Past, said: Sequence[Said], looked: Looked) -> bool:
    before = _said_before(candidate, said, own.ended_at)
    if before is not None:
        alike = _shared_words(before.title, candidate.claimed_title)
        if alike < (_OTHER_STORY if own.stored else 1):
            return True
        renamed = bool(before.guid and candidate.guid) and before.guid != candidate.guid
        if renamed and "guid" not in looked.restless:
            return True
    if "date" in looked.restless or not _later(candidate, own, said):
        return False
    return not own.stored or looked.now >= own.ended_at + _REDATED


def _later(candidate: Candidate, past: Past, said: Sequence[Said]) -> bool:
    """Whether it claims a later publication than it did; of a source that had said nothing, one
    after the URL was read."""
    claimed = dated_at(candidate)
    if claimed is None:
        return False
    before = _said_before(candidate, said, past.ended_at)
    if before is not None and before.dated_at is not None:
        return claimed > before.dated_at
    return claimed > past.ended_at


def _said_before(candidate: Candidate, said: Sequence[Said], instant: datetime) -> Said | None:
    """What its source had said last, in the same listing, when the URL ended."""
    where = dated_by(candidate)
    heard = [
        one
        for one in said
        if one.source_id == candidate.source_id
        and one.seen_at <= instant
        and (where is None or one.where is None or one.where == where)
    ]
    return heard[-1] if heard else None


def _again_at(past: Past) -> datetime:
    return past.ended_at + _wait(past.fruitless)


def _wait(times: int) -> timedelta:
    """How long after the `times`-th time that nothing came of it; at once before the first."""
    if times == 0:
        return timedelta(0)
    wait: timedelta = _FIRST_WAIT * 2 ** min(times - 1, 8)
    return min(wait, _LONGEST_WAIT)


def _stands_for(candidate: Candidate, url: str, said: Sequence[Said]) -> bool:
    if same_address(url, candidate.url):
        return not _contradicts(candidate, url, said)
    return _agrees(candidate, url, said)


def _contradicts(candidate: Candidate, url: str, said: Sequence[Said]) -> bool:
    """Whether its own source lists the other URL under another title."""
    own = [one.title for one in said if one.url == url and one.source_id == candidate.source_id]
    named = [title for title in own if title]
    return bool(named and candidate.claimed_title) and not any(
        _same_title(title, candidate.claimed_title) for title in named
    )


def _agrees(candidate: Candidate, url: str, said: Sequence[Said]) -> bool:
    return any(
        _same_title(one.title, candidate.claimed_title)
        or (
            one.source_id == candidate.source_id
            and candidate.guid is not None
            and one.guid == candidate.guid
        )
        for one in said
        if one.url == url
    )


def _may_agree(candidate: Candidate, url: str, said: Sequence[Said]) -> bool:
    """Whether a twin at work may turn out to be this one."""
    titles = [one.title for one in said if one.url == url and one.title]
    return not titles or candidate.claimed_title is None or _agrees(candidate, url, said)


def _same_title(a: str | None, b: str | None) -> bool:
    return bool(a and b) and _folded(a) == _folded(b)


def _shared_words(a: str | None, b: str | None) -> float:
    """The share of the words of two titles that both have; 1 where one is not given."""
    if not a or not b:
        return 1
    one, other = set(_folded(a).split()), set(_folded(b).split())
    return len(one & other) / len(one | other) if one | other else 1


def _folded(title: str | None) -> str:
    return " ".join((title or "").casefold().split())


def _place(url: str) -> str:
    host, slash, path = url.partition("://")[2].partition("/")
    return host.removeprefix("www.") + slash + path.partition("?")[0].partition("#")[0]
