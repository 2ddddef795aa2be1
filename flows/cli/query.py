"""`dateline search`, `show`, `sql`: questions to the published file."""

import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.published import said_otherwise
from flows.core.csv_writing import write_csv
from flows.core.settings import load_settings
from flows.core.terminal import fits, print_json, print_line, print_records, print_table, shown
from flows.store import open_published
from flows.store.query import Row, Shown, answering, ask, shown_article
from flows.store.search import search as search_articles

_UNWANTED = re.compile("-[^-]")


class _AsTyped(click.ParamType[str]):
    """What was typed in UTF-8, whatever the locale took it for: DuckDB takes nothing else."""

    name = "text"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,  # noqa: ARG002  click's signature
        ctx: click.Context | None,  # noqa: ARG002
    ) -> str:
        typed = value.encode("utf-8", "surrogateescape")
        return typed.decode("utf-8", "replace")


class _Wording(click.Command):
    """-word is a word not wanted, not a row of options that may hold -h; --word is an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ours = args[: args.index("--")] if "--" in args else args
        unwanted = [word for word in ours if _UNWANTED.match(word) and word != "-h"]
        options = [word for word in ours if word not in unwanted]
        return super().parse_args(ctx, [*options, "--", *unwanted, *args[len(ours) + 1 :]])


@click.command(cls=_Wording)
@click.argument("words", nargs=-1, required=True, type=_AsTyped())
@config_option
@json_option
@click.option("--most", default=20, show_default=True, type=click.IntRange(1, 100_000))
def search(words: tuple[str, ...], config_dir: Path, as_json: bool, most: int) -> None:
    """Ranked full-text search over the articles on the topic.

    A quoted phrase stands as written ('"peace plan"'), -word must not stand, word* is any word
    that begins so. Case, accents and endings make no difference.
    """
    asked = " ".join(words)
    path = load_settings(config_dir).store.path
    with open_published(path) as con, answering(path):
        hits = list(search_articles(con, asked, most=most))
    if as_json:
        print_json([asdict(hit) for hit in hits])
        return
    if not hits:
        print_line("No article has these words.")
    for hit in hits:
        print_line(f"{hit.article_id}  {shown(hit.published_at)[:10]:10}  {hit.outlet or ''}")
        print_line(f"    {_one_line(hit.title) or '(no title)'}")
        print_line(f"    {_one_line(hit.snippet)}")


@click.command()
@click.argument("article_id", metavar="ID", type=_AsTyped())
@config_option
@json_option
def show(article_id: str, config_dir: Path, as_json: bool) -> None:
    """One article with its revisions, copies, links and sightings. The start of an ID will do."""
    path = load_settings(config_dir).store.path
    with open_published(path) as con, answering(path):
        found = shown_article(con, article_id)
    if as_json:
        print_json(asdict(found))
    else:
        _print_article(found)


@click.command()
@click.argument("query", type=_AsTyped())
@config_option
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, safe to open in a spreadsheet.")
def sql(query: str, config_dir: Path, as_json: bool, as_csv: bool) -> None:
    """Answer any SQL that reads the store. Nothing can be written, attached, or read elsewhere.

    A QUERY of - is read from standard input. Rows too wide for a table are printed one by one.
    """
    with open_published(load_settings(config_dir).store.path) as con:
        answer = ask(con, sys.stdin.read() if query == "-" else query)
    if as_json:
        names = _told_apart(answer.columns)
        print_json([dict(zip(names, row, strict=True)) for row in answer.rows])
    elif as_csv:
        write_csv(sys.stdout, answer.columns, answer.rows)
    else:
        wide = not fits(answer.columns, answer.rows)
        (print_records if wide else print_table)(answer.columns, answer.rows)
        print_line(f"{len(answer.rows)} row{'' if len(answer.rows) == 1 else 's'}")


def _told_apart(columns: Sequence[str]) -> list[str]:
    """Each name once, as DuckDB numbers them in a table: a, a_1, a_2."""
    names: list[str] = []
    for column in columns:
        name, number = column, 0
        while name in names:
            number += 1
            name = f"{column}_{number}"
        names.append(name)
    return names


def _print_article(found: Shown) -> None:
    article = found.article
    print_line(_one_line(article["title"]) or "(no title)")
    told = [article["outlet"], article["published_at"], article["authors"], article["url"]]
    print_line(" · ".join(filter(None, (_one_line(fact) for fact in told))))
    for name in _FACTS:
        if article[name] not in (None, [], ""):
            print_line(f"  {name:<20} {_one_line(article[name])}")
    for claim in said_otherwise(article["published_alternatives"]):
        print_line(f"  {'published otherwise':<20} {claim}")
    print_line()
    print_line(str(article["text"]))
    _print_revisions(found.revisions)
    _print_rows("Copies and originals", found.copies, _COPY_COLUMNS)
    _print_rows("Links", found.links, ("a", "b", "kind", "passages", "rule_version"))
    _print_rows("Seen", found.sightings, ("seen_at", "source_id", "claimed_title", "url"))


def _print_revisions(revisions: Sequence[Row]) -> None:
    for before, after in pairwise(revisions):
        print_line()
        why = "" if after["cause"] == "publisher" else ", read better by us"
        print_line(f"Revision {after['revision']}, seen {shown(after['seen_at'])}{why}")
        if before["title"] != after["title"]:
            print_line(f"  title: {_one_line(before['title'])} → {_one_line(after['title'])}")
        print_line(_word_diff(str(before["text"]), str(after["text"])))


def _word_diff(before: str, after: str) -> str:
    """Changed words in {-old-} {+new+}, with some words around; the rest is left out."""
    from flows.dedup.revisions import word_diff  # numpy, only when there is something to show

    marks = {"added": "{{+{}+}}", "removed": "{{-{}-}}"}
    parts = []
    for passage in word_diff(before, after):
        text = " ".join(passage.text.split())
        if passage.kind == "kept":
            parts.append(text if len(text) < 120 else f"{text[:50]} … {text[-50:]}")
        else:
            parts.append(marks[passage.kind].format(text))
    return " ".join(parts)


def _print_rows(title: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    if rows:
        print_line()
        print_table(columns, [[row[name] for name in columns] for row in rows], title=title)


def _one_line(value: object) -> str:
    return " ".join(shown(value).split())


_FACTS = (
    "article_id", "language", "country", "section", "tags", "agencies", "dateline",
    "published_precision", "published_origin", "published_zone", "published_problem", "modified_at",
    "first_seen_at", "stored_at", "origin", "relevance", "borderline", "matched_terms",
    "story_id", "copy_of", "copy_kind", "revisions", "free_to_read", "form", "extractor",
    "reader_version", "archive_ref",
)  # fmt: skip
_COPY_COLUMNS = ("article_id", "outlet", "published_at", "copy_kind", "copy_of", "title")
