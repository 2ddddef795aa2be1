"""Identify: is an arrival new, known or a revision — against the store and its own batch.

Decides what each arrival is, from the store's answers (by URL key, by text print) and the deciders
of `flows.dedup`; refuses to fetch, read or judge.

What an arrival is compared with: the articles whose page was had at its address (one address may
show another story each day: texts that share nothing are articles of their own, whatever their
titles), and those it belongs to by what others say: the address its page calls its own, and the
item its source lists it as, for a renamed address keeps its guid. A name only finds whom to compare
with, and proves less than an address: page two of a long read calls page one its own address and is
none of its revisions. Merging always needs agreeing text.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import chain, count, islice

from flows.core import Article, Candidate, Ending, Judgement, Origin, Source
from flows.core.urls import host_of, url_key
from flows.dedup.fingerprints import fingerprints, text_print
from flows.dedup.host_repeats import host_named
from flows.dedup.revisions import edit, is_one_article
from flows.pipeline.copies import own_words
from flows.pipeline.publication_time import Publication, publication_of, published
from flows.store import Connection
from flows.store.articles import (
    articles_of_items,
    known_articles,
    only_named,
    same_text,
    texts,
)
from flows.store.batch import Alias, Ended, NewArticle, NewRevision, StoredText, Warned
from flows.store.candidates import article_numbers, first_sightings
from flows.store.kin import item_of

# Times of publication this far apart are two, not one that was corrected. Unmeasured.
_APART = timedelta(hours=12)
# Identifiers of a text that may be taken already: one for each time it was taken back. Unmeasured.
_MOST_TAKEN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article read and judged on the topic, about to be compared.

    `url_key` names it (that of the URL the page was served from, or `seed:<name>`); `aliases` are
    further keys under which its page was had: the candidate's; `named` those it calls its own: its
    canonical URL's on the same host. `publisher` is the configured source of its host. `seen_at` is
    when its text was fetched; `day` the one it counts for in coverage (None: the day of storing).
    """

    url_key: str
    article: Article
    judgement: Judgement
    origin: Origin
    seen_at: datetime
    aliases: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    candidate: Candidate | None = None
    source: Source | None = None
    publisher: Source | None = None
    archive_ref: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """An arrival's text as it is compared: the print of all its words, and those of its own that
    its host does not repeat. Its URL was met at `first_seen_at`, the text was seen at `seen_at`."""

    print: str
    own: str
    first_seen_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class _Held:
    """What an arrival is compared with by identity: a stored text or one earlier in the batch.

    `text` is without what its host repeats.
    """

    article_id: str
    url: str | None
    outlet: str | None
    title: str | None
    text: str
    print: str
    publication: Publication
    form: str


@dataclass(slots=True)
class _Meetings:
    """Where articles were met: url_key → those had there, and those that call it theirs; number of
    an item → those its links led to; print of a text → those that have it."""

    had: dict[str, list[_Held]] = field(default_factory=lambda: defaultdict(list))
    named: dict[str, list[_Held]] = field(default_factory=lambda: defaultdict(list))
    items: dict[int, list[_Held]] = field(default_factory=lambda: defaultdict(list))
    prints: dict[str, list[_Held]] = field(default_factory=lambda: defaultdict(list))

    def enter(self, arrival: Arrival, print_: str, held: _Held) -> None:
        """Later arrivals meet `held` where `arrival` was."""
        for key in _keys(arrival):
            self.had[key].append(held)
        for key in arrival.named:
            self.named[key].append(held)
        item = _item(arrival)
        if item is not None:
            self.items[item].append(held)
        self.prints[print_].append(held)

    def at(self, arrival: Arrival) -> list[_Held]:
        """What was had at the arrival's address."""
        return _met(self.had.get(key, ()) for key in _keys(arrival))

    def beside(self, arrival: Arrival) -> list[_Held]:
        """What the arrival belongs to by what its page, others' pages or its source say."""
        said = [self.named.get(key, ()) for key in (*_keys(arrival), *arrival.named)]
        said += [self.had.get(key, ()) for key in arrival.named]
        item = _item(arrival)
        return _met([*said, self.items.get(item, ()) if item is not None else ()])


@dataclass(slots=True)
class Identified:
    """What the arrivals of a batch are. `taken`: identifiers that are an article's already."""

    taken: set[str]
    articles: list[NewArticle] = field(default_factory=list)
    revisions: list[NewRevision] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    endings: list[Ended] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


def named_keys(page_url: str, article: Article) -> tuple[str, ...]:
    """The `named` of a page served from `page_url`: what it calls its own address, on its host."""
    canonical = article.canonical_url
    if canonical is None or host_of(canonical) != host_of(page_url):
        return ()
    return (url_key(canonical),)


