"""What `dateline serve` refuses before it starts anything."""

import socket
import threading
from pathlib import Path

import pytest

from flows.errors import DatelineError
from flows.serving.supervisor import keep_alive


def test_a_port_that_is_taken_is_refused_by_name(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(DatelineError, match=f"Port {port} .* is taken"):
            keep_alive(tmp_path / "config", tmp_path / "prefect", port, threading.Event())


def test_importing_the_supervisor_imports_no_prefect() -> None:
    import subprocess
    import sys

    code = "import flows.commands.serve, sys; sys.exit('prefect' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
