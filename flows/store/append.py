"""A batch of outcomes → rows, in the turn's one transaction.

Decides which rows a value becomes and numbers them; refuses to decide anything about the texts.
The search index grows in the same transaction, at the cost of the batch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flows.core import Article, Ending, Judgement, Link
from flows.store.article_urls import (
    append_aliases,
    claim_row,
    publication_in,
    standing_publications,
    with_claim,
)
from flows.store.batch import Batch, Cause, Ended, Membership, NewArticle, NewRevision
from flows.store.candidates import article_numbers, record_endings
from flows.store.connections import Connection
from flows.store.rows import append_rows, one_row
from flows.store.search import index_readings


def append(con: Connection, batch: Batch) -> None:
    """Append all of `batch`, or (with the turn) nothing of it.

    Raises `KeyError` when something names an article the store does not have.
    """
    first = next_doc(con)
    rows = [_first_reading(batch, new, first + n) for n, new in enumerate(batch.articles)]
    old = article_numbers(con, _named(batch))
    numbers = old | {new.article_id: first + n for n, new in enumerate(batch.articles)}
    rows += _revisions(con, batch, numbers, dict(enumerate(rows, first)), first + len(rows))
    append_rows(con, "kept.readings", rows)
    append_aliases(con, batch, numbers)
    _append_judgements(
        con, batch, [(int(str(row["article"])), int(str(row["doc"]))) for row in rows]
    )
    _append_memberships(con, batch, numbers)
    append_rows(con, "kept.links", [_link(link, batch.run_id) for link in batch.links])
    _append_fingerprints(con, batch, first)
    index_readings(con, first, first + len(rows))
    record_endings(con, batch.run_id, _endings(batch), batch.stored_at)
    _append_warnings(con, batch)


def next_doc(con: Connection) -> int:
    """The number of the next reading."""
    return int(one_row(con, "select coalesce(max(doc), 0) + 1 from kept.readings")[0])


def _named(batch: Batch) -> list[str]:
    return sorted(
        {new.article_id for new in batch.revisions}
        | {told.article_id for told in batch.memberships}
        | {alias.article_id for alias in batch.aliases}
    )


def _first_reading(batch: Batch, new: NewArticle, doc: int) -> dict[str, object]:
    source = new.source
    return (
        _reading(new.article, new.judgement)
        | {
            "doc": doc,
            "article": doc,
            "revision": 1,
            "previous": None,
            "article_id": new.article_id,
            "outlet": new.article.outlet or (source.outlet if source else None),
            "source_id": source.source_id if source else None,
            "country": _country(new),
            "origin": new.origin.value,
            "first_seen_at": new.first_seen_at,
            "seen_at": new.seen_at or new.first_seen_at,
            "cause": Cause.PUBLISHER.value,
            "change": None,
        }
        | _stored(batch, new)
    )


def _country(new: NewArticle) -> str | None:
    """Of whoever publishes it: an index lists the outlets of many countries."""
    if new.publisher is not None:
        return new.publisher.country
    source = new.source
    return source.country if source and new.article.outlet in (None, source.outlet) else None


def _revisions(
    con: Connection,
    batch: Batch,
    numbers: dict[str, int],
    fresh: dict[int, dict[str, object]],
    first: int,
) -> list[dict[str, object]]:
    """Rows numbered from `first`; `fresh`: article → its first row, of those new in this batch."""
    if not batch.revisions:
        return []
    docs = [numbers[new.article_id] for new in batch.revisions]
    standing = {row[0]: row[1:] for row in con.execute(_STANDING, [docs]).fetchall()}
    publications = standing_publications(con, docs)
    # the forms of one page may come in one batch: what the first has just become is revised
    standing |= {article: _standing(row) for article, row in fresh.items()}
    publications |= {article: publication_in(row) for article, row in fresh.items()}
    rows = []
    for doc, new in enumerate(batch.revisions, first):
        article = numbers[new.article_id]
        previous, revision, url, outlet, source_id, country, origin, first_seen_at = standing[
            article
        ]
        row = _reading(new.article, new.judgement) | {
            "doc": doc,
            "article": article,
            "revision": revision + 1,
            "previous": previous,
            "article_id": new.article_id,
            "url": new.article.url or url,
            "outlet": new.article.outlet or outlet,
            "source_id": source_id,
            "country": country,
            "origin": origin,
            "first_seen_at": first_seen_at,
            "seen_at": new.seen_at,
            "cause": new.cause.value,
            "change": new.change,
        }
        if new.publication_stands:
            row |= with_claim(publications[article], new.article.published)
        publications[article] = publication_in(row)
        rows.append(row | _stored(batch, new))
        # another revision of the same article in this batch stands on this one
        standing[article] = _standing(row)
    return rows


def _standing(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the next revision takes over from a row, as `_STANDING` gives it."""
    return (row["doc"], row["revision"], row["url"], row["outlet"], row["source_id"],
            row["country"], row["origin"], row["first_seen_at"])  # fmt: skip


