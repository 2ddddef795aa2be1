"""What systemd is told of us, where it asks to be (sd_notify(3)): ready, alive, and how it stands.

The watchdog is fed by the loop that looks after everything else: a supervisor that hangs is killed
and started again.
"""

import os
import socket
from contextlib import suppress


def notify(state: str) -> None:
    """Send lines such as `READY=1` to the manager that started us; to nobody where none did."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):  # an abstract socket
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.sendto(state.encode(), address)
