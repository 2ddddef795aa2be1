"""The secret of a start: made anew, kept for one user, gone with its server."""

import os
import stat
import subprocess
from pathlib import Path

import pytest

from flows.operations.serve.access import (
    Access,
    access_file,
    access_now,
    alone,
    joined,
    kept,
    new_access,
)


def test_each_start_has_a_secret_of_its_own() -> None:
    assert len({new_access(4200).auth_string for _ in range(9)}) == 9
    assert len(new_access(4200).auth_string) > 40


def test_it_is_never_part_of_what_is_printed() -> None:
    access = new_access(4200)

    assert access.auth_string not in f"{access} {access!r}"


def test_the_file_is_this_users_alone_whatever_the_umask_and_gone_afterwards(
    tmp_path: Path,
) -> None:
    before = os.umask(0)
    try:
        with alone(tmp_path), kept(tmp_path, new_access(4200)):
            mode = stat.S_IMODE(access_file(tmp_path).stat().st_mode)
    finally:
        os.umask(before)

    assert mode == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["serve.lock"]


def test_it_is_gone_too_when_serving_ends_badly(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), kept(tmp_path, new_access(4200)):
        raise KeyboardInterrupt

    assert not access_file(tmp_path).exists()


def test_a_link_somebody_laid_in_its_place_is_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch(mode=0o666)
    for name in ("access.env", "access.new"):
        (tmp_path / name).symlink_to(theirs)

    with kept(tmp_path, new_access(4200)):
        assert not access_file(tmp_path).is_symlink()

    assert theirs.read_text() == ""


def test_the_operator_reads_it_while_it_is_served(tmp_path: Path) -> None:
    access = new_access(4200)

    with alone(tmp_path), kept(tmp_path, access):
        assert access_now(tmp_path) == access


def test_what_a_killed_serve_left_opens_nothing_and_is_not_read(tmp_path: Path) -> None:
    with kept(tmp_path, new_access(4200)):  # nobody holds the right to serve
        (tmp_path / "serve.lock").touch()
        assert access_now(tmp_path) is None


def test_where_nothing_was_ever_served_there_is_none(tmp_path: Path) -> None:
    assert access_now(tmp_path / "nowhere") is None


HERE = Access(port=4200, auth_string="dateline:s3cret")
SAID = {"PREFECT_API_URL": HERE.api_url, "PREFECT_API_AUTH_STRING": HERE.auth_string}
NO_PROXY = {"no_proxy": "127.0.0.1,localhost", "NO_PROXY": "127.0.0.1,localhost"}


@pytest.mark.parametrize(
    ("named", "given"),
    [
        ({}, SAID),
        ({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, SAID),
        ({"PREFECT_API_URL": "http://localhost:4200/api/"}, SAID),
        (SAID, SAID),
        ({"PREFECT_API_URL": "http://127.0.0.1:4201/api"}, None),
        ({"PREFECT_API_URL": "https://prefect.example/api"}, None),
        ({"PREFECT_API_AUTH_STRING": "another"}, None),
    ],
)
def test_a_command_joins_the_server_here_unless_it_names_another(
    tmp_path: Path, named: dict[str, str], given: dict[str, str] | None
) -> None:
    with alone(tmp_path), kept(tmp_path, HERE):
        assert joined(tmp_path, named) == (named if given is None else given | NO_PROXY)


def test_a_shell_that_takes_the_file_in_gives_the_secret_to_no_proxy(tmp_path: Path) -> None:
    with kept(tmp_path, HERE):
        said = subprocess.run(
            ["sh", "-c", f"set -a; . {access_file(tmp_path)}; env"],
            env={"no_proxy": "intern.test", "http_proxy": "http://proxy.test:3128"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()

    assert f"PREFECT_API_AUTH_STRING={HERE.auth_string}" in said
    assert "no_proxy=intern.test,127.0.0.1,localhost" in said
