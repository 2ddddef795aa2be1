"""`dateline backup`: a copy that can be restored."""

from pathlib import Path

import click

from flows.cli.main import config_option
from flows.core.settings import load_settings
from flows.core.terminal import print_line
from flows.core.text.cleaning import how_many
from flows.core.times import utc_now
from flows.operations.backup import back_up


@click.command()
@config_option
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def backup(config_dir: Path, folder: Path) -> None:
    """Copy store, archive, seeds and configuration into FOLDER; the next time only what is new.

    While runs write, too. The copy is a project in itself: `dateline check --config
    FOLDER/config` tries it.
    """
    settings = load_settings(config_dir)
    done = back_up(settings, folder, utc_now())
    print_line(
        f"{folder} holds {how_many(done.files, 'file')}; {done.copied:,} were new, "
        f"{done.bytes / 1e6:.1f} MB. `dateline check --config "
        f"{folder / settings.config_dir.name}` tries the copy."
    )
