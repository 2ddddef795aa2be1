"""The server's port stays this user's, also while no server listens on it."""

import os
import socket
import subprocess
import sys

import pytest

from flows.core.errors import DatelineError
from flows.operations.serve.port import held, listening


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


def _is_reached(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def test_our_server_listens_on_a_held_port_as_often_as_it_is_started(port: int) -> None:
    with held(port):
        for _ in range(2):
            assert not _is_reached(port)  # no caller waits for a server that is away
            with listening(port) as server:
                server.listen()
                assert _is_reached(port)


def test_nobody_else_can_listen_there_while_the_server_is_away(port: int) -> None:
    with held(port), socket.socket() as thief:
        thief.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            thief.bind(("127.0.0.1", port))


def test_a_port_on_which_another_of_our_servers_listens_is_taken(port: int) -> None:
    with held(port), listening(port) as server:
        server.listen()
        with pytest.raises(DatelineError, match=f"Port {port} .* is taken"), held(port):
            pass


def test_a_held_port_is_taken_also_while_its_server_is_away(port: int) -> None:
    with held(port), pytest.raises(DatelineError, match="taken"), held(port):
        pass


def test_it_can_be_held_again_at_once_after_a_server_with_callers_was_stopped(port: int) -> None:
    with held(port), listening(port) as server:
        server.listen()
        with socket.create_connection(("127.0.0.1", port)):
            caller, _ = server.accept()
            caller.close()  # we close first: the kernel keeps this end for a minute

    with held(port), listening(port):
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can try as another user")
def test_another_user_cannot_share_it_either(port: int) -> None:
    sharing = (
        "import os, socket; os.setuid(65534); taken = socket.socket()\n"
        "for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):\n"
        "    taken.setsockopt(socket.SOL_SOCKET, option, 1)\n"
        f"taken.bind(('127.0.0.1', {port}))"
    )

    def ends() -> int:
        command = [sys.executable, "-c", sharing]
        return subprocess.run(command, capture_output=True, check=False).returncode

    with held(port):
        assert ends() == 1
    assert ends() == 0
