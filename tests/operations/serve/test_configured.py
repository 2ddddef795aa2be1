"""Which configuration a run uses, and where what it collects would be deleted."""

from pathlib import Path

import pytest

from flows.operations.serve.configured import Brought, chosen, stays

HERE = Path("/srv/dateline")
MODULE = "flows.monitor.monitor"
FILE = "flows/monitor.py:monitor"
SET = "set_working_directory"


@pytest.mark.parametrize(
    ("config", "environment", "folder"),
    [
        ("config", {}, "config"),
        ("config", {"DATELINE_CONFIG": "/etc/dateline"}, "/etc/dateline"),
        ("config", {"DATELINE_CONFIG": ""}, "config"),
        ("/srv/other", {"DATELINE_CONFIG": "/etc/dateline"}, "/srv/other"),
        ("other", {"DATELINE_CONFIG": "/etc/dateline"}, "other"),
    ],
)
def test_the_environment_names_the_folder_where_the_run_does_not(
    config: str, environment: dict[str, str], folder: str
) -> None:
    assert chosen(config, environment) == Path(folder)


@pytest.mark.parametrize(
    "brought",
    [
        Brought(entrypoint=MODULE),  # nothing is brought: `serve`, or a worker's own folder
        Brought(entrypoint=FILE, path="."),
        Brought(entrypoint=FILE, path="/srv/dateline"),
        Brought(entrypoint=MODULE, steps=[(SET, "/srv/dateline")]),
        Brought(entrypoint=MODULE, steps=[(SET, "{{ $PWD }}")]),
        Brought(entrypoint=MODULE, steps=[("run_shell_script", None), (SET, "/srv/dateline")]),
        Brought(entrypoint=MODULE, steps=[(SET, "/srv/dateline"), ("pip_install", "x")]),
    ],
)
def test_a_folder_the_deployment_only_names_stays(brought: Brought) -> None:
    assert stays(HERE, brought)


@pytest.mark.parametrize(
    "brought",
    [
        Brought(entrypoint=FILE, steps=[("git_clone", None)]),
        Brought(entrypoint=MODULE, steps=[("git_clone", None)]),
        Brought(entrypoint=MODULE, steps=[("pull_from_s3", None)]),
        Brought(entrypoint=MODULE, steps=[("pull_with_block", None)]),
        Brought(entrypoint=MODULE, steps=[("git_clone", None), (SET, "{{ clone.directory }}")]),
        Brought(entrypoint=MODULE, steps=[("run_shell_script", None), (SET, "dateline")]),
        Brought(entrypoint=MODULE, steps=[(SET, "/srv/elsewhere"), ("git_clone", None)]),
        Brought(entrypoint=MODULE, steps=[("run_shell_script", "/srv/dateline")]),
        Brought(entrypoint=FILE, path="/srv/elsewhere"),  # Prefect copies it
        Brought(entrypoint=MODULE, from_storage=True),
    ],
)
def test_a_folder_the_deployment_brings_does_not(brought: Brought) -> None:
    assert not stays(HERE, brought)
