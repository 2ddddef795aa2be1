"""A choice of articles → how many, of what kinds, on which days, and the rows of one page.

Decides what may be chosen by; refuses to know addresses and pages. Words are looked up by the
`search` macro, everything else in the list `newest` prepared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from flows.store.browsing.newest import Opened
from flows.store.query import Row, rows_of
from flows.store.rows import one_row

# facet → the column that holds it; a list column holds several
FACETS: Mapping[str, str] = {
    "language": "language",
    "country": "country",
    "character": "character",
    "house": "house",
    "outlet": "outlet",
    "form": "form",
    "concept": "concepts",
    "speaker": "speaker",
    "event": "event_id",
    "mark": "marks",
}
_LISTS = {"concept", "mark"}
# Counted and offered beside the results; an event is chosen from its own page
_OFFERED = ("character", "language", "country", "house", "outlet", "form", "concept", "mark")
_MOST_VALUES = 12
# Articles that have the words, best first: counting more would say nothing more
MOST_FOUND = 2_000
PAGE_ROWS = 25
# A chart has room for so many bars; longer spans are counted by week, then by month
_MOST_DAYS, _MOST_WEEKS = 100, 700

Order = Literal["best", "newest", "oldest", "seen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which articles: `picks` are (facet, value), `since` and `until` days, both included.

    `folded`: of one story only the original, or what stands nearest to it.
    """

    words: str = ""
    picks: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    folded: bool = True
    order: Order = "newest"

    def without(self, facet: str) -> "Choice":
        """The same, with this facet left open."""
        return replace(self, picks=tuple(pick for pick in self.picks if pick[0] != facet))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many a choice holds. `cut`: more have the words than are counted."""

    articles: int
    stories: int
    cut: bool


def look_up(opened: Opened, words: str) -> None:
    """Find the words once for all questions about one choice: `temp.found`."""
    opened.con.execute(
        "create or replace temp table found as select b.*, f.score, f.snippet "
        f"from search($words, most := {MOST_FOUND}) f join temp.browsed b using (article_id)",
        {"words": words},
    )


def sizes(opened: Opened, choice: Choice) -> Sizes:
    """How many articles and stories are chosen."""
    where, values = _chosen(opened, choice)
    query = f"select count(*), count(distinct b.story_id) {where}"
    articles, stories = one_row(opened.con, query, values)
    found = one_row(opened.con, "select count(*) from temp.found")[0] if choice.words else 0
    return Sizes(articles=int(articles), stories=int(stories), cut=int(found) >= MOST_FOUND)


def facets(opened: Opened, choice: Choice) -> dict[str, list[tuple[str, int]]]:
    """For each facet the values there are and how many of the otherwise chosen have them."""
    found: dict[str, list[tuple[str, int]]] = {}
    for facet in _OFFERED:
        column = FACETS[facet]
        where, values = _chosen(opened, choice.without(facet))
        value = f"unnest(b.{column})" if facet in _LISTS else f"b.{column}"
        counted = opened.con.execute(
            f"select value, count(*) as articles from (select {value} as value {where}) "
            f"where value is not null group by value order by articles desc, value "
            f"limit {_MOST_VALUES}",
            values,
        ).fetchall()
        if counted:
            found[facet] = [(str(name), int(count)) for name, count in counted]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Counts by time and kind: (first day of the day, week or month, kind) → articles."""

    step: Literal["day", "week", "month"]
    first: date
    last: date
    counts: Mapping[tuple[date, str], int]


def days(opened: Opened, choice: Choice, by: str) -> Days | None:
    """The chosen articles a day (week, month), by a facet of one value; None: there are none."""
    where, values = _chosen(opened, choice)
    first, last = one_row(opened.con, f"select min(b.day), max(b.day) {where}", values)
    if first is None:
        return None
    span = (last - first).days + 1
    step: Literal["day", "week", "month"] = (
        "day" if span <= _MOST_DAYS else "week" if span <= _MOST_WEEKS else "month"
    )
    rows = opened.con.execute(
        f"select date_trunc('{step}', b.day)::date, coalesce(b.{FACETS[by]}, ''), count(*) {where} "
        "group by 1, 2",
        values,
    ).fetchall()
    counts = {(day, str(kind)): int(count) for day, kind, count in rows}
    starts = [day for day, _ in counts]
    return Days(step=step, first=min(starts), last=max(starts), counts=counts)


