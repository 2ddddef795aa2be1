"""`dateline rehearse`: the whole pipeline against the built-in news web, offline, in seconds."""

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.cli.options import until_stopped
from flows.cli.published import Row, published_rows
from flows.cli.run_report import as_facts, print_report
from flows.core import RunReport, RunState
from flows.core.errors import DatelineError
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_json, print_line, print_table, progress
from flows.core.text.cleaning import how_many
from flows.rehearsal.folder import renewed
from flows.rehearsal.rehearse import Rehearsal, pass_over_the_web, rehearse_in
from flows.rehearsal.timeline import STEPS

_FOUND = """
select title, outlet, language, published_at, article_id
from articles
order by published_at desc nulls last, article_id
"""
_SHOWN = ("published_at", "outlet", "language", "title")
_MOST_SHOWN = 10


@click.command()
@config_option
@json_option
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the rehearsal's configuration and store in this folder, to look around in; one kept "
    "there before is made anew.",
)
@click.option("--once", is_flag=True, help="One pass, and what it found; no score.")
def rehearse(config_dir: Path, as_json: bool, keep: Path | None, once: bool) -> None:
    """Try the program offline: a small invented news web, several polls, and a score.

    Takes the topic and the seeds of this project; its store stays as it is. A project about
    something else than the invented web rehearses with the web's own topic.
    """
    settings = load_settings(config_dir)
    if once:
        _one_pass(settings, keep, as_json=as_json)
        return
    with _folder(keep) as folder, progress("rehearsing", len(STEPS)) as bar:

        def tell(_: RunReport) -> None:
            bar.advance()

        rehearsal = rehearse_in(folder, settings.topic_path, settings.seeds_dir, tell=tell)
    if as_json:
        print_json(_plain(rehearsal))
    else:
        _print(rehearsal, keep)
    if rehearsal.score.differences:
        raise SystemExit(1)


def _one_pass(settings: Settings, keep: Path | None, *, as_json: bool) -> None:
    if keep is not None and not as_json:
        print_line(
            "One pass over an invented news web, served by this machine to itself, into a store of "
            f"its own below {keep}:\n"
        )
    with _folder(keep) as folder:
        kept, report = until_stopped(
            pass_over_the_web(folder, settings.topic_path, settings.seeds_dir)
        )
        found = published_rows(kept, _FOUND)
    if as_json:
        print_json(as_facts(report) | {"articles": found})
    else:
        _print_found(report, found)
        if keep is not None:
            _print_ways(keep / "config")
    if report.state is not RunState.COMPLETED or not report.stored:
        raise DatelineError("The pass over the invented news web stored nothing; see above why")


def _print_found(report: RunReport, found: list[Row]) -> None:
    print_report(report, as_json=False)
    print_line()
    print_table(
        tuple(_SHOWN), [[row[name] for name in _SHOWN] for row in found[:_MOST_SHOWN]],
        title=f"The newest of {how_many(len(found), 'article')}",
    )  # fmt: skip


def _print_ways(config: Path) -> None:
    print_line("\nLook around:")
    there = f"--config {shlex.quote(str(config))}"
    for way in (
        f"status {there}",
        f"search {there} 'twelve points'",
        f'sql {there} "select outlet, title from articles where copy_of is not null"',
    ):
        print_line(f"  {_called()} {way}")


def _called() -> str:
    """This command as whoever reads can call it: where no path leads to it, with its folder."""
    called = Path(sys.argv[0])
    if called.name != "dateline" or shutil.which("dateline") is not None:
        return "dateline"
    return os.path.relpath(called)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        with renewed(keep):
            yield keep
    else:
        with tempfile.TemporaryDirectory(prefix="dateline-rehearsal-") as folder:
            yield Path(folder)


def _plain(rehearsal: Rehearsal) -> dict[str, object]:
    return {
        "share": rehearsal.score.share,
        "with_own_topic": rehearsal.with_own_topic,
        "rules": [
            {"rule": rule, "hold": hold, "made": made}
            for rule, hold, made in rehearsal.score.by_rule()
        ],
        "differences": [str(check) for check in rehearsal.score.differences],
    }


def _print(rehearsal: Rehearsal, keep: Path | None) -> None:
    if rehearsal.with_own_topic:
        print_line("The invented web is not about this project's topic: it brought its own.\n")
    print_table(
        ("pass", "at", "#sources", "#failed", "#candidates", "#stored", "#revised", "#known",
         "#skipped"),
        [
            (r.kind, r.started_at, r.sources, r.sources_failed, r.candidates, r.stored, r.revised,
             r.known, r.skipped)
            for r in rehearsal.reports
        ],
        title="Passes over the invented web",
    )  # fmt: skip
    print_line()
    print_table(
        ("what must hold", "#hold", "#of"), rehearsal.score.by_rule(), title="Published and kept"
    )
    for check in rehearsal.score.differences:
        print_line(f"  {check}")
    print_line(f"Score {rehearsal.score.share:.1%}, {len(rehearsal.score.differences)} differences")
    if keep is not None:
        print_line(f"Look around: dateline status --config {keep / 'config'}")
