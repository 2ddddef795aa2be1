"""The schedule on one machine: a Prefect server and a runner of our flows, watched until stopped.

::

    dateline serve (supervisor) ─┬─ server   the locked Prefect, loopback only, its SQLite in the
                                 │           store's state directory
                                 └─ runner   registers the deployments, clears what a crash left,
                                     └─ one process per flow run

Whoever may change a deployment may run code: the server asks everybody for a secret of its start
(`access`), answers this machine's own pages only (`gate`), and its port is nobody else's (`port`).
The supervisor imports no Prefect: it starts the two, restarts what dies, stops both; makes a log
of what they print (`log`), tells when the schedule stands still (`watch`), answers whoever watches
from outside (`health_port`, `systemd`). Whatever dies, the store is whole (its own doing) and the
next run starts on schedule (this folder's).
`scheduled` is what every flow does around its work, here or on any other Prefect server.
"""
