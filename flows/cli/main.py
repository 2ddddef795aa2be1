"""The command line, thin: names, and where each command lives. Imports a command when it is run.

Exit status: 0 done; 1 failed; 2 wrong usage or configuration; 3 nothing could be reached.
"""

import errno
import os
import sys
from collections.abc import Iterator
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

import click

from flows.core.errors import ConfigurationError, DatelineError, NothingReached
from flows.core.terminal import print_line
from flows.core.text.cleaning import how_many

# command → module:attribute; a module is imported only when its command is run, so that reading
# commands never pay for Prefect or the extractors
_COMMANDS = {
    "run": "flows.cli.run:run",
    "serve": "flows.cli.serve:serve",
    "browse": "flows.cli.browse:browse",
    "report": "flows.cli.browse:report",
    "backfill": "flows.cli.backfill:backfill",
    "status": "flows.cli.status:status",
    "health": "flows.cli.health:health",
    "search": "flows.cli.query:search",
    "show": "flows.cli.query:show",
    "sql": "flows.cli.query:sql",
    "why": "flows.cli.why:why",
    "sources": "flows.cli.sources:sources",
    "recheck": "flows.cli.recheck:recheck",
    "read": "flows.cli.read:read",
    "topic": "flows.cli.topic:topic",
    "reread": "flows.cli.reread:reread",
    "redecide": "flows.cli.reread:redecide",
    "deployments": "flows.cli.deployments:deployments",
    "export": "flows.cli.export:export",
    "check": "flows.cli.check:check",
    "backup": "flows.cli.backup:backup",
    "rehearse": "flows.cli.rehearse:rehearse",
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        module, attribute = _COMMANDS[cmd_name].split(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


config_option = click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: Path(os.environ.get("DATELINE_CONFIG", "config")),
    show_default="config, or DATELINE_CONFIG",
    help="The folder that holds dateline.toml, topic.toml and sources.toml.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dateline")
def dateline() -> None:
    """Watches the world's press for one topic and keeps every article, once, in a DuckDB file."""


# What a full or broken disk says, also of standard output
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})


def main() -> None:
    """Run the command line and turn our errors into sentences and an exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that knows only ASCII
    try:
        dateline(standalone_mode=False)
    except click.exceptions.Abort:
        print_line("Stopped; what was committed is whole.", error=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except Exception as error:
        broken = list(_each(error))
        if not all(map(_is_explained, broken)):
            raise
        for sentence in dict.fromkeys(map(_sentence, broken)):
            print_line(sentence, error=True)
        sys.exit(max(map(_status, broken)))


def _each(error: Exception) -> Iterator[Exception]:
    """The errors of tasks that ran at once, or the one."""
    if isinstance(error, ExceptionGroup):
        for inner in error.exceptions:
            yield from _each(inner)
    else:
        yield error


def _is_explained(error: Exception) -> bool:
    """Whether a sentence says more than a traceback: ours, and what the system says of a file."""
    return isinstance(error, DatelineError) or (
        isinstance(error, OSError) and (error.filename is not None or error.errno in _DISK)
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, ConfigurationError):
        opening = f"The configuration has {how_many(len(error.problems), 'problem')}:"
        return "\n".join((opening, *(f"  {problem}" for problem in error.problems)))
    if isinstance(error, PermissionError):
        return f"{error.filename} may not be read or written by this user."
    if isinstance(error, OSError):
        if error.filename is None:
            return f"What was to be written is lost: {error.strerror}."
        return f"{error.filename} cannot be used: {error.strerror}."
    return str(error)


def _status(error: Exception) -> int:
    if isinstance(error, ConfigurationError):
        return 2
    return 3 if isinstance(error, NothingReached) else 1
