"""Which configuration a flow run uses, and whether what it collects with it would stay.

The configuration names the store, and a relative one lies where the run works. A deployment may
bring its code from elsewhere into a folder that is deleted after the run (`git_clone`, storage):
a store there is filled and thrown away. Decides that such a run is refused before it fetches.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from prefect.client.orchestration import get_client
from prefect.runtime import deployment, flow_run

from flows.core.errors import DatelineError
from flows.core.settings import Settings, load_settings
from flows.core.terminal import print_line
from flows.operations.serve.ended_event import emit_ended

# What the flows say when nobody says anything
DEFAULT = "config"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """How a deployment brings its code to a run; as Prefect has it.

    `steps` are its pull steps in order: the name of each and the directory it names, if any.
    """

    steps: Sequence[tuple[str, str | None]] = ()
    entrypoint: str = ""
    path: str | None = None
    from_storage: bool = False


async def settings_of_run(config: str) -> Settings:
    """The settings a flow was asked to use.

    Raises `DatelineError` when they would be of a folder that the run itself brought, and
    `ConfigurationError` when they are wrong.
    """
    try:
        return await _settings(chosen(config, os.environ))
    except DatelineError as error:
        said = str(error).partition("\n")[0]
        print_line(f"run: {flow_run.name} ({flow_run.id}) failed before it began: {said}")
        emit_ended()
        raise


async def _settings(folder: Path) -> Settings:
    if not folder.is_absolute():
        brought = await _brought()
        if brought is not None and not stays(Path.cwd(), brought):
            raise DatelineError(
                f"The configuration '{folder}' is relative, and this run works in a copy its "
                "deployment brought: what it collects would be deleted with it. Set the parameter "
                "`config`, or DATELINE_CONFIG where the worker runs, to the absolute path of the "
                "configuration on the machine that holds the store. Nothing was fetched"
            )
    return load_settings(folder)


def chosen(config: str, environment: Mapping[str, str]) -> Path:
    """The configuration's folder: the parameter's, or DATELINE_CONFIG where that says nothing."""
    named = environment.get("DATELINE_CONFIG")
    return Path(named if named and config == DEFAULT else config)


def stays(working: Path, brought: Brought) -> bool:
    """Whether the folder a run works in was there before it and stays after it.

    So it is when its deployment only names it: by steps that set the working directory and no
    other, or by an absolute one that is where the run works now, whatever ran beside.
    """
    if brought.from_storage:
        return False
    if not brought.steps:
        return ":" not in brought.entrypoint or _is_there(working, brought.path or ".")
    setting = [directory for name, directory in brought.steps if name == "set_working_directory"]
    if len(setting) == len(brought.steps):
        return True
    return any(
        directory is not None and Path(directory).is_absolute() and _is_there(working, directory)
        for directory in setting
    )


def _is_there(working: Path, directory: str) -> bool:
    """Without steps, Prefect copies the folder of a file's deployment, unless it is this one."""
    return (working / directory).resolve() == working.resolve()


async def _brought() -> Brought | None:
    """How this run's code came here; None for a run without a deployment, such as a command's."""
    deployment_id = deployment.id
    if deployment_id is None:
        return None
    async with get_client() as client:
        found = await client.read_deployment(deployment_id)
    return Brought(
        steps=[
            (name.rpartition(".")[2], _directory(inputs))
            for step in found.pull_steps or ()
            for name, inputs in step.items()
        ],
        entrypoint=found.entrypoint or "",
        path=found.path,
        from_storage=found.storage_document_id is not None,
    )


def _directory(inputs: object) -> str | None:
    directory = inputs.get("directory") if isinstance(inputs, Mapping) else None
    return directory if isinstance(directory, str) else None
