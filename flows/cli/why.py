"""`dateline why URL`: where a URL was seen, what was fetched, how each decision fell."""

from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.published import Row, published_answers, said_otherwise
from flows.core.carriers import link_target
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line, shown
from flows.core.text.cleaning import how_many
from flows.core.urls import url_key

_SIGHTINGS = """
select source_id, run_id, seen_at, claimed_title, claimed_at, claimed_raw, claimed_problem, url
from sightings
where url_key = ?
order by seen_at
"""
_ENDINGS = """
select run_id, ended_at, ending, stage, reason, detail, http_status, relevance, rule_version,
       archive_ref, final_url, attempts, retry_at
from kept.endings
where key = md5_number_lower(?)
order by ended_at
"""
_ARTICLES = """
with found as (
    select r.article_id
    from kept.aliases a
    join kept.readings r on r.doc = a.article
    where a.key = md5_number_lower(?)
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
    where a.key = md5_number_lower(?)
)
order by judged_at
"""


@click.command()
@click.argument("url")
@config_option
@json_option
def why(config_dir: Path, url: str, as_json: bool) -> None:
    """The life of a URL: sightings, fetches, and how each decision fell."""
    settings = load_settings(config_dir)
    address = link_target(url)
    if address is None:
        raise click.BadParameter(
            f"{url!r} is no http(s) URL; write it whole, as https://daily.example/story",
            param_hint="URL",
        )
    key = url_key(address)
    sightings, endings, articles, judged = published_answers(
        settings, *((query, (key,)) for query in (_SIGHTINGS, _ENDINGS, _ARTICLES, _JUDGED))
    )
    if as_json:
        print_json(
            {"url": address, "url_key": key, "sightings": sightings, "endings": endings,
             "articles": articles, "judgements": judged}
        )  # fmt: skip
        return
    print_line(address)
    print_line(f"key  {key}")
    if not sightings and not endings and not articles:
        print_line("Never seen: no source has listed this URL.")
        return
    _print_sightings(sightings)
    _print_endings(endings)
    for article in articles:
        _print_article(article)
        _print_judgements([row for row in judged if row["article_id"] == article["article_id"]])


def _print_sightings(sightings: list[Row]) -> None:
    for row in sightings:
        claimed = shown(row["claimed_at"]) or row["claimed_problem"] or "no date"
        print_line(
            f"seen     {shown(row['seen_at'])}  by {row['source_id']} in {row['run_id']}: "
            f"{shown(row['claimed_title']) or 'no title'} ({claimed})"
        )


def _print_endings(endings: list[Row]) -> None:
    for row in endings:
        line = f"{row['ending']:<8} {shown(row['ended_at'])}  in {row['run_id']}"
        if row["reason"]:
            line += f": {row['reason']} at {row['stage']}"
            line += "".join(
                f", {name} {shown(row[name])}"
                for name in ("detail", "http_status", "relevance", "rule_version")
                if row[name] not in (None, "")
            )
            line += f"; tried again from {shown(row['retry_at'])}" if row["retry_at"] else (
                "; not fetched again"
            )  # fmt: skip
        if row["archive_ref"]:
            line += f"  [{row['archive_ref']}]"
        print_line(line)


def _print_article(row: Row) -> None:
    print_line(f"article  {row['article_id']}  {shown(row['title']) or '(no title)'}")
    print_line(
        f"         title from {row['title_origin'] or 'nowhere'}; text by {row['extractor']}, "
        f"reader {row['reader_version']}; {how_many(row['revisions'], 'revision')}"
    )
    if row["published_at"] is not None:
        print_line(
            f"         published {shown(row['published_at'])} to the {row['published_precision']}, "
            f"from {row['published_origin']} ({shown(row['published_raw'])})"
        )
    else:
        print_line(f"         not dated: {row['published_problem'] or 'nobody claimed a time'}")
    for claim in said_otherwise(row["published_alternatives"]):
        print_line(f"         otherwise {claim}")
    if row["copy_of"]:
        print_line(f"         {row['copy_kind']} copy of {row['copy_of']}, story {row['story_id']}")


def _print_judgements(judged: list[Row]) -> None:
    for row in judged:
        print_line(
            f"judged   {shown(row['judged_at'])}  {row['verdict']}, relevance "
            f"{row['relevance']:.2f}, rules {row['rules_version']}"
        )
        for part in row["contributions"] or ():
            print_line(f"         {part['points']:+.1f} {part['rule']}: {shown(part['evidence'])}")
