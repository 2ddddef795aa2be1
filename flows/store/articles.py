"""What is asked of stored articles before new ones come: by URL, by text, by shared shingles.

Decides how the questions are put so that a batch costs one scan; refuses to compare texts.

Which seed documents are loaded, by the print of their bytes.

Refuses to read them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.core import Evidence, Link, LinkKind
from flows.store.batch import StoredText
from flows.store.connections import Connection
from flows.store.rows import append_rows, instant, instant_or_none, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """Articles connected by links, all of them, and the newest link of each pair."""

    article_ids: tuple[str, ...]
    links: tuple[Link, ...]


def known_articles(con: Connection, url_keys: Sequence[str]) -> dict[str, tuple[StoredText, ...]]:
    """url_key → the articles met under it, oldest first; keys never met are left out."""
    keys = {key_of(url_key): url_key for url_key in url_keys}
    rows = con.execute(_BY_KEY, [list(keys)]).fetchall()
    stored = texts(con, [article_id for _, article_id in rows])
    found: dict[str, tuple[StoredText, ...]] = {}
    for key, article_id in rows:
        found[keys[key]] = (*found.get(keys[key], ()), stored[article_id])
    return found


def only_named(con: Connection, url_keys: Sequence[str]) -> frozenset[tuple[str, str]]:
    """url_key and article_id of the articles that only call the key theirs: their page was never
    had there."""
    keys = {key_of(url_key): url_key for url_key in url_keys}
    rows = con.execute(_ONLY_NAMED, [list(keys)]).fetchall()
    return frozenset((keys[key], article_id) for key, article_id in rows)


def articles_of_items(con: Connection, items: Sequence[int]) -> dict[int, tuple[StoredText, ...]]:
    """Number of an item (`flows.store.kin`) → the articles its links led to, oldest first."""
    if not items:
        return {}
    rows = [row[:2] for row in con.execute(_BY_ITEM, [list(items)]).fetchall()]
    stored = texts(con, [article_id for _, article_id in rows])
    found: dict[int, tuple[StoredText, ...]] = {}
    for item, article_id in rows:
        if article_id in stored:
            found[item] = (*found.get(item, ()), stored[article_id])
    return found


def texts(con: Connection, article_ids: Sequence[str]) -> dict[str, StoredText]:
    """article_id → its newest text and story; ids the store does not have are left out."""
    if not article_ids:
        return {}
    docs = con.execute(_NEWEST, [list(article_ids)]).fetchall()
    if not docs:
        return {}
    rows = con.execute(_TEXTS, {"docs": [doc for (doc,) in docs]}).fetchall()
    stored = (_stored(row) for row in rows)
    return {text.article_id: text for text in stored}


def same_text(con: Connection, text_prints: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """text_print → the articles that have, or once had, exactly that text, oldest first."""
    rows = con.execute(_SAME, [list(text_prints)]).fetchall()
    found: dict[str, tuple[str, ...]] = {}
    for text_print, article_id in rows:
        if article_id not in found.get(text_print, ()):
            found[text_print] = (*found.get(text_print, ()), article_id)
    return found


def near(
    con: Connection, prints: Mapping[str, Sequence[int]], *, at_least: int, at_most: int
) -> dict[str, tuple[tuple[str, int], ...]]:
    """For each text asked about (any name → its fingerprints), the articles that share at least
    `at_least` fingerprints with it, and how many, most first. Fingerprints of more than `at_most`
    documents do not count.

    One scan of the plain table for the whole batch: measured faster than an index from some
    hundred fingerprints on.
    """
    names = list(prints)
    asked = [(number, value) for number, name in enumerate(names) for value in set(prints[name])]
    if not asked:
        return {}
    rows = con.execute(
        _NEAR,
        {
            "names": [number for number, _ in asked],
            "prints": [value for _, value in asked],
            "most": at_most,
            "least": at_least,
        },
    ).fetchall()
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for number, article_id, shared in rows:
        found[names[number]] = (*found.get(names[number], ()), (article_id, int(shared)))
    return found


def component(con: Connection, article_ids: Sequence[str]) -> Component:
    """Everything connected with `article_ids` by links that stand (the newest decision of a pair).

    One round of the loop for each step away from where it starts; families are one or two wide.
    """
    found: set[str] = set(article_ids)
    edge = found
    while edge:
        rows = con.execute(_NEIGHBOURS, {"ids": list(edge)}).fetchall()
        edge = {article_id for row in rows for article_id in row} - found
        found |= edge
    links = tuple(_link(row) for row in con.execute(_LINKS, {"ids": list(found)}).fetchall())
    return Component(article_ids=tuple(sorted(found)), links=links)


def _stored(row: tuple[Any, ...]) -> StoredText:
    (article_id, url, title, text, language, outlet, authors, agencies, dateline, published_at,
     modified_at, first_seen_at, text_print, story_id, copy_of, revision, reader_version,
     origin, word_count, published_precision, form) = row  # fmt: skip
    return StoredText(
        article_id=article_id,
        url=url,
        title=title,
        text=text,
        language=language,
        outlet=outlet,
        authors=tuple(authors or ()),
        agencies=tuple(agencies or ()),
        dateline=dateline,
        published_at=instant_or_none(published_at),
        modified_at=instant_or_none(modified_at),
        first_seen_at=instant(first_seen_at),
        text_print=text_print,
        story_id=story_id,
        copy_of=copy_of,
        revision=revision,
        reader_version=reader_version,
        origin=origin,
        word_count=word_count,
        published_precision=published_precision,
        form=form,
    )


def _link(row: tuple[Any, ...]) -> Link:
    a, b, kind, evidence, passages, rule_version, decided_at = row
    return Link(
        a=a,
        b=b,
        kind=LinkKind(kind),
        evidence=Evidence(**evidence),
        passages=tuple(passages or ()),
        rule_version=rule_version,
        decided_at=instant(decided_at),
    )


_BY_KEY = """
select a.key, r.article_id
from kept.aliases a join kept.readings r on r.doc = a.article
where a.key in (select unnest(?::ubigint[]))
group by a.key, r.article_id, r.doc
order by r.doc
"""

_ONLY_NAMED = """
select a.key, r.article_id
from kept.aliases a join kept.readings r on r.doc = a.article
where a.key in (select unnest(?::ubigint[]))
group by a.key, r.article_id
having not bool_or(a.fetched)
"""

_BY_ITEM = """
with listed as (
    select distinct item, key from kept.sightings where item in (select unnest(?::ubigint[]))
)
select distinct l.item, r.article_id, r.doc
from listed l
join kept.aliases a on a.key = l.key
join kept.readings r on r.doc = a.article
order by r.doc
"""

_NEWEST = """
select max(doc)
from kept.readings
where article_id in (select unnest(?::varchar[])) and doc not in (select doc from kept.withdrawals)
group by article
"""

_TEXTS = """
with asked as (select unnest($docs::integer[]) as doc),
told as (
    select article, arg_max({'story_id': story_id, 'copy_of': copy_of}, rowid) as newest
    from kept.memberships
    where article in (select article from kept.readings where doc in (from asked))
    group by article
)
select r.article_id, r.url, r.title, r.text, r.language, r.outlet, r.authors, r.agencies,
       r.dateline, r.published_at, r.modified_at, r.first_seen_at, r.text_print,
       coalesce(t.newest.story_id, r.article_id), t.newest.copy_of, r.revision, r.reader_version,
       r.origin, r.word_count, r.published_precision, r.form