def article_id_of(name: str) -> str:
    """Twelve lower-case base32 characters (60 bits of BLAKE2b, RFC 7693) of a key or name."""
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return base64.b32encode(digest).decode("ascii")[:12].lower()


def identify(con: Connection, arrivals: Sequence[Arrival]) -> Identified:
    """New, known or a revision, for each arrival in turn.

    The order of arrivals does not matter for what becomes of them but for which of two equal pages
    gives the article its URL.
    """
    told = _told(con, arrivals)
    meetings = _meetings(con, arrivals, told)
    ids = (islice(_ids(*one), _MOST_TAKEN) for one in zip(arrivals, told, strict=True))
    decided = Identified(taken=set(article_numbers(con, list(chain.from_iterable(ids)))))
    for arrival, one in zip(arrivals, told, strict=True):
        held = _identify_one(decided, arrival, one, meetings)
        meetings.enter(arrival, one.print, held)
    return decided


def _meetings(con: Connection, arrivals: Sequence[Arrival], told: Sequence[_Told]) -> _Meetings:
    """Where the store has met what the arrivals are compared with."""
    keys = [key for arrival in arrivals for key in (*_keys(arrival), *arrival.named)]
    keyed = known_articles(con, keys)
    same = same_text(con, [one.print for one in told])
    stored_same = texts(con, sorted({name for names in same.values() for name in names}))
    items = articles_of_items(con, [n for one in arrivals if (n := _item(one)) is not None])
    named = only_named(con, list(keyed))
    every = {text.article_id: text for found in keyed.values() for text in found}
    every |= {text.article_id: text for found in items.values() for text in found} | stored_same
    held_of = _held_of(con, every.values())
    meetings = _Meetings()
    for key, found in keyed.items():
        for text in found:
            place = meetings.named if (key, text.article_id) in named else meetings.had
            place[key].append(held_of[text.article_id])
    for item, linked in items.items():
        meetings.items[item].extend(held_of[text.article_id] for text in linked)
    for print_, names in same.items():
        meetings.prints[print_].extend(held_of[name] for name in names if name in held_of)
    return meetings


def _told(con: Connection, arrivals: Sequence[Arrival]) -> list[_Told]:
    own = own_words(con, [(arrival.article.url, arrival.article.text) for arrival in arrivals])
    met = first_sightings(con, [one.candidate.url_key for one in arrivals if one.candidate])
    return [
        _Told(text_print(arrival.article.text), text, *_seen(arrival, met))
        for arrival, text in zip(arrivals, own, strict=True)
    ]


def _seen(arrival: Arrival, met: Mapping[str, datetime]) -> tuple[datetime, datetime]:
    """When its URL was met first, by `met`, and its text seen: never before, whatever day the
    archive it came from fetched it."""
    if arrival.candidate is None:
        return arrival.seen_at, arrival.seen_at
    listed = arrival.candidate.seen_at
    first = min(listed, met.get(arrival.candidate.url_key, listed))
    return first, max(first, arrival.seen_at)


def _held_of(con: Connection, stored: Iterable[StoredText]) -> dict[str, _Held]:
    """article_id → what arrivals meet it as."""
    known = list(stored)
    own = own_words(con, [(text.url, text.text) for text in known])
    return {
        text.article_id: _Held(
            text.article_id, text.url, text.outlet, text.title, words, text.text_print,
            publication_of(text), text.form,
        )
        for text, words in zip(known, own, strict=True)
    }  # fmt: skip


def _identify_one(decided: Identified, arrival: Arrival, told: _Told, meetings: _Meetings) -> _Held:
    """Enter one arrival into `decided`; returns what later arrivals meet it as."""
    keyed = meetings.at(arrival)
    met = {held.article_id: held for held in (*meetings.beside(arrival), *keyed)}
    alike = meetings.prints.get(told.print, ())
    twin = next(
        (held for held in alike if _one_outlet(held, arrival)),
        next((held for held in alike if held.article_id in met), None),
    )
    if twin is not None and not _retitled(twin, arrival, told):
        _known(decided, arrival, twin.article_id)
        return twin
    here = {held.article_id for held in keyed}
    edits: list[tuple[float, _Held]] = []
    for held in [twin] if twin is not None else reversed(met.values()):
        found = edit(held.title, held.text, arrival.article.title, told.own)
        # what stood here once and comes back is the same article, however much it differs
        is_back = held is twin and held.article_id in met
        if not (is_back or _is_one(held, arrival, told, at_its_address=held.article_id in here)):
            continue
        if not found.is_revision:
            _known(decided, arrival, held.article_id)
            return held
        edits.append((found.change, held))
    if not edits:
        return _new(decided, arrival, told, clashes=bool(keyed))
    # of several articles met at one address, the one it differs least from was edited
    change, held = min(edits, key=lambda one: one[0])
    return _revised(decided, arrival, held, told, change)


