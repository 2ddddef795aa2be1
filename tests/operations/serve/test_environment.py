"""Prefect's settings on one machine: that Prefect takes them, and whose word counts."""

from datetime import timedelta
from pathlib import Path

import pytest

from flows.operations.serve.access import Access
from flows.operations.serve.environment import (
    KEEP_RUNS_SECONDS,
    LOST_AFTER_SECONDS,
    for_client,
    for_server,
    prefect_environment,
)

HOME = Path("/srv/dateline/data/.dateline/prefect")
ACCESS = Access(port=4999, auth_string="dateline:s3cret")


def test_prefect_understands_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import Settings  # the package's own reading of the environment

    for name, value in prefect_environment(HOME, 4999, {}).items():
        monkeypatch.setenv(name, value)
    settings = Settings()

    assert settings.home == HOME
    assert settings.api.url == "http://127.0.0.1:4999/api"
    assert not settings.server.analytics_enabled
    assert settings.server.concurrency.lease_storage.endswith("filesystem")
    assert settings.server.concurrency.initial_deployment_lease_duration == LOST_AFTER_SECONDS
    vacuum = settings.server.services.db_vacuum
    assert {"events", "flow_runs"} <= vacuum.enabled_vacuum_types
    assert vacuum.retention_period == timedelta(seconds=KEEP_RUNS_SECONDS)
    assert settings.server.events.retention_period == timedelta(days=2)
    assert settings.server.services.task_run_recorder.batch_size == 100
    assert not settings.server.services.event_persister.enabled
    assert settings.flows.heartbeat_frequency == 30
    services = settings.server.services
    assert services.late_runs.loop_seconds == 60
    assert not services.pause_expirations.enabled
    assert services.scheduler.recent_deployments_loop_seconds == 60
    assert services.foreman.loop_seconds == 120
    assert services.cancellation_cleanup.loop_seconds == 60
    assert services.cleanup_reconciler.loop_seconds == 60
    assert services.repossessor.loop_seconds == 30
    assert settings.server.events.proactive_granularity == timedelta(seconds=15)
    database = settings.server.database.connection_url
    assert database is not None
    assert database.get_secret_value().endswith(f"//{HOME}/prefect.db")


def test_nothing_names_another_server() -> None:
    environment = prefect_environment(
        HOME,
        4999,
        {
            "PREFECT_API_URL": "https://elsewhere.test/api",
            "PREFECT_API_KEY": "key",
            "PREFECT_PROFILE": "work",
            "PREFECT__FLOW_RUN_ID": "1",
            "PATH": "/usr/bin",
        },
    )

    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4999/api"
    assert environment["PATH"] == "/usr/bin"
    assert not {"PREFECT_API_KEY", "PREFECT_PROFILE", "PREFECT__FLOW_RUN_ID"} & environment.keys()


def test_a_setting_of_the_operator_wins_over_a_default() -> None:
    asked = {"PREFECT_LOGGING_LEVEL": "DEBUG"}

    assert prefect_environment(HOME, 4999, asked)["PREFECT_LOGGING_LEVEL"] == "DEBUG"


@pytest.mark.parametrize("name", ["DO_NOT_TRACK", "PREFECT_SERVER_ANALYTICS_ENABLED"])
def test_nothing_is_reported_to_anyone_by_default(name: str) -> None:
    assert prefect_environment(HOME, 4999, {})[name] in ("1", "false")


def test_prefect_takes_the_secret_on_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    from prefect.settings import Settings

    common = prefect_environment(HOME, 4999, {})
    for name, value in (for_server(common, ACCESS) | for_client(common, ACCESS)).items():
        monkeypatch.setenv(name, value)
    settings = Settings()

    assert settings.server.api.auth_string is not None
    assert settings.server.api.auth_string.get_secret_value() == ACCESS.auth_string
    assert settings.api.auth_string is not None
    assert settings.api.auth_string.get_secret_value() == ACCESS.auth_string
    assert settings.server.api.cors_allowed_origins == "http://127.0.0.1:4999"
    assert settings.server.ui.api_url == "/api"


@pytest.mark.parametrize(
    "name",
    [
        "PREFECT_SERVER_API_AUTH_STRING",
        "prefect_api_auth_string",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS",
        "PREFECT_SERVER_UI_API_URL",
        "PREFECT_UI_API_URL",
        "PREFECT_SERVER_API_BASE_PATH",
    ],
)
def test_no_setting_made_for_another_server_opens_ours(name: str) -> None:
    environment = prefect_environment(HOME, 4999, {name: "for another"})

    assert "for another" not in environment.values()


def test_the_secret_is_given_to_no_proxy_and_what_passes_it_still_does() -> None:
    inherited = {"HTTP_PROXY": "http://proxy.test:3128", "NO_PROXY": "intern.test"}
    environment = prefect_environment(HOME, 4999, inherited)

    assert environment["HTTP_PROXY"] == "http://proxy.test:3128"
    assert environment["no_proxy"] == "intern.test,127.0.0.1,localhost"
    assert environment["NO_PROXY"] == environment["no_proxy"]
