"""Prefect's server, kept from asking the internet for its list of integrations.

Started by the supervisor as `python -m flows.operations.serve.server start …` (arguments of
`prefect server`). Prefect 3.8 fetches that list from GitHub whenever a work pool is made or a page
of the UI wants it, and no setting says otherwise; told that it is nowhere, it takes the copy in its
package.
"""

import sys

from prefect.cli import app
from prefect.server.api.collections import KNOWN_VIEWS

# the discard port (RFC 863): refused at once on any machine that does not serve it
NOWHERE = "http://127.0.0.1:9/"


def stay_here() -> None:
    """Have the server look for every list on this machine alone."""
    for view in KNOWN_VIEWS:
        KNOWN_VIEWS[view] = NOWHERE


if __name__ == "__main__":
    stay_here()
    sys.argv = ["prefect", "server", *sys.argv[1:]]
    app()
