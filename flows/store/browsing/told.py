"""Everything the file tells of some articles, and of one story: for one page or a whole report.

Decides what belongs to an article and to a story; refuses to decide how it looks. Many are asked
for at once: a report of a month asks for hundreds at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flows.store.browsing.listing import rows_named
from flows.store.browsing.newest import Opened
from flows.store.query import Row, rows_of

# A page shows what a person reads; an article of this length is six times the longest measured
_MOST_LETTERS = 60_000
# Names written out are looked for where they may be; a list is joined, and every text read for it.
# At 100,000 articles one name costs 0.015 s of CPU written out, 25 cost 0.27, any list 0.42.
_FEW = 20
_MANY = "in (select unnest($ids))"
# Sightings of one article beyond these tell nothing new on a page
_MOST_SIGHTINGS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One article: its row, texts, the reasons it is on the topic, and where it was seen.

    `statements` and `mentions` are empty where the file has no such view.
    """

    article: Row
    revisions: tuple[Row, ...]
    story: tuple[Row, ...]
    judgement: Row | None
    sightings: tuple[Row, ...]
    statements: tuple[Row, ...]
    mentions: tuple[Row, ...]


def told(opened: Opened, article_ids: Sequence[str]) -> dict[str, Told]:
    """These articles by their id; ids that are none are left out."""
    articles = _by_id(_rows(opened, _ARTICLES, article_ids))
    names = list(articles)
    listed = _by_id(rows_named(opened, names))
    revisions = _grouped(_rows(opened, _REVISIONS, names))
    judgements = _by_id(_rows(opened, _JUDGEMENTS, names))
    sightings = _grouped(_rows(opened, _SIGHTINGS, names))
    statements = _optional(opened, "statements", _STATEMENTS, names)
    mentions = _optional(opened, "mentions", _MENTIONS, names)
    families = _families(opened, [str(row["story_id"]) for row in articles.values()])
    return {
        name: Told(
            article=listed[name] | row,
            revisions=tuple(revisions[name]),
            story=tuple(families[str(row["story_id"])]),
            judgement=judgements.get(name),
            sightings=tuple(sightings[name]),
            statements=tuple(statements[name]),
            mentions=tuple(mentions[name]),
        )
        for name, row in articles.items()
    }


def family(opened: Opened, story_id: str) -> tuple[Row, ...]:
    """The articles of a story by their time, the original marked, with their texts."""
    rows = _families(opened, [story_id])[story_id]
    texts = {
        row["article_id"]: row
        for row in _rows(opened, _TEXTS, [str(row["article_id"]) for row in rows])
    }
    return tuple(row | texts[row["article_id"]] for row in rows)


def edited(
    opened: Opened, *, since: date | None = None, most: int = 50, largest: bool = True
) -> tuple[Row, ...]:
    """Changes by publishers of titles and texts, the largest (or newest) first."""
    order = "change desc, seen_at desc" if largest else "seen_at desc, change desc"
    return rows_of(
        opened.con, f"{_EDITED} order by {order} limit {int(most)}", {"since": since or date.min}
    )


def _rows(opened: Opened, query: str, ids: Iterable[str]) -> tuple[Row, ...]:
    wanted = list(ids)
    if not wanted:
        return ()
    if len(wanted) <= _FEW:
        names = {f"id{place}": name for place, name in enumerate(wanted)}
        few = query.replace(_MANY, f"in ({', '.join('$' + name for name in names)})")
        return rows_of(opened.con, few, names)
    return rows_of(opened.con, query, {"ids": wanted})


def _by_id(rows: Iterable[Row]) -> dict[str, Row]:
    return {str(row["article_id"]): row for row in rows}


def _grouped(rows: Iterable[Row], by: str = "article_id") -> Mapping[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[str(row[by])].append(row)
    return groups


def _optional(
    opened: Opened, view: str, query: str, names: Sequence[str]
) -> Mapping[str, list[Row]]:
    return _grouped(_rows(opened, query, names) if opened.has(view, "article_id") else ())


def _families(opened: Opened, story_ids: Iterable[str]) -> Mapping[str, list[Row]]:
    found = opened.con.execute(
        "select article_id from temp.browsed where story_id in (select unnest($ids))",
        {"ids": list(dict.fromkeys(story_ids))},
    ).fetchall()
    return _grouped(rows_named(opened, [name for (name,) in found]), by="story_id")


_ARTICLES = f"""
select article_id, url, title, authors, agencies, dateline, left(text, {_MOST_LETTERS}) as text,
       length(text) > {_MOST_LETTERS} as is_cut, word_count, published_at, published_precision,
       published_origin, published_zone, published_alternatives, published_problem, modified_at,
       first_seen_at, seen_at, stored_at, origin, relevance, borderline, story_id, copy_of,
       copy_kind, revisions, section, tags, free_to_read, form, extractor, reader_version,
       rules_version, archive_ref, language
from articles
where article_id in (select unnest($ids))
"""
_REVISIONS = f"""
select article_id, revision, cause, seen_at, change, title, left(text, {_MOST_LETTERS}) as text,
       archive_ref
from revisions
where article_id in (select unnest($ids))
order by revision
"""
_JUDGEMENTS = """
select article_id, verdict, relevance, matches, contributions, rules_version, judged_at
from judgements
where article_id in (select unnest($ids))
qualify row_number() over (partition by article_id order by judged_at desc) = 1
"""
_SIGHTINGS = f"""
select article_id, url, source_id, seen_at, claimed_title, claimed_at
from sightings
where article_id in (select unnest($ids))
qualify row_number() over (partition by article_id order by seen_at, source_id) <= {_MOST_SIGHTINGS}
order by seen_at, source_id
"""
_STATEMENTS = """
select article_id, speaker, verb, statement, kind, said_at, language
from statements
where article_id in (select unnest($ids))
"""
_MENTIONS = """
select article_id, entity, kind, count
from mentions
where article_id in (select unnest($ids))
order by count desc, entity
"""
_TEXTS = f"""
select article_id, left(text, {_MOST_LETTERS}) as text, word_count, published_alternatives
from articles
where article_id in (select unnest($ids))
"""
_EDITED = f"""
select r.article_id, r.revision, r.seen_at, r.change, r.title, p.title as title_before,
       left(r.text, {_MOST_LETTERS}) as text, left(p.text, {_MOST_LETTERS}) as text_before,
       b.outlet, b.language, b.story_id, b.published_at
from revisions r
join revisions p on p.article_id = r.article_id and p.revision = r.revision - 1
join temp.browsed b on b.article_id = r.article_id
where r.cause = 'publisher' and r.revision > 1 and r.seen_at >= $since::timestamptz
"""
