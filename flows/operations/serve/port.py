"""The one port of the server, which is nobody else's even while the server is started again.

Decides how the port is taken and held; refuses to know who listens. Another user who could listen
there for a second would be sent the runner's secret, and could give it runs of his own.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from flows.core.errors import DatelineError

HOST = "127.0.0.1"


@contextmanager
def held(port: int) -> Iterator[None]:
    """Hold `port` of loopback for this user's server without listening on it.

    By `SO_REUSEPORT` only a socket of the same user may share it, and none that asks for
    `SO_REUSEADDR` alone (Linux and the BSDs). Raises `DatelineError` when the port is taken.
    """
    with socket.socket() as probe, socket.socket() as holder:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            probe.bind((HOST, port))  # sees a server of this user, whom the holder would join
            probe.close()
            holder.bind((HOST, port))
        except OSError as error:
            raise DatelineError(
                f"Port {port} of {HOST} is taken by another program; name a free one with --port"
            ) from error
        yield


def listening(port: int) -> socket.socket:
    """A socket that listens on a held port of loopback."""
    listener = socket.socket()
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):  # the first for the next `held`
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
    listener.bind((HOST, port))
    listener.set_inheritable(False)
    return listener