def listed(
    opened: Opened, choice: Choice, *, most: int = PAGE_ROWS, skipping: int = 0
) -> tuple[Row, ...]:
    """The rows of one page; `together`: how many of its story are chosen."""
    where, values = _chosen(opened, choice)
    order = _ORDERS[choice.order if choice.words or choice.order != "best" else "newest"]
    narrow = "select b.place, b.story_id" + (", b.score" if choice.words else ", null as score")
    if choice.folded:
        page = f"""
with chosen as ({narrow} {where}),
     folded as (select min(place) as place, count(*) as together, max(score) as score
                from chosen group by story_id)
select b.article_id, p.together from folded p join temp.browsed b on b.place = p.place
"""
    else:
        page = f"""
with chosen as ({narrow} {where})
select b.article_id, 1 as together from chosen p join temp.browsed b on b.place = p.place
"""
    page += f"order by {order}, b.place limit {int(most)} offset {int(skipping)}"
    found = opened.con.execute(page, values).fetchall()
    together = {str(name): int(count) for name, count in found}
    rows = {str(row["article_id"]): row for row in rows_named(opened, tuple(together))}
    begun = _beginnings(opened, choice, tuple(together))
    return tuple(
        rows[name] | {"together": count, "snippet": begun.get(name)}
        for name, count in together.items()
    )


def rows_named(opened: Opened, article_ids: Sequence[str]) -> tuple[Row, ...]:
    """The rows of these articles, by their time."""
    return rows_of(
        opened.con,
        f"select {_ROW} from temp.browsed b where b.article_id in (select unnest($ids)) "
        "order by b.moment, b.article_id",
        {"ids": list(article_ids)},
    )


_ROW = """b.article_id, b.url, b.outlet, b.source_id, b.language, b.country, b.character, b.house,
b.title, b.published_at, b.published_precision, b.first_seen_at, b.seen_at, b.moment, b.day,
b.borderline, b.relevance, b.story_id, b.copy_of, b.copy_kind, b.revisions, b.marks, b.event_id"""

_ORDERS: Mapping[str, str] = {
    "best": "p.score desc",
    "newest": "b.moment desc",
    "oldest": "b.moment",
    "seen": "b.seen_at desc",
}


def _chosen(opened: Opened, choice: Choice) -> tuple[str, dict[str, object]]:
    """`from … where …` of a choice, and its values."""
    values: dict[str, object] = {}
    conditions = ["true"]
    for number, (facet, value) in enumerate(choice.picks):
        values[f"pick{number}"] = value
        conditions.append(_condition(opened, facet, f"$pick{number}"))
    for name, sign in (("since", ">="), ("until", "<=")):
        if (day := getattr(choice, name)) is not None:
            values[name] = day
            conditions.append(f"b.day {sign} ${name}")
    listed = "temp.found" if choice.words else "temp.browsed"
    return f"from {listed} b where {' and '.join(conditions)}", values


def _condition(opened: Opened, facet: str, value: str) -> str:
    if facet == "speaker":
        if not opened.has("statements", "speaker", "article_id"):
            return f"{value} is null"
        return f"b.article_id in (select article_id from statements where speaker = {value})"
    column = FACETS[facet]
    return f"list_contains(b.{column}, {value})" if facet in _LISTS else f"b.{column} = {value}"


def _beginnings(opened: Opened, choice: Choice, names: Sequence[str]) -> dict[str, str | None]:
    """For each article where its words stand, or else how it begins."""
    begun = dict(
        opened.con.execute(
            "select article_id, left(lede, 400) from articles "
            "where article_id in (select unnest($ids))",
            {"ids": list(names)},
        ).fetchall()
    )
    if choice.words:
        begun |= dict(
            opened.con.execute(
                "select article_id, snippet from temp.found "
                "where article_id in (select unnest($ids)) and snippet is not null",
                {"ids": list(names)},
            ).fetchall()
        )
    return begun
