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
from flows.operations.serve.supervisor import keep_alive


def test_a_port_that_is_taken_is_refused_by_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(DatelineError, match=f"Port {port} .* is taken"):
            keep_alive(tmp_path / "config", tmp_path / "prefect", port, threading.Event())


def test_a_second_serve_from_the_same_place_is_refused(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    home.mkdir()
    with (home / "serve.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        with pytest.raises(DatelineError, match="already runs from"):
            keep_alive(tmp_path / "config", home, 4999, threading.Event())


def test_a_secret_that_is_not_there_is_refused_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "dateline.toml").write_text('[notify]\nurls = ["slack://${NO_SUCH_NAME}"]\n')

    with pytest.raises(ConfigurationError, match="NO_SUCH_NAME"):
        serve.main(["--config", str(tmp_path)], standalone_mode=False)


def test_importing_the_supervisor_imports_no_prefect() -> None:
    code = "import flows.cli.serve, sys; sys.exit('prefect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
