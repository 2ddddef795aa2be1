"""Under which URL keys an article is met, from which URL each key was made, and whether a page was
read there or it is only named.

Decides nothing about URLs: the URL is kept so that other rules can make the key anew.

What a reading says of its article's publication: the columns that stay or change together.

Decides how a claim becomes columns; refuses to decide which of two claims stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from flows.core import ClaimedTime
from flows.core.urls import fetch_url, url_key
from flows.store.batch import Alias, Batch
from flows.store.connections import Connection
from flows.store.rows import append_rows, key_of


def append_aliases(con: Connection, batch: Batch, numbers: dict[str, int]) -> None:
    """Append the aliases of `batch` that are not there yet; `numbers`: article_id → article."""
    wanted = list(_wanted(batch))
    if not wanted:
        return
    known: dict[tuple[int, int], bool] = {
        (key, article): fetched
        for key, article, fetched in con.execute(
            _KNOWN, [[key_of(alias.url_key) for alias in wanted]]
        ).fetchall()
    }
    urls = dict(_made_from(batch))
    rows: dict[tuple[int, int], dict[str, object]] = {}
    for alias in sorted(wanted, key=lambda one: not one.fetched):
        place = (key_of(alias.url_key), numbers[alias.article_id])
        if place in rows or known.get(place, False) or (place in known and not alias.fetched):
            continue
        rows[place] = {
            "key": place[0],
            "url_key": alias.url_key,
            "article": place[1],
            "stored_at": batch.stored_at,
            "url": urls.get((alias.article_id, alias.url_key)),
            "fetched": alias.fetched,
        }
    append_rows(con, "kept.aliases", list(rows.values()))


def _wanted(batch: Batch) -> Iterator[Alias]:
    for new in batch.articles:
        own = (new.candidate.url_key,) if new.candidate else ()
        for key in (*own, *new.aliases):
            yield Alias(article_id=new.article_id, url_key=key)
        for key in new.named:
            yield Alias(article_id=new.article_id, url_key=key, fetched=False)
    yield from batch.aliases


def _made_from(batch: Batch) -> Iterator[tuple[tuple[str, str], str]]:
    """Article_id and url_key, and the URL by which that article is met under that key."""
    read = [(new.article_id, new.article, new.candidate) for new in batch.articles]
    read += [(new.article_id, new.article, new.candidate) for new in batch.revisions]
    for article_id, article, candidate in read:
        for url in (article.canonical_url, article.url):
            if url is not None and fetch_url(url) is not None:
                yield (article_id, url_key(url)), url
        if candidate is not None:
            yield (article_id, candidate.url_key), candidate.url
    for ended in batch.endings:
        if ended.article_id is not None:
            yield (ended.article_id, ended.candidate.url_key), ended.candidate.url


_KNOWN = """
select key, article, bool_or(fetched)
from kept.aliases
where key in (select unnest(?::ubigint[]))
group by key, article
"""


_COLUMNS = (
    "published_at", "published_precision", "published_origin", "published_zone", "published_raw",
    "published_alternatives", "published_problem",
)  # fmt: skip


def standing_publications(con: Connection, articles: Sequence[int]) -> dict[int, dict[str, Any]]:
    """article → these columns of its newest reading; what was taken back does not count."""
    rows = con.execute(_STANDING, [articles]).fetchall()
    return {article: dict(zip(_COLUMNS, told, strict=True)) for article, *told in rows}


def publication_in(row: Mapping[str, object]) -> dict[str, Any]:
    """These columns of a row."""
    return {name: row[name] for name in _COLUMNS}


def with_claim(standing: Mapping[str, Any], claim: ClaimedTime | None) -> dict[str, Any]:
    """`standing`, and a later page's claim among what others claimed."""
    others = list(standing["published_alternatives"] or ())
    if claim is not None and claim_row(claim) not in others:
        others.append(claim_row(claim))
    return {**standing, "published_alternatives": others}


def claim_row(claim: ClaimedTime) -> dict[str, object]:
    """One of the alternatives."""
    return {
        "claimed_at": claim.at.astimezone(UTC),
        "precision": claim.precision.value,
        "origin": claim.origin,
        "zone": claim.zone.value,
        "raw": claim.raw,
    }


_STANDING = f"""
select article, {", ".join(_COLUMNS)}
from kept.readings
where article in (select unnest(?::integer[])) and doc not in (select doc from kept.withdrawals)
qualify row_number() over (partition by article order by doc desc) = 1
"""
