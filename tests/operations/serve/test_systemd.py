"""What systemd hears of us."""

import socket
from pathlib import Path

import pytest

from flows.operations.serve.systemd import notify


def test_the_manager_that_started_us_hears_and_without_one_nobody_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(10)
        monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
        notify("READY=1")
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        notify("WATCHDOG=1")

        assert manager.recv(100) == b"WATCHDOG=1"


def test_a_manager_that_is_gone_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))

    notify("WATCHDOG=1")
