"""Identify: is an arrival new, known or a revision — against the store and its own batch.

Decides what each arrival is, from the store's answers (by URL key, by text print) and the deciders
of `flows.dedup`; refuses to fetch, read or judge. A URL key only finds whom to compare with:
merging always needs agreeing text.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, count, islice

from flows.core import Article, Candidate, Ending, Judgement, Origin, Source
from flows.core.urls import host_of, url_key
from flows.dedup.fingerprints import fingerprints, text_print
from flows.dedup.revisions import edit
from flows.pipeline.copies import own_words
from flows.pipeline.publication_time import Publication, publication_of, published
from flows.store import Connection
from flows.store.articles import known_articles, same_text, texts
from flows.store.batch import Alias, Ended, NewArticle, NewRevision, StoredText, Warned
from flows.store.candidates import article_numbers, first_sightings

# Under one key, texts that share less than this are two articles; live pages rewritten from top to
# bottom keep their title. Unmeasured.
_LEAST_KEPT = 0.2
# Identifiers of a text that may be taken already: one for each time it was taken back. Unmeasured.
_MOST_TAKEN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An article read and judged on the topic, about to be compared.

    `url_key` names it (that of the URL the page was served from, or `seed:<name>`); `aliases` are
    further keys under which it was met: the candidate's, its canonical URL's on the same host.
    `seen_at` is when its text was fetched; `day` the one it counts for in coverage (None: the day
    of storing).
    """

    url_key: str
    article: Article
    judgement: Judgement
    origin: Origin
    seen_at: datetime
    aliases: tuple[str, ...] = ()
    candidate: Candidate | None = None
    source: Source | None = None
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
    outlet: str | None
    title: str | None
    text: str
    print: str
    publication: Publication


@dataclass(slots=True)
class Identified:
    """What the arrivals of a batch are. `taken`: identifiers that are an article's already."""

    taken: set[str]
    articles: list[NewArticle] = field(default_factory=list)
    revisions: list[NewRevision] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    endings: list[Ended] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)


def further_keys(asked_key: str, page_url: str, article: Article) -> tuple[str, ...]:
    """The `aliases` of what was asked for under `asked_key` and served from `page_url`."""
    canonical = article.canonical_url
    if canonical is None or host_of(canonical) != host_of(page_url):
        return (asked_key,)
    return (asked_key, url_key(canonical))


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
    by_key: dict[str, list[_Held]] = defaultdict(list)
    by_print: dict[str, list[_Held]] = defaultdict(list)
    keyed = known_articles(con, [key for arrival in arrivals for key in _keys(arrival)])
    same = same_text(con, [one.print for one in told])
    stored_same = texts(con, sorted({name for names in same.values() for name in names}))
    every = {text.article_id: text for stored in keyed.values() for text in stored} | stored_same
    held_of = _held_of(con, every.values())
    for key, stored in keyed.items():
        by_key[key].extend(held_of[text.article_id] for text in stored)
    for print_, names in same.items():
        by_print[print_].extend(held_of[name] for name in names if name in held_of)
    ids = (islice(_ids(*one), _MOST_TAKEN) for one in zip(arrivals, told, strict=True))
    decided = Identified(taken=set(article_numbers(con, list(chain.from_iterable(ids)))))
    for arrival, one in zip(arrivals, told, strict=True):
        held = _identify_one(decided, arrival, one, by_key, by_print)
        for key in _keys(arrival):
            by_key[key].append(held)
        by_print[one.print].append(held)
    return decided


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
            text.article_id, text.outlet, text.title, words, text.text_print, publication_of(text)
        )
        for text, words in zip(known, own, strict=True)
    }


def _identify_one(
    decided: Identified,
    arrival: Arrival,
    told: _Told,
    by_key: Mapping[str, list[_Held]],
    by_print: Mapping[str, list[_Held]],
) -> _Held:
    """Enter one arrival into `decided`; returns what later arrivals meet it as."""
    keyed = _met(by_key.get(key, ()) for key in _keys(arrival))
    here = {held.article_id for held in keyed}
    alike = by_print.get(told.print, ())
    twin = next(
        (held for held in alike if _one_outlet(held, arrival)),
        next((held for held in alike if held.article_id in here), None),
    )
    if twin is not None and not _retitled(twin, arrival, told):
        _known(decided, arrival, twin.article_id)
        return twin
    edits: list[tuple[float, _Held]] = []
    for held in [twin] if twin is not None else reversed(keyed):
        found = edit(held.title, held.text, arrival.article.title, told.own)
        if not found.is_revision:
            _known(decided, arrival, held.article_id)
            return held
        # what stood here once and comes back is the same article, however much it differs
        is_back = held is twin and held.article_id in here
        if is_back or 1 - found.change >= _LEAST_KEPT or held.title == arrival.article.title:
            edits.append((found.change, held))
    if not edits:
        return _new(decided, arrival, told, clashes=bool(keyed))
    # of several articles met at one address, the one it differs least from was edited
    change, held = min(edits, key=lambda one: one[0])
    return _revised(decided, arrival, held, told, change)


def _met(found: Iterable[Iterable[_Held]]) -> list[_Held]:
    """Each article of `found` once, as it came last."""
    newest = {held.article_id: held for held in chain.from_iterable(found)}
    return list(newest.values())


def _retitled(held: _Held, arrival: Arrival, told: _Told) -> bool:
    """Whether an equal text comes under another title at an address where it was met before."""
    return edit(held.title, held.text, arrival.article.title, told.own).is_revision


def _known(decided: Identified, arrival: Arrival, article_id: str) -> None:
    decided.aliases.extend(Alias(article_id=article_id, url_key=key) for key in _keys(arrival))
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
    decided.aliases.extend(Alias(article_id=held.article_id, url_key=k) for k in _keys(arrival))
    stood = held.publication if stands else published(claim, held.publication.first_seen_at)
    return _Held(held.article_id, held.outlet, arrival.article.title, told.own, told.print, stood)


def _new(decided: Identified, arrival: Arrival, told: _Told, *, clashes: bool) -> _Held:
    article_id = next(one for one in _ids(arrival, told) if one not in decided.taken)
    decided.taken.add(article_id)
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
            first_seen_at=told.first_seen_at,
            seen_at=told.seen_at,
            text_print=told.print,
            candidate=arrival.candidate,
            source=arrival.source,
            archive_ref=arrival.archive_ref,
            fingerprints=fingerprints(told.own),
            aliases=_keys(arrival),
            day=arrival.day,
        )
    )
    article = arrival.article
    stood = published(article.published, told.first_seen_at)
    return _Held(article_id, article.outlet, article.title, told.own, told.print, stood)


def _ids(arrival: Arrival, told: _Told) -> Iterator[str]:
    """What a new article may be called: the first name may be taken by a text under the same key,
    or by one that was met under it by older rules; a further one by the same text, taken back."""
    yield article_id_of(arrival.url_key)
    yield article_id_of(f"{arrival.url_key} {told.print}")
    for number in count(2):
        yield article_id_of(f"{arrival.url_key} {told.print} {number}")


def _keys(arrival: Arrival) -> tuple[str, ...]:
    return tuple(dict.fromkeys((arrival.url_key, *arrival.aliases)))


def _one_outlet(held: _Held, arrival: Arrival) -> bool:
    return held.outlet is not None and held.outlet == arrival.article.outlet
