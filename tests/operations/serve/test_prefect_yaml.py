"""That `prefect deploy` and `dateline serve` have the same deployments, from one configuration."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # only the test reads YAML; no stubs for that

from flows.cli.deployments import deployments
from flows.core.settings import ScheduleSettings, load_settings
from flows.operations.serve.deployments import planned
from flows.operations.serve.prefect_yaml import prefect_yaml
from flows.operations.serve.runner import deployment

PROJECT = Path(__file__).parents[3]
SCHEDULE = ScheduleSettings(monitor_minutes=20, recheck_minutes=90)


def test_the_shipped_file_is_what_the_shipped_configuration_makes() -> None:
    shipped = (PROJECT / "prefect.yaml").read_text(encoding="utf-8")

    assert shipped == prefect_yaml(load_settings(PROJECT / "config").schedule, "config"), (
        "run: dateline deployments --write"
    )


def test_both_doors_have_the_same_deployments() -> None:
    written = yaml.safe_load(prefect_yaml(SCHEDULE, "config"))["deployments"]
    served = [deployment(plan, Path("/srv/config")) for plan in planned(SCHEDULE)]

    assert [_written(one) for one in written] == [_served(one) for one in served]


def _written(one: dict[str, Any]) -> dict[str, Any]:
    every = [timedelta(seconds=plan["interval"]) for plan in one.get("schedules", ())]
    return {
        "name": one["name"], "entrypoint": one["entrypoint"], "description": one["description"],
        "tags": one["tags"], "parameters": list(one["parameters"]), "every": every,
        "limit": one["concurrency_limit"],
    }  # fmt: skip


def _served(one: Any) -> dict[str, Any]:
    limit = one.concurrency_options
    return {
        "name": one.name.removesuffix("-served"),
        "entrypoint": one.entrypoint.replace(":", "."),
        "description": one.description,
        "tags": [tag for tag in one.tags if tag != "served"],
        "parameters": list(one.parameters),
        "every": [plan.schedule.interval for plan in one.schedules or ()],
        "limit": {
            "limit": one.concurrency_limit, "collision_strategy": limit.collision_strategy.value,
        },
    }  # fmt: skip


def test_it_is_written_beside_the_folder_of_the_configuration_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "peace"
    config.mkdir()
    (config / "sources.toml").touch()
    (config / "dateline.toml").write_text("[schedule]\nmonitor_minutes = 7\n", encoding="utf-8")

    deployments.main(["--config", str(config), "--write"], standalone_mode=False)

    (monitor, *_) = yaml.safe_load((tmp_path / "prefect.yaml").read_text())["deployments"]
    assert (monitor["schedules"][0]["interval"], monitor["parameters"]) == (
        420,
        {"config": "peace"},
    )
    assert str(tmp_path / "prefect.yaml") in capsys.readouterr().out