def _reading(article: Article, judgement: Judgement) -> dict[str, object]:
    published, modified = article.published, article.modified
    return {
        "url": article.url,
        "language": article.language,
        "title": article.title,
        "title_origin": article.title_origin,
        "authors": list(article.authors),
        "agencies": list(article.agencies),
        "dateline": article.dateline,
        "lede": article.lede,
        "text": article.text,
        "word_count": article.word_count,
        "published_at": published.at if published else None,
        "published_precision": published.precision.value if published else None,
        "published_origin": published.origin if published else None,
        "published_zone": published.zone.value if published else None,
        "published_raw": published.raw if published else None,
        "published_alternatives": [claim_row(claim) for claim in article.published_alternatives],
        "published_problem": article.published_problem,
        "modified_at": modified.at if modified else None,
        "modified_precision": modified.precision.value if modified else None,
        "modified_origin": modified.origin if modified else None,
        "section": article.section,
        "tags": list(article.tags),
        "image_url": article.image_url,
        "free_to_read": article.free_to_read,
        "form": article.form,
        "site_name": article.site_name,
        "canonical_url": article.canonical_url,
        "extractor": article.extractor,
        "reader_version": article.reader_version,
        "verdict": judgement.verdict.value,
        "relevance": judgement.relevance,
        "matched_terms": matched_terms(judgement),
        "rules_version": judgement.rules_version,
    }


def matched_terms(judgement: Judgement) -> list[str]:
    """The terms found, once each, in the order of the rules' report."""
    return list(dict.fromkeys(match.term for match in judgement.matches))


def _stored(batch: Batch, new: NewArticle | NewRevision) -> dict[str, object]:
    return {
        "stored_at": batch.stored_at,
        "run_id": batch.run_id,
        "archive_ref": new.archive_ref,
        "text_print": new.text_print,
    }


def _append_judgements(con: Connection, batch: Batch, places: Sequence[tuple[int, int]]) -> None:
    judged = [new.judgement for new in batch.articles]
    judged += [new.judgement for new in batch.revisions]
    append_rows(
        con,
        "kept.judgements",
        [
            judgement_row(judgement)
            | {
                "article": article,
                "doc": doc,
                "first": True,
                "judged_at": batch.stored_at,
                "run_id": batch.run_id,
            }
            for judgement, (article, doc) in zip(judged, places, strict=True)
        ],
    )


def judgement_row(judgement: Judgement) -> dict[str, object]:
    """The columns that hold a judgement itself."""
    return {
        "verdict": judgement.verdict.value,
        "relevance": judgement.relevance,
        "matches": [asdict(match) for match in judgement.matches],
        "contributions": [asdict(summand) for summand in judgement.contributions],
        "matched_terms": matched_terms(judgement),
        "rules_version": judgement.rules_version,
    }


def _append_memberships(con: Connection, batch: Batch, numbers: dict[str, int]) -> None:
    fresh = {new.article_id for new in batch.articles}
    rows = [
        _membership(told, batch, numbers)
        for told in batch.memberships
        # a new article on its own needs no row: that is what no row means
        if told.article_id not in fresh or told.story_id != told.article_id or told.copy_of
    ]
    append_rows(con, "kept.memberships", rows)


def _membership(told: Membership, batch: Batch, numbers: dict[str, int]) -> dict[str, object]:
    return {
        "article": numbers[told.article_id],
        "story_id": told.story_id,
        "copy_of": told.copy_of,
        "copy_kind": told.copy_kind.value if told.copy_kind else None,
        "decided_at": batch.stored_at,
        "run_id": batch.run_id,
    }


def _link(link: Link, run_id: str) -> dict[str, object]:
    return {
        "a": link.a,
        "b": link.b,
        "kind": link.kind.value,
        "evidence": asdict(link.evidence),
        "passages": list(link.passages),
        "rule_version": link.rule_version,
        "decided_at": link.decided_at,
        "run_id": run_id,
    }


def _append_fingerprints(con: Connection, batch: Batch, first: int) -> None:
    sampled = [new.fingerprints for new in batch.articles]
    sampled += [new.fingerprints for new in batch.revisions]
    rows = [
        {"print": value, "doc": doc}
        for doc, values in enumerate(sampled, first)
        for value in values
    ]
    append_rows(con, "kept.fingerprints", rows)


def _endings(batch: Batch) -> list[Ended]:
    stored = [
        Ended(candidate=new.candidate, ending=Ending.STORED, article_id=new.article_id, day=new.day)
        for new in batch.articles
        if new.candidate is not None
    ]
    revised = [
        Ended(candidate=new.candidate, ending=Ending.REVISED, article_id=new.article_id)
        for new in batch.revisions
        if new.candidate is not None
    ]
    return [*stored, *revised, *batch.endings]


def _append_warnings(con: Connection, batch: Batch) -> None:
    append_rows(
        con,
        "kept.warnings",
        [
            asdict(warned) | {"warned_at": batch.stored_at, "run_id": batch.run_id}
            for warned in batch.warnings
        ],
    )


_STANDING = """
select article, doc, revision, url, outlet, source_id, country, origin, first_seen_at
from kept.readings
where article in (select unnest(?::integer[]))
qualify row_number() over (partition by article order by doc desc) = 1
"""
