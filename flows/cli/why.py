"""`dateline why URL`: where a URL was seen, what was fetched, how each decision fell."""

from collections.abc import Iterable
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.published import Row, said_otherwise
from flows.core.carriers import link_target
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line, shown
from flows.core.text.cleaning import how_many
from flows.core.urls import url_key
from flows.store import open_published
from flows.store.query import answering
from flows.store.url_life import url_life


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
    path = settings.store.path
    with open_published(path) as con, answering(path):
        life = url_life(con, key)
    if as_json:
        print_json(
            {"url": address, "url_key": key, "sightings": life.sightings,
             "endings": life.endings, "articles": life.articles, "judgements": life.judgements}
        )  # fmt: skip
        return
    print_line(address)
    print_line(f"key  {key}")
    if not life.sightings and not life.endings and not life.articles:
        print_line("Never seen: no source has listed this URL.")
        return
    _print_sightings(life.sightings)
    _print_endings(life.endings)
    for article in life.articles:
        _print_article(article)
        _print_judgements(
            [row for row in life.judgements if row["article_id"] == article["article_id"]]
        )


def _print_sightings(sightings: Iterable[Row]) -> None:
    for row in sightings:
        claimed = shown(row["claimed_at"]) or row["claimed_problem"] or "no date"
        print_line(
            f"seen     {shown(row['seen_at'])}  by {row['source_id']} in {row['run_id']}: "
            f"{shown(row['claimed_title']) or 'no title'} ({claimed})"
        )


def _print_endings(endings: Iterable[Row]) -> None:
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
