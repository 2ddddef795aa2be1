"""`dateline topic audit` and `label`: what the rules may be missing, and a person's own labels."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from flows.cli.backfill import Day, check_order
from flows.cli.main import config_option, json_option
from flows.cli.published import Row, published_rows
from flows.core.errors import ConfigurationError
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_json, print_line, print_table, shown
from flows.core.text.cleaning import how_many
from flows.topic import load_topic
from flows.topic.auditing import Seen, lost_terms, most_similar
from flows.topic.labels import ABOUT, BESIDE, OFF, Labelled, add_label, read_labels
from flows.topic.opinion import Opinion, learn_opinion

_ACCEPTED = """
select title, text, url, language, relevance, borderline, first_seen_at as seen_at
from articles
where first_seen_at >= ?::timestamptz and first_seen_at < ?::timestamptz + interval 1 day
order by first_seen_at, article_id
"""
_REJECTED = """
with left_out as (
    select url, max(relevance) as relevance, max(seen_at) as seen_at
    from skips
    where reason = 'off_topic'
        and seen_at >= ?::timestamptz and seen_at < ?::timestamptz + interval 1 day
    group by url
)
select s.claimed_title as title, coalesce(s.claimed_summary, '') as text, l.url,
       c.language, l.relevance, l.seen_at
