"""Texts without what their hosts repeat: newsletter boxes, subscription pitches, cookie lines.

Decides nothing: asks the memory of hosts once for a batch of texts, and `flows.dedup.host_repeats`
what is theirs.

Relate: whose copies the texts of a batch are, in the store and among themselves.

Decides which texts are compared (those that share most sampled fingerprints) and what a batch
changes in the families they belong to; how two texts compare is `flows.dedup`'. The order of
arrival changes no family.

Families when an article leaves the topic, or comes back to it.

Decides that they are looked at again then: what nobody is shown is no original of what is shown.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from flows.core import Link, Precision
from flows.dedup import ComparedText, as_link, compare_read, read_text
from flows.dedup.families import Member, families
from flows.dedup.fingerprints import LEAST_SHARED, TOO_COMMON
from flows.dedup.host_repeats import host_named, repeated_lines, without_lines
from flows.store import Connection
from flows.store.append import append
from flows.store.articles import component, near, texts
from flows.store.batch import Batch, Membership, NewArticle, NewRevision, StoredText
from flows.store.judgements import off_topic
from flows.store.met_pages import pages_met


def own_words(con: Connection, texts: Sequence[tuple[str | None, str]]) -> list[str]:
    """For each URL and text, in order, the text as it is compared; seeds have no URL."""
    hosts = [host_named(url) if url else "" for url, _ in texts]
    met = pages_met(con, sorted(set(hosts) - {""}))
    repeated = {host: repeated_lines(pages) for host, pages in met.items()}
    return [
        without_lines(text, repeated.get(host, frozenset()))
        for host, (_, text) in zip(hosts, texts, strict=True)
    ]


# Verifying one pair costs about a millisecond; 20 candidates hold every copy of the derived sets
_MOST_COMPARED = 20
_LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)


def linked(
    con: Connection,
    articles: Sequence[NewArticle],
    revisions: Sequence[NewRevision],
    now: datetime,
) -> Iterator[Link]:
    """A link for every pair of texts that share enough, each pair once."""
    arrivals: list[NewArticle | NewRevision] = [*articles, *revisions]
    arrived = {new.article_id: new for new in arrivals}
    prints = {name: new.fingerprints for name, new in arrived.items()}
    shared = _near(con, prints)
    wanted = {other for others in shared.values() for other in others} - arrived.keys()
    stored = texts(con, sorted(wanted))
    compared = {name: _compared_stored(text) for name, text in stored.items()}
    outlets = {name: text.outlet for name, text in texts(con, sorted(arrived)).items()}
    for name, new in arrived.items():
        compared[name] = _compared_new(new, outlets.get(name))
    pairs = {tuple(sorted((name, other))) for name, others in shared.items() for other in others}
    urls = {name: text.url for name, text in stored.items()}
    urls |= {name: new.article.url for name, new in arrived.items()}
    # each text is read for comparing once, however many it is compared with
    names = sorted({name for pair in pairs for name in pair})
    own = own_words(con, [(urls[name], compared[name].text) for name in names])
    read = {name: read_text(text) for name, text in zip(names, own, strict=True)}
    for a, b in sorted(pairs):
        relation = compare_read(compared[a], read[a], compared[b], read[b])
        link = as_link(compared[a], compared[b], relation, now)
        if link is not None:
            yield link


def placed(
    con: Connection, articles: Sequence[NewArticle], links: Sequence[Link]
) -> Iterator[Membership]:
    """Where each article stands in its family now, for those whose place the links changed."""
    touched = {name for link in links for name in (link.a, link.b)}
    if touched:
        yield from _placed(con, touched, articles, links)


def rejoined(con: Connection, article_ids: Sequence[str]) -> Iterator[Membership]:
    """Where stored articles stand now that links of theirs are gone, for those whose place that
    changed."""
    yield from _placed(con, set(article_ids), (), ())


def _placed(
    con: Connection, touched: set[str], articles: Sequence[NewArticle], links: Sequence[Link]
) -> Iterator[Membership]:
    new = {article.article_id: article for article in articles}
    around = component(con, sorted(touched - new.keys()))
    stored = texts(con, around.article_ids)
    hidden = off_topic(con, list(stored))
    members = {name: _stored_member(text, name in hidden) for name, text in stored.items()}
    members |= {name: _new_member(new[name]) for name in touched & new.keys()}
    places = {name: (text.story_id, text.copy_of) for name, text in stored.items()}
    for family in families(members.values(), (*around.links, *links)):
        for place in family.places:
            before = places.get(place.article_id, (place.article_id, None))
            if before != (family.story_id, place.copy_of):
                yield Membership(
                    article_id=place.article_id,
                    story_id=family.story_id,
                    copy_of=place.copy_of,
                    copy_kind=place.copy_kind,
                )


def _near(con: Connection, prints: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[str, ...]]:
    """For each arrival the articles it shares most sampled fingerprints with, best first."""
    counts: dict[str, dict[str, int]] = {name: {} for name in prints}
    for name, others in near(con, prints, at_least=LEAST_SHARED, at_most=TOO_COMMON).items():
        counts[name].update({other: shared for other, shared in others if other != name})
    for name, other, shared in _near_in_batch(prints):
        counts[name][other] = max(shared, counts[name].get(other, 0))
    return {
        name: tuple(sorted(found, key=lambda other: (-found[other], other))[:_MOST_COMPARED])
        for name, found in counts.items()
    }


def _near_in_batch(prints: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, str, int]]:
    holders: dict[int, list[str]] = defaultdict(list)
    for name, hashes in prints.items():
        for hash_ in hashes:
            holders[hash_].append(name)
    for name, hashes in prints.items():
        counted: dict[str, int] = defaultdict(int)
        for hash_ in hashes:
            for other in holders[hash_]:
                counted[other] += 1
        for other, shared in counted.items():
            if other != name and shared >= LEAST_SHARED:
                yield name, other, shared


def _compared_stored(stored: StoredText) -> ComparedText:
    return ComparedText(
        article_id=stored.article_id,
        title=stored.title,
        text=stored.text,
        language=stored.language,
        outlet=stored.outlet,
        first_seen_at=stored.first_seen_at,
        agencies=stored.agencies,
        dateline=stored.dateline,
        published_at=stored.published_at,
        form=stored.form,
    )


def _compared_new(new: NewArticle | NewRevision, outlet: str | None) -> ComparedText:
    article = new.article
    return ComparedText(
        article_id=new.article_id,
        title=article.title,
        text=article.text,
        language=article.language,
        outlet=article.outlet or outlet,
        first_seen_at=new.first_seen_at if isinstance(new, NewArticle) else new.seen_at,
        agencies=article.agencies,
        dateline=article.dateline,
        published_at=article.published.at if article.published else None,
        form=article.form,
    )


def _stored_member(stored: StoredText, is_hidden: bool) -> Member:
    member = Member(
        article_id=stored.article_id,
        outlet=stored.outlet,
        word_count=stored.word_count,
        first_seen_at=stored.first_seen_at,
        published_at=stored.published_at,
        published_to_the_day=stored.published_precision == Precision.DAY,
        agencies=stored.agencies,
        dateline=stored.dateline,
    )
    if not is_hidden:
        return member
    # off the topic by now, nobody is shown it: it ties its copies, and is no original but of others
    # like it
    return replace(member, outlet=None, published_at=None, first_seen_at=_LAST_OF_ALL)


def _new_member(new: NewArticle) -> Member:
    published = new.article.published
    return Member(
        article_id=new.article_id,
        outlet=new.article.outlet,
        word_count=new.article.word_count,
        first_seen_at=new.first_seen_at,
        published_at=published.at if published else None,
        published_to_the_day=published is not None and published.precision is Precision.DAY,
        agencies=new.article.agencies,
        dateline=new.article.dateline,
    )


@contextmanager
def followed(
    con: Connection, article_ids: Sequence[str], run_id: str, now: datetime
) -> Iterator[None]:
    """What is judged of stored articles within, their families follow in the same transaction."""
    before = off_topic(con, article_ids)
    yield
    changed = before ^ off_topic(con, article_ids)
    if changed:
        memberships = tuple(rejoined(con, sorted(changed)))
        append(con, Batch(run_id=run_id, stored_at=now, memberships=memberships))
