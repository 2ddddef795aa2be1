"""What Prefect's settings are when we run it: one table, for the server, the runner and each run.

Decides every setting that keeps a lone machine honest (nothing leaves it, nothing fills it,
nothing lost stays "running"); refuses to know who is started with it. Facts behind the numbers
stand beside them; all of Prefect 3.8.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from flows.operations.serve.access import Access, beside_proxies

# A run beats every 30 s (Prefect's least) and is given up after three missed beats, so that a run
# lost with its machine is Crashed within two minutes.
HEARTBEAT_SECONDS = 30
LOST_AFTER_SECONDS = 90

# Prefect's own account of runs, kept two weeks: ours is in the store for ever. A run every
# quarter of an hour over 200 sources writes about 20 000 task rows a day, some 40 MB.
KEEP_RUNS_SECONDS = 14 * 86_400
KEEP_EVENTS = "P2D"  # of this one setting Prefect wants an ISO 8601 duration

_QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}
_RECOVERING = {
    # Leases in memory die with the server and leave their slot taken for ever (#8566, #9895).
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
        "prefect.server.concurrency.lease_storage.filesystem"
    ),
    "PREFECT_SERVER_CONCURRENCY_INITIAL_DEPLOYMENT_LEASE_DURATION": str(LOST_AFTER_SECONDS),
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
}
_PRUNING = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEEP_RUNS_SECONDS),
    "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": KEEP_EVENTS,
}
# A task run is three events; recorded one by one, 200 of them cost the server 6–8 s of CPU, by
# the hundred 2–2.5 s. The price is that the UI lags by Prefect's flush interval, 5 s.
_THRIFTY = {
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "50",
    # A second copy of every change of state, for the page "Event Feed" alone: a third of what a
    # pass costs the server, and most of what its database grew by. Automations do not need it.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
}
# How often Prefect's services look, with nothing to be seen: at its own pace a server at rest cost
# 78 CPU seconds an hour, at this 59. None of them is what recovers here: the runner ends dead runs
# when it starts, and watches the processes of living ones.
_RESTING = {
    "PREFECT_SERVER_SERVICES_LATE_RUNS_LOOP_SECONDS": "60",  # 5: the word "Late" on the page
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",  # no flow of ours pauses
    # 5: how soon a deployment that was just made has its runs planned; the first starts at once
    "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_FOREMAN_LOOP_SECONDS": "120",  # 15: workers and pools, of others
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_LOOP_SECONDS": "60",  # 20: runs below runs
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_LOOP_SECONDS": "60",  # 5: workers of others
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_LOOP_SECONDS": "30",  # 15: leases that ran out
    "PREFECT_SERVER_EVENTS_PROACTIVE_GRANULARITY": "PT15S",  # 5: heartbeats that ceased
}
_LOGGED = {
    # Warnings of ours go to the run's log in the UI; Prefect's "Finished in state Completed()" of
    # every source does not, nor its three lines about each that failed: ours is one.
    "PREFECT_LOGGING_EXTRA_LOGGERS": "flows",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL": "CRITICAL",
}
_OURS = {
    **_LOGGED,
    "PREFECT_LOGGING_COLORS": "false",  # the supervisor reads it, line by line and at once
    "PYTHONUNBUFFERED": "1",
}
# What ties a process to one server, and who may use that: never inherited. Two servers must not
# share a run, and no setting made for another opens ours.
_IDENTITY = re.compile(
    r"PREFECT__\w+|PREFECT_(HOME|PROFILE|PROFILES_PATH|API_(URL|KEY|AUTH_STRING)"
    r"|SERVER_API_(AUTH_STRING|HOST|PORT|BASE_PATH)|(SERVER_)?UI_API_URL"
    r"|SERVER_(API_)?CORS_ALLOWED_\w+|CLIENT_CUSTOM_HEADERS)",
    re.IGNORECASE,  # as Prefect reads them
)


def prefect_environment(home: Path, port: int, inherited: Mapping[str, str]) -> dict[str, str]:
    """`inherited` with Prefect's settings for a server on loopback `port` that lives in `home`.

    A `PREFECT_…` setting the operator made wins over our default, but for those that name a
    server or profile, or say who may use it.
    """
    kept = {name: value for name, value in inherited.items() if not _IDENTITY.fullmatch(name)}
    defaults = {**_RECOVERING, **_PRUNING, **_THRIFTY, **_RESTING, **_OURS, **_QUIET}
    database = f"sqlite+aiosqlite:///{home / 'prefect.db'}"
    return {
        "PREFECT_API_DATABASE_CONNECTION_URL": database,
        **defaults,
        **kept,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port}",
        "PREFECT_UI_API_URL": "/api",  # of the page itself, through a tunnel too
        **beside_proxies(inherited),
    }


def for_worker() -> dict[str, str]:
    """What a worker of any server gives to our runs: that they beat, and what of them is logged."""
    names = ("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "DO_NOT_TRACK", *_LOGGED)
    ours = {**_RECOVERING, **_LOGGED, **_QUIET}
    return {name: ours[name] for name in names}


def for_server(environment: Mapping[str, str], access: Access) -> dict[str, str]:
    """What the server is started with: it asks everyone for the secret."""
    return {**environment, "PREFECT_SERVER_API_AUTH_STRING": access.auth_string}


def for_client(environment: Mapping[str, str], access: Access) -> dict[str, str]:
    """What the runner, and through it each run, is started with: they say it."""
    return {**environment, "PREFECT_API_AUTH_STRING": access.auth_string}
