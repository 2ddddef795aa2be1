"""The life of a URL: where it was seen, how each try ended, what it became and why.

Decides what belongs to it; refuses to know how it is told. For the command and the page alike.
"""

from dataclasses import dataclass

from flows.store.connections import Connection
from flows.store.query import Row, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlLife:
    """What the file knows of one URL, each part by its time."""

    sightings: tuple[Row, ...]
    endings: tuple[Row, ...]
    articles: tuple[Row, ...]
    judgements: tuple[Row, ...]


def url_life(con: Connection, url_key: str) -> UrlLife:
    """The life of the URL that `flows.core.urls.url_key` reduces to this key."""
    asked = {"key": url_key}
    return UrlLife(
        sightings=rows_of(con, _SIGHTINGS, asked),
        endings=rows_of(con, _ENDINGS, asked),
        articles=rows_of(con, _ARTICLES, asked),
        judgements=rows_of(con, _JUDGED, asked),
    )


_SIGHTINGS = """
select source_id, run_id, seen_at, claimed_title, claimed_at, claimed_raw, claimed_problem, url
from sightings
where url_key = $key
order by seen_at
"""
_ENDINGS = """
select run_id, ended_at, ending, stage, reason, detail, http_status, relevance, rule_version,
       archive_ref, final_url, attempts, retry_at
from kept.endings
where key = md5_number_lower($key)
order by ended_at
"""
_ARTICLES = """
with found as (
    select r.article_id
    from kept.aliases a
    join kept.readings r on r.doc = a.article
    where a.key = md5_number_lower($key)
)
select n.article_id, n.title, n.outlet, n.published_at, n.published_precision, n.published_origin,
       n.published_raw, n.published_alternatives, n.published_problem, n.title_origin,
       n.first_seen_at, n.revisions, n.relevance, n.verdict, n.rules_version, n.story_id, n.copy_of,
       n.copy_kind, n.extractor, n.reader_version, n.archive_ref
from kept.known_at('infinity'::timestamptz) n
where n.article_id in (from found)
"""
_JUDGED = """
select article_id, verdict, relevance, contributions, rules_version, judged_at
from judgements
where article_id in (
    select r.article_id
    from kept.aliases a
    join kept.readings r on r.doc = a.article
    where a.key = md5_number_lower($key)
)
order by judged_at
"""
