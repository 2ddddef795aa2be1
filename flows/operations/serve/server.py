"""Prefect's server behind our gate, kept from asking the internet for its list of integrations.

Started by the supervisor as `python -m flows.operations.serve.server PORT`. Prefect 3.8 fetches
that list from GitHub whenever a work pool is made or a page of the UI wants it, and no setting says
otherwise; told that it is nowhere, it takes the copy in its package.
"""

import sys
from datetime import timedelta
from functools import partial

import uvicorn
from prefect.server.api import background_workers
from prefect.server.api.collections import KNOWN_VIEWS
from prefect.server.api.server import create_app
from prefect.settings import get_current_settings

from flows.operations.serve.gate import Gate
from flows.operations.serve.port import listening

# the discard port (RFC 863): refused at once on any machine that does not serve it
NOWHERE = "http://127.0.0.1:9/"
# Prefect's queue of its own chores asks itself four times a second, with nothing in it: of the 59
# CPU seconds an hour that a server at rest cost, 21. What comes meanwhile wakes it all the same.
_CHORES_PACE = timedelta(seconds=2)
_STARTUP_FAILED = 3  # uvicorn's own status for it


def stay_here() -> None:
    """Have the server look for every list on this machine alone."""
    for view in KNOWN_VIEWS:
        KNOWN_VIEWS[view] = NOWHERE


def rest() -> None:
    """Have the queue of chores ask itself less often; no setting says so in Prefect 3.8."""
    names = vars(background_workers)
    names["Worker"] = partial(
        names["Worker"], minimum_check_interval=_CHORES_PACE, scheduling_resolution=_CHORES_PACE
    )


def serve(port: int) -> bool:
    """Serve on loopback `port` until asked to stop; whether it had started.

    As `prefect server start` does, but for the socket, which nobody else can take while the server
    is away, and for the gate. Prefect's clients inside the server do not pass through it.
    """
    settings = get_current_settings().server
    config = uvicorn.Config(
        Gate(create_app(final=True)),
        timeout_keep_alive=settings.api.keepalive_timeout,
        ws_ping_interval=settings.api.websocket_ping_interval,
        ws_ping_timeout=settings.api.websocket_ping_timeout,
        log_level=settings.logging_level.lower(),
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listening(port)])
    return server.started


if __name__ == "__main__":
    stay_here()
    rest()
    sys.exit(0 if serve(int(sys.argv[1])) else _STARTUP_FAILED)