from kept.readings r left join told t on t.article = r.article
where r.doc in (from asked)
order by r.doc
"""

_SAME = """
select text_print, article_id
from kept.readings
where text_print in (select unnest(?::varchar[])) and doc not in (select doc from kept.withdrawals)
order by doc
"""

_NEAR = """
with asked as (
    select unnest($names::integer[]) as name, unnest($prints::uinteger[]) as print
), met as (
    select print, doc from kept.fingerprints where print in (select distinct print from asked)
), telling as (
    select print, doc from met
    where print in (select print from met group by print having count(*) <= $most)
), shared as (
    select name, doc, count(*) as shared
    from asked join telling using (print)
    group by name, doc
    having count(*) >= $least
)
select s.name, r.article_id, max(s.shared) as shared
from shared s join kept.readings r on r.doc = s.doc
group by s.name, r.article_id
order by s.name, shared desc, r.article_id
"""

_NEIGHBOURS = """
select a, b
from kept.links
where a in (select unnest($ids::varchar[])) or b in (select unnest($ids::varchar[]))
"""

_LINKS = """
select a, b, kind, evidence, passages, rule_version, decided_at
from kept.links
where a in (select unnest($ids::varchar[])) and b in (select unnest($ids::varchar[]))
qualify row_number() over (partition by a, b order by rowid desc) = 1
order by a, b
"""


def loaded_seeds(con: Connection) -> dict[str, str]:
    """File name → SHA-256 of the bytes it was loaded from last."""
    rows = con.execute(
        "select name, sha256 from kept.seeds "
        "qualify row_number() over (partition by name order by rowid desc) = 1"
    ).fetchall()
    return dict(rows)


def record_seed(con: Connection, name: str, sha256: str, article_id: str, now: datetime) -> None:
    """Record that a seed document became an article."""
    row = {"name": name, "sha256": sha256, "article_id": article_id, "loaded_at": now}
    append_rows(con, "kept.seeds", [row])
