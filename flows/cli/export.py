"""`dateline export`: a view as Parquet by month, CSV or JSON Lines."""

from pathlib import Path

import click

from flows.cli.main import config_option, json_option
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_json, print_line
from flows.store.exporting import export_view

_SUFFIXES = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--view", default="articles", show_default=True, help="Which public view.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["parquet", "csv", "jsonl"]),
    help="By the end of TARGET's name unless given: .csv, .jsonl, else parquet, a folder.",
)
@config_option
@json_option
def export(target: Path, view: str, kind: str | None, config_dir: Path, as_json: bool) -> None:
    """Write a view to TARGET, whole or not at all.

    Parquet becomes a folder with a folder for each month, which any Parquet reader takes whole.
    An earlier export at TARGET is replaced, and nothing else; nothing is written where the store
    and its archive are kept.
    Every cell of a CSV is quoted; what a spreadsheet would run as a formula gets an apostrophe.
    """
    if str(target) == "-":
        raise click.UsageError("export writes files; `dateline sql --csv` or --json prints")
    chosen = kind or _named(target)
    settings = load_settings(config_dir)
    rows = export_view(settings.store.path, view, chosen, target, keep_off=_kept_folders(settings))
    if as_json:
        print_json({"view": view, "format": chosen, "target": str(target), "rows": rows})
    else:
        print_line(f"{rows} rows of {view} written to {target} as {chosen}.")


def _kept_folders(settings: Settings) -> list[Path]:
    """Where no export may stand: the archive, the working files, and the folder they lie in,
    unless that is a folder of other things too: the project's, the home folder, or one above."""
    data = settings.store.path.resolve().parent
    of_others = (settings.base.resolve(), settings.config_dir.resolve(), Path.home().resolve())
    is_shared = any(one.is_relative_to(data) for one in of_others)
    return [settings.archive.path, settings.state_dir, *([] if is_shared else [data])]


def _named(target: Path) -> str:
    """The format that the name's end tells. Raises `click.UsageError` for that of another kind of
    file, which would become a folder of Parquet."""
    suffix = target.suffix.lower()
    if suffix.removeprefix(".").isalpha() and suffix not in _SUFFIXES:
        raise click.UsageError(
            f"{target} does not tell its format: end it in .csv or .jsonl, leave the end out for a "
            "folder of Parquet, or say --format"
        )
    return _SUFFIXES.get(suffix, "parquet")
