"""What the first page tells: how much there is, what is new, which texts spread.

Decides what counts as new: first seen since a day. Refuses to know pages.
"""

from datetime import date, timedelta

from flows.store.browsing.newest import Opened
from flows.store.query import Row, rows_of
from flows.store.rows import one_row


def totals(opened: Opened) -> Row:
    """Counts over the whole file."""
    (row,) = rows_of(opened.con, _TOTALS)
    return row


def day_before_newest(opened: Opened) -> date | None:
    """The day before the newest article was first seen: since when "new" is, unless told."""
    query = "select max((first_seen_at at time zone 'UTC')::date) from temp.browsed"
    (newest,) = one_row(opened.con, query)
    return newest - timedelta(days=1) if newest is not None else None


def new_stories(opened: Opened, since: date, *, most: int = 12) -> tuple[Row, ...]:
    """Stories first seen since a day: those of most outlets first, then the newest."""
    return rows_of(opened.con, f"{_NEW_STORIES} limit {int(most)}", {"since": since})


def new_events(opened: Opened, since: date, *, most: int = 8) -> tuple[Row, ...]:
    """Events reported since a day, of most outlets first; empty where the file has none."""
    if not opened.has("events", *EVENT_COLUMNS):
        return ()
    return rows_of(
        opened.con,
        f"select {', '.join(EVENT_COLUMNS)} from events where until >= $since::timestamptz "
        f"order by outlets desc, until desc limit {int(most)}",
        {"since": since},
    )


def events(opened: Opened, *, most: int = 200) -> tuple[Row, ...]:
    """Events, the newest first; empty where the file has none."""
    if not opened.has("events", *EVENT_COLUMNS):
        return ()
    return rows_of(
        opened.con,
        f"select {', '.join(EVENT_COLUMNS)} from events order by since desc, event_id "
        f"limit {int(most)}",
    )


def event(opened: Opened, event_id: str) -> Row | None:
    """One event; None if there is none, or no such view."""
    if not opened.has("events", *EVENT_COLUMNS):
        return None
    found = rows_of(
        opened.con,
        f"select {', '.join(EVENT_COLUMNS)} from events where event_id = $id",
        {"id": event_id},
    )
    return found[0] if found else None


def event_articles(opened: Opened, event_id: str) -> tuple[str, ...]:
    """Which articles report an event."""
    if not opened.has("event_articles", "event_id", "article_id"):
        return ()
    rows = opened.con.execute(
        "select article_id from event_articles where event_id = $id", {"id": event_id}
    ).fetchall()
    return tuple(str(name) for (name,) in rows)


def statements(
    opened: Opened,
    *,
    speaker: str = "",
    concept: str = "",
    article_ids: tuple[str, ...] = (),
    most: int = 100,
) -> tuple[Row, ...]:
    """Who said what, the newest first; empty where the file has no statements."""
    if not opened.has("statements", "speaker", "statement", "said_at", "about"):
        return ()
    return rows_of(
        opened.con,
        f"{_STATEMENTS} limit {int(most)}",
        {"speaker": speaker, "concept": concept, "ids": list(article_ids)},
    )


def speakers(opened: Opened, *, most: int = 40) -> tuple[Row, ...]:
    """Who spoke how often; empty where the file has no statements."""
    if not opened.has("statements", "speaker"):
        return ()
    return rows_of(
        opened.con,
        "select speaker, count(*) as statements from statements where speaker is not null "
        f"group by speaker order by statements desc, speaker limit {int(most)}",
    )


def terms_found(opened: Opened, *, newest: int = 5_000) -> dict[str, int]:
    """How many of the `newest` articles hold each term of the topic."""
    rows = opened.con.execute(
        "select term, count(*) from (select unnest(matched_terms) as term from articles "
        "where article_id in (select article_id from temp.browsed order by moment desc "
        f"limit {int(newest)})) group by term"
    ).fetchall()
    return {str(term): int(count) for term, count in rows}


def borderline(opened: Opened, *, most: int = 500) -> tuple[Row, ...]:
    """Articles between the two thresholds, those nearest to being kept first."""
    return rows_of(opened.con, f"{_BORDERLINE} limit {int(most)}")


EVENT_COLUMNS = (
    "event_id", "title", "articles", "stories", "outlets", "languages", "countries", "since",
    "until", "first_article_id",
)  # fmt: skip
_TOTALS = """
select count(*) as articles, count(distinct story_id) as stories, count(copy_of) as copies,
       count(distinct outlet) as outlets, count(distinct language) as languages,
       count(distinct country) as countries, count(*) filter (borderline) as borderline,
       count(*) filter (revisions > 1) as edited, min(day) as first_day, max(day) as last_day,
       max(first_seen_at) as newest_seen_at
from temp.browsed
"""
_NEW_STORIES = """
with new as (
    select min(place) as place, min(first_seen_at) as first_seen_at, count(*) as articles,
           count(distinct outlet) as outlets, arg_min(title, place) as named
    from temp.browsed
    group by story_id
    having min(first_seen_at) >= $since::timestamptz
)
select b.story_id, b.article_id, coalesce(b.title, n.named) as title, b.outlet, b.language,
       b.published_at, b.published_precision, n.first_seen_at, n.articles, n.outlets
from new n join temp.browsed b on b.place = n.place
order by n.outlets desc, b.moment desc, b.story_id
"""
_STATEMENTS = """
select s.article_id, s.speaker, s.verb, s.statement, s.kind, s.about, s.said_at, s.language,
       b.outlet, b.title
from statements s
left join temp.browsed b using (article_id)
where ($speaker = '' or s.speaker = $speaker)
  and ($concept = '' or list_contains(s.about, $concept))
  and (len($ids::varchar[]) = 0 or s.article_id in (select unnest($ids::varchar[])))
order by s.said_at desc nulls last, s.article_id, s.statement
"""
_BORDERLINE = """
select a.article_id, a.title, a.url, a.language, a.outlet, a.relevance, left(a.text, 2000) as text,
       a.published_at, a.published_precision, a.first_seen_at
from articles a
where a.article_id in (select article_id from temp.browsed where borderline)
order by a.relevance desc, a.article_id
"""
