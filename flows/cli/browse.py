"""`dateline browse` and `report`: the file as pages, on this machine or in a folder."""

import socket
from contextlib import closing
from datetime import datetime
from pathlib import Path

import click
import uvicorn

from flows.browse import Site, browse_app, write_report
from flows.cli.main import config_option, json_option
from flows.core.errors import DatelineError
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_json, print_line
from flows.core.text.cleaning import how_many
from flows.topic import load_topic

DEFAULT_PORT = 8323


@click.command()
@config_option
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    help=f"Where pages are answered, on 127.0.0.1 only; else [browse] port, else {DEFAULT_PORT}.",
)
@click.option("--label", is_flag=True, help="Take labels on the page of the topic, and store them.")
def browse(config_dir: Path, port: int | None, label: bool) -> None:
    """The file as pages in a browser, read-only, on this machine, until stopped."""
    settings = load_settings(config_dir)
    site = _site(settings, can_label=label)
    chosen = port or settings.browse.port or DEFAULT_PORT
    with closing(_listening(chosen)) as listening:
        print_line(f"http://127.0.0.1:{chosen}/  shows {site.store}; Ctrl-C ends it")
        if not site.store.exists():
            print_line("There is nothing to show yet: `dateline run` makes it.")
        config = uvicorn.Config(
            browse_app(site, chosen), log_level="warning", lifespan="off", access_log=False,
            server_header=False, timeout_graceful_shutdown=3,
        )  # fmt: skip
        uvicorn.Server(config).run(sockets=[listening])


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to write; an earlier report there is replaced.",
)
@click.option(
    "--since",
    type=click.DateTime(formats=["%Y-%m-%d"]),
    help="First day of publication, UTC; by default all.",
)
@config_option
@json_option
def report(config_dir: Path, out: Path, since: datetime | None, as_json: bool) -> None:
    """Write the file as a folder of pages with charts and feeds, whole or not at all.

    It needs no server: mail it, or put it on any web server.
    """
    files = write_report(_site(load_settings(config_dir)), out, since.date() if since else None)
    if as_json:
        print_json({"out": str(out), "files": files})
    else:
        print_line(f"{how_many(files, 'file')} written; begin with {out / 'index.html'}")


def _site(settings: Settings, *, can_label: bool = False) -> Site:
    return Site(
        store=settings.store.path,
        archive=settings.archive.path,
        topic=load_topic(settings.topic_path),
        labels=settings.labels_path,
        can_label=can_label,
    )


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise DatelineError(
            f"Port {port} of this machine is taken: {error.strerror}. Name another with --port."
        ) from error
    return listening
