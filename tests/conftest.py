"""What every test may lean on. No test reaches the internet: only loopback is let through."""

import socket
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection to anything but loopback fails the test that made it."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            assert host.startswith("127.") or host in {"::1", "localhost"}, f"a test reached {host}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
