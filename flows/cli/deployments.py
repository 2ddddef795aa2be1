"""`dateline deployments`: `prefect.yaml` from the configuration, for `prefect deploy`."""

from pathlib import Path

import click

from flows.cli.main import config_option
from flows.core.settings import load_settings
from flows.core.terminal import print_line
from flows.operations.serve.prefect_yaml import prefect_yaml


@click.command()
@config_option
@click.option("--write", is_flag=True, help="Write it beside the configuration's folder.")
def deployments(config_dir: Path, write: bool) -> None:
    """The deployments of `dateline serve` as a prefect.yaml, for a Prefect server of your own.

    Intervals are those of [schedule]. Deploy from the folder it is written to, with
    `prefect deploy --all`.
    """
    settings = load_settings(config_dir)
    made = prefect_yaml(settings.schedule, settings.config_dir.name)
    if not write:
        print_line(made.rstrip("\n"))
        return
    path = settings.base / "prefect.yaml"
    path.write_text(made, encoding="utf-8")
    print_line(f"{path} says what [schedule] says; deploy it with `prefect deploy --all`")