def _is_one(held: _Held, arrival: Arrival, told: _Told, *, at_its_address: bool) -> bool:
    before, claim = held.publication.at, arrival.article.published
    later = None if before is None or claim is None else claim.at - before >= _APART
    if later is False and claim is not None and claim.at != before:
        later = None
    live = held.form == arrival.article.form == "live"
    return is_one_article(
        held.text, told.own, at_its_address=at_its_address, later=later, live=live
    )


def _met(found: Iterable[Iterable[_Held]]) -> list[_Held]:
    """Each article of `found` once, as it came last."""
    newest = {held.article_id: held for held in chain.from_iterable(found)}
    return list(newest.values())


def _retitled(held: _Held, arrival: Arrival, told: _Told) -> bool:
    """Whether an equal text comes under another title at an address where it was met before."""
    return edit(held.title, held.text, arrival.article.title, told.own).is_revision


def _known(decided: Identified, arrival: Arrival, article_id: str) -> None:
    decided.aliases.extend(_aliases(arrival, article_id))
    if arrival.candidate is not None:
        decided.endings.append(
            Ended(
                candidate=arrival.candidate,
                ending=Ending.KNOWN,
                article_id=article_id,
                day=arrival.day,
            )
        )


def _revised(
    decided: Identified, arrival: Arrival, held: _Held, told: _Told, change: float
) -> _Held:
    claim = arrival.article.published
    stands = held.publication.stands_against(claim)
    decided.revisions.append(
        NewRevision(
            article_id=held.article_id,
            article=arrival.article,
            judgement=arrival.judgement,
            seen_at=told.seen_at,
            text_print=told.print,
            change=change,
            candidate=arrival.candidate,
            archive_ref=arrival.archive_ref,
            fingerprints=fingerprints(told.own),
            publication_stands=stands,
        )
    )
    decided.aliases.extend(_aliases(arrival, held.article_id))
    stood = held.publication if stands else published(claim, held.publication.first_seen_at)
    article = arrival.article
    return _Held(
        held.article_id, article.url or held.url, held.outlet, article.title, told.own, told.print,
        stood, article.form,
    )  # fmt: skip


def _new(decided: Identified, arrival: Arrival, told: _Told, *, clashes: bool) -> _Held:
    article_id = next(one for one in _ids(arrival, told) if one not in decided.taken)
    decided.taken.add(article_id)
    first_seen_at = told.first_seen_at
    if clashes and arrival.candidate is not None:
        # the address is older than what it shows now
        first_seen_at = min(arrival.candidate.seen_at, told.seen_at)
    if clashes:
        decided.warnings.append(
            Warned(
                kind="same_key_other_text",
                detail=f"{arrival.url_key} was met before with another text; kept as two articles",
                article_id=article_id,
            )
        )
    decided.articles.append(
        NewArticle(
            article_id=article_id,
            article=arrival.article,
            judgement=arrival.judgement,
            origin=arrival.origin,
            first_seen_at=first_seen_at,
            seen_at=told.seen_at,
            text_print=told.print,
            candidate=arrival.candidate,
            source=arrival.source,
            archive_ref=arrival.archive_ref,
            fingerprints=fingerprints(told.own),
            aliases=_keys(arrival),
            named=arrival.named,
            publisher=arrival.publisher,
            day=arrival.day,
        )
    )
    article = arrival.article
    stood = published(article.published, first_seen_at)
    return _Held(
        article_id, article.url, article.outlet, article.title, told.own, told.print, stood,
        article.form,
    )  # fmt: skip


def _ids(arrival: Arrival, told: _Told) -> Iterator[str]:
    """What a new article may be called: the first name may be taken by a text under the same key,
    or by one that was met under it by older rules; a further one by the same text, taken back."""
    yield article_id_of(arrival.url_key)
    yield article_id_of(f"{arrival.url_key} {told.print}")
    for number in count(2):
        yield article_id_of(f"{arrival.url_key} {told.print} {number}")


def _keys(arrival: Arrival) -> tuple[str, ...]:
    return tuple(dict.fromkeys((arrival.url_key, *arrival.aliases)))


def _aliases(arrival: Arrival, article_id: str) -> Iterator[Alias]:
    for key in _keys(arrival):
        yield Alias(article_id=article_id, url_key=key)
    for key in arrival.named:
        yield Alias(article_id=article_id, url_key=key, fetched=False)


def _item(arrival: Arrival) -> int | None:
    return item_of(arrival.candidate) if arrival.candidate is not None else None


def _one_outlet(held: _Held, arrival: Arrival) -> bool:
    """Whether one outlet shows both: by the configuration, or by its name and host. Hosts that
    nobody configured may have one name for many papers."""
    if held.outlet is None or held.outlet != arrival.article.outlet:
        return False
    return arrival.publisher is not None or _host(held.url) == _host(arrival.article.url)


def _host(url: str | None) -> str | None:
    return host_named(url) if url is not None else None
