"""What stands on each page: questions to the file, put together for a template.

Decides which facts a page shows; refuses to know HTML, addresses and requests. The server and the
report use the same functions.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from flows.browse import charts
from flows.browse.diffs import line_pair, pairs
from flows.browse.rendering import Sheet
from flows.core.text.cleaning import how_many
from flows.store.browsing import listing, overview, told, watched
from flows.store.browsing.listing import Choice
from flows.store.browsing.newest import Opened
from flows.store.browsing.told import Told
from flows.store.query import Row
from flows.store.url_life import UrlLife
from flows.topic import Topic
from flows.topic.marking import Marker

CHART_BY = ("character", "country", "language")
# The first page's chart begins so long before what is new
_CHART_BEFORE = timedelta(days=60)
# Edits whose words are shown on the page of edits; of the others the numbers
_SHOWN_EDITS = 12


def sections(opened: Opened, *, live: bool) -> tuple[tuple[str, str], ...]:
    """The pages there is anything for: (name, words), in the order of the menu."""
    always = [("overview", "Overview"), ("search", "Search") if live else ("articles", "Articles")]
    views = (
        ("events", "Events", "events"),
        ("statements", "Statements", "statements"),
        ("attention", "Attention", "attention"),
    )
    there = [(name, title) for name, title, view in views if opened.has(view)]
    rest = [("edits", "Edits"), ("sources", "Sources"), ("topic", "Topic")]
    return (*always, *there, *rest, *([("why", "Why")] if live else []))


def overview_sheet(opened: Opened, since: date | None, by: str = "character") -> Sheet:
    """The first page. `since`: from when things are new; by default the last two days we saw."""
    begin = since or overview.day_before_newest(opened)
    by = by if by in CHART_BY else CHART_BY[0]
    shown = Choice()
    if begin is not None:  # up to today, as the file knows it: a wrong date lies far ahead
        until = begin + timedelta(days=1) if since is None else None
        shown = Choice(since=begin - _CHART_BEFORE, until=until)
    days = listing.days(opened, shown, by)
    return Sheet(
        template="overview",
        values={
            "totals": overview.totals(opened),
            "since": begin,
            "by": by,
            "choices": CHART_BY,
            "chart": charts.bars(days) if days else None,
            "choice": Choice(),
            "stories": overview.new_stories(opened, begin) if begin else (),
            "events": overview.new_events(opened, begin) if begin else (),
            "statements": overview.statements(opened, most=5),
            "edits": [_edit(row, texts=True) for row in told.edited(opened, most=5, largest=False)],
            "strip": watched.strip(opened),
            "gaps": watched.gaps(opened, most=6),
            "reasons": watched.reasons(opened, since=begin) if begin else (),
            "run": watched.last_run(opened),
        },
    )


def search_sheet(opened: Opened, choice: Choice, page: int) -> Sheet:
    """Articles of a choice with what else could be chosen."""
    if choice.words:
        listing.look_up(opened, choice.words)
    sizes = listing.sizes(opened, choice)
    days = listing.days(opened, choice, "character")
    rows = listing.listed(opened, choice, skipping=(page - 1) * listing.PAGE_ROWS)
    shown = sizes.stories if choice.folded else sizes.articles
    return Sheet(
        template="search",
        values={
            "choice": choice,
            "sizes": sizes,
            "facets": listing.facets(opened, choice),
            "chart": charts.bars(days) if days else None,
            "rows": rows,
            "page": page,
            "pages": -(-shown // listing.PAGE_ROWS),
            "facet_names": FACET_NAMES,
        },
    )


def articles_sheet(rows: Sequence[Row], title: str) -> Sheet:
    """A plain list of articles, as a folder has instead of a search."""
    return Sheet(template="articles", values={"rows": rows, "title": title})


def article_sheet(article: Told, topic: Topic) -> Sheet:
    """One article with all that is known of it. `topic`: which groups a rule looks for."""
    judgement = article.judgement
    matches = judgement["matches"] if judgement else None
    contributions = judgement["contributions"] if judgement else None
    terms = matches if isinstance(matches, list) else []
    earned = contributions if isinstance(contributions, list) else []
    changes = [
        {"row": after, "title": line_pair(before["title"], after["title"]),
         "pairs": pairs(before["text"], after["text"])}
        for before, after in pairwise(article.revisions)
    ]  # fmt: skip
    return Sheet(
        template="article",
        values={
            "told": article,
            "article": article.article,
            "marker": Marker(_telling(terms, earned, topic)),
            "contributions": earned,
            "evidence": [str(part["evidence"]) for part in earned],
            "changes": changes,
            "others": [
                row for row in article.story if row["article_id"] != article.article["article_id"]
            ],
        },
    )


def story_sheet(opened: Opened, story_id: str) -> Sheet | None:
    """How one text spread; None if there is no such story."""
    rows = told.family(opened, story_id)
    if not rows:
        return None
    original = min(rows, key=lambda row: (row["copy_of"] is not None, str(row["moment"])))
    return Sheet(
        template="story",
        values={
            "rows": rows,
            "original": original,
            "dots": charts.spread(rows),
            "changes": {
                str(row["article_id"]): pairs(original["text"], row["text"])
                for row in rows[:_SHOWN_EDITS]
                if row is not original and row["copy_kind"] != "same"
            },
        },
    )


def edits_sheet(opened: Opened, since: date | None = None, *, largest: bool = True) -> Sheet:
    """What publishers changed without saying so."""
    rows = told.edited(opened, since=since, most=60, largest=largest)
    return Sheet(
        template="edits",
        values={
            "edits": [_edit(row, texts=place < _SHOWN_EDITS) for place, row in enumerate(rows)],
            "largest": largest,
        },
    )


def sources_sheet(opened: Opened) -> Sheet:
    """Every source with its last weeks, and what is open."""
    calendar = watched.calendar(opened)
    return Sheet(
        template="sources",
        values={
            "calendar": calendar,
            "runs": {
                str(row["source_id"]): charts.runs(calendar, str(row["source_id"]))
                for row in calendar.sources
            }
            if calendar
            else {},
            "strip": watched.strip(opened),
            "gaps": watched.gaps(opened),
        },
    )


def source_sheet(opened: Opened, source_id: str) -> Sheet | None:
    """One source; None if it is none."""
    source = watched.source(opened, source_id)
    if source is None:
        return None
    return Sheet(
        template="source",
        values={
            "source": source,
            "days": watched.source_days(opened, source_id),
            "checks": watched.source_checks(opened, source_id),
            "gaps": watched.gaps(opened, source_id=source_id),
        },
    )


def why_sheet(url: str, problem: str = "", life: UrlLife | None = None, key: str = "") -> Sheet:
    """The life of any URL."""
    return Sheet(template="why", values={"url": url, "problem": problem, "life": life, "key": key})


def topic_sheet(opened: Opened, topic: Topic, labelled: Mapping[str, int], token: str) -> Sheet:
    """Groups and terms with how many articles hold them, and what waits for a person's word.

    `labelled`: urls (titles where there is none) that have a label; `token`: what a label needs.
    """
    found = overview.terms_found(opened)
    groups = [
        (group.name, sum(1 for term in group.terms if term.text in found),
         sorted({(found.get(term.text, 0), term.text) for term in group.terms},
                key=lambda one: (-one[0], one[1])))
        for group in topic.groups
    ]  # fmt: skip
    waiting = [
        row
        for row in overview.borderline(opened)
        if str(row["url"] or row["title"] or "") not in labelled
    ]
    return Sheet(
        template="topic",
        values={
            "topic": topic,
            "groups": groups,
            "waiting": waiting[:20],
            "waits": how_many(len(waiting), "article"),
            "labelled": len(labelled),
            "token": token,
        },
    )


def events_sheet(opened: Opened) -> Sheet:
    """What happened, the newest first."""
    return Sheet(template="events", values={"events": overview.events(opened)})


def event_sheet(opened: Opened, event_id: str) -> Sheet | None:
    """Reports of one happening; None if there is no such event."""
    event = overview.event(opened, event_id)
    if event is None:
        return None
    names = overview.event_articles(opened, event_id)
    return Sheet(
        template="event",
        values={
            "event": event,
            "rows": listing.rows_named(opened, names),
            "statements": overview.statements(opened, article_ids=names) if names else (),
        },
    )


def statements_sheet(opened: Opened, speaker: str = "", concept: str = "") -> Sheet:
    """Who said what, the newest first."""
    return Sheet(
        template="statements",
        values={
            "statements": overview.statements(opened, speaker=speaker, concept=concept),
            "speakers": overview.speakers(opened),
            "speaker": speaker,
            "concept": concept,
        },
    )


def attention_sheet(opened: Opened) -> Sheet:
    """How much of what outlets published was on the topic."""
    rows = watched.attention(opened)
    return Sheet(
        template="attention",
        values={"columns": list(rows[0]) if rows else [], "rows": rows},
    )


def missing_sheet(what: str) -> Sheet:
    """A page that says what is not there."""
    return Sheet(template="missing", values={"what": what})


FACET_NAMES = {
    "character": "Character",
    "language": "Language",
    "country": "Country",
    "house": "House",
    "outlet": "Outlet",
    "form": "Form",
    "concept": "Concept",
    "mark": "Particular",
    "event": "Event",
    "speaker": "Speaker",
}


def _edit(row: Row, *, texts: bool = False) -> dict[str, object]:
    return {
        "row": row,
        "title": line_pair(row["title_before"], row["title"]),
        "pairs": [pair for pair in pairs(row["text_before"], row["text"]) if pair.changed]
        if texts
        else [],
    }


def _telling(
    matches: Sequence[Mapping[str, object]], earned: Sequence[Mapping[str, object]], topic: Topic
) -> list[str]:
    """The terms found of groups that a rule which earned points looks for; all terms where today's
    rules are not those that judged. Common words count within others only: they would be noise."""
    includes = {group.name: group.includes for group in topic.groups}
    names = {str(part["rule"]) for part in earned}
    wanted = {
        group for rule in topic.rules if rule.name in names for group in rule.all_of + rule.any_of
    }
    while more := {other for name in wanted for other in includes.get(name, ())} - wanted:
        wanted |= more
    telling = [str(match["term"]) for match in matches if match["group"] in wanted]
    return telling or [str(match["term"]) for match in matches]
