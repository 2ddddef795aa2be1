"""`dateline rehearse`: the whole pipeline against the built-in news web, offline, in seconds."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.core import RunReport
from flows.core.settings import load_settings
from flows.core.terminal import print_json, print_line, print_table, progress
from flows.rehearsal.rehearse import Rehearsal, rehearse_in
from flows.rehearsal.timeline import STEPS


@click.command()
@config_option
@json_option
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep the rehearsal's configuration and store in this folder, to look around in.",
)
def rehearse(config_dir: Path, as_json: bool, keep: Path | None) -> None:
    """Try the program offline: a small invented news web, several polls, and a score.

    Takes the topic and the seeds of this project; its store stays as it is. A project about
    something else than the invented web rehearses with the web's own topic.
    """
    settings = load_settings(config_dir)
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


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
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
