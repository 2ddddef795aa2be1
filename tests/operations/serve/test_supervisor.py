"""What `dateline serve` refuses before it starts anything."""

import fcntl
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows.cli.serve import serve
from flows.core.errors import ConfigurationError, DatelineError
from flows.core.times import utc_now
from flows.operations.serve.access import Access, alone, kept
from flows.operations.serve.log import Log
from flows.operations.serve.supervisor import keep_alive
from flows.operations.serve.watch import Watch
from tests.operations.alerts.test_notify import settings_in

LOG = Log(utc_now)


def test_a_port_that_is_taken_is_refused_by_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        watch = Watch(settings_in(tmp_path, []), LOG)

        with pytest.raises(DatelineError, match=f"Port {port} .* is taken"):
            keep_alive(watch, LOG, tmp_path / "prefect", port, threading.Event())


def test_a_second_serve_from_the_same_place_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    home.mkdir()
    with (home / "serve.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        with pytest.raises(DatelineError, match="already runs from"):
            keep_alive(Watch(settings_in(tmp_path, []), LOG), LOG, home, 4999, threading.Event())


def test_a_secret_that_is_not_there_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "dateline.toml").write_text('[notify]\nurls = ["slack://${NO_SUCH_NAME}"]\n')

    with pytest.raises(ConfigurationError, match="NO_SUCH_NAME"):
        serve.main(["--config", str(tmp_path)], standalone_mode=False)


def test_the_operator_is_told_the_password_of_what_is_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "sources.toml").touch()
    (tmp_path / "config" / "dateline.toml").touch()
    home = tmp_path / "data" / ".dateline" / "prefect"
    asked = ["--config", str(tmp_path / "config"), "--access"]

    with alone(home), kept(home, Access(port=4999, auth_string="dateline:s3cret")):
        serve.main(asked, standalone_mode=False)
    with pytest.raises(DatelineError, match="No `dateline serve` of this user runs"):
        serve.main(asked, standalone_mode=False)

    assert capsys.readouterr().out.splitlines() == [
        "page      http://127.0.0.1:4999",
        "password  dateline:s3cret",
    ]


def test_importing_the_supervisor_imports_no_prefect() -> None:
    code = "import flows.cli.serve, sys; sys.exit('prefect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
