"""Runs a module that ends with its parent.

`python -m flows.operations.serve.lifeline MODULE [ARGUMENT…]`.

Decides that a child without its supervisor stops: the supervisor holds the other end of our
standard input, and a supervisor killed with -9 closes it. Refuses to know what it runs.
"""

import os
import runpy
import signal
import sys
import threading


def end_with_parent() -> None:
    """Ask this process to stop (SIGTERM) once standard input reaches its end."""
    threading.Thread(target=_wait, name="lifeline", daemon=True).start()


def _wait() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    end_with_parent()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
