"""Put on the path of every process under test: notes and refuses each address beyond this machine.

Python runs it at start; it is no part of a test itself.
"""

import os
import sys
from typing import Any

_LOG = os.environ.get("DATELINE_TEST_ADDRESSES", "")
_HERE = ("127.", "::1", "localhost", "0.0.0.0")


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and not str(name).startswith(_HERE):
        with open(_LOG, "a", encoding="utf-8") as log:  # noqa: PTH123  before anything is imported
            log.write(f"{event} {name}\n")
        raise PermissionError(f"a process under test reached for {name}")


if _LOG:
    sys.addaudithook(_watch)


class _Absent:
    """A development environment has packages an operator's has not; pyarrow imports pandas where
    it is."""

    names = tuple(filter(None, os.environ.get("DATELINE_TEST_ABSENT", "").split(",")))

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name in self.names:
            raise ModuleNotFoundError(name)


if _Absent.names:
    sys.meta_path.insert(0, _Absent())
