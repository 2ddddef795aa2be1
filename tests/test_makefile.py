"""`make run` is a newcomer's first command: how it ends for each way `dateline run` ends."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[1] / "Makefile"
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make here")


def _made(folder: Path, *, run_ends: int, rehearsal_ends: int = 0) -> tuple[int, list[str]]:
    """The exit status of `make run` and what it called, with a `dateline` that ends so."""
    done, called = _run(folder, run_ends, rehearsal_ends)
    return done.returncode, called


def _run(
    folder: Path, run_ends: int, rehearsal_ends: int = 0
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    shutil.copyfile(MAKEFILE, folder / "Makefile")
    called = folder / "called"
    dateline = folder / ".venv" / "bin" / "dateline"
    dateline.parent.mkdir(parents=True)
    dateline.write_text(
        f'#!/bin/sh\necho "$*" >> {called}\n'
        f'test "$1" = run && exit {run_ends}\nexit {rehearsal_ends}\n'
    )
    dateline.chmod(0o755)
    for name in ("requirements.lock", "pyproject.toml", ".venv/.installed"):
        (folder / name).touch()
    # as a newcomer calls it, also where make itself called these tests
    outer = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    env = {name: value for name, value in os.environ.items() if name not in outer}
    done = subprocess.run(
        ["make", "run"], cwd=folder, env=env, capture_output=True, check=False, text=True
    )
    return done, called.read_text().splitlines()


OFFLINE = "rehearse --once --keep data-offline"


def test_a_pass_that_is_done_is_all(tmp_path: Path) -> None:
    assert _made(tmp_path, run_ends=0) == (0, ["run"])


def test_where_nothing_can_be_reached_it_goes_on_over_the_built_in_web(tmp_path: Path) -> None:
    assert _made(tmp_path, run_ends=3) == (0, ["run", OFFLINE])


@pytest.mark.parametrize("status", [1, 2, 130])
def test_whatever_else_goes_wrong_is_an_error(tmp_path: Path, status: int) -> None:
    assert _made(tmp_path, run_ends=status) == (2, ["run"])


def test_so_is_a_pass_offline_that_fails(tmp_path: Path) -> None:
    assert _made(tmp_path, run_ends=3, rehearsal_ends=1) == (2, ["run", OFFLINE])


@pytest.mark.parametrize(("status", "more"), [(0, ""), (3, " --config data-offline/config")])
def test_it_ends_by_saying_how_to_see_it_in_a_browser(
    tmp_path: Path, status: int, more: str
) -> None:
    done, _ = _run(tmp_path, status)
    assert done.stdout.splitlines()[-1] == f"See it in a browser: .venv/bin/dateline browse{more}"


def test_a_pass_that_fails_has_nothing_to_see(tmp_path: Path) -> None:
    done, _ = _run(tmp_path, 1)
    assert "browse" not in done.stdout