from left_out l
join (
    select url, source_id, claimed_title, claimed_summary
    from sightings
    where claimed_title is not null
    qualify row_number() over (partition by url order by seen_at desc) = 1
) s on s.url = l.url
left join sources c on c.source_id = s.source_id
order by l.relevance desc nulls last, l.url
"""
_ANSWERS = {"2": ABOUT, "1": BESIDE, "0": OFF}


def _days(command: Any) -> Any:
    """--since and --until of a command; by default everything."""
    since = click.option(
        "--since", type=Day(), default="1900-01-01", help="First day first seen, UTC."
    )
    until = click.option(
        "--until", type=Day(), default="9999-12-30", help="Last day first seen, UTC."
    )
    return since(until(command))


@click.command()
@_days
@click.option("--count", default=15, show_default=True, type=click.IntRange(1),
              help="How many of each to list.")  # fmt: skip
@config_option
@json_option
def audit(config_dir: Path, since: date, until: date, count: int, as_json: bool) -> None:
    """List what was kept, what was borderline, the most similar of what was rejected, and words
    that set articles on the topic apart and stand in no rule."""
    settings = load_settings(config_dir)
    rules = load_topic(settings.topic_path)
    kept, borderline, rejected = _period(settings, since, until)
    opinion = _opinion(settings)
    similar = most_similar(kept or borderline, rejected, count)
    lost = lost_terms(kept, rejected, rules, count)
    if as_json:
        print_json(
            {
                "kept": [_plain(one, opinion) for one in kept[-count:]],
                "borderline": [_plain(one, opinion) for one in borderline[-count:]],
                "most_similar_rejected": [
                    {**_plain(one, opinion), "similarity": round(near, 3)} for one, near in similar
                ],
                "lost_terms": [
                    {"term": one.term, "on": one.on, "off": one.off, "weight": one.weight}
                    for one in lost
                ],
            }
        )
        return
    print_line(f"{len(kept)} kept, {len(borderline)} borderline, {len(rejected)} rejected")
    _print_seen("Kept, the newest", kept[-count:], opinion)
    _print_seen("Borderline, the newest", borderline[-count:], opinion)
    _print_seen("Rejected, most similar to what was kept", [one for one, _ in similar], opinion)
    print_table(
        ("word", "#kept", "#rejected", "#weight"),
        [(one.term, one.on, one.off, one.weight) for one in lost],
        title="Words of kept articles that stand in no rule",
    )


@click.command()
@_days
@click.option("--count", default=20, show_default=True, type=click.IntRange(1),
              help="How many to ask about.")  # fmt: skip
@config_option
def label(config_dir: Path, since: date, until: date, count: int) -> None:
    """Ask about articles nearest to the threshold, and remember the answers as labels.

    The labels lie beside the store, as JSON Lines, for `dateline topic eval`. From some two
    hundred on, a second opinion learned from them is shown with each question.
    """
    settings = load_settings(config_dir)
    path = settings.labels_path
    known = read_labels(path) if path.exists() else []
    kept, borderline, rejected = _period(settings, since, until)
    opinion = learn_opinion(known)
    asked = {one.url or one.title for one in known}
    waiting = [
        one for one in (*borderline, *kept, *rejected) if (one.url or one.title) not in asked
    ]
    waiting.sort(key=lambda one: abs((one.relevance or 0.0) - 0.5))
    given = 0
    for one in waiting[:count]:
        answer = _ask(one, opinion)
        if answer == "q":
            break
        if answer in _ANSWERS:
            add_label(path, _labelled(one, _ANSWERS[answer]))
            given += 1
    print_line(f"{how_many(given, 'label')} added; {path} holds {len(known) + given}.")


def _ask(one: Seen, opinion: Opinion | None) -> str:
    print_line()
    print_line(shown(one.title))
    print_line(f"  {shown(one.text)[:500]}")
    said = f"; second opinion {opinion.of(one.title, one.text):.2f}" if opinion else ""
    print_line(
        f"  rules: {one.verdict}, relevance {one.relevance or 0:.2f}{said}  {shown(one.url)}"
    )
    choice = click.Choice(["2", "1", "0", "s", "q"])
    return str(click.prompt("2 about, 1 beside, 0 off, s skip, q stop", type=choice, default="s"))


def _labelled(one: Seen, answer: int) -> Labelled:
    return Labelled(
        label=answer,
        title=one.title,
        text=one.text[:2000],
        language=one.language,
        day=one.seen_at[:10],
        url=one.url,
    )


def _period(settings: Settings, since: date, until: date) -> tuple[list[Seen], ...]:
    """What was kept, borderline and rejected in some days."""
    check_order(since, until)
    accepted = published_rows(settings, _ACCEPTED, (since, until))
    rejected = published_rows(settings, _REJECTED, (since, until))
    kept = [_seen(row, "on_topic") for row in accepted if not row["borderline"]]
    borderline = [_seen(row, "borderline") for row in accepted if row["borderline"]]
    return kept, borderline, [_seen(row, "off_topic") for row in rejected]


def _seen(row: Row, verdict: str) -> Seen:
    at = row["seen_at"]
    return Seen(
        title=row["title"] or "",
        text=row["text"] or "",
        url=row["url"] or "",
        language=row["language"],
        relevance=row["relevance"],
        verdict=verdict,
        seen_at=at.isoformat() if isinstance(at, datetime) else "",
    )


def _opinion(settings: Settings) -> Opinion | None:
    try:
        return learn_opinion(read_labels(settings.labels_path))
    except ConfigurationError:  # no labels were given yet
        return None


def _print_seen(title: str, rows: Sequence[Seen], opinion: Opinion | None) -> None:
    columns = ("first seen", "#relevance", "title", "url")
    more = ("#second opinion",) if opinion else ()
    print_table(
        (*columns[:2], *more, *columns[2:]),
        [
            (
                one.seen_at[:16],
                one.relevance,
                *([opinion.of(one.title, one.text)] if opinion else []),
                one.title,
                one.url,
            )
            for one in rows
        ],
        title=title,
    )
    print_line()


def _plain(one: Seen, opinion: Opinion | None) -> dict[str, Any]:
    said = {"second_opinion": round(opinion.of(one.title, one.text), 3)} if opinion else {}
    return {
        "title": one.title,
        "url": one.url,
        "language": one.language,
        "relevance": one.relevance,
        "first_seen_at": one.seen_at,
        **said,
    }
